//! `source`: the lines of a file.

use super::super::batch;
use super::super::error::CallError;
use super::super::guard;
use super::super::script::Script;
use super::super::session::{Flow, Session};
use lang::Line;

/// What may be said to a script as a whole.
const OWN: [&str; 2] = ["keep-going", "yes"];
/// What may not be said to a batch, which is one result.
const NOT_OF_BATCHES: [&str; 9] =
    ["keep-going", "all", "wait", "no-wait", "dry-run", "as", "timeout", "no-check", "positional"];

/// `source FILE`
pub(super) fn run(session: &mut Session, line: &Line) -> Result<Flow, CallError> {
    let Some(item) = line.items.first() else {
        return Err(refused("`source` wants a file", line, "write source FILE; `-` is standard input"));
    };
    let as_batch = line.has_option("batch");
    let fits = |long: &str| if as_batch { !NOT_OF_BATCHES.contains(&long) } else { OWN.contains(&long) };
    if let Some(other) = line.options.iter().find(|given| !fits(given.option.long)) {
        let message =
            format!("--{} says nothing to a {}", other.option.long, if as_batch { "batch" } else { "script" });
        let hint = Some("say it in its lines; `set` holds for all of them".into()).filter(|_| !as_batch);
        return Err(CallError::Usage { message, span: Some(other.span), hint });
    }
    if line.redirect.is_some() && !as_batch {
        return Err(refused("a script has more than one result", line, "say in its lines where each is to go"));
    }
    let script = Script::read(session, &item.word)?;
    if as_batch {
        return batch::run(session, &script, line);
    }
    let before = session.settings.yes;
    session.settings.yes = guard::says_yes(session, line);
    let done = session.run_script(script, line.has_option("keep-going"));
    session.settings.yes = before;
    done
}

fn refused(message: &str, line: &Line, hint: &str) -> CallError {
    let span = line.redirect.as_ref().map_or(line.head.span, |redirect| redirect.span);
    CallError::Usage { message: message.into(), span: Some(span), hint: Some(hint.into()) }
}
