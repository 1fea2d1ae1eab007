//! The values of a parameter, and the files that can be used in a line.

use super::candidate::Candidate;
use super::context::FileName;
use super::cursor::tag_kind;
use super::params;
use super::typed::Typed;
use lang::TagKind;
use model::{Method, Type, Value};
use registry::Source;

/// The allowed values of a parameter, or of a path inside it.
pub(super) fn of(
    word: &Typed,
    method: &Method,
    source: Option<&Source>,
    name: &str,
    tag: Option<&str>,
) -> Vec<Candidate> {
    let tagged = tag.and_then(tag_kind);
    if tagged == Some(TagKind::Boolean) {
        return plain(word, &[true.into(), false.into()]);
    }
    match method.param(name).map(|param| (&param.type_, &param.choices)) {
        Some((Type::Boolean, _)) if tagged.is_none() => plain(word, &[true.into(), false.into()]),
        Some((Type::List(_), choices)) => members(word, choices),
        Some((_, choices)) if matches!(tagged, Some(TagKind::List(_))) => members(word, choices),
        Some((_, choices)) => plain(word, choices),
        None => inside(word, method, source, name),
    }
}

/// The allowed values of a field of a dictionary.
fn inside(word: &Typed, method: &Method, source: Option<&Source>, name: &str) -> Vec<Candidate> {
    if params::at(name, method, source).is_some_and(|node| *node.type_ == Type::Boolean) {
        return plain(word, &[true.into(), false.into()]);
    }
    let Some((outer, key)) = name.rsplit_once(['.', '[']) else { return Vec::new() };
    let key = key.trim_end_matches(']');
    let fields = params::at(outer, method, source).map(|node| node.fields()).unwrap_or_default();
    fields.iter().find(|field| field.name == key).map(|field| plain(word, &field.choices)).unwrap_or_default()
}

fn plain(word: &Typed, choices: &[Value]) -> Vec<Candidate> {
    let texts = choices.iter().map(Value::plain).filter(|text| word.begins(text));
    texts.map(|text| Candidate::new(word.spell(&text, true), "")).collect()
}

/// The members of a list separated by commas, each offered once.
fn members(word: &Typed, choices: &[Value]) -> Vec<Candidate> {
    let (given, last) = word.text.rsplit_once(',').map_or(("", word.text.as_str()), |(given, last)| (given, last));
    let front = word.text.get(..word.text.len() - last.len()).unwrap_or("");
    let used = |text: &String| given.split(',').any(|used| used.trim() == text);
    let texts = choices.iter().map(Value::plain).filter(|text| text.starts_with(last) && !used(text));
    texts.map(|text| Candidate::new(format!("{front}{text}"), "").open()).collect()
}

/// The files in the folder that the word leads to. Those that begin with a dot only if a dot was typed.
pub(super) fn files(word: &Typed, list: &dyn Fn(&str) -> Vec<FileName>) -> Vec<Candidate> {
    let (folder, begun) = match word.text.rsplit_once('/') {
        Some((folder, begun)) => (word.text.get(..folder.len() + 1).unwrap_or(""), begun),
        None => ("", word.text.as_str()),
    };
    let mut names = list(folder);
    names.retain(|file| file.name.starts_with(begun) && (begun.starts_with('.') || !file.name.starts_with('.')));
    names.sort_by(|a, b| a.name.cmp(&b.name));
    let candidate = |file: FileName| match file.folder {
        true => Candidate::new(word.spell(&format!("{folder}{}/", file.name), false), "folder").open(),
        false => Candidate::new(word.spell(&format!("{folder}{}", file.name), true), ""),
    };
    names.into_iter().map(candidate).collect()
}
