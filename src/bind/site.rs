//! The positions of a call's parts in the line: which words gave a value, and which bytes of them a part inside it.

use super::error::BindError;
use super::json;
use lang::{Pair, Segment, TagKind};
use model::{Span, Value};

/// How a value was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// As the catalogue's type, or still to be checked against it.
    Declared,
    /// As the type before it, whatever the catalogue says.
    Explicit,
    /// It has a fault, which has been reported; its place is empty.
    Faulted,
    /// It is only known when the line runs, so it cannot be wrong yet.
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
    /// The head of the line: the position for errors about missing values.
    head: Span,
    /// The faults of those values on their own.
    faults: Vec<BindError>,
}

impl<'l> Sites<'l> {
    pub(super) fn new(sites: Vec<Site<'l>>, head: Span, faults: Vec<BindError>) -> Sites<'l> {
        Sites { sites, head, faults }
    }

    pub(super) fn faults(&self) -> &[BindError] {
        &self.faults
    }

    /// Whether the value at a path is not known.
    pub(super) fn is_blank(&self, path: &[Segment]) -> bool {
        matches!(self.origin(path), Origin::Faulted | Origin::Open)
    }

    /// Whether a value inside a path has a fault, which has been reported.
    pub(super) fn faulted_within(&self, path: &[Segment]) -> bool {
        self.sites.iter().any(|site| site.origin == Origin::Faulted && site.pair.name.segments.starts_with(path))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Site<'l>> {
        self.sites.iter()
    }

    /// The position for errors about the line as a whole.
    pub(super) fn head(&self) -> Span {
        self.head
    }

    /// How the value at a path was read.
    pub(super) fn origin(&self, path: &[Segment]) -> Origin {
        self.exactly(path).map_or(Origin::Declared, |site| site.origin)
    }

    /// The value of the line at exactly this path, if there is one.
    pub(super) fn exactly(&self, path: &[Segment]) -> Option<&Site<'l>> {
        self.sites.iter().find(|site| site.pair.name.segments == path)
    }

    /// The position of a value: inside the word that gave it, or at the names that lead into it.
    pub(super) fn value(&self, path: &[Segment]) -> Span {
        self.find(path, false)
    }

    /// The position of a value's key.
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

/// The position of a part of a value, if the word shows it: in a list separated by commas, or in JSON.
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

/// A path as it is written in a line: `roles[0].name`.
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
