//! The options that lines understand.

use super::operator::EACH;
use model::suggest;

/// An option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionDef {
    /// Which it is.
    pub id: OptionId,
    /// Its name, without the dashes.
    pub long: &'static str,
    /// Its letter.
    pub short: Option<char>,
    /// Whether a value follows.
    pub takes: Takes,
    /// One line of what it does.
    pub summary: &'static str,
    /// The commands that it belongs to; if empty, it is an option of every line.
    pub commands: &'static [&'static str],
}

/// Identifies an option, so that a `match` over them covers all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OptionId {
    /// `--output`
    Output,
    /// `--xml`
    Xml,
    /// `--query`
    Query,
    /// `--columns`
    Columns,
    /// `--sort`
    Sort,
    /// `--no-header`
    NoHeader,
    /// `--safe`
    Safe,
    /// `--bom`
    Bom,
    /// `--all`
    All,
    /// `--wait`
    Wait,
    /// `--no-wait`
    NoWait,
    /// `--yes`
    Yes,
    /// `--again`
    Again,
    /// `--dry-run`
    DryRun,
    /// `--as`
    As,
    /// `--timeout`
    Timeout,
    /// `--no-check`
    NoCheck,
    /// `--positional`
    Positional,
    /// `--keep-going`
    KeepGoing,
    /// `--batch`
    Batch,
    /// `--destroy-limit`
    DestroyLimit,
    /// `--jobs`
    Jobs,
    /// `--changes`
    Changes,
    /// `--failed`
    Failed,
    /// `--profile`
    Profile,
    /// `--since`
    Since,
    /// `--number`
    Number,
    /// `--values`
    Values,
    /// `--times`
    Times,
    /// `--help`
    Help,
}

