//! `marsh catalogue`: a skeleton for a catalogue of the user's own, and everything that is wrong with one.

use std::path::Path;

use super::args::{CatalogueAction, CheckFiles};
use super::context::Context;
use super::listing;
use crate::engine::{CallError, commands};
use model::{Class, Map, Value};
use registry::catalog::Catalog;
use registry::check::{Finding, Findings, check};

/// The skeleton: `{name}` is the service's.
const SKELETON: &str = include_str!("skeleton.toml");

/// Does what is asked, and returns the exit code.
pub(super) fn run(action: &CatalogueAction, context: &Context) -> Result<u8, CallError> {
    match action {
        CatalogueAction::New { name } => new(name, context).map(|()| 0),
        CatalogueAction::Check(files) => check_all(files, context),
    }
}

/// Prints the skeleton with the service's name in it.
fn new(name: &str, context: &Context) -> Result<(), CallError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if name.is_empty() || !name.chars().all(plain) {
        let message = format!("`{name}` cannot be the name of a catalogue");
        let hint = Some("use small letters, digits, - and _".to_owned());
        return Err(CallError::Usage { message, span: None, hint });
    }
    context.console().result(&SKELETON.replace("{name}", name)).map_err(CallError::Output)
}

/// What was found in one file.
struct Checked {
    text: String,
    rows: Vec<Value>,
    fits: bool,
}

/// Checks every file: exit code 0 if all can be used, else 1.
fn check_all(files: &CheckFiles, context: &Context) -> Result<u8, CallError> {
    let mut checked = Vec::new();
    for file in &files.files {
        let path = context.expand(file);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| CallError::usage_of(format!("cannot read {}: {error}", path.display())))?;
        checked.push(one(&path, &text));
    }
    let text: String = checked.iter().map(|checked| checked.text.as_str()).collect();
    let fit = checked.iter().all(|checked| checked.fits);
    let rows = Value::List(checked.into_iter().flat_map(|checked| checked.rows).collect());
    listing::put(&mut context.console(), &text, &rows, files.output)?;
    Ok(if fit { 0 } else { Class::Local.exit_code() })
}

fn one(path: &Path, text: &str) -> Checked {
    let file = path.display().to_string();
    let Findings(findings) = check(text);
    if findings.is_empty() {
        let (count, collisions) = Catalog::parse(&file, text)
            .map_or((String::new(), Vec::new()), |catalog| (counted(&catalog), collisions(&catalog)));
        let notes: String = collisions.iter().map(|note| format!("  note: {note}\n")).collect();
        return Checked { text: format!("{file}: can be used, {count}\n{notes}"), rows: Vec::new(), fits: true };
    }
    let line = |finding: &Finding| {
        let Finding { line, column, place, fault, hint } = finding;
        format!("{file}:{line}:{column}: {place}: {fault}\n  hint: {hint}\n")
    };
    let rows = findings.iter().map(|finding| row(&file, finding)).collect();
    Checked { text: findings.iter().map(line).collect(), rows, fits: false }
}

/// How many methods it has, or where they come from.
fn counted(catalog: &Catalog) -> String {
    match (catalog.records().len(), &catalog.provider().introspection) {
        (0, Some(_)) => "its methods are those that the service lists".to_owned(),
        (1, _) => "1 method".to_owned(),
        (count, _) => format!("{count} methods"),
    }
}

/// A finding as data.
fn row(file: &str, finding: &Finding) -> Value {
    let number = |n: usize| Value::from(i64::try_from(n).unwrap_or(i64::MAX));
    let Finding { line, column, place, fault, hint } = finding;
    let words = |text: &str| Value::from(text);
    Value::Map(Map::from_iter([
        ("file", words(file)),
        ("line", number(*line)),
        ("column", number(*column)),
        ("place", words(place)),
        ("fault", words(fault)),
        ("hint", words(hint)),
    ]))
}

/// Methods whose names are those of commands: the command is what the bare name means.
pub(super) fn collisions(catalog: &Catalog) -> Vec<String> {
    let commands: Vec<String> = commands::methods().into_iter().map(|method| method.name).collect();
    let names = catalog.records().iter().map(|record| record.name).chain(catalog.aliases().iter().map(|a| a.name));
    let taken = names.filter(|name| commands.iter().any(|command| command == name));
    let id = &catalog.provider().id;
    taken.map(|name| format!("`{name}` is a command too: type `{id}:{name}`, or give the method an alias")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The skeleton with every line that is commented out as an example taken in.
    fn complete() -> String {
        let shown = |line: &str| match line.strip_prefix("#| ") {
            Some(example) => example.to_owned(),
            None => line.to_owned(),
        };
        SKELETON.replace("{name}", "thing").lines().map(|line| shown(line) + "\n").collect()
    }

    #[test]
    fn the_skeleton_is_valid_as_it_is_and_with_all_of_its_examples() {
        for text in [SKELETON.replace("{name}", "thing"), complete()] {
            let Findings(findings) = check(&text);
            assert!(findings.is_empty(), "{findings:?}\n{text}");
        }
    }

    #[test]
    fn names_of_commands_are_pointed_out() {
        let text = complete().replace("name = \"items.get\"", "name = \"search\"");
        let checked = one(Path::new("own.toml"), &text);
        assert!(checked.fits && checked.text.contains("type `thing:search`"), "{}", checked.text);
    }
}
