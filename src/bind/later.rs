//! Values that are only known when a line runs: a variable's value at that time, a file that an earlier line writes.

use super::sources::{Outside, Sources};
use lang::{Pair, Slot, TagKind, Variable, Word};

/// Whether a value is not known yet. It is then not checked.
pub(super) fn is_open(pair: &Pair<'_>, sources: &dyn Sources) -> bool {
    let open = |origin: Outside<'_>| sources.is_open(&origin);
    let variable = |word: &Word| matches!(Variable::of(word), Some(Ok(held)) if open(Outside::Variable(&held)));
    let field =
        |word: &Word| sources.has_member() && matches!(Slot::of(word), Some(Ok(slot)) if open(Outside::Field(&slot)));
    let variable = |word: &Word| variable(word) || field(word);
    let text = pair.value.text();
    match pair.tag.map(|tag| tag.kind) {
        Some(TagKind::String) => field(pair.value),
        Some(TagKind::Null) => false,
        Some(TagKind::File | TagKind::Base64) => match text.as_str() {
            "-" | "@-" => open(Outside::Stdin),
            path => open(Outside::File(path)),
        },
        Some(TagKind::List(_)) => pair.value.members().iter().any(variable),
        None if pair.value.is_bare() && text == "@-" => open(Outside::Stdin),
        // Where a list is expected, its members are separated by commas.
        None => variable(pair.value) || pair.value.members().iter().any(variable),
        Some(_) => variable(pair.value),
    }
}
