//! The end of the program when it has met a bug of its own.

use std::any::Any;
use std::io::{self, Write};
use std::panic::{self, Location};
use std::process;

use crate::shell;
use crate::signals;
use model::Class;

/// From now on, a panic ends the whole program at once, in whichever thread it is: nothing may go on with half of what it
/// knows. The terminal and temporary files are as after a signal, and nothing is left for a dump of the memory,
/// which may have a key in it.
pub(super) fn watch(clean_up: fn()) {
    panic::set_hook(Box::new(move |found| {
        shell::restore();
        clean_up();
        let changing = signals::is_changing();
        let words = words(found.payload(), found.location(), changing);
        let _ = io::stderr().lock().write_all(words.as_bytes());
        end(if changing { Class::Unknown } else { Class::Local });
    }));
}

#[expect(clippy::exit, reason = "a panic may be in any thread and at any depth")]
fn end(class: Class) -> ! {
    process::exit(class.exit_code().into())
}

/// What is said. Only text from the program itself is repeated: a message that was put together may show data.
fn words(payload: &dyn Any, place: Option<&Location<'_>>, changing: bool) -> String {
    let what = payload.downcast_ref::<&str>().map_or_else(String::new, |text| format!(": {text}"));
    let place = place.map_or_else(String::new, |place| format!(" ({}:{})", place.file(), place.line()));
    let hint = match changing {
        true => "a change was sent, and its outcome is unknown: `marsh pending` lists it; check before you repeat it",
        false => "calls whose outcome is unknown are listed by `marsh pending`",
    };
    format!("marsh: this is a bug in marsh{what}{place}\nhint: {hint}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Effect;
    use std::process::Command;

    /// What a child process of a test does: a slice that is cut within a letter would show all of its text.
    #[test]
    #[ignore = "the child of another test"]
    fn child() {
        watch(|| ());
        signals::begin(Effect::Change);
        let key = format!("{}é", "canary");
        let cut = std::thread::spawn(move || key[..key.len() - 1].len());
        drop(cut.join());
        unreachable!("the other thread ended the process");
    }

    #[test]
    fn a_panic_in_any_thread_ends_the_program_and_shows_no_data() {
        let mut child = Command::new(std::fs::read_link("/proc/self/exe").unwrap());
        let ended = child.args(["--exact", "cli::bug::tests::child", "--ignored", "--nocapture"]).output().unwrap();
        let words = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(Class::Unknown.exit_code().into()), "{words}");
        assert!(words.contains("a bug in marsh (src/cli/bug.rs:"), "{words}");
        assert!(words.contains("its outcome is unknown") && !words.contains("canary"), "{words}");
    }

    #[test]
    fn words_of_the_program_are_repeated() {
        let said = |payload: &dyn Any| words(payload, None, false).lines().next().map(str::to_owned);
        assert_eq!(said(&"too many").as_deref(), Some("marsh: this is a bug in marsh: too many"));
        assert_eq!(said(&"canary".to_owned()).as_deref(), Some("marsh: this is a bug in marsh"));
    }
}
