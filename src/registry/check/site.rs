//! Where the parts of a catalogue are in its text.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::reading::Fault;
use crate::lint;

/// A catalogue's text, parsed, with the place of every part.
pub(super) struct Text<'t> {
    table: DeTable<'t>,
    span: Range<usize>,
}

/// A method, a shape or a view.
pub(super) struct Part<'t> {
    /// Its name, or how to call it if it has none.
    pub(super) name: String,
    /// Its name's place, or its own.
    span: Range<usize>,
    pub(super) value: Spanned<DeValue<'t>>,
}

impl<'t> Text<'t> {
    /// Parses it. `Err` has every fault of its TOML.
    pub(super) fn parse(text: &'t str) -> Result<Text<'t>, Vec<Fault>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() {
            let span = table.span();
            return Ok(Text { table: table.into_inner(), span });
        }
        let end = text.len()..text.len();
        let fault = |error: &toml::de::Error| Fault {
            span: error.span().unwrap_or_else(|| end.clone()),
            place: "TOML".into(),
            message: error.message().to_owned(),
        };
        Err(errors.iter().map(fault).collect())
    }

    /// The provider's own rules: everything but the methods, shapes and views.
    pub(super) fn provider(&self) -> Spanned<DeValue<'t>> {
        let mut table = self.table.clone();
        for key in ["method", "shape", "view"] {
            table.remove(key);
        }
        Spanned::new(self.span.clone(), DeValue::Table(table))
    }

    pub(super) fn methods(&self) -> Vec<Part<'t>> {
        self.parts("method")
    }

    pub(super) fn shapes(&self) -> Vec<Part<'t>> {
        self.parts("shape")
    }

    pub(super) fn views(&self) -> Vec<Part<'t>> {
        self.parts("view")
    }

    /// Keys that should be lists of tables and are not.
    pub(super) fn misplaced(&self) -> Vec<Fault> {
        let wrong = |key: &str| {
            let value = self.table.get(key).filter(|value| !is_list_of_tables(value.get_ref()))?;
            let message = format!("each {key} begins with a line [[{key}]]");
            Some(Fault { span: value.span(), place: key.to_owned(), message })
        };
        ["method", "shape", "view"].into_iter().filter_map(wrong).collect()
    }

    fn parts(&self, key: &str) -> Vec<Part<'t>> {
        let list = self.table.get(key).and_then(|value| value.get_ref().as_array());
        let part = |(at, value): (usize, &Spanned<DeValue<'t>>)| {
            let named = value.get_ref().get("name").and_then(|name| Some((name.get_ref().as_str()?, name.span())));
            let (name, span) = match named {
                Some((name, span)) => (name.to_owned(), span),
                None => (format!("{key} {}", at + 1), value.span()),
            };
            Part { name, span, value: value.clone() }
        };
        list.into_iter().flat_map(|list| list.iter()).enumerate().map(part).collect()
    }
}

fn is_list_of_tables(value: &DeValue<'_>) -> bool {
    value.as_array().is_some_and(|list| list.iter().all(|member| member.get_ref().is_table()))
}

/// A finding of the lint at its place: at the parameter or field that it begins with, or else at the name of its method
/// or shape, or at the key of the provider's rules that it names.
pub(super) fn located(finding: lint::Finding, source: &Text<'_>) -> Fault {
    let lint::Finding { part, fault } = finding;
    let mut known = source.methods().into_iter().chain(source.shapes());
    let bare = part.strip_prefix('@').unwrap_or(&part);
    let view = |name: &str| source.views().into_iter().find(|view| view.name == name);
    let found = part.strip_prefix("view ").map_or_else(|| known.find(|known| known.name == bare), view);
    let span = match found {
        Some(known) => member(&known, &fault).unwrap_or(known.span),
        None => rule(&source.table, &fault).unwrap_or(0..0),
    };
    Fault { span, place: part, message: fault }
}

/// The name of the parameter or field that a fault begins with: `ttl: …` or `field ttl: …`.
fn member(part: &Part<'_>, fault: &str) -> Option<Range<usize>> {
    let (first, _) = fault.split_once(": ")?;
    let name = first.strip_prefix("field ").unwrap_or(first);
    let lists = ["params", "fields"].into_iter().filter_map(|key| part.value.get_ref().get(key)?.get_ref().as_array());
    let mut names = lists.flat_map(|list| list.iter()).filter_map(|member| member.get_ref().get("name"));
    names.find(|found| found.get_ref().as_str() == Some(name)).map(Spanned::span)
}

/// The first key of the provider's rules that is one of the words of a fault.
fn rule(table: &DeTable<'_>, fault: &str) -> Option<Range<usize>> {
    let mut words = fault.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.find_map(|word| table.iter().find(|(key, _)| key.get_ref() == word).map(|(key, _)| key.span()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_put_where_it_is() {
        let text = "id = 'a'\nprobe = 'x'\n[[method]]\nname = 'a.b'\nparams = [{ name = 'p' }]\n\
                    [[shape]]\nname = 's'\nfields = [{ name = 'f' }]\n";
        let source = Text::parse(text).unwrap();
        for (part, fault, found) in [
            ("a.b", "p: min is above max", "'p'"),
            ("a.b", "it is paged", "'a.b'"),
            ("@s", "field f: a pattern", "'f'"),
            ("@s", "described twice", "'s'"),
            ("provider", "probe names x", "probe"),
            ("provider", "no transport", ""),
        ] {
            let finding = lint::Finding { part: part.into(), fault: fault.into() };
            let Fault { span, .. } = located(finding, &source);
            assert_eq!(text.get(span), Some(found), "{part}: {fault}");
        }
    }
}
