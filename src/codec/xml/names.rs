//! The names of the open elements, as they are written.

use super::plain;

/// One text of all names, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Names {
    text: String,
    starts: Vec<usize>,
    /// A name was not plain.
    odd: bool,
}

impl Names {
    /// Opens an element with a plain name.
    pub(super) fn push(&mut self, name: &str) {
        self.starts.push(self.text.len());
        self.text.push_str(name);
    }

    /// Opens an element with any name.
    pub(super) fn push_any(&mut self, name: &str) {
        self.odd |= !plain::is_name(name);
        self.push(name);
    }

    /// Closes the innermost element.
    pub(super) fn pop(&mut self) {
        if let Some(start) = self.starts.pop() {
            self.text.truncate(start);
        }
    }

    /// The name of the innermost element.
    pub(super) fn last(&self) -> Option<&str> {
        self.text.get(*self.starts.last()?..)
    }

    /// Whether there is one, and only plain names so far.
    #[inline]
    pub(super) fn are_plain(&self) -> bool {
        !self.odd && !self.starts.is_empty()
    }

    /// The same, if there were only plain names so far.
    pub(super) fn last_plain(&self) -> Option<&str> {
        self.last().filter(|_| !self.odd)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_name_is_known() {
        let mut names = Names::default();
        assert_eq!(names.last(), None);
        names.push("a");
        names.push("bc");
        assert_eq!(names.last_plain(), Some("bc"));
        names.pop();
        assert_eq!(names.last_plain(), Some("a"));
        names.push_any("d:e");
        assert_eq!(names.last_plain(), Some("d:e"));
        names.push_any("x'");
        assert_eq!((names.last(), names.last_plain()), (Some("x'"), None));
        (0..5).for_each(|_| names.pop());
        assert_eq!(names.last(), None);
    }
}
