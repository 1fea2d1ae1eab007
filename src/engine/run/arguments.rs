//! The arguments of a script: what they are, where they go, and which of them may be secret.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;

use crate::bind::{self, Sources};
use crate::engine::plan::course::Course;
use crate::engine::plan::sources::Known;
use crate::engine::run::privacy::Privacy;
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Memory;
use lang::{Hole, Item, Line, SyntaxError};
use model::{Home, Value};

/// The commands that run a script with arguments.
pub(crate) const RUNNERS: [&str; 2] = ["source", "run"];

/// A script that is looked at for secrets only is not read beyond this size, in bytes.
const LARGEST: u64 = 1 << 20;
/// How deep scripts that run each other are looked at.
const DEEPEST: usize = 16;

/// The words after a script as its arguments; `None` when one of them is not known before the line runs.
pub(crate) fn of_items(
    items: &[Item],
    sources: &mut dyn Sources,
    memory: &Memory,
    course: Option<&Course>,
) -> Result<Option<Vec<String>>, CallError> {
    let mut arguments = Vec::with_capacity(items.len());
    let mut known = Known::of(sources, memory, course);
    for item in items {
        let value = bind::nameless("argument", item, &mut known)?;
        if known.found_open() {
            return Ok(None);
        }
        match value {
            Value::List(list) => {
                for member in &list {
                    arguments.push(text(member, item)?);
                }
            }
            value => arguments.push(text(&value, item)?),
        }
    }
    Ok(Some(arguments))
}

/// One value as an argument.
fn text(value: &Value, item: &Item) -> Result<String, CallError> {
    let refused = |what: &str, hint: &str| CallError::Usage {
        message: format!("{what} cannot be an argument"),
        span: Some(item.word.span),
        hint: Some(hint.into()),
    };
    match value {
        Value::Text(text) => Ok(text.clone()),
        Value::Int(_) | Value::Decimal(_) | Value::Bool(_) | Value::Date(_) => Ok(value.plain()),
        Value::Secret(_) => Err(refused("a secret", "use the variable itself in the lines of the script")),
        Value::Null => Err(refused("a value that is null", "write '' for an empty text")),
        Value::List(_) | Value::Map(_) => Err(refused(
            "a list or a dictionary in another value",
            "use the variable itself in the lines of the script",
        )),
        Value::Bytes(_) | Value::File(_) => Err(refused("a value of bytes", "give the path of the file")),
    }
}

/// The command that saves a line. The holes in that line are filled when it runs.
pub(crate) const SAVE: &str = "save";

/// A line with arguments in its holes; `None` outside scripts, where there must be no holes.
pub(crate) fn filled(line: &Line, arguments: Option<&[String]>) -> Result<Line, SyntaxError> {
    if saves(line) { Ok(line.clone()) } else { line.filled(arguments) }
}

fn saves(line: &Line) -> bool {
    line.profile.is_none() && line.raw.is_none() && line.head.text() == SAVE
}

/// How many arguments lines use; `None` when they take any number.
pub(crate) fn used(lines: &[Line]) -> Option<usize> {
    lines.iter().filter(|line| !saves(line)).flat_map(Line::holes).try_fold(0, |most, hole| match hole {
        // What is wrong with `$0` is said where it is.
        Hole::All | Hole::Count | Hole::Nth(0) => None,
        Hole::Nth(nth) => Some(most.max(nth)),
    })
}

/// Refuses more arguments than a script uses: a blank that was not quoted may have made two of one.
pub(crate) fn refuse_unused(name: &str, lines: &[Line], arguments: &[String], items: &[Item]) -> Result<(), CallError> {
    let Some(most) = used(lines).filter(|most| *most < arguments.len()) else { return Ok(()) };
    let takes = match most {
        0 => "no arguments".to_owned(),
        1 => "one argument".to_owned(),
        most => format!("{most} arguments"),
    };
    Err(CallError::Usage {
        message: format!(
            "{name} uses {takes}, and {} {} given",
            arguments.len(),
            if arguments.len() == 1 { "was" } else { "were" }
        ),
        span: items.get(most.min(items.len().saturating_sub(1))).map(|item| item.word.span),
        hint: Some("quote an argument that contains spaces".into()),
    })
}

/// The words of a line that the script it runs uses for secrets. Nothing is known of one that cannot be read now: its
/// arguments are ordinary words until a line of it uses them for a secret.
pub(crate) fn secrets_of(privacy: Privacy<'_>, line: &Line, home: &Home) -> Vec<String> {
    let unread =
        saved(privacy, line).is_none() && run_by(line).is_some_and(|(script, _)| readable(script, home).is_none());
    if unread {
        return Vec::new();
    }
    secret_items(privacy, line, home, DEEPEST).into_iter().map(|item| item.word.text()).collect()
}

/// Where a text that was typed has arguments that its scripts use for secrets. Of a script that cannot be read now, all
/// may be.
pub(crate) fn secret_arguments(privacy: Privacy<'_>, text: &str, home: &Home) -> Vec<Range<usize>> {
    let lines = lang::parse(text).unwrap_or_default();
    let found = lines.iter().flat_map(|line| secret_items(privacy, line, home, DEEPEST));
    found.map(|item| item.word.span.range()).collect()
}

