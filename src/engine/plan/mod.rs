//! What a line will do, decided before anything is opened, asked or sent. A line that runs and a line that is only
//! judged go through the same steps here.

pub(crate) mod course;
pub(crate) mod extent;
mod findings;
pub(crate) mod lookup;
pub(crate) mod marks;
pub(crate) mod notation;
pub(crate) mod options;
pub(crate) mod owners;
pub(crate) mod parameter;
pub(crate) mod planning;
mod questions;
mod rows;
pub(crate) mod sources;
pub(crate) mod viewing;

use std::sync::Arc;

use crate::bind::{self, Rules};
use crate::engine::accounts::roster::Accounts;
use crate::engine::call::exchange::Exchange;
use crate::engine::deliver::filter::Filter;
use crate::engine::deliver::mask;
use crate::engine::deliver::presentation::{Given, Presentation};
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::render::Format;
use crate::wire::Timeouts;
use course::Course;
use extent::Extent;
use lang::Line;
use model::http::Request;
use model::{Arguments, Call, Effects, Method, Span, Value};
use options::Options;
use planning::Planning;
use sources::Known;

/// What a line calls.
pub(crate) struct Callee {
    pub(crate) profile: String,
    pub(crate) method: Arc<Method>,
    /// It belongs to another account than the current one, and the line does not name that account.
    pub(crate) foreign: bool,
}

/// A call, and everything that the line says about how to make it. No later step sees the line.
pub(crate) struct Plan {
    pub(crate) profile: String,
    pub(crate) foreign: bool,
    pub(crate) call: Call,
    pub(crate) options: Options,
    /// The form of its result; `None` if the request is only shown.
    pub(crate) presentation: Option<Presentation>,
    /// Its result may contain a secret.
    pub(crate) private: bool,
    pub(crate) timeouts: Timeouts,
    pub(crate) extent: Extent,
    /// The request, as far as it is known without asking the service; `None` if a value is not known yet.
    pub(crate) request: Option<Request>,
    /// Some value is not known yet.
    pub(crate) open: bool,
    /// The user has agreed in advance.
    pub(crate) agreed: bool,
    /// The user has asked for it to be sent even if the same may have been done already.
    pub(crate) again: bool,
    /// Where the line names what it calls.
    pub(crate) head: Span,
}

impl Plan {
    /// The plan of a line, or its first error. With a course, the line has not run yet: nothing is asked, and what is
    /// known only when it runs is left open.
    pub(crate) fn of(
        planning: &mut Planning<'_>,
        line: &Line,
        callee: Callee,
        course: Option<&Course>,
    ) -> Result<Plan, CallError> {
        let Callee { profile, method, foreign } = callee;
        options::refuse_foreign(line, None)?;
        planning.learn_secrets(&method, line);
        let options = Options::of_call(line)?;
        rows::refuse_foreign((planning.memory, planning.accounts), line, (&profile, &method))?;
        let (call, open) = bound(planning, &profile, (line, &options), &method, course)?;
        let filter = planning.filter(&options)?;
        let rules = planning.accounts.rules(&profile);
        let timeouts = options.timeouts(&rules);
        let source = planning.accounts.registry.source(&profile);
        let extent = Extent::of(&options, &call, source, &rules)?;
        let given = Given {
            method: &method,
            shapes: source.map_or(&[][..], |source| source.shapes_of(&method)),
            terminal: planning.console.out.terminal,
        };
        let presentation = presented(&options, extent, rules.format, filter, given)?;
        let private = method.returns_secret(given.shapes) || extent.shows_secret(source, &method);
        let exchange = Exchange::of(planning.accounts, planning.console, &profile, timeouts)?;
        // A call that cannot be encoded is refused before anything is opened or asked for.
        if !open {
            exchange.account.target.carries(&call, options.unchecked, line.span)?;
        }
        let preview = || exchange.account.target.preview(exchange.source, &call);
        let request = (!open).then(preview).transpose()?;
        // A `--yes` in a recalled line was the answer to another question.
        let agreed = planning.settings.yes || options.yes && !planning.recalled;
        let again = options.again && !planning.recalled;
        let head = line.head.span;
        Ok(Plan {
            profile,
            foreign,
            call,
            options,
            presentation,
            private,
            timeouts,
            extent,
            request,
            open,
            agreed,
            again,
            head,
        })
    }

