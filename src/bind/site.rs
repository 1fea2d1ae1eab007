//! Where the parts of a call are in the line: which words gave a value, and which bytes of them a part inside it.

use super::error::BindError;
use super::json;
use lang::{Pair, Segment, TagKind};
use model::{Span, Value};

/// How a value came to be what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Read as the catalogue's type, or still to be held against it.
    Declared,
    /// The type in front of it decides, whatever the catalogue says.
    Explicit,
    /// It is wrong, which has been said already; nothing is in its place.
    Faulted,
    /// Only the run of the line will tell it: nothing can be wrong with it yet.
    Open,
}

/// A value of the line with its name.
#[derive(Debug)]
pub(super) struct Site<'l> {
    pub(super) pair: Pair<'l>,
    pub(super) value: Value,
    pub(super) origin: Origin,
}

/// All values of a line.
#[derive(Debug)]
pub(super) struct Sites<'l> {
    sites: Vec<Site<'l>>,
    /// The head of the line: the place of what is given nowhere.
    head: Span,
    /// What is wrong with those values by themselves.
    faults: Vec<BindError>,
}

impl<'l> Sites<'l> {
    pub(super) fn new(sites: Vec<Site<'l>>, head: Span, faults: Vec<BindError>) -> Sites<'l> {
        Sites { sites, head, faults }
    }

    pub(super) fn faults(&self) -> &[BindError] {
        &self.faults
    }

    /// Whether something is at a path whose value is not known.
    pub(super) fn is_blank(&self, path: &[Segment]) -> bool {
        matches!(self.origin(path), Origin::Faulted | Origin::Open)
    }

    /// Whether a value inside a place is wrong, which has been said already.
    pub(super) fn faulted_within(&self, path: &[Segment]) -> bool {
        self.sites.iter().any(|site| site.origin == Origin::Faulted && site.pair.name.segments.starts_with(path))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Site<'l>> {
        self.sites.iter()
    }

    /// Where the line as a whole is meant.
    pub(super) fn head(&self) -> Span {
        self.head
    }

    /// How the value at a path came about.
    pub(super) fn origin(&self, path: &[Segment]) -> Origin {
        self.exactly(path).map_or(Origin::Declared, |site| site.origin)
    }

    /// The word that gave the value at a path, if it is a word of its own.
    pub(super) fn exactly(&self, path: &[Segment]) -> Option<&Site<'l>> {
        self.sites.iter().find(|site| site.pair.name.segments == path)
    }

    /// Where a value is: inside the word that gave it, or at the names that lead into it.
    pub(super) fn value(&self, path: &[Segment]) -> Span {
        self.find(path, false)
    }

    /// Where the key of a value is.
    pub(super) fn key(&self, path: &[Segment]) -> Span {
        self.find(path, true)
    }

    fn find(&self, path: &[Segment], key: bool) -> Span {
        let around = self.sites.iter().filter(|site| path.starts_with(&site.pair.name.segments));
        if let Some(site) = around.max_by_key(|site| site.pair.name.segments.len()) {
            let inner = path.get(site.pair.name.segments.len()..).unwrap_or_default();
            return match (inner, key) {
                ([], true) => site.pair.name.part(path.len().saturating_sub(1)),
                ([], false) => site.pair.value.span,
                (inner, key) => inside(&site.pair, inner, key),
            };
        }
        let within = self.sites.iter().find(|site| site.pair.name.segments.starts_with(path));
        within.map_or(self.head, |site| site.pair.name.span)
    }
}

/// Where a part of a value is, as far as the word shows it: in a list between commas, or in JSON.
fn inside(pair: &Pair<'_>, path: &[Segment], key: bool) -> Span {
    let text = pair.value.text();
    let written =
        matches!(pair.tag.map(|tag| tag.kind), None | Some(TagKind::Json)) && text.trim_start().starts_with(['[', '{']);
    if written {
        return json::place(&text, path, key).map_or(pair.value.span, |range| pair.value.part(range));
    }
    match path {
        [Segment::Index(index)] => pair.value.members().get(*index).map_or(pair.value.span, |member| member.span),
        _ => pair.value.span,
    }
}

/// A path as the line would write it: `roles[0].name`.
pub(super) fn shown(path: &[Segment]) -> String {
    let mut out = String::new();
    for segment in path {
        match segment {
            Segment::Index(index) => out.push_str(&format!("[{index}]")),
            Segment::Key(key) if out.is_empty() => out.push_str(key),
            Segment::Key(key) if key.contains(['.', '[', ']']) || key.is_empty() => out.push_str(&format!("[{key}]")),
            Segment::Key(key) => out.push_str(&format!(".{key}")),
        }
    }
    out
}
