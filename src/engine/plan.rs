//! What a line is going to do, settled before anything is opened, asked or sent. A line that runs and one that is only
//! judged go through the same steps here.

use std::sync::Arc;

use super::error::CallError;
use super::exchange::Exchange;
use super::filter::Filter;
use super::jobs;
use super::judge::Course;
use super::mask;
use super::memory::Known;
use super::missing;
use super::pages;
use super::pipeline;
use super::session::Session;
use super::show_as::Form;
use crate::bind::{self, Rules};
use crate::render::Format;
use crate::wire::Timeouts;
use lang::Line;
use model::http::Request;
use model::{Call, Effects, Method, Value};
use registry::Source;
use std::time::Duration;

/// What a line calls.
pub(super) struct Callee {
    pub(super) profile: String,
    pub(super) method: Arc<Method>,
    /// Another account than the current one has it, and the line does not name that.
    pub(super) foreign: bool,
}

/// A call, and everything that the line says of how it is made.
pub(super) struct Plan {
    pub(super) profile: String,
    pub(super) foreign: bool,
    pub(super) call: Call,
    pub(super) filter: Option<Filter>,
    pub(super) timeouts: Timeouts,
    pub(super) extent: Extent,
    /// As far as it is known without asking the service anything; nothing when a value is not known yet.
    pub(super) request: Option<Request>,
    /// How the request is to be shown to a person instead of being sent.
    pub(super) form: Option<Form>,
    /// Some value is not known yet.
    pub(super) open: bool,
}

impl Plan {
    /// What the line does, or what is wrong with it. With a course the line only lies ahead: what it lacks is not asked
    /// for where somebody could answer, and what only its run will tell is left open.
    pub(super) fn of(
        session: &mut Session,
        line: &Line,
        callee: Callee,
        course: Option<&Course>,
    ) -> Result<Plan, CallError> {
        let Callee { profile, method, foreign } = callee;
        pipeline::refuse_foreign_options(line, None)?;
        session.learn_secrets(&method, line);
        let (call, open) = bound(session, &profile, line, &method, course)?;
        let filter = Filter::of(session, line)?;
        let timeouts = pipeline::timeouts(session, &profile, line)?;
        let extent = Extent::of(session, &profile, line, &call)?;
        let exchange = Exchange::of(session, &profile, timeouts)?;
        // What cannot be written is refused before anything is opened or asked for.
        if !open {
            exchange.account.target.carries(&call, line)?;
        }
        let request = match open {
            true => None,
            false => Some(exchange.account.target.preview(exchange.source, &call)?),
        };
        let form = Form::asked(line)?;
        Ok(Plan { profile, foreign, call, filter, timeouts, extent, request, form, open })
    }

    /// What it does at the provider; at worst where a value is not known yet.
    pub(super) fn effects(&self) -> Effects {
        if self.open { self.call.method.effects() } else { self.call.effects() }
    }

    /// Whether the request is only shown.
    pub(super) fn is_only_shown(&self, line: &Line) -> bool {
        self.form.is_some() || line.has_option("dry-run")
    }
}

/// The call that a line makes, and whether a value in it is not known yet. What is missing is asked for where somebody
/// can be asked, once the line runs.
fn bound(
    session: &mut Session,
    profile: &str,
    line: &Line,
    method: &Arc<Method>,
    course: Option<&Course>,
) -> Result<(Call, bool), CallError> {
    let (unchecked, positional) = (line.has_option("no-check"), line.has_option("positional"));
    let (mut answers, mut open) = (Vec::new(), false);
    // What is answered may ask for more.
    let call = loop {
        let Session { sources, memory, registry, console, .. } = &mut *session;
        let shapes = registry.source(profile).map_or(&[][..], Source::shapes);
        let rules = Rules { unchecked, positional, shapes };
        let mut known = Known::of(&mut **sources, memory, course);
        match bind::bind_with(method, line, &answers, rules, &mut known) {
            Ok(call) => {
                open |= known.found_open();
                break call;
            }
            Err(faults) if course.is_some() => {
                let Some(names) = faults.only_missing().filter(|_| console.person.is_some()) else {
                    return Err(faults.into());
                };
                answers.extend(names.map(|name| (name.to_owned(), Value::Null)));
                open = true;
            }
            Err(faults) => answers.extend(missing::asked(session, method, line, faults)?),
        }
    };
    mask::learn_arguments(&call.arguments, &mut session.redactor);
    Ok((call, open))
}

/// What a line wants beyond one call and its answer.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    /// All pages of the list.
    pub(super) all: bool,
    /// To wait so long for what the call begins.
    pub(super) wait: Option<Duration>,
}

impl Extent {
    fn of(session: &Session, profile: &str, line: &Line, call: &Call) -> Result<Extent, CallError> {
        let Some(source) = session.registry.source(profile) else { return Ok(Extent { all: false, wait: None }) };
        let all = pages::wanted(line, call, source.provider().paging.as_ref())?;
        let wait = jobs::wanted(line, call, source, &session.rules(profile))?;
        match line.option_span("wait") {
            Some(span) if all => {
                Err(CallError::usage("--wait reads one page again and again: not with --all", Some(span)))
            }
            _ => Ok(Extent { all, wait }),
        }
    }

    /// The provider's own bytes are one answer, not several made into one.
    pub(super) fn suits(self, line: &Line, format: Format) -> Result<(), CallError> {
        let asked = line.option_span("all").or_else(|| line.option_span("wait"));
        match asked.filter(|_| format == Format::Raw) {
            Some(span) => Err(CallError::Usage {
                message: "the provider's own bytes are those of one answer".into(),
                span: Some(span),
                hint: Some("choose another form with -o, or leave the option out".into()),
            }),
            None => Ok(()),
        }
    }
}