    /// Gives the warnings before a call.
    pub(crate) fn forewarn(&self, accounts: &mut Accounts, console: &mut Console) -> Result<(), CallError> {
        let exchange = Exchange::of(accounts, console, &self.profile, self.timeouts)?;
        for warning in exchange.account.forewarnings(&self.call) {
            exchange.console.note(&warning);
        }
        for remark in bind::remarks(&self.call) {
            exchange.console.note(&format!("note: {remark}"));
        }
        if self.loses_names() {
            let name = &self.call.method.name;
            let note = format!(
                "note: only the values are sent, in their order, and no names: nothing is known of the parameters of {name}; \
                 `{name} --positional VALUE …` takes values without names"
            );
            exchange.console.note(&note);
        }
        Ok(())
    }

    /// Whether the line has names for values that a service takes in order, and nobody knows the parameters: what was meant
    /// as a value may be one of the names.
    fn loses_names(&self) -> bool {
        let given = matches!(&self.call.arguments, Arguments::Positional(values) if !values.is_empty());
        given && self.call.method.untyped && !self.options.positional
    }

    /// The form of its result once more, for a call that is repeated.
    pub(crate) fn again_presented(&self, planning: &mut Planning<'_>) -> Result<Presentation, CallError> {
        let filter = planning.filter(&self.options)?;
        let chosen = planning.accounts.rules(&self.profile).format;
        let shapes = planning
            .accounts
            .registry
            .source(&self.profile)
            .map_or(&[][..], |source| source.shapes_of(&self.call.method));
        let given = Given { method: &self.call.method, shapes, terminal: planning.console.out.terminal };
        Presentation::of_method(&self.options.wish, chosen, filter, given)
    }

    /// Its effect at the provider; the worst case if a value is not known yet.
    pub(crate) fn effects(&self) -> Effects {
        if self.open { self.call.method.effects() } else { self.call.effects() }
    }
}

/// The form of the result. Refuses options that contradict each other. A request that is only shown has no result.
fn presented(
    options: &Options,
    extent: Extent,
    chosen: Option<Format>,
    filter: Option<Filter>,
    given: Given<'_>,
) -> Result<Option<Presentation>, CallError> {
    if options.only_show() {
        return Ok(None);
    }
    let presentation = Presentation::of_method(&options.wish, chosen, filter, given)?;
    extent.suits(presentation.view.format)?;
    Ok(Some(presentation))
}

/// The call of a line, and whether a value in it is not known yet. When the line runs, the user is asked for missing
/// values if possible.
fn bound(
    planning: &mut Planning<'_>,
    profile: &str,
    (line, options): (&Line, &Options),
    method: &Arc<Method>,
    course: Option<&Course>,
) -> Result<(Call, bool), CallError> {
    let Options { unchecked, positional, .. } = *options;
    let (mut answers, mut typed, mut open) = (Vec::new(), Vec::new(), false);
    // An answer may make another value necessary.
    let call = loop {
        let Planning { sources, memory, accounts, console, .. } = &mut *planning;
        let shapes = accounts.registry.source(profile).map_or(&[][..], |source| source.shapes_of(method));
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
            Err(faults) => {
                let asked = questions::asked(planning, (profile, method), line, faults)?;
                answers.extend(asked.iter().map(|answer| (answer.name.clone(), answer.value.clone())));
                typed.extend(asked);
            }
        }
    };
    if !typed.is_empty() {
        let whole = questions::completed(line, &typed);
        planning.console.note(&planning.accounts.redactor.own(&whole));
        *planning.completed = Some(whole);
    }
    mask::learn_arguments(&call.arguments, &mut planning.accounts.redactor);
    Ok((call, open))
}
