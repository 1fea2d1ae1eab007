//! Why a line failed: one variant for each step, which keeps that step's own error.

use std::io;

use crate::bind::Faults;
use crate::config::{ConfigError, KeyError};
use crate::engine::state::apart::Apart;
use crate::engine::state::job_error::JobError;
use crate::engine::state::kept::{Kept, deed};
use crate::engine::state::member_error::{MemberError, MembersFailed};
use crate::engine::state::page_error::PageError;
pub use crate::engine::state::refusal::Refusal;
use crate::engine::state::unrecorded::Unrecorded;
use crate::query::QueryError;
use crate::render::{NoChart, UnknownFormat, undrawn};
use crate::sink::{OwnError, SinkError};
use crate::wire::WireError;
use codec::{DecodeError, EncodeError};
use lang::SyntaxError;
use model::{Break, Class, Diagnostic, Effect, Sent, Span};
use registry::resolve::ResolveError;

/// A line that failed.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The line is not valid.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// The name is unknown.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// The name is in no catalogue, and the service could not be asked whether it has such a method.
    #[error("`{name}` is not in the catalogue, and {profile} could not be asked for its methods: {error}")]
    Unlisted {
        /// As typed.
        name: String,
        /// Where.
        span: Span,
        /// What may have been meant.
        near: Option<String>,
        /// The profile whose service was to be asked.
        profile: String,
        /// Why.
        error: Box<CallError>,
    },
    /// The arguments are not valid.
    #[error(transparent)]
    Bind(#[from] Faults),
    /// An option or an argument of a local command is not valid.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// Where.
        span: Option<Span>,
        /// What would be right.
        hint: Option<String>,
    },
    /// A rule or the user stopped the call before it was sent.
    #[error("{message}")]
    Blocked {
        /// What, and why.
        message: String,
        /// Where the line asks for it.
        span: Option<Span>,
        /// How to make it allowed.
        hint: Option<String>,
    },
    /// There is no such format.
    #[error("{error}")]
    Format {
        /// What is there instead.
        error: UnknownFormat,
        /// Where the line asks for it.
        span: Span,
    },
    /// The arguments cannot be written in the provider's protocol.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The key cannot be read from its source.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// There is no key.
    #[error("no key for `{profile}`")]
    NoKey {
        /// The profile.
        profile: String,
    },
    /// The filter of the line is not valid, or cannot be used with a local command.
    #[error("{error}")]
    Query {
        /// Why.
        error: QueryError,
        /// Where.
        span: Span,
    },
    /// The call was done, but the filter failed on its result.
    #[error("{error}")]
    Filter {
        /// Why.
        error: QueryError,
        /// Where the line has the filter.
        span: Span,
        /// The method, or what else was done.
        what: String,
        /// There were several calls of it.
        several: bool,
        /// What it did.
        effect: Effect,
    },
    /// The address of the service cannot be used.
    #[error(transparent)]
    Address(WireError),
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// There is no account name, and the provider needs one as well as the key.
    #[error("{profile} has no user name")]
    NoUser {
        /// The profile.
        profile: String,
    },
    /// A further secret of the account is missing.
    #[error("no {name} for `{profile}`")]
    NoSecret {
        /// The profile.
        profile: String,
        /// The name of the secret.
        name: String,
    },
    /// The service did not return a part of the address.
    #[error("{method} did not return the {name} that the address needs")]
    Variable {
        /// The name of that part.
        name: String,
        /// The method that should have returned it.
        method: String,
    },
    /// The destination that the line names for its result cannot be opened; nothing has been sent.
    #[error("{error}")]
    Place {
        /// Why.
        error: SinkError,
        /// Where the line names it.
        span: Span,
    },
    /// The result cannot be stored.
    #[error(transparent)]
    Sink(#[from] SinkError),
    /// A command of the user's own shell failed.
    #[error(transparent)]
    Own(#[from] OwnError),
    /// The connection failed.
    #[error(transparent)]
    Wire(Box<Lost>),
    /// The answer cannot be read.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A change was not answered clearly: the provider failed, or its answer cannot be read.
    #[error("{error}")]
    Doubtful {
        /// The error as it would be for a call that reads.
        error: Box<CallError>,
        /// The method.
        method: String,
    },
    /// A call that had to be made first failed, so that the call of the line was not sent.
    #[error("{method} was not sent, because {asked} failed: {error}")]
    Before {
        /// The method of the line.
        method: String,
        /// The method that was called first.
        asked: String,
        /// Why it failed.
        error: Box<CallError>,
    },
    /// It changes something, and could not be recorded first; nothing has been sent.
    #[error(transparent)]
    Unrecorded(Box<Unrecorded>),
    /// The provider refused it.
    #[error(transparent)]
    Fault(Box<Refusal>),
    /// A list could not be read to its end.
    #[error(transparent)]
    Page(Box<PageError>),
    /// The job that the call began failed, or has not ended.
    #[error(transparent)]
    Job(Box<JobError>),
    /// Some calls of a batch failed; each has been reported.
    #[error("{failed} of {calls} calls failed: line{} {lines}", if *.failed == 1 { "" } else { "s" })]
    Several {
        /// How many.
        failed: usize,
        /// Of how many.
        calls: usize,
        /// The numbers of their lines.
        lines: String,
        /// Unknown if the outcome of some is unknown.
        sent: Sent,
        /// The interruption that stopped the rest, if there was one.
        broken: Option<Break>,
    },
    /// The call for a member of a result cannot be made; nothing has been sent for any of them.
    #[error(transparent)]
    Member(Box<MemberError>),
    /// Some calls for the members of a result failed; each is in the report.
    #[error(transparent)]
    Members(Box<MembersFailed>),
    /// Some accounts of a line failed; each has been reported.
    #[error(transparent)]
    Apart(#[from] Box<Apart>),
    /// A script ended before its last line; the error of the line has been reported.
    #[error("{0}")]
    Told(Box<CallError>),
    /// The simulated provider cannot be started.
    #[error("cannot start the sandbox: {0}")]
    Sandbox(io::Error),
    /// The call was answered, but its result could not be written to its destination.
    #[error("{error}")]
    Undelivered {
        /// Why.
        error: Box<CallError>,
        /// The method, or what else was done.
        what: String,
        /// There were several calls of it.
        several: bool,
        /// What it did.
        effect: Effect,
        /// Where the result is now.
        kept: Kept,
    },
    /// A result would go to standard output, and that is closed; nothing has been sent.
    #[error("standard output is closed")]
    NoOutput,
    /// The result has nothing that a chart can show.
    #[error(transparent)]
    Undrawn(#[from] NoChart),
    /// Standard output cannot be written.
    #[error("cannot write the result: {0}")]
    Output(io::Error),
}

/// A connection that failed in the middle of a call.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct Lost {
    /// What happened.
    pub error: WireError,
    /// What the call would have done.
    pub effect: Effect,
    /// The method.
    pub method: String,
    /// An answer had begun.
    pub answered: bool,
}

impl CallError {
    /// The same error for a call with this effect. If the call changes something, a failure of the provider or an
    /// unreadable answer leaves the outcome unknown.
    pub(crate) fn unless_read(self, effect: Effect, method: &str) -> CallError {
        let is_answer = matches!(self, CallError::Decode(_) | CallError::Fault(_));
        match is_answer && effect != Effect::Read && self.class() == Class::Failed {
            true => CallError::Doubtful { error: Box::new(self), method: method.to_owned() },
            false => self,
        }
    }

    /// The error of a call that had to be made before another one.
    pub(crate) fn on_the_way_to(self, method: &str, asked: &str) -> CallError {
        CallError::Before { method: method.to_owned(), asked: asked.to_owned(), error: Box::new(self) }
    }

    /// The error of a result that could not be rendered or written.
    pub(crate) fn unwritten(error: io::Error) -> CallError {
        undrawn(&error).cloned().map_or_else(|| CallError::Output(error), CallError::Undrawn)
    }

    /// An error in what the program was started with.
    pub fn usage_of(message: String) -> CallError {
        CallError::Usage { message, span: None, hint: None }
    }

    /// An error in a local command's arguments.
    pub(crate) fn usage(message: impl Into<String>, span: Option<Span>) -> CallError {
        CallError::Usage { message: message.into(), span, hint: None }
    }

    pub(crate) fn lost(error: WireError, effect: Effect, method: &str) -> CallError {
        CallError::Wire(Box::new(Lost { error, effect, method: method.to_owned(), answered: false }))
    }

    /// The same error, after the answer had begun.
    pub(crate) fn within_the_answer(mut self) -> CallError {
        if let CallError::Wire(lost) = &mut self {
            lost.answered = true;
        }
        self
    }

    /// Whether a change was answered and not refused, but the answer cannot be read.
    pub(crate) fn is_unread_answer_to_a_change(&self) -> bool {
        let CallError::Doubtful { error, .. } = self else { return false };
        matches!(&**error, CallError::Decode(error) if !matches!(error, DecodeError::Http { .. }))
    }

    /// Whether the provider refused this call, and not just any call for now.
    pub(crate) fn is_plain_no(&self) -> bool {
        matches!(self, CallError::Fault(_)) && self.class() == Class::Refused && !self.retryable()
    }

    /// Whether it is about an answer that was received, or had begun.
    pub(crate) fn is_about_an_answer(&self) -> bool {
        match self {
            CallError::Wire(lost) => lost.answered && lost.class() != Class::Interrupted,
            CallError::Decode(_) | CallError::Doubtful { .. } | CallError::Fault(_) => true,
            _ => false,
        }
    }

    fn inner(&self) -> Option<&dyn Diagnostic> {
        Some(match self {
            CallError::Syntax(error) => error,
            CallError::Resolve(error) => error,
            CallError::Bind(error) => error,
            CallError::Format { error, .. } => error,
            CallError::Key(error) => error,
            CallError::Address(error) => error,
            CallError::Config(error) => error,
            CallError::Encode(error) => error,
            CallError::Query { error, .. } | CallError::Filter { error, .. } => error,
            CallError::Sink(error) | CallError::Place { error, .. } => error,
            CallError::Own(error) => error,
            CallError::Wire(error) => &**error,
            CallError::Decode(error) => error,
            CallError::Doubtful { error, .. } | CallError::Before { error, .. } => &**error,
            CallError::Unlisted { error, .. } => &**error,
            CallError::Undelivered { error, .. } => &**error,
            CallError::Unrecorded(error) => &**error,
            CallError::Fault(error) => &**error,
            CallError::Page(error) => &**error,
            CallError::Member(error) => &**error,
            CallError::Members(error) => &**error,
            CallError::Job(error) => &**error,
            CallError::Apart(error) => &**error,
            CallError::Told(error) => &**error,
            CallError::Undrawn(error) => error,
            CallError::Usage { .. }
            | CallError::Blocked { .. }
            | CallError::Several { .. }
            | CallError::NoKey { .. }
            | CallError::NoSecret { .. }
            | CallError::NoUser { .. }
            | CallError::Variable { .. }
            | CallError::Sandbox(_)
            | CallError::NoOutput
            | CallError::Output(_) => return None,
        })
    }
}

impl Diagnostic for CallError {
    fn class(&self) -> Class {
        match self {
            CallError::Usage { .. } | CallError::Place { .. } => Class::Usage,
            CallError::Blocked { .. } => Class::Blocked,
            CallError::Several { broken: Some(by), .. } => by.class(),
            CallError::Several { .. } => Class::Several,
            CallError::NoKey { .. } | CallError::NoUser { .. } | CallError::NoSecret { .. } => Class::Credentials,
            CallError::Variable { .. } => Class::Failed,
            CallError::Doubtful { error, .. } if is_unreadable(error) => Class::Unknown,
            // If the result can be requested again, a closed pipe does no harm.
            CallError::Undelivered { effect, .. } if *effect != Effect::Read => Class::Local,
            CallError::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Class::ReaderGone,
            other => other.inner().map_or(Class::Local, Diagnostic::class),
        }
    }

    fn span(&self) -> Option<Span> {
        match self {
            CallError::Usage { span, .. } | CallError::Blocked { span, .. } => *span,
            CallError::Place { span, .. }
            | CallError::Unlisted { span, .. }
            | CallError::Format { span, .. }
            | CallError::Query { span, .. }
            | CallError::Filter { span, .. } => Some(*span),
            other => other.inner()?.span(),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            CallError::Usage { hint, .. } | CallError::Blocked { hint, .. } => hint.clone(),
            CallError::Several { sent: Sent::Unknown, .. } => {
                Some("check which of them took effect before you repeat any".into())
            }
            CallError::NoKey { .. } => {
                Some("`marsh login` sets up an account (`login` at the prompt), or give a key with -k @FILE or in MARSH_KEY; `marsh --sandbox` needs none".into())
            }
            CallError::NoOutput => Some("`| FILE` saves the result; >/dev/null discards it".into()),
            CallError::NoSecret { name, .. } => Some(format!("say where it is in its profile: `secrets.{name}.key_command`, `key_file` or `key_env`")),
            CallError::NoUser { .. } => Some("give it with --user, or set `user` in its profile".into()),
            CallError::Doubtful { error, method } => Some(look_first(method, error.hint())),
            CallError::Unlisted { near, error, .. } => error.hint().or_else(|| near.clone()),
            CallError::Undelivered { error, effect: Effect::Read, .. } => Some(again(error)),
            CallError::Undelivered { what, several, kept, .. } => Some(kept.after(what, *several)),
            CallError::Filter { error: QueryError::Interrupted, effect: Effect::Read, .. } => None,
            CallError::Filter { effect: Effect::Read, .. } => {
                Some("the call changed nothing: repeat it with another filter".into())
            }
            CallError::Filter { what, several, .. } => {
                let (its, it) = if *several { ("their", "them") } else { ("its", "it") };
                Some(format!("{}, and {its} whole result was written: do not repeat {it}", deed(what, *several)))
            }
            other => other.inner()?.hint(),
        }
    }

    fn sent(&self) -> Sent {
        match self {
            CallError::Filter { .. } | CallError::Undelivered { .. } => Sent::Yes,
            CallError::Before { .. } | CallError::Unlisted { .. } => Sent::No,
            CallError::Several { sent, .. } => *sent,
            other => other.inner().map_or(Sent::No, Diagnostic::sent),
        }
    }

    fn provider_code(&self) -> Option<String> {
        self.inner()?.provider_code()
    }

    fn provider_words(&self) -> Option<&str> {
        self.inner()?.provider_words()
    }

    fn more(&self) -> Vec<&dyn Diagnostic> {
        self.inner().map(Diagnostic::more).unwrap_or_default()
    }

    fn retryable(&self) -> bool {
        // What may have been done must not be repeated without a check.
        !matches!(self, CallError::Doubtful { .. }) && self.inner().is_some_and(Diagnostic::retryable)
    }
}

/// Whether an answer does not show the outcome of the call.
fn is_unreadable(error: &CallError) -> bool {
    !matches!(error, CallError::Fault(_) | CallError::Decode(DecodeError::Http { .. }))
}

/// The hint for a read whose result could not be written to its destination.
fn again(error: &CallError) -> String {
    let stored = matches!(error, CallError::Sink(SinkError::Store { kept: Some(_), .. }) | CallError::Undrawn(_));
    let again = || "the provider has answered, and nothing was changed: the call can be repeated".to_owned();
    error.hint().filter(|_| stored).unwrap_or_else(again)
}

/// The hint for a change that may have been done, followed by other advice.
fn look_first(method: &str, also: Option<String>) -> String {
    let look = format!("check whether {method} took effect before you repeat it");
    let Some(also) = also else { return look };
    // A text from a catalogue is a complete sentence.
    let between = if also.starts_with(char::is_uppercase) { "." } else { ";" };
    format!("{look}{between} {also}")
}

impl Diagnostic for Lost {
    fn class(&self) -> Class {
        // A lost read has changed nothing. A lost change may have been made, unless it was refused.
        match (self.effect, self.error.sent()) {
            (Effect::Read, _) | (_, Sent::No | Sent::Yes) => self.error.class(),
            _ => Class::Unknown,
        }
    }

    fn hint(&self) -> Option<String> {
        match self.class() {
            Class::Unknown => Some(look_first(&self.method, None)),
            _ => self.error.hint(),
        }
    }

    fn sent(&self) -> Sent {
        self.error.sent()
    }

    fn retryable(&self) -> bool {
        self.error.retryable() || self.effect == Effect::Read
    }
}
