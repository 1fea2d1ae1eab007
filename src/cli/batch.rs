//! Lines without a prompt: one from the command line, or a script from standard input.

use std::io::{self, BufRead};

use super::args::{Cli, RunFile};
use crate::engine::{CallError, Script, Session, Way};
use lang::{self, Item, Line, OptionDef, OptionId, SyntaxError};
use model::Span;

/// Runs a file of lines, like a line `run FILE ARGUMENTS`. `-` is standard input.
pub(super) fn file(session: &mut Session, run: &RunFile, way: Way) -> Result<(), CallError> {
    session.settings.yes |= run.yes;
    if run.file == "-" && !run.batch {
        return script(session, run.arguments.clone(), way);
    }
    let mut words = vec!["run".to_owned()];
    words.extend(way.keep_going.then(|| "--keep-going".to_owned()));
    words.extend(run.jobs.map(|jobs| format!("--jobs={jobs}")));
    words.extend(run.batch.then(|| "--batch".to_owned()));
    // A file name that begins like an option or a type must still be read as a name.
    let plain = run.file == "-" || run.file.starts_with(|c: char| c.is_alphanumeric() || "/._~".contains(c));
    words.push(if plain { run.file.clone() } else { format!("./{}", run.file) });
    run_words(session, &words, &run.arguments)
}

/// Runs the words of a command line as one line.
pub(super) fn one_shot(session: &mut Session, words: &[String]) -> Result<(), CallError> {
    run_words(session, words, &[])
}

/// Runs a line with arguments after its last word. They are no part of the text: an error shows none of them.
fn run_words(session: &mut Session, words: &[String], arguments: &[String]) -> Result<(), CallError> {
    session.learn_typed(&words.join(" "), &lang::word_tokens(words));
    match lang::parse_words(words) {
        Ok((mut line, text)) => match after_the_method(&line) {
            Some(error) => Err(session.failed(error, &text, Some(&line))),
            None => {
                let at = line.items.last().map_or(line.span, |item| item.word.span);
                line.items.extend(arguments.iter().map(|argument| Item::of_text(argument, at)));
                session.run_line(&line, &text).map(|_| ())
            }
        },
        Err(error) => Err(session.failed(misplaced(error), &words.join(" "), None)),
    }
}

/// An unknown option of a line may be one of the program, which comes before the method.
fn misplaced(error: SyntaxError) -> CallError {
    let SyntaxError::UnknownOption { name, span } = error.fault() else { return error.into() };
    before_the_method(name, *span).unwrap_or_else(|| error.into())
}

/// The same for `--profile`, which one command has too.
fn after_the_method(line: &Line) -> Option<CallError> {
    let head = line.head.text();
    let is_foreign = |option: &OptionDef| option.id == OptionId::Profile && !option.suits(&head);
    let given = line.options.iter().find(|given| is_foreign(given.option))?;
    before_the_method(&format!("--{}", given.option.long), given.span)
}

fn before_the_method(name: &str, span: Span) -> Option<CallError> {
    let option = Cli::option_named(name)?;
    let hint =
        format!("put {option} before the method: marsh {option} … METHOD; to send it as text, write '(string){name}'");
    Some(CallError::Usage {
        message: format!("{option} is written after the method"),
        span: Some(span),
        hint: Some(hint),
    })
}

/// Runs standard input as a script with arguments: nothing runs unless all lines are valid. If a value is read from the rest of
/// standard input, its line is the last one.
pub(super) fn script(session: &mut Session, arguments: Vec<String>, way: Way) -> Result<(), CallError> {
    // The lock is released here: a value of the last line may need the rest.
    let text = lines_of(&mut io::stdin().lock());
    match text {
        Ok(text) => match Script::of_stdin(text, arguments) {
            Ok(script) => session.run_script(script, way).map(|_| ()),
            Err(error) => Err(session.failed(error, "", None)),
        },
        Err(error) => {
            let message = format!("cannot read the script: {error}");
            Err(session.failed(CallError::usage_of(message), "", None))
        }
    }
}

/// The lines up to the end, or up to and including the first that reads the rest as a value.
fn lines_of(input: &mut dyn BufRead) -> io::Result<String> {
    let (mut text, mut pending) = (String::new(), String::new());
    // The end of an open quote. The open text is only parsed again at a line that contains it.
    let mut awaited = None;
    loop {
        let start = pending.len();
        let ended = input.read_line(&mut pending)? == 0;
        let added = pending.get(start..).unwrap_or("");
        if start == 0 && !ended && is_plain(added) {
            text.push_str(added);
            pending.clear();
            continue;
        }
        if !ended && awaited.is_some_and(|quote| !added.contains(quote)) {
            continue;
        }
        let parsed = lang::parse(pending.trim_end_matches(['\n', '\r']));
        awaited = match &parsed {
            Err(SyntaxError::OpenQuote { quote, .. }) => Some(*quote),
            _ => None,
        };
        if !ended && parsed.as_ref().is_err_and(SyntaxError::is_incomplete) {
            continue;
        }
        text.push_str(&pending);
        pending.clear();
        if ended || parsed.is_ok_and(|lines| lines.iter().any(Line::reads_stdin)) {
            return Ok(text);
        }
    }
}

/// Whether a line has nothing in it that could be the beginning of more, or read more: it is not parsed here.
fn is_plain(line: &str) -> bool {
    let is_in_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
    let mut before = b' ';
    line.bytes().all(|byte| {
        let before = std::mem::replace(&mut before, byte);
        // A dash in a word, and not one that a word begins with.
        is_in_word(byte) || matches!(byte, b' ' | b'\r' | b'\n') || byte == b'-' && is_in_word(before)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_plain_line_ends_with_itself(line in "[a-z0-9._@'(!|\\\\ -]{0,12}|[a-c1. -]{0,12}") {
            if is_plain(&line) {
                let ends = match lang::parse(&line) {
                    Ok(lines) => !lines.iter().any(Line::reads_stdin),
                    Err(error) => !error.is_incomplete(),
                };
                prop_assert!(ends);
            }
        }
    }

    #[test]
    fn a_script_ends_where_a_value_reads_the_rest() {
        for (input, text, rest) in [
            ("", "", ""),
            ("a\nb\n", "a\nb\n", ""),
            ("a\nb", "a\nb", ""),
            ("a n @-\nrest", "a n @-\n", "rest"),
            ("a n (base64)-\nrest\n", "a n (base64)-\n", "rest\n"),
            ("a n '@-'\nb\n", "a n '@-'\nb\n", ""),
            ("a n 'x\ny\n' m @-\nrest\n", "a n 'x\ny\n' m @-\n", "rest\n"),
            ("a n 'x\ny @-\n", "a n 'x\ny @-\n", ""),
            ("a n \"x\n'\" m \\\n@-\nrest", "a n \"x\n'\" m \\\n@-\n", "rest"),
        ] {
            let mut input = input.as_bytes();
            assert_eq!(lines_of(&mut input).unwrap(), text);
            assert_eq!(std::str::from_utf8(input).unwrap(), rest);
        }
    }
}
