//! What lists and completion show of a method.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_listed_by_its_name_and_summary() {
        let view = model::View { name: "servers".into(), summary: "List them".into(), ..model::View::default() };
        let entry = Entry::of_view(&view);
        assert_eq!((entry.name, entry.summary, entry.deprecated), ("servers", "List them", false));
    }
}
