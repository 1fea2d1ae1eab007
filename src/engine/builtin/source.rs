//! `source`: the lines of a file.

use super::super::error::CallError;
use super::super::script::Script;
use super::super::session::{Flow, Session};
use crate::lang::Line;

/// What may be said to a script as a whole.
const OWN: [&str; 2] = ["keep-going", "yes"];

/// `source FILE`
pub(super) fn run(session: &mut Session, line: &Line) -> Result<Flow, CallError> {
    let Some(item) = line.items.first() else {
        return Err(refused("`source` wants a file", line, "write source FILE; `-` is standard input"));
    };
    if let Some(other) = line.options.iter().find(|given| !OWN.contains(&given.option.long)) {
        let message = format!("--{} says nothing to a script", other.option.long);
        let hint = Some("say it in its lines; `set` holds for all of them".into());
        return Err(CallError::Usage { message, span: Some(other.span), hint });
    }
    if line.redirect.is_some() {
        return Err(refused("a script has more than one result", line, "say in its lines where each is to go"));
    }
    let script = Script::read(session, &item.word)?;
    let before = session.settings.yes;
    session.settings.yes |= line.has_option("yes");
    let done = session.run_script(script, line.has_option("keep-going"));
    session.settings.yes = before;
    done
}

fn refused(message: &str, line: &Line, hint: &str) -> CallError {
    let span = line.redirect.as_ref().map_or(line.head.span, |redirect| redirect.span);
    CallError::Usage { message: message.into(), span: Some(span), hint: Some(hint.into()) }
}
