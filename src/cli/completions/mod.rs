//! Completion in the user's own shell: a script for each shell, and the answers to its requests.
//!
//! A script calls the program with [`script::ASKED`], the shell's name and the words up to the cursor. The answer has
//! one line per candidate: its text, `-` if the word continues after it, and a summary, separated by tabs. The network
//! is not used, no key is read, and nothing is printed about a broken or missing configuration.

mod known;
mod quote;
pub(super) mod script;
mod walk;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::ValueEnum;

use super::context::Context;
use super::definition;
use crate::complete::Candidate;
use crate::render::sanitize;
use quote::Half;
use script::Shell;
use walk::Walk;

/// Answers a script. An invalid request has no candidates.
pub(super) fn answer(words: &[String], context: &Context) -> ExitCode {
    let text = answered(words, context).unwrap_or_default();
    // A shell that is gone needs no answer.
    let _ = io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn answered(words: &[String], context: &Context) -> Option<String> {
    let (shell, words) = words.split_first()?;
    if Shell::from_str(shell, false).ok()? == Shell::Bash {
        // The line up to the cursor, and the part of it that the shell will replace.
        let [line, replaced] = words else { return None };
        let half = Half::of(line, replaced);
        let found = candidates(half.words(), context);
        let alike = found.iter().all(|one| one.insert.starts_with(half.last()));
        let mut text = lines(found.into_iter().filter_map(|one| Some(Candidate { insert: half.spell(&one)?, ..one })));
        if !alike && text.lines().nth(1).is_some() {
            // The shell replaces the word by the common beginning of all candidates; this keeps the typed text.
            text.push_str(" \t\t\n");
        }
        return Some(text);
    }
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    if let Some(last) = words.last_mut() {
        // A quote that is still open belongs to the shell.
        *last = last.strip_prefix(['\'', '"']).unwrap_or(last);
    }
    Some(lines(candidates(&words, context).into_iter()))
}

/// The candidates for the last word.
fn candidates<W: AsRef<str>>(words: &[W], context: &Context) -> Vec<Candidate> {
    let program = definition::program();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let walk = Walk::along(&program, &words);
    known::candidates(&walk, context)
}

fn lines(found: impl Iterator<Item = Candidate>) -> String {
    // A name with a line feed would look like two.
    let found = found.filter(|one| !one.insert.contains(char::is_control));
    let line = |one: Candidate| {
        let summary = sanitize::for_terminal(&one.summary).replace(['\n', '\t'], " ");
        format!("{}\t{}\t{summary}\n", one.insert, if one.whole { "" } else { "-" })
    };
    found.map(line).collect()
}
