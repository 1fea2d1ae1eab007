//! Observes key presses: how the arrow keys work, and whether a line was typed or recalled.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustyline::{Cmd, ConditionalEventHandler, Event, EventContext, KeyCode, KeyEvent, Modifiers};

/// The state shared by key handlers and the editor. A handler only receives the line being typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// The lines that can be recalled.
    recallable: HashSet<String>,
    course: Course,
    /// The line to be edited in another editor.
    handed_over: Option<String>,
}

impl Keys {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a new line with this initial text.
    pub(super) fn begin(&self, line: &str) {
        // The initial text may have been recalled before it was handed over.
        self.state().course = Course { line: line.to_owned(), jumped: !line.is_empty(), ..Course::default() };
    }

    /// Takes the line to be edited in another editor.
    pub(super) fn handed_over(&self) -> Option<String> {
        self.state().handed_over.take()
    }

    /// Sets the lines that can be recalled.
    pub(super) fn recallable(&self, lines: &[String]) {
        self.state().recallable = lines.iter().cloned().collect();
    }

    /// Adds a line that can be recalled. False if it already could be.
    pub(super) fn learn(&self, line: &str) -> bool {
        self.state().recallable.insert(line.to_owned())
    }

    /// Whether an entered line was recalled and not changed.
    pub(super) fn recalled(&self, line: &str) -> bool {
        let state = self.state();
        state.course.jumped && state.recallable.contains(line)
    }
}

/// How the line was produced.
#[derive(Debug, Default)]
struct Course {
    /// The line when the last key was pressed.
    line: String,
    last: Press,
    /// It was inserted as a whole, neither typed nor pasted.
    jumped: bool,
}

/// The kind of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Press {
    #[default]
    Nothing,
    Character,
    Paste,
    Command,
}

impl Course {
    /// Records the next key, and the line that the last one has produced.
    fn go_on(&mut self, line: &str, next: Press) {
        if line != self.line {
            // A character typed into a search replaces the line.
            self.jumped = match self.last {
                Press::Paste => false,
                Press::Character => !has_one_more(&self.line, line),
                Press::Nothing | Press::Command => true,
            };
            self.line.clear();
            self.line.push_str(line);
        }
        self.last = next;
    }
}

/// Whether the second text is the first with one character inserted.
fn has_one_more(before: &str, after: &str) -> bool {
    let common = before.chars().zip(after.chars()).take_while(|(a, b)| a == b).count();
    let rest = |text: &str, skip: usize| text.chars().skip(skip).collect::<String>();
    rest(before, common) == rest(after, common + 1) && after.len() > before.len()
}

fn press(event: &Event) -> Press {
    match event {
        Event::KeySeq(keys) => match keys.first() {
            Some(KeyEvent(KeyCode::Char(_), Modifiers::NONE)) => Press::Character,
            Some(KeyEvent(KeyCode::BracketedPasteStart, _)) => Press::Paste,
            _ => Press::Command,
        },
        _ => Press::Command,
    }
}

/// Observes every key that has no other handler.
pub(super) struct Watcher(pub(super) Keys);

impl ConditionalEventHandler for Watcher {
    fn handle(&self, event: &Event, _: u16, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        self.0.state().course.go_on(context.line(), press(event));
        None
    }
}

/// An arrow key: from an empty or recalled line it moves to any line, and from other lines only to those with the same
/// beginning.
pub(super) struct Arrow {
    pub(super) search: Cmd,
    pub(super) keys: Keys,
}

impl ConditionalEventHandler for Arrow {
    fn handle(&self, event: &Event, _: u16, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        let line = context.line();
        let mut state = self.keys.state();
        state.course.go_on(line, press(event));
        // A search leaves the cursor after the text searched for; recalling puts it after the line.
        let searching = context.pos() < line.len() || !state.recallable.contains(line);
        (searching && !line.is_empty() && !line.contains('\n')).then(|| self.search.clone())
    }
}

/// Takes the line away, to be edited in another editor.
pub(super) struct HandOver(pub(super) Keys);

impl ConditionalEventHandler for HandOver {
    fn handle(&self, _: &Event, _: u16, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        self.0.state().handed_over = Some(context.line().to_owned());
        // Ends the reading; only the handler passes the line on.
        Some(Cmd::Interrupt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recalled_line_and_a_typed_one_are_distinguished() {
        use Press::{Character as C, Command as K, Paste as P};
        for (steps, jumped) in [
            // Each step: the line before a key, and the key.
            (&[("", C), ("a", C), ("ab", K)][..], false),
            (&[("", K), ("ab", K)], true),
            (&[("", K), ("ab", K), ("a", C), ("ab", K)], false),
            (&[("", K), ("ab", C), ("abc", K)], false),
            (&[("", P), ("ab c", K)], false),
            // A search: its characters replace the line.
            (&[("", K), ("", C), ("xyz", C), ("wxy", K)], true),
            // The cursor moves back and forth.
            (&[("", K), ("ab", K), ("ab", K)], true),
            (&[("", C), ("b", K), ("b", C), ("ab", K)], false),
            (&[], false),
        ] {
            let mut course = Course::default();
            for (line, press) in steps {
                course.go_on(line, *press);
            }
            assert_eq!(course.jumped, jumped, "{steps:?}");
        }
    }

    #[test]
    fn only_a_recallable_line_counts_as_recalled() {
        let keys = Keys::default();
        keys.recallable(&["ab".to_owned()]);
        assert!(keys.learn("cd") && !keys.learn("ab"));
        keys.begin("");
        keys.state().course.go_on("", Press::Command);
        keys.state().course.go_on("ab", Press::Command);
        assert!(keys.recalled("ab") && !keys.recalled("abc"));
        keys.begin("");
        assert!(!keys.recalled("ab"));
        // It was edited elsewhere without a change.
        keys.begin("ab");
        assert!(keys.recalled("ab") && !keys.recalled("abc"));
    }

    #[test]
    fn one_more_character_and_another_line_are_distinguished() {
        for (before, after, one_more) in [
            ("", "é", true),
            ("é", "éa", true),
            ("ac", "abc", true),
            ("aa", "aaa", true),
            ("ab", "a", false),
            ("ab", "xyz", false),
            ("", "ab", false),
        ] {
            assert_eq!(has_one_more(before, after), one_more, "{before} {after}");
        }
    }
}
