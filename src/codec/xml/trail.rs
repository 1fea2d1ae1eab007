//! The path of the value that is being read, for errors; and what the members of a dictionary looked like, because those
//! of the next one in its place nearly always look the same.

use crate::message::{push_index, push_key};

/// The open lists and dictionaries, the outermost first.
#[derive(Debug)]
pub(crate) struct Trail<T> {
    /// Entries beyond `depth` are kept for reuse.
    steps: Vec<Step<T>>,
    depth: usize,
}

#[derive(Debug)]
struct Step<T> {
    /// The number of members begun so far.
    count: u64,
    /// The number of members that the dictionary before it had here.
    before: u64,
    /// The name of the member, in a struct.
    name: String,
    is_list: bool,
    /// The members of the dictionary before it, in their order.
    forms: Vec<Form<T>>,
    /// The name of the member is in `forms`.
    as_expected: bool,
}

impl<T> Default for Step<T> {
    fn default() -> Step<T> {
        let (count, before, is_list, as_expected) = (0, 0, false, false);
        Step { count, before, name: String::new(), is_list, forms: Vec::new(), as_expected }
    }
}

/// A member of a dictionary without the content of its value.
#[derive(Debug)]
pub(crate) struct Form<T> {
    /// What comes before that.
    pub(super) head: String,
    pub(super) name: String,
    /// The kind of its value, if that is a scalar.
    pub(super) kind: Option<T>,
    /// What then comes after the content, up to the end of the member.
    pub(super) end: String,
}

/// The same in the message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'t, T> {
    pub(super) head: &'t str,
    pub(super) name: &'t str,
    pub(super) kind: Option<T>,
    pub(super) end: &'t str,
}

impl<T> Default for Form<T> {
    fn default() -> Form<T> {
        Form { head: String::new(), name: String::new(), kind: None, end: String::new() }
    }
}

/// So many members of a dictionary are expected to look like those of the one before it.
const MOST: usize = 256;
/// No longer form is expected.
const LONGEST: usize = 256;

impl<T> Default for Trail<T> {
    fn default() -> Trail<T> {
        Trail { steps: Vec::new(), depth: 0 }
    }
}

impl<T: Copy> Trail<T> {
    /// Opens a list or a dictionary.
    pub(crate) fn open(&mut self, is_list: bool) {
        if self.depth == self.steps.len() {
            self.steps.push(Step::default());
        }
        if let Some(step) = self.steps.get_mut(self.depth) {
            let before = if step.is_list || is_list { 0 } else { step.count };
            (step.count, step.before, step.is_list, step.as_expected) = (0, before, is_list, false);
            step.name.clear();
        }
        self.depth += 1;
    }

    /// Closes the innermost one.
    pub(crate) fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Begins the next member of a list.
    pub(crate) fn member(&mut self) {
        if let Some(step) = self.step() {
            step.count += 1;
        }
    }

    /// Sets the name of a member of a dictionary.
    pub(crate) fn name(&mut self, name: &str) {
        if let Some(step) = self.step() {
            step.count += 1;
            step.as_expected = false;
            step.name.clear();
            step.name.push_str(name);
        }
    }

    /// The probable form of the next member of the innermost dictionary: that of the one in the same place of the
    /// dictionary before it.
    #[inline(always)]
    pub(crate) fn expected(&self) -> Option<&Form<T>> {
        let step = self.steps.get(self.depth.wrapping_sub(1))?;
        step.forms.get(usize::try_from(step.count).ok()?)
    }

    /// The next member of a dictionary looks as expected.
    #[inline(always)]
    pub(crate) fn as_expected(&mut self) {
        if let Some(step) = self.step() {
            step.count += 1;
            step.as_expected = true;
        }
    }

    /// The next member of a dictionary looks like this. Returns whether that is now its expected form.
    pub(crate) fn expect(&mut self, seen: Seen<'_, T>) -> bool {
        let Some(step) = self.step() else { return false };
        let place = usize::try_from(step.count).unwrap_or(MOST);
        if place >= MOST || seen.head.len() + seen.end.len() > LONGEST || place > step.forms.len() {
            return false;
        }
        if place == step.forms.len() {
            step.forms.push(Form::default());
        }
        let Some(form) = step.forms.get_mut(place) else { return false };
        for (kept, seen) in [(&mut form.head, seen.head), (&mut form.name, seen.name), (&mut form.end, seen.end)] {
            kept.clear();
            kept.push_str(seen);
        }
        form.kind = seen.kind;
        true
    }

