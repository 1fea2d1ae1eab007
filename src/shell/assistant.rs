//! Help while a line is typed: completion, hints, colours, and whether the line continues.

use std::borrow::Cow;
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use rustyline::completion::{Candidate as Shown, Completer};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::SearchDirection;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};

use super::listing::listing;
use crate::complete::{self, Candidate, FileName, Hint, Seen, Setting, Standing, Words};
use crate::engine::screen::Size;
use crate::engine::{self, Session, commands};
use crate::render::style::{Role, paint};
use crate::render::{Format, sanitize, text};
use lang::{self, Token, TokenKind};
use model::secret::REDACTED;
use model::{Remembered, Sought, Span};

/// The approximate maximum width of a prompt, in columns.
const PROMPT: usize = 24;

/// Helps while a line is typed.
pub(super) struct Assistant {
    session: Rc<RefCell<Session>>,
    colour: bool,
    size: Size,
}

impl Assistant {
    /// An assistant that knows what the session knows.
    pub(super) fn new(session: Rc<RefCell<Session>>, colour: bool, size: Size) -> Assistant {
        Assistant { session, colour, size }
    }

    /// Runs a query with everything known about the line's context. `None` while a line runs: no key is read then.
    fn asking<T>(&self, ask: impl FnOnce(&complete::Context<'_>) -> T) -> Option<T> {
        let session = self.session.try_borrow().ok()?;
        let formats = Format::ALL.map(Format::name);
        let topics: Vec<_> = commands::topics().collect();
        let forms: Vec<_> = engine::forms().collect();
        let settings: Vec<Setting> =
            commands::settings().map(|(name, values, choices)| Setting { name, values, choices }).collect();
        let words = Words { formats: &formats, forms: &forms, topics: &topics, settings: &settings };
        let memory = &session.memory;
        let files = |path: &str| folder(&session.settings.home.expand(Path::new(path)));
        let named: Vec<_> = memory.names().filter_map(|name| Some((name, memory.get(name)?))).collect();
        let known = complete::Context {
            registry: &session.accounts.registry,
            words,
            last: memory.last(),
            named: &named,
            files: &files,
            seen: &Store(&session),
        };
        Some(ask(&known))
    }

    /// Whether the rest of an earlier line may be shown: it is a valid line, and contains no secret.
    fn may_recall(&self, line: &str, rest: &Hint) -> bool {
        let whole = format!("{line}{}", rest.shown);
        let Ok(session) = self.session.try_borrow() else { return false };
        let known = complete::standings(&whole, whole.len() + 1, &session.accounts.registry);
        known.iter().all(|(_, standing)| *standing != Standing::Unknown)
            && session.secret_places(&whole).is_some_and(|places| places.is_empty())
            && !whole.contains(REDACTED)
    }
}

/// What a session and its journal remember.
struct Store<'s>(&'s Session);

impl Seen for Store<'_> {
    fn values(&self, profile: &str, sought: Sought<'_>) -> Vec<Remembered> {
        self.0.accounts.remembered(profile, sought)
    }

    fn jobs(&self) -> Vec<(String, String)> {
        self.0.waitable()
    }

    fn calls(&self) -> Vec<(String, String)> {
        self.0.accounts.unsettled()
    }
}

/// The content of a folder; empty if it cannot be read.
fn folder(path: &Path) -> Vec<FileName> {
    let entries = std::fs::read_dir(if path.as_os_str().is_empty() { Path::new(".") } else { path });
    let name = |entry: std::fs::DirEntry| {
        let folder = entry.path().is_dir();
        Some(FileName { name: entry.file_name().into_string().ok()?, folder })
    };
    entries.into_iter().flatten().flatten().filter_map(name).collect()
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
        // Method lists that have arrived meanwhile can be completed at once.
        if let Ok(mut session) = self.session.try_borrow_mut() {
            session.accounts.poll_discovery();
        }
        let completion = self.asking(|context| complete::complete(line, cursor, context)).unwrap_or_default();
        let typed = line.get(completion.start..cursor).unwrap_or("");
        Ok((completion.start, listing(completion.candidates, typed, (self.size)())))
    }
}

impl Hinter for Assistant {
    type Hint = Ghost;

