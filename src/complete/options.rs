//! The options of a line, and their values.

use super::candidate::Candidate;
use super::context::Words;
use super::typed::Typed;
use lang::{OPTIONS, OptionDef, Takes};

/// Commonly used durations.
const DURATIONS: [&str; 5] = ["30s", "2m", "5m", "10m", "1h"];
/// Commonly used time limits for an answer.
const TIMEOUTS: [&str; 4] = ["5s", "30s", "1m", "5m"];

/// Commonly used ages.
const AGES: [&str; 5] = ["1h", "12h", "1d", "7d", "30d"];

/// The options that begin with the word, apply to that head, and are not given yet.
pub(super) fn names(word: &str, given: &[&str], head: &str) -> Vec<Candidate> {
    let open = OPTIONS.iter().filter(|option| !given.contains(&option.long) && option.suits(head));
    let fitting = open.map(|option| (format!("--{}", option.long), option)).filter(|(name, _)| name.starts_with(word));
    fitting.map(|(name, option)| Candidate::new(name, describe(option))).collect()
}

/// The options that only that command has.
pub(super) fn own_of(word: &str, given: &[&str], command: &str) -> Vec<Candidate> {
    let own =
        OPTIONS.iter().filter(|option| option.suits(command) && !option.suits("") && !given.contains(&option.long));
    let fitting = own.map(|option| (format!("--{}", option.long), option)).filter(|(name, _)| name.starts_with(word));
    fitting.map(|(name, option)| Candidate::new(name, describe(option))).collect()
}

fn describe(option: &OptionDef) -> String {
    match option.takes {
        Takes::Nothing => option.summary.to_owned(),
        Takes::Value(value) => format!("{value}: {}", option.summary),
        Takes::Maybe(value) => format!("[={value}]: {}", option.summary),
    }
}

/// The values of an option. `columns` are the fields of the method's result, each with a summary.
pub(super) fn values(word: &Typed, option: &OptionDef, columns: &[(&str, &str)], words: &Words<'_>) -> Vec<Candidate> {
    let plain = |all: &[&str]| -> Vec<Candidate> {
        let fitting = all.iter().filter(|one| word.begins(one));
        fitting.map(|one| Candidate::new(word.spell(one, true), "")).collect()
    };
    match option.long {
        "output" => plain(words.formats),
        "as" => plain(words.forms),
        "wait" => plain(&DURATIONS),
        "since" => plain(&AGES),
        "timeout" => plain(&TIMEOUTS),
        "columns" | "sort" => listed(word, columns),
        _ => Vec::new(),
    }
}

/// Names separated by commas; a `-` before one reverses the order.
fn listed(word: &Typed, columns: &[(&str, &str)]) -> Vec<Candidate> {
    let (given, last) = word.text.rsplit_once(',').map_or(("", word.text.as_str()), |(given, last)| (given, last));
    let name = last.strip_prefix('-').unwrap_or(last);
    let front = word.text.get(..word.text.len() - name.len()).unwrap_or("");
    let used = |column: &str| given.split(',').any(|used| used.trim_start_matches('-') == column);
    let open = columns.iter().filter(|(column, _)| column.starts_with(name) && !used(column));
    open.map(|(column, summary)| Candidate::new(format!("{front}{column}"), *summary).open()).collect()
}
