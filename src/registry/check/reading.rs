//! Reading a part of a catalogue although something in it is wrong, to find all that is.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::DeValue;

use super::written::{self, Refusal};

/// How often a part is read again at most.
const MOST: usize = 100;

/// A fault and the bytes of the text that it is about.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) span: Range<usize>,
    /// The method, the shape or the part of the provider's rules.
    pub(super) place: String,
    pub(super) message: String,
}

impl Fault {
    /// A fault of the text as a whole.
    pub(super) fn of_all(message: &str) -> Fault {
        Fault { span: 0..0, place: "TOML".into(), message: message.to_owned() }
    }
}

/// A part of a catalogue as far as it can be read.
pub(super) struct Read<'t> {
    /// What keeps it from being read.
    pub(super) faults: Vec<Fault>,
    /// The part without what is refused; `None` if that says too little about what was meant.
    pub(super) rest: Option<Spanned<DeValue<'t>>>,
}

/// The faults that keep a part from being read as a `T`. What is refused is left out, and the rest is read again; what
/// is missing because of that is not a fault.
pub(super) fn read<'t, T: DeserializeOwned>(mut value: Spanned<DeValue<'t>>, place: &str) -> Read<'t> {
    let mut faults: Vec<Fault> = Vec::new();
    let mut removed = Vec::new();
    for _ in 0..MOST {
        let Err(Refusal { span, message }) = written::read::<T>(&value) else {
            // A parameter or a field that is gone may be needed elsewhere.
            let told = !removed.iter().any(String::is_empty);
            return Read { faults, rest: told.then_some(value) };
        };
        let missing = message.strip_prefix("missing field ").map(|name| name.trim_matches('`').to_owned());
        if !missing.is_some_and(|name| removed.contains(&name)) {
            faults.push(Fault { span: span.clone(), place: place.to_owned(), message });
        }
        match leave_out(&mut value, &span) {
            Some(key) => removed.push(key),
            None => return Read { faults, rest: None },
        }
    }
    Read { faults, rest: None }
}

/// A catalogue without what cannot be read.
#[derive(Default)]
pub(super) struct Whole {
    /// All that is left.
    pub(super) rest: Map<String, Value>,
    /// The parts that have faults.
    pub(super) faulty: Vec<String>,
    /// Something is missing of which others may need to know.
    pub(super) lacks: bool,
}

impl Whole {
    /// Sets the provider's rules, and gives their faults.
    pub(super) fn set_rules(&mut self, rules: Read<'_>) -> Vec<Fault> {
        match rules.rest.and_then(|rest| written::value(&rest)) {
            Some(Value::Object(rest)) => self.rest = rest,
            _ => self.lacks = true,
        }
        // What methods mean depends on all of them.
        self.lacks |= !rules.faults.is_empty();
        rules.faults
    }

    /// Adds a part to the list of its kind, and gives its faults.
    pub(super) fn add(&mut self, key: &str, part: Read<'_>, place: &str) -> Vec<Fault> {
        if !part.faults.is_empty() {
            self.faulty.push(place.to_owned());
        }
        let list = self.rest.entry(key).or_insert_with(|| Value::Array(Vec::new()));
        match (part.rest.and_then(|rest| written::value(&rest)), list) {
            (Some(value), Value::Array(list)) => list.push(value),
            _ => self.lacks = true,
        }
        part.faults
    }
}

/// Removes the smallest entry or member that an error is about, and returns its key, empty for a member of a list.
/// `None` if the error is about the whole value.
fn leave_out(value: &mut Spanned<DeValue<'_>>, span: &Range<usize>) -> Option<String> {
    let is_in = |outer: &Range<usize>| outer.start <= span.start && span.end <= outer.end;
    match value.get_mut() {
        DeValue::Table(table) => {
            if let Some(key) = table.iter_mut().find_map(|(_, inner)| leave_out(inner, span)) {
                return Some(key);
            }
            let (key, _) = table.iter().find(|(key, inner)| is_in(&key.span()) || inner.span() == *span)?;
            let key = key.get_ref().to_string();
            table.remove(key.as_str()).map(|_| key)
        }
        DeValue::Array(list) => {
            if let Some(key) = list.iter_mut().find_map(|inner| leave_out(inner, span)) {
                return Some(key);
            }
            let (left, before) = (list.iter().filter(|inner| inner.span() != *span).cloned(), list.len());
            *list = left.collect();
            (list.len() < before).then(String::new)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Method;

    #[test]
    fn each_fault_of_a_part_is_found_at_its_place() {
        for (text, found) in [
            ("name = 'a'\nsummary = 'A'", &[][..]),
            ("name = 'a'\ncolour = 1\nsize = 2", &["colour", "size"]),
            ("name = 'a'\neffect = 'reads'\nparams = [{ name = 'p', wide = 1 }]", &["'reads'", "wide"]),
            ("name = 'a'\nsummary = 5\n[route]\nverb = 'GET'\nroad = '/x'", &["5", "road"]),
            ("summary = 'A'", &[""]),
        ] {
            let value = toml::de::DeTable::parse(text).unwrap();
            let span = value.span();
            let whole = Spanned::new(span, DeValue::Table(value.into_inner()));
            let Read { faults, rest } = read::<Method>(whole, "a");
            let places: Vec<&str> = faults.iter().map(|fault| text.get(fault.span.clone()).unwrap_or("")).collect();
            for place in found {
                assert!(places.contains(place), "{text:?}: {faults:?}");
            }
            assert!(found.is_empty() == faults.is_empty(), "{text:?}: {faults:?}");
            assert_eq!(rest.is_some(), text.starts_with("name"), "{text:?}");
        }
    }
}
