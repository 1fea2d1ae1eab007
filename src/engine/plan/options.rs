//! The options of a line, read once. No later step looks up an option by its name.

use std::time::Duration;

use super::notation::Form;
use crate::engine::accounts::rules::Rules;
use crate::engine::deliver::filter;
use crate::engine::deliver::presentation::Wish;
use crate::engine::state::error::CallError;
use crate::render::Format;
use crate::wire::Timeouts;
use lang::{Line, OptionDef, OptionId, OptionUse, Word};
use model::{Span, moment, period};

/// The most calls that may be under way at once.
pub(crate) const MOST_JOBS: usize = 64;

/// The options of a line.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The format and the destination of the result.
    pub(crate) wish: Wish,
    /// The filter for the result.
    pub(crate) filter: Option<filter::Asked>,
    /// The position of `--all`.
    pub(crate) all: Option<Span>,
    /// Whether to wait for the job that the call begins.
    pub(crate) wait: Wait,
    /// The line's own time limit for an answer.
    pub(crate) timeout: Option<Duration>,
    /// `--yes`: the answer to questions is yes.
    pub(crate) yes: bool,
    /// `--again`: a change is sent even if it may have been made already.
    pub(crate) again: bool,
    /// The request is shown and not sent.
    pub(crate) rehearsal: bool,
    /// The same, in this form.
    pub(crate) form: Option<Form>,
    /// Names and values are sent unchecked.
    pub(crate) unchecked: bool,
    /// Values are sent in order, without names.
    pub(crate) positional: bool,
    /// If a line of a script fails, the others still run.
    pub(crate) keep_going: bool,
    /// The lines of a script are one batch.
    pub(crate) batch: bool,
    /// How many calls may be under way at once.
    pub(crate) jobs: Option<usize>,
    /// How many percent of a list may be destroyed without more than a yes.
    pub(crate) destroy_limit: Option<u8>,
    /// Only changes: of the lists of methods, or among the recorded calls.
    pub(crate) changes: bool,
    /// Of an account, its ids and names are read again.
    pub(crate) values: bool,
    /// Which part of the history is shown.
    pub(crate) past: Past,
    /// How often a read is repeated.
    pub(crate) times: Option<usize>,
}

/// The options for waiting for a job.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wait {
    /// The position of `--wait`.
    pub(crate) asked: Option<Span>,
    /// The position of `--no-wait`.
    pub(crate) refused: Option<Span>,
    /// The limit, if there is one.
    pub(crate) limit: Option<Duration>,
}

/// The options that choose a part of the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Past {
    /// Only calls that failed or whose outcome is unknown.
    pub(crate) failed: bool,
    /// Only of this profile.
    pub(crate) profile: Option<String>,
    /// Only what began at this time or later, in milliseconds since 1970.
    pub(crate) since: Option<i64>,
    /// The most rows.
    pub(crate) number: Option<usize>,
}

impl Options {
    /// Reads the options of a line. If an option is given twice, the last one counts.
    pub(crate) fn of(line: &Line) -> Result<Options, CallError> {
        let mut options = Options::none(line);
        let mut query = None;
        for given in last_of_each(line) {
            let value = given.value.as_ref();
            match given.option.id {
                OptionId::Output | OptionId::Xml => options.wish.format = format_of(line)?,
                OptionId::Query => query = value.cloned(),
                OptionId::Columns => options.wish.columns = value.map(|word| (word.text(), word.span)),
                OptionId::Sort => options.wish.sort = value.map(|word| (word.text(), word.span)),
                OptionId::NoHeader => options.wish.header = false,
                OptionId::Safe => options.wish.safe = Some(given.span),
                OptionId::Bom => options.wish.bom = Some(given.span),
                OptionId::All => options.all = Some(given.span),
                OptionId::Wait => {
                    options.wait.asked = Some(given.span);
                    options.wait.limit = value.map(length_of_time).transpose()?;
                }
                OptionId::NoWait => options.wait.refused = Some(given.span),
                OptionId::Yes => options.yes = true,
                OptionId::Again => options.again = true,
                OptionId::DryRun => options.rehearsal = true,
                OptionId::As => options.form = value.map(Form::named).transpose()?,
                OptionId::Timeout => options.timeout = value.map(length_of_time).transpose()?,
                OptionId::NoCheck => options.unchecked = true,
                OptionId::Positional => options.positional = true,
                OptionId::KeepGoing => options.keep_going = true,
                OptionId::Batch => options.batch = true,
                OptionId::Jobs => options.jobs = value.map(jobs).transpose()?,
                OptionId::DestroyLimit => options.destroy_limit = value.map(percent).transpose()?,
                OptionId::Changes => options.changes = true,
                OptionId::Values => options.values = true,
                OptionId::Failed => options.past.failed = true,
                OptionId::Profile => options.past.profile = value.map(Word::text),
                OptionId::Since => options.past.since = value.map(moment_past).transpose()?,
                OptionId::Number => options.past.number = value.map(count).transpose()?,
                OptionId::Times => options.times = value.map(count).transpose()?,
                // This option has been handled before.
                OptionId::Help => {}
            }
        }
        options.wish.filtered = query.is_some();
        let format = options.wish.format.map(|(_, span)| span);
        options.filter = query.map(|word| filter::Asked { word, timeout: options.timeout, format });
        Ok(options)
    }

