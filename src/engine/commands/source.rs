//! `source` and `run`: the lines of a file, with arguments.

use crate::engine::plan::course::Course;
use crate::engine::plan::options::Options;
use crate::engine::run::outcome::{Order, Outcome, Way};
use crate::engine::run::script::Script;
use crate::engine::state::error::CallError;
use lang::{Item, Line, OptionId, Word};
use model::Span;

/// The options for a script as a whole.
const OWN: [OptionId; 3] = [OptionId::KeepGoing, OptionId::Jobs, OptionId::Yes];
/// Options that a batch does not take, because it has one result.
const NOT_OF_BATCHES: [OptionId; 10] = [
    OptionId::KeepGoing,
    OptionId::Jobs,
    OptionId::All,
    OptionId::Wait,
    OptionId::NoWait,
    OptionId::DryRun,
    OptionId::As,
    OptionId::Timeout,
    OptionId::NoCheck,
    OptionId::Positional,
];

/// What a line says about a script.
pub(super) struct Asked<'l> {
    /// The file.
    pub(super) file: &'l Word,
    /// The words after it.
    pub(super) arguments: &'l [Item],
    /// All options of the line.
    pub(super) options: Options,
    /// The lines are one batch.
    as_batch: bool,
    /// The position of the command in the line.
    head: Span,
}

impl<'l> Asked<'l> {
    /// `source FILE`
    pub(super) fn of(line: &'l Line) -> Result<Asked<'l>, CallError> {
        let (file, arguments, as_batch) = wanted(line)?;
        Ok(Asked { file, arguments, options: Options::of(line)?, as_batch, head: line.head.span })
    }

    /// Whether the file cannot be read yet: a line before this one writes it, or it can be read only once.
    pub(super) fn is_unread(&self, course: &Course) -> bool {
        course.is_open(&self.file.text()) || self.file.text() == "-"
    }

    /// What the session does next. `agreed` is the answer to all questions of the lines.
    pub(super) fn outcome(self, script: Script, agreed: bool) -> Outcome {
        let Asked { options, as_batch, head, .. } = self;
        match as_batch {
            true => Outcome::Batch { script, order: Box::new(Order { options, agreed, head }) },
            false => {
                let way = Way { keep_going: options.keep_going, jobs: options.jobs.unwrap_or(1) };
                Outcome::Script { script, way, yes: agreed }
            }
        }
    }
}

/// The file, the words after it, and whether its lines are a batch.
fn wanted(line: &Line) -> Result<(&Word, &[Item], bool), CallError> {
    let Some((item, arguments)) = line.items.split_first() else {
        let name = line.head.text();
        let hint = format!("write {name} FILE ARGUMENTS; `-` is standard input");
        return Err(refused(&format!("`{name}` needs a file"), line, &hint));
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
    Ok((&item.word, arguments, as_batch))
}

fn refused(message: &str, line: &Line, hint: &str) -> CallError {
    let span = line.redirect.as_ref().map_or(line.head.span, |redirect| redirect.span);
    CallError::Usage { message: message.into(), span: Some(span), hint: Some(hint.into()) }
}
