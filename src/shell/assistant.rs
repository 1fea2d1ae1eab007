//! What helps while a line is typed: completion, hints, colours, and whether the line goes on.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use rustyline::completion::{Candidate as Shown, Completer};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};

use crate::complete::{self, Candidate};
use crate::engine::Session;
use crate::lang::{self, TokenKind};
use crate::render::style::{Role, paint};
use crate::render::text;

/// What helps while a line is typed.
pub(super) struct Assistant {
    session: Rc<RefCell<Session>>,
    colour: bool,
    width: usize,
}

impl Assistant {
    /// One that knows what the session knows.
    pub(super) fn new(session: Rc<RefCell<Session>>, colour: bool) -> Assistant {
        let width = session.borrow().console.width;
        Assistant { session, colour, width }
    }
}

impl Helper for Assistant {}

impl Shown for Candidate {
    fn display(&self) -> &str {
        &self.summary
    }

    fn replacement(&self) -> &str {
        &self.insert
    }
}

impl Completer for Assistant {
    type Candidate = Candidate;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Candidate>)> {
        // The session is borrowed while a line runs, and then no key is read.
        let Ok(session) = self.session.try_borrow() else { return Ok((cursor, Vec::new())) };
        let completion = complete::complete(line, cursor, &session.registry);
        let only = completion.candidates.len() == 1;
        let widest = completion.candidates.iter().map(|c| text::width(&c.insert)).max().unwrap_or(0);
        let candidates = completion.candidates.into_iter().map(|candidate| {
            let pad = text::blanks(widest - text::width(&candidate.insert));
            let shown = format!("{}{pad}  {}", candidate.insert, candidate.summary);
            let summary = text::cut_end(shown.trim_end(), self.width.saturating_sub(2)).into_owned();
            let insert = if only { format!("{} ", candidate.insert) } else { candidate.insert };
            Candidate { insert, summary }
        });
        Ok((completion.start, candidates.collect()))
    }
}

impl Hinter for Assistant {
    type Hint = String;
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.colour {
            return Cow::Borrowed(line);
        }
        let mut out = String::with_capacity(line.len() * 2);
        let mut from = 0;
        for token in lang::tokens(line) {
            out.push_str(line.get(from..token.span.start).unwrap_or(""));
            let word = line.get(token.span.range()).unwrap_or("");
            match role(token.kind) {
                Some(role) => out.push_str(&paint(role, word, true)),
                None => out.push_str(word),
            }
            from = token.span.end;
        }
        out.push_str(line.get(from..).unwrap_or(""));
        Cow::Owned(out)
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.colour && kind != CmdKind::MoveCursor
    }
}

fn role(kind: TokenKind) -> Option<Role> {
    match kind {
        TokenKind::Profile | TokenKind::Head => Some(Role::Head),
        TokenKind::Name => Some(Role::Key),
        TokenKind::Tag => Some(Role::Literal),
        TokenKind::Option | TokenKind::OptionValue => Some(Role::Number),
        TokenKind::Operator | TokenKind::File | TokenKind::Command => Some(Role::Hint),
        TokenKind::Comment => Some(Role::Dim),
        TokenKind::Error => Some(Role::Error),
        TokenKind::Value | TokenKind::Separator => None,
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match lang::parse(context.input()) {
            Err(error) if error.is_incomplete() => ValidationResult::Incomplete,
            // What is wrong is reported when the line runs, with a caret under the word.
            _ => ValidationResult::Valid(None),
        })
    }
}