    /// The same for a line that calls a method. Options that contradict each other are refused.
    pub(crate) fn of_call(line: &Line) -> Result<Options, CallError> {
        let options = Options::of(line)?;
        let Options { wait, all, .. } = &options;
        match (wait.asked, wait.refused) {
            (Some(_), Some(span)) => Err(CallError::usage("--wait and --no-wait contradict each other", Some(span))),
            (Some(span), None) if all.is_some() => {
                Err(CallError::usage("--wait cannot be used with --all: it reads one page again and again", Some(span)))
            }
            _ => Ok(options),
        }
    }

    /// A line without options.
    fn none(line: &Line) -> Options {
        let redirect = line.redirect.clone();
        Options {
            wish: Wish { header: true, redirect, ..Wish::default() },
            filter: None,
            all: None,
            wait: Wait::default(),
            timeout: None,
            yes: false,
            again: false,
            rehearsal: false,
            form: None,
            unchecked: false,
            positional: false,
            keep_going: false,
            batch: false,
            jobs: None,
            destroy_limit: None,
            changes: false,
            values: false,
            past: Past::default(),
            times: None,
        }
    }

    /// The time limits for an answer, with the rules of the account.
    pub(crate) fn timeouts(&self, rules: &Rules) -> Timeouts {
        self.timeout.map_or(rules.timeouts, |asked| rules.timeouts.within(asked))
    }

    /// Whether the request is only shown.
    pub(crate) fn only_show(&self) -> bool {
        self.rehearsal || self.form.is_some()
    }
}

/// The last use of each option, in the order of the line.
fn last_of_each(line: &Line) -> impl Iterator<Item = &OptionUse> {
    let later =
        |at: usize, given: &OptionUse| line.options.iter().skip(at + 1).any(|other| other.option.id == given.option.id);
    line.options.iter().enumerate().filter(move |(at, given)| !later(*at, given)).map(|(_, given)| given)
}

/// Refuses an option that belongs to another command. A user who writes it expects an effect.
pub(crate) fn refuse_foreign(line: &Line, command: Option<&str>) -> Result<(), CallError> {
    let foreign = |option: &OptionDef| !command.map_or(option.is_of_every_line(), |command| option.suits(command));
    let Some(given) = line.options.iter().find(|given| foreign(given.option)) else { return Ok(()) };
    let OptionDef { long, commands, .. } = given.option;
    let hint = match *commands {
        ["source", ..] => format!("write the lines into a file: source --{long} FILE"),
        [Line::EACH, ..] => format!("it goes after the call for each member: … | each METHOD … --{long}"),
        _ => commands.iter().map(|command| format!("try {command} --{long}")).collect::<Vec<_>>().join(" or "),
    };
    Err(CallError::Usage {
        message: format!("--{long} is an option of `{}`", commands.join("`, `")),
        span: Some(given.span),
        hint: Some(hint),
    })
}

/// The format that the line asks for, and its position: -o takes precedence over -x. Errors of a line use this format
/// even if other options are invalid.
pub(crate) fn format_of(line: &Line) -> Result<Option<(Format, Span)>, CallError> {
    let (mut output, mut xml) = (None, None);
    for given in last_of_each(line) {
        match given.option.id {
            OptionId::Output => output = given.value.as_ref().map(format).transpose()?,
            OptionId::Xml => xml = Some((Format::Xml, given.span)),
            _ => {}
        }
    }
    Ok(output.or(xml))
}

fn format(word: &Word) -> Result<(Format, Span), CallError> {
    let format = word.text().parse().map_err(|error| CallError::Format { error, span: word.span })?;
    Ok((format, word.span))
}