/// What follows an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// One value, with its name in help.
    Value(&'static str),
    /// An optional value, joined with `=`.
    Maybe(&'static str),
}

/// All options.
pub static OPTIONS: &[OptionDef] = &[
    option(
        OptionId::Output,
        "output",
        Some('o'),
        Takes::Value("FORMAT"),
        "the format of the result; `help output` lists the formats",
    ),
    option(OptionId::Xml, "xml", Some('x'), Takes::Nothing, "the result as XML"),
    option(OptionId::Query, "query", Some('q'), Takes::Value("JQ"), "apply a jq filter to the result"),
    option(
        OptionId::Columns,
        "columns",
        None,
        Takes::Value("NAMES"),
        "show these columns: id,name; +name for one more; all",
    ),
    option(
        OptionId::Sort,
        "sort",
        None,
        Takes::Value("NAMES"),
        "sort rows by these columns; --sort=-NAME for descending order",
    ),
    option(OptionId::NoHeader, "no-header", None, Takes::Nothing, "leave out the header line of rows"),
    option(
        OptionId::Safe,
        "safe",
        None,
        Takes::Nothing,
        "CSV: no cell is a formula; an apostrophe comes before = + - @",
    ),
    option(OptionId::Bom, "bom", None, Takes::Nothing, "CSV: begin with a byte order mark, for old versions of Excel"),
    option(OptionId::All, "all", None, Takes::Nothing, "all pages of a list"),
    option(
        OptionId::Wait,
        "wait",
        None,
        Takes::Maybe("DURATION"),
        "wait for the job that the call starts; --wait=10m sets a limit",
    ),
    option(OptionId::NoWait, "no-wait", None, Takes::Nothing, "do not wait for the job, whatever the profile says"),
    option(OptionId::Yes, "yes", Some('y'), Takes::Nothing, "answer yes to the \"are you sure?\" question"),
    option(
        OptionId::Again,
        "again",
        None,
        Takes::Nothing,
        "send a change although the same one was sent and its outcome is not known",
    ),
    option(OptionId::DryRun, "dry-run", None, Takes::Nothing, "show what would be sent, and send nothing"),
    option(OptionId::As, "as", None, Takes::Value("FORM"), "show the request as `curl` or `http`, and send nothing"),
    option(
        OptionId::Timeout,
        "timeout",
        None,
        Takes::Value("DURATION"),
        "how long to wait for an answer: 30, 90s or 2m",
    ),
    option(OptionId::NoCheck, "no-check", None, Takes::Nothing, "send names and values without checking them"),
    option(OptionId::Positional, "positional", None, Takes::Nothing, "send values in order, without names"),
    option(OptionId::KeepGoing, "keep-going", None, Takes::Nothing, "continue after a line or a call that failed")
        .of(&["source", "run", EACH]),
    option(
        OptionId::Batch,
        "batch",
        None,
        Takes::Nothing,
        "send the calls in as few requests as possible; one list of results",
    )
    .of(&["source", "run", EACH]),
    option(OptionId::Jobs, "jobs", None, Takes::Value("N"), "have up to so many calls under way at once")
        .of(&["source", "run", EACH]),
    option(
        OptionId::DestroyLimit,
        "destroy-limit",
        None,
        Takes::Value("PERCENT"),
        "how much of a list the calls may destroy before their number has to be typed",
    )
    .of(&[EACH]),
    option(
        OptionId::Changes,
        "changes",
        None,
        Takes::Nothing,
        "methods: what was last different; history: the calls that change something",
    )
    .of(&["methods", "history"]),
    option(OptionId::Failed, "failed", None, Takes::Nothing, "the calls that failed or whose outcome is not known")
        .of(&["history"]),
    option(OptionId::Profile, "profile", None, Takes::Value("NAME"), "only what was done with this account")
        .of(&["history"]),
    option(
        OptionId::Since,
        "since",
        None,
        Takes::Value("TIME"),
        "only what is not older: 2d, 12h, or a date such as 2026-11-01",
    )
    .of(&["history"]),
    option(OptionId::Number, "number", Some('n'), Takes::Value("N"), "at most so many, the newest").of(&["history"]),
    option(
        OptionId::Values,
        "values",
        None,
        Takes::Nothing,
        "read the account's lists, so that Tab knows its ids and names",
    )
    .of(&["refresh"]),
    option(OptionId::Times, "times", None, Takes::Value("N"), "end after so many rounds").of(&["watch"]),
    option(OptionId::Help, "help", Some('h'), Takes::Nothing, "what the method does and its parameters"),
];

const fn option(
    id: OptionId,
    long: &'static str,
    short: Option<char>,
    takes: Takes,
    summary: &'static str,
) -> OptionDef {
    OptionDef { id, long, short, takes, summary, commands: &[] }
}

impl OptionDef {
    /// The option with a name as typed, `--output` or `-o`.
    pub fn find(name: &str) -> Option<&'static OptionDef> {
        if let Some(long) = name.strip_prefix("--") {
            return OPTIONS.iter().find(|option| option.long == long);
        }
        let mut letters = name.strip_prefix('-')?.chars();
        let letter = letters.next().filter(|_| letters.next().is_none())?;
        OPTIONS.iter().find(|option| option.short == Some(letter))
    }

    /// Whether its value is a separate word.
    pub(super) fn takes_a_word(&self) -> bool {
        matches!(self.takes, Takes::Value(_))
    }

    const fn of(self, commands: &'static [&'static str]) -> OptionDef {
        OptionDef { commands, ..self }
    }

    /// Whether every line understands it.
    pub fn is_of_every_line(&self) -> bool {
        self.commands.is_empty()
    }

    /// Whether a command of the shell or a method accepts it.
    pub fn suits(&self, head: &str) -> bool {
        self.is_of_every_line() || self.commands.contains(&head)
    }

    /// The options nearest to a mistyped one, as they are typed.
    pub(super) fn nearest(name: &str) -> Vec<String> {
        let word = name.trim_start_matches('-');
        let near = suggest::nearest(word, OPTIONS.iter().map(|option| option.long));
        near.into_iter().map(|long| format!("--{long}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_found_by_its_names() {
        for (name, long) in [
            ("--output", Some("output")),
            ("-o", Some("output")),
            ("-x", Some("xml")),
            ("--dry-run", Some("dry-run")),
            ("--out", None),
            ("-", None),
            ("--", None),
            ("-oh", None),
            ("-output", None),
            ("output", None),
        ] {
            assert_eq!(OptionDef::find(name).map(|option| option.long), long, "{name}");
        }
    }

    #[test]
    fn no_two_options_share_a_name() {
        for (nth, option) in OPTIONS.iter().enumerate() {
            let others = OPTIONS.iter().skip(nth + 1);
            for other in others {
                assert_ne!(option.long, other.long);
                assert!(option.short.is_none() || option.short != other.short, "-{:?}", option.short);
            }
            assert!(option.long.starts_with(|c: char| c.is_ascii_lowercase()));
        }
    }

    #[test]
    fn a_mistyped_option_is_recognised() {
        assert_eq!(OptionDef::nearest("--outptu"), ["--output"]);
        assert_eq!(OptionDef::nearest("-output"), ["--output"]);
        assert!(OptionDef::nearest("--frobnicate").is_empty());
    }
}
