//! `history [WORDS]`: the lines that were typed.

use super::result::Reply;
use crate::engine::run::session::Lines;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use lang::Line;
use model::{Redactor, Value};

/// So many lines are looked through, the newest.
const MOST: usize = 10_000;
/// So many of them are shown when no words choose among them.
const RECENT: usize = 50;

/// Lists the newest lines, or those that have every word in them.
pub(super) fn run(
    lines: Option<&dyn Lines>,
    redactor: &Redactor,
    console: &mut Console,
    line: &Line,
) -> Result<Reply, CallError> {
    let Some(kept) = lines.and_then(|lines| lines.newest(MOST)) else {
        console.note("note: the history is turned off");
        return Ok(Reply::Done);
    };
    let kept = kept.map_err(|error| CallError::usage(format!("the history cannot be read: {error}"), None))?;
    let words: Vec<String> = line.items.iter().map(|item| item.word.text().to_lowercase()).collect();
    let found = chosen(kept, &words);
    // A secret may have become known as one after the line was kept.
    let found: Vec<String> = found.iter().map(|line| redactor.mask(line)).collect();
    let text: String = found.iter().map(|line| format!("{line}\n")).collect();
    let list = Value::List(found.into_iter().map(Value::from).collect());
    Ok(Reply::Either(text, list))
}

/// The newest lines without words to choose by, else all that have every one of them in any case of letters.
fn chosen(mut lines: Vec<String>, words: &[String]) -> Vec<String> {
    if words.is_empty() {
        return lines.split_off(lines.len().saturating_sub(RECENT));
    }
    lines.retain(|line| {
        let line = line.to_lowercase();
        words.iter().all(|word| line.contains(word))
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_or_those_with_every_word() {
        let kept: Vec<String> = (0..60).map(|number| format!("Service.info name m{number}")).collect();
        for (words, count, first) in [
            (&[][..], RECENT, "Service.info name m10"),
            (&["m1"], 11, "Service.info name m1"),
            (&["service", "m59"], 1, "Service.info name m59"),
        ] {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            let found = chosen(kept.clone(), &words);
            assert_eq!((found.len(), found[0].as_str()), (count, first), "{words:?}");
        }
        assert!(chosen(kept, &["m1".into(), "m2".into()]).is_empty());
    }
}