/// A length of time to wait.
pub(crate) fn length_of_time(word: &Word) -> Result<Duration, CallError> {
    period::parse(&word.text()).ok_or_else(|| CallError::Usage {
        message: format!("`{}` is not a length of time", word.text()),
        span: Some(word.span),
        hint: Some(format!("write {}", period::FORM)),
    })
}

/// A moment in the past.
fn moment_past(word: &Word) -> Result<i64, CallError> {
    moment::past(&word.text(), history::now()).ok_or_else(|| CallError::Usage {
        message: format!("`{}` is not a time in the past", word.text()),
        span: Some(word.span),
        hint: Some(format!("write {}", moment::FORM)),
    })
}

/// How many calls at once.
fn jobs(word: &Word) -> Result<usize, CallError> {
    let wrong =
        || CallError::usage(format!("the number must be a whole number from 1 to {MOST_JOBS}"), Some(word.span));
    word.text().parse().ok().filter(|jobs| (1..=MOST_JOBS).contains(jobs)).ok_or_else(wrong)
}

/// A part of a list in percent.
fn percent(word: &Word) -> Result<u8, CallError> {
    let wrong = || CallError::usage("the limit must be a whole number from 0 to 100, in percent", Some(word.span));
    let text = word.text();
    text.strip_suffix('%').unwrap_or(&text).parse().ok().filter(|percent| *percent <= 100).ok_or_else(wrong)
}

/// How many to show.
fn count(word: &Word) -> Result<usize, CallError> {
    let wrong = || CallError::usage("the number must be a whole number, 1 or more", Some(word.span));
    word.text().parse().ok().filter(|count| *count > 0).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str) -> Result<Options, CallError> {
        let line = lang::parse(text).unwrap().remove(0);
        Options::of_call(line.each.as_deref().unwrap_or(&line))
    }

    #[test]
    fn each_option_is_read_into_its_place() {
        let read = options("x -o csv --columns a,b --sort=-a --no-header --wait=2m --timeout 5 --as curl -y | f.json");
        let read = read.unwrap();
        assert_eq!(read.wish.format.map(|(format, _)| format), Some(Format::Csv));
        assert_eq!(read.wish.columns.map(|(text, _)| text).as_deref(), Some("a,b"));
        assert_eq!(read.wish.sort.map(|(text, _)| text).as_deref(), Some("-a"));
        assert!(!read.wish.header && read.wish.redirect.is_some() && !read.wish.filtered);
        assert_eq!((read.wait.limit, read.timeout), (Some(Duration::from_secs(120)), Some(Duration::from_secs(5))));
        assert!(read.yes && read.form == Some(Form::Curl) && !read.rehearsal);
        let past = options("history --failed --profile p --since 2d -n 7").unwrap().past;
        assert!(past.failed && past.since.is_some_and(|since| since < history::now()));
        assert_eq!((past.profile.as_deref(), past.number), (Some("p"), Some(7)));
        let limit = |text| options(text).unwrap().destroy_limit;
        assert_eq!(
            (limit("x | each y --destroy-limit 50"), limit("x | each y --destroy-limit=5%")),
            (Some(50), Some(5))
        );
        let read = options("x -x -o json -q .a --timeout 7").unwrap();
        assert_eq!(read.wish.format.map(|(format, _)| format), Some(Format::Json));
        assert_eq!(read.filter.unwrap().timeout, Some(Duration::from_secs(7)));
    }

    #[test]
    fn the_last_of_two_counts_and_the_first_may_be_wrong() {
        assert_eq!(options("x --timeout soon --timeout 3").unwrap().timeout, Some(Duration::from_secs(3)));
        assert!(options("x --timeout 3 --timeout soon").is_err());
        let format = options("x -o json -o xml").unwrap().wish.format;
        assert_eq!(format.map(|(format, _)| format), Some(Format::Xml));
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        for text in [
            "x --wait --no-wait",
            "x --all --wait",
            "x --wait=soon",
            "x -o jsn",
            "x --as ftp",
            "x -n 0",
            "x -n a",
            "x | each y --jobs 0",
            "x | each y --jobs 65",
            "x | each y --jobs many",
            "x | each y --destroy-limit 101",
            "x | each y --destroy-limit some",
            "x --since 30",
        ] {
            assert!(options(text).is_err(), "{text}");
        }
        assert!(options("x --all --no-wait").is_ok());
    }
}
