//! What lists and completion show of a method.

use std::cmp::Ordering;

/// A name with its summary, for lists and completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'r> {
    /// The method's name.
    pub name: &'r str,
    /// One line of what it does; empty when nothing is known.
    pub summary: &'r str,
    /// Whether it should no longer be used.
    pub deprecated: bool,
}

impl<'r> Entry<'r> {
    /// What lists show of a view.
    pub fn of_view(view: &'r model::View) -> Entry<'r> {
        Entry { name: &view.name, summary: &view.summary, deprecated: false }
    }
}

/// An alias and its method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Other<'c> {
    /// The alias.
    pub name: &'c str,
    /// The method's own name.
    pub method: &'c str,
}

/// Finds a place in a sorted list.
pub(super) fn search(count: usize, compare: impl Fn(usize) -> Option<Ordering>) -> Option<usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        match compare(middle)? {
            Ordering::Equal => return Some(middle),
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_sorted_list_is_found() {
        let list = ["a", "c", "e"];
        for (wanted, at) in [("a", Some(0)), ("e", Some(2)), ("b", None), ("", None), ("z", None)] {
            assert_eq!(search(list.len(), |at| Some(list[at].cmp(wanted))), at, "{wanted}");
        }
        assert_eq!(search(0, |_| None), None);
    }

    #[test]
    fn a_view_is_listed_by_its_name_and_summary() {
        let view = model::View { name: "servers".into(), summary: "List them".into(), ..model::View::default() };
        let entry = Entry::of_view(&view);
        assert_eq!((entry.name, entry.summary, entry.deprecated), ("servers", "List them", false));
    }
}
