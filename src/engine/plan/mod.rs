//! What a line is going to do, settled before anything is opened, asked or sent. A line that runs and one that is only
//! judged go through the same steps here.

pub(crate) mod course;
pub(crate) mod lookup;
pub(crate) mod notation;
mod questions;

use std::sync::Arc;

use crate::bind::{self, Rules};
use crate::engine::call::exchange::Exchange;
use crate::engine::call::jobs;
use crate::engine::call::pages;
use crate::engine::deliver::filter::Filter;
use crate::engine::deliver::mask;
use crate::engine::plan::course::Course;
use crate::engine::plan::notation::Form;
use crate::engine::run::pipeline;
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Known;
use crate::render::Format;
use crate::wire::Timeouts;
use lang::Line;
use model::http::Request;
use model::{Call, Effects, Method, Value};
use registry::Source;
use std::time::Duration;

/// What a line calls.
pub(crate) struct Callee {
    pub(crate) profile: String,
    pub(crate) method: Arc<Method>,
    /// Another account than the current one has it, and the line does not name that.
    pub(crate) foreign: bool,
}

/// A call, and everything that the line says of how it is made.
pub(crate) struct Plan {
    pub(crate) profile: String,
    pub(crate) foreign: bool,
    pub(crate) call: Call,
    pub(crate) filter: Option<Filter>,
    pub(crate) timeouts: Timeouts,
    pub(crate) extent: Extent,
    /// As far as it is known without asking the service anything; nothing when a value is not known yet.
    pub(crate) request: Option<Request>,
    /// How the request is to be shown to a person instead of being sent.
    pub(crate) form: Option<Form>,
    /// Some value is not known yet.
    pub(crate) open: bool,
}

impl Plan {
    /// What the line does, or what is wrong with it. With a course the line only lies ahead: what it lacks is not asked
    /// for where somebody could answer, and what only its run will tell is left open.
    pub(crate) fn of(
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
    pub(crate) fn effects(&self) -> Effects {
        if self.open { self.call.method.effects() } else { self.call.effects() }
    }

    /// Whether the request is only shown.
    pub(crate) fn is_only_shown(&self, line: &Line) -> bool {
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
            Err(faults) => answers.extend(questions::asked(session, method, line, faults)?),
        }
    };
    mask::learn_arguments(&call.arguments, &mut session.redactor);
    Ok((call, open))
}

/// What a line wants beyond one call and its answer.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    /// All pages of the list.
    pub(crate) all: bool,
    /// To wait so long for what the call begins.
    pub(crate) wait: Option<Duration>,
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
    pub(crate) fn suits(self, line: &Line, format: Format) -> Result<(), CallError> {
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