    /// How many members the innermost dictionary probably has: as many as the one before it in the same place.
    pub(crate) fn probable_members(&self) -> usize {
        let step = self.depth.checked_sub(1).and_then(|depth| self.steps.get(depth));
        step.map_or(0, |step| usize::try_from(step.before).unwrap_or_default())
    }

    #[inline]
    fn step(&mut self) -> Option<&mut Step<T>> {
        self.steps.get_mut(self.depth.wrapping_sub(1))
    }

    /// The path of the value that is being read; empty for the whole message.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for step in self.steps.iter().take(self.depth) {
            match step.is_list {
                true => push_index(&mut path, step.count.saturating_sub(1)),
                false => match step.member_name() {
                    "" => {}
                    name => push_key(&mut path, name),
                },
            }
        }
        path
    }
}

impl<T> Step<T> {
    /// The name of the member that is being read.
    fn member_name(&self) -> &str {
        let place = self.count.checked_sub(1).and_then(|place| usize::try_from(place).ok());
        match place.and_then(|place| self.forms.get(place)).filter(|_| self.as_expected) {
            Some(form) => &form.name,
            None => &self.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_value_is_known() {
        let mut trail = Trail::<()>::default();
        assert_eq!(trail.path(), "");
        trail.open(true);
        trail.member();
        trail.member();
        assert_eq!(trail.path(), "[1]");
        trail.open(false);
        trail.name("odd name");
        assert_eq!(trail.path(), "[1]['odd name']");
        trail.name("a");
        trail.open(true);
        trail.member();
        assert_eq!(trail.path(), "[1].a[0]");
        trail.close();
        trail.close();
        trail.member();
        // A reused entry keeps nothing of its earlier use.
        trail.open(false);
        assert_eq!(trail.path(), "[2]");
        for _ in 0..5 {
            trail.close();
        }
        assert_eq!(trail.path(), "");
    }

    #[test]
    fn a_dictionary_is_expected_to_be_as_large_as_the_one_before_it() {
        let mut trail = Trail::<()>::default();
        trail.open(true);
        for (members, expected) in [(2, 0), (3, 2), (0, 3), (1, 0)] {
            trail.open(false);
            assert_eq!(trail.probable_members(), expected);
            (0..members).for_each(|_| trail.name("a"));
            trail.close();
        }
        trail.open(true);
        (0..9).for_each(|_| trail.member());
        trail.close();
        trail.open(false);
        assert_eq!(trail.probable_members(), 0, "a list says nothing about it");
    }

    fn seen<'t>(head: &'t str, name: &'t str) -> Seen<'t, ()> {
        Seen { head, name, kind: Some(()), end: "</>" }
    }

    fn expected(trail: &Trail<()>) -> Option<(&str, &str)> {
        trail.expected().map(|form| (form.head.as_str(), form.name.as_str()))
    }

    #[test]
    fn a_member_is_expected_to_look_as_the_one_in_its_place_before() {
        let mut trail = Trail::<()>::default();
        assert_eq!(expected(&trail), None);
        trail.open(true);
        trail.member();
        trail.open(false);
        for (head, name) in [("<a>", "a"), ("<b>", "b")] {
            assert_eq!(expected(&trail), None);
            assert!(trail.expect(seen(head, name)));
            trail.name(name);
        }
        trail.close();
        trail.member();
        trail.open(false);
        assert_eq!(expected(&trail), Some(("<a>", "a")));
        trail.as_expected();
        assert_eq!((trail.path().as_str(), expected(&trail)), ("[1].a", Some(("<b>", "b"))));
        // Another one comes in its place.
        assert!(trail.expect(seen("< c>", "c")));
        trail.name("c");
        assert_eq!((trail.path().as_str(), expected(&trail)), ("[1].c", None));
        trail.close();
        trail.open(false);
        assert_eq!(trail.path(), "[1]");
        trail.as_expected();
        assert_eq!(expected(&trail), Some(("< c>", "c")));
        assert!(!trail.expect(seen(&"x".repeat(LONGEST), "x")));
        assert_eq!(expected(&trail), Some(("< c>", "c")));
        let kept = (0..2 * MOST).filter(|_| {
            let kept = trail.expect(seen("<a>", "a"));
            trail.name("a");
            kept
        });
        assert_eq!(kept.count(), MOST - 1);
    }
}
