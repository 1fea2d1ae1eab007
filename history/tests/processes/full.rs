//! A disk that takes no more: the system refuses to make a file longer than a limit.

use std::process::Command;

use history::Filter;

use crate::child::announce;
use crate::{Ended, Place, arguments};

#[test]
fn a_change_is_refused_when_its_row_cannot_be_written() {
    // Where the limit is met in the log, and after the log was moved into the database.
    for blocks in [300, 500, 1100] {
        let place = Place::new();
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(limited).arg(std::env::current_exe().unwrap());
        shell.args(arguments("fill", place.folder.path()));
        Ended::start(shell).ends_well();
        let noted = place.noted();
        assert_eq!(noted.last().unwrap(), &("refused".to_owned(), "full".to_owned()));
        let arrived = place.numbers("arrived");
        assert!(arrived.len() > 5 && arrived.len() == noted.len() - 1);
        // All that was sent is on record, and nothing else.
        let calls = place.journal().calls(&Filter::default()).unwrap();
        assert_eq!(calls.iter().map(|call| call.id.0).collect::<Vec<_>>(), arrived);
        // With room again it goes on.
        announce(&place.journal(), 0).unwrap();
        assert!(place.journal().check().unwrap().damage.is_empty());
    }
}
