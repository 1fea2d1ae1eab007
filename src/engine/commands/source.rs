//! `source`: the lines of a file.

use std::mem;

use crate::engine::plan::course::Course;
use crate::engine::plan::options::Options;
use crate::engine::run::batch;
use crate::engine::run::judge;
use crate::engine::run::outcome::{Order, Outcome};
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use lang::{Line, OptionId, Word};
use model::Effect;

/// What may be said to a script as a whole.
const OWN: [OptionId; 2] = [OptionId::KeepGoing, OptionId::Yes];
/// What may not be said to a batch, which is one result.
const NOT_OF_BATCHES: [OptionId; 9] = [
    OptionId::KeepGoing,
    OptionId::All,
    OptionId::Wait,
    OptionId::NoWait,
    OptionId::DryRun,
    OptionId::As,
    OptionId::Timeout,
    OptionId::NoCheck,
    OptionId::Positional,
];

/// `source FILE`
pub(super) fn run(session: &mut Session, line: &Line) -> Result<Outcome, CallError> {
    let (word, as_batch) = wanted(line)?;
    let options = Options::of(line)?;
    let (script, yes) = (session.script(word)?, session.agrees(&options));
    Ok(match as_batch {
        true => Outcome::Batch { script, order: Box::new(Order { options, agreed: yes, head: line.head.span }) },
        false => Outcome::Script { script, keep_going: options.keep_going, yes },
    })
}

/// The same before it is done: its lines are judged in their place. A file that a line before this one writes, or that
/// can be read once only, is judged when its turn comes, and so is all that follows it.
pub(super) fn foresee(session: &mut Session, course: &mut Course, line: &Line) -> Result<Option<Effect>, CallError> {
    let (word, as_batch) = wanted(line)?;
    let options = Options::of(line)?;
    if course.is_open(&word.text()) || word.text() == "-" {
        course.lost = true;
        return Ok(Some(Effect::Change));
    }
    let (script, yes) = (session.script(word)?, session.agrees(&options));
    if as_batch {
        return batch::foresee(session, course, &script, &Order { options, agreed: yes, head: line.head.span });
    }
    let before = mem::replace(&mut session.settings.yes, yes);
    let effect = judge::script(session, course, &script);
    session.settings.yes = before;
    Ok(effect)
}

/// The file, and whether its lines are a batch.
fn wanted(line: &Line) -> Result<(&Word, bool), CallError> {
    let Some(item) = line.items.first() else {
        return Err(refused("`source` needs a file", line, "write source FILE; `-` is standard input"));
    };
    let as_batch = line.has(OptionId::Batch);
    let fits = |id: OptionId| if as_batch { !NOT_OF_BATCHES.contains(&id) } else { OWN.contains(&id) };
    if let Some(other) = line.options.iter().find(|given| !fits(given.option.id)) {
        let message =
            format!("--{} has no effect on a {}", other.option.long, if as_batch { "batch" } else { "script" });
        let hint = Some("use it in the lines, or `set` for all of them".into()).filter(|_| !as_batch);
        return Err(CallError::Usage { message, span: Some(other.span), hint });
    }
    if line.redirect.is_some() && !as_batch {
        return Err(refused("a script has more than one result", line, "redirect each result in its own line"));
    }
    Ok((&item.word, as_batch))
}

fn refused(message: &str, line: &Line, hint: &str) -> CallError {
    let span = line.redirect.as_ref().map_or(line.head.span, |redirect| redirect.span);
    CallError::Usage { message: message.into(), span: Some(span), hint: Some(hint.into()) }
}