    /// The rest of an earlier line with this beginning, or else what the method needs next.
    fn hint(&self, line: &str, cursor: usize, context: &Context<'_>) -> Option<Ghost> {
        // Without colours it could not be distinguished from typed text.
        if !self.colour || cursor < line.len() {
            return None;
        }
        // A hint that wraps would make the screen jump with every key.
        let room = (self.size)().0.saturating_sub(text::width(line) + PROMPT);
        recalled(line, context)
            .filter(|hint| self.may_recall(line, hint))
            .or_else(|| self.asking(|context| complete::hint(line, cursor, context)).flatten())
            .map(|hint| Hint { shown: text::cut_end(&text::own(&hint.shown), room).into_owned(), ..hint })
            .filter(|hint| !hint.shown.is_empty() && !hint.shown.contains(sanitize::is_hidden))
            .map(Ghost)
    }
}

/// The rest of the newest line with this beginning.
fn recalled(line: &str, context: &Context<'_>) -> Option<Hint> {
    if line.trim().is_empty() {
        return None;
    }
    let history = context.history();
    let newest = history.len().checked_sub(1)?;
    let found = history.starts_with(line, newest, SearchDirection::Reverse).ok()??;
    let rest = found.entry.get(line.len()..).filter(|rest| !rest.is_empty() && !rest.contains('\n'))?;
    Some(Hint { shown: rest.to_owned(), insert: Some(rest.to_owned()) })
}

/// A hint in the editor's form.
pub(super) struct Ghost(Hint);

impl rustyline::hint::Hint for Ghost {
    fn display(&self) -> &str {
        &self.0.shown
    }

    fn completion(&self) -> Option<&str> {
        self.0.insert.as_deref()
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, cursor: usize) -> Cow<'l, str> {
        if !self.colour {
            return Cow::Borrowed(line);
        }
        let Ok(session) = self.session.try_borrow() else { return Cow::Borrowed(line) };
        let mut out = String::with_capacity(line.len() * 2);
        let mut from = 0;
        let wrong = session.wrong_values(line);
        for (token, standing) in complete::standings(line, cursor, &session.accounts.registry) {
            let standing = if is_wrong(token, cursor, &wrong) { Standing::Unknown } else { standing };
            out.push_str(line.get(from..token.span.start).unwrap_or(""));
            let word = line.get(token.span.range()).unwrap_or("");
            match role(token.kind, standing) {
                Some(role) => out.push_str(&paint(role, word, true)),
                None => out.push_str(word),
            }
            from = token.span.end;
        }
        out.push_str(line.get(from..).unwrap_or(""));
        Cow::Owned(out)
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        paint(Role::Dim, hint, self.colour)
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.colour && kind != CmdKind::MoveCursor
    }
}

/// Whether a value cannot be that of its parameter. The one being typed is not judged.
fn is_wrong(token: Token, cursor: usize, wrong: &[Span]) -> bool {
    let typing = token.span.start < cursor && cursor <= token.span.end;
    let overlaps = |span: &Span| span.start < token.span.end && token.span.start < span.end;
    token.kind == TokenKind::Value && !typing && wrong.iter().any(overlaps)
}

fn role(kind: TokenKind, standing: Standing) -> Option<Role> {
    match (kind, standing) {
        (_, Standing::Unknown) => Some(Role::Error),
        (_, Standing::Open) => None,
        (TokenKind::Accounts | TokenKind::Profile | TokenKind::Head, _) => Some(Role::Head),
        (TokenKind::Name, _) => Some(Role::Key),
        (TokenKind::Tag, _) => Some(Role::Literal),
        (TokenKind::Option | TokenKind::OptionValue, _) => Some(Role::Number),
        (TokenKind::Operator | TokenKind::Each | TokenKind::File | TokenKind::Command, _) => Some(Role::Hint),
        (TokenKind::Comment, _) => Some(Role::Dim),
        (TokenKind::Error, _) => Some(Role::Error),
        (TokenKind::Value | TokenKind::Separator, _) => None,
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(if goes_on(context.input()) { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

/// Whether a line continues on the next one, for example because a quote is open. Other errors are reported when the
/// line runs, with a caret under the word.
pub(super) fn goes_on(line: &str) -> bool {
    lang::parse(line).is_err_and(|error| error.is_incomplete())
}