fn secret_items<'l>(privacy: Privacy<'_>, line: &'l Line, home: &Home, depth: usize) -> Vec<&'l Item> {
    let (text, arguments) = match (saved(privacy, line), run_by(line)) {
        (Some(text), _) => (Some(text), line.items.as_slice()),
        (None, Some((script, arguments))) => (readable(script, home), arguments),
        (None, None) => return Vec::new(),
    };
    if arguments.is_empty() {
        return Vec::new();
    }
    let holes = match (text, depth) {
        (Some(text), 1..) => secret_holes(privacy, &text, home, depth - 1),
        _ => BTreeSet::from([Hole::All]),
    };
    // What is written as a list may be several arguments.
    let uneven = arguments.iter().any(|item| item.tag.is_some() || Hole::of(&item.word) == Some(Hole::All));
    let all = holes.contains(&Hole::All) || uneven && !holes.is_empty();
    let is_secret = |nth: usize| all || holes.contains(&Hole::Nth(nth));
    arguments.iter().zip(1..).filter(|(_, nth)| is_secret(*nth)).map(|(item, _)| item).collect()
}

/// The line that is saved under the name that a line begins with.
fn saved(privacy: Privacy<'_>, line: &Line) -> Option<String> {
    let (name, registry) = (line.head.text(), privacy.registry);
    let source = match &line.profile {
        Some(profile) => registry.source(&profile.text())?,
        None => Some(registry.here()).filter(|_| !registry.is_command(&name))?,
    };
    source.saved(&name).filter(|_| line.raw.is_none())?.example.clone()
}

/// The file that a line runs, and the arguments.
fn run_by(line: &Line) -> Option<(&Item, &[Item])> {
    let runs = line.profile.is_none() && line.raw.is_none() && RUNNERS.contains(&line.head.text().as_str());
    line.items.split_first().filter(|_| runs)
}

/// The text of a script that can be read at any time without changing anything.
fn readable(script: &Item, home: &Home) -> Option<String> {
    let path = home.expand(std::path::Path::new(&script.word.text()));
    let found = fs::metadata(&path).ok().filter(|found| found.is_file() && found.len() <= LARGEST);
    found.and_then(|_| fs::read_to_string(&path).ok())
}

/// The holes of a script that are in places of secrets, in its own lines and in those of the scripts that it runs.
fn secret_holes(privacy: Privacy<'_>, text: &str, home: &Home, depth: usize) -> BTreeSet<Hole> {
    let tokens = lang::tokens(text);
    let places = privacy.read(text, &tokens);
    let own = places.iter().filter_map(|place| text.get(place.range.clone()));
    let words = own.flat_map(|part| part.split([',', ' ', '\t', '\n', '\r', ';']));
    let mut holes: BTreeSet<Hole> = words.filter_map(Hole::read).collect();
    let lines = lang::parse_all(text).unwrap_or_else(|faults| faults.lines);
    for line in &lines {
        let passed = secret_items(privacy, line, home, depth);
        holes.extend(passed.into_iter().filter_map(|item| Hole::of(&item.word)));
    }
    holes.remove(&Hole::Count);
    holes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bind::Nowhere;
    use model::{Class, Diagnostic, Secret};

    fn items(text: &str) -> Vec<Item> {
        lang::parse(&format!("run f {text}")).unwrap().remove(0).items.split_off(1)
    }

    #[test]
    fn words_become_arguments() {
        let mut memory = Memory::default();
        memory.set("n", Value::Int(7));
        memory.set("list", vec![Value::from("a b"), Value::Bool(true)].into());
        memory.set("password", Value::Secret(Secret::new("hunter22")));
        let read = |text: &str| of_items(&items(text), &mut Nowhere, &memory, None);
        for (text, arguments) in [
            ("", &[][..]),
            ("a 'b c' '$x' \"\"", &["a", "b c", "$x", ""]),
            ("(int)05 $n $list (list)x, 'y, z'", &["5", "7", "a b", "true", "x", "y, z"]),
            ("(json)[\"p\",1]", &["p", "1"]),
        ] {
            assert_eq!(read(text).unwrap().unwrap(), arguments, "{text}");
        }
        for (text, message) in [
            ("$password", "a secret cannot be an argument"),
            ("(null)", "a value that is null cannot be an argument"),
            ("(json)[[1]]", "a list or a dictionary in another value cannot be an argument"),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!((error.to_string().as_str(), error.class()), (message, Class::Usage));
        }
    }

    #[test]
    fn more_arguments_than_are_used_are_refused() {
        for (lines, given, message) in [
            ("x a $2", 2, None),
            ("x a $2", 1, None),
            ("x a $@", 9, None),
            ("x a $#", 3, None),
            ("x a $2", 3, Some("f uses 2 arguments, and 3 were given")),
            ("x a $1; y", 2, Some("f uses one argument, and 2 were given")),
            ("save n x a $2; y b $1", 2, Some("f uses one argument, and 2 were given")),
            ("x", 1, Some("f uses no arguments, and 1 was given")),
        ] {
            let arguments = vec!["v".to_owned(); given];
            let refused = refuse_unused("f", &lang::parse(lines).unwrap(), &arguments, &[]).err();
            assert_eq!(refused.map(|error| error.to_string()).as_deref(), message, "{lines}");
        }
    }
}
