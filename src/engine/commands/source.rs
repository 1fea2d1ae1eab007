//! `source`: the lines of a file.

use crate::engine::guard;
use crate::engine::plan::course::Course;
use crate::engine::run::batch;
use crate::engine::run::judge;
use crate::engine::run::script::Script;
use crate::engine::run::session::{Flow, Session};
use crate::engine::state::error::CallError;
use lang::{Line, Word};
use model::Effect;

/// What may be said to a script as a whole.
const OWN: [&str; 2] = ["keep-going", "yes"];
/// What may not be said to a batch, which is one result.
const NOT_OF_BATCHES: [&str; 9] =
    ["keep-going", "all", "wait", "no-wait", "dry-run", "as", "timeout", "no-check", "positional"];

/// `source FILE`
pub(super) fn run(session: &mut Session, line: &Line) -> Result<Flow, CallError> {
    let (word, as_batch) = wanted(line)?;
    let script = Script::read(session, word)?;
    if as_batch {
        return batch::run(session, &script, line);
    }
    let before = session.settings.yes;
    session.settings.yes = guard::says_yes(session, line);
    let done = session.run_script(script, line.has_option("keep-going"));
    session.settings.yes = before;
    done
}

/// The same before it is done: its lines are judged in their place. A file that a line before this one writes, or that
/// can be read once only, is judged when its turn comes, and so is all that follows it.
pub(super) fn foresee(session: &mut Session, course: &mut Course, line: &Line) -> Result<Option<Effect>, CallError> {
    let (word, as_batch) = wanted(line)?;
    if course.is_open(&word.text()) || word.text() == "-" {
        course.lost = true;
        return Ok(Some(Effect::Change));
    }
    let script = Script::read(session, word)?;
    if as_batch {
        return batch::foresee(session, course, &script, line);
    }
    let before = session.settings.yes;
    session.settings.yes = guard::says_yes(session, line);
    let effect = judge::script(session, course, &script);
    session.settings.yes = before;
    Ok(effect)
}

/// The file, and whether its lines are a batch.
fn wanted(line: &Line) -> Result<(&Word, bool), CallError> {
    let Some(item) = line.items.first() else {
        return Err(refused("`source` needs a file", line, "write source FILE; `-` is standard input"));
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
    Ok((&item.word, as_batch))
}

fn refused(message: &str, line: &Line, hint: &str) -> CallError {
    let span = line.redirect.as_ref().map_or(line.head.span, |redirect| redirect.span);
    CallError::Usage { message: message.into(), span: Some(span), hint: Some(hint.into()) }
}
