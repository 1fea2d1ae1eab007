//! Where the values of a line come from: files, standard input, and the session's variables.

use std::cell::Cell;

use super::course::Course;
use crate::bind::{Absent, Outside, Sources};
use crate::engine::state::memory::Memory;
use lang::{Slot, Variable};
use model::{Upload, Value};

/// Files, standard input, and the session's variables.
pub(crate) struct Known<'s> {
    outside: &'s mut dyn Sources,
    memory: &'s Memory,
    course: Option<&'s Course>,
    open: Cell<bool>,
}

impl<'s> Known<'s> {
    /// The values of a line. With a course, the line has not run yet.
    pub(crate) fn of(outside: &'s mut dyn Sources, memory: &'s Memory, course: Option<&'s Course>) -> Known<'s> {
        Known { outside, memory, course, open: Cell::new(false) }
    }

    /// Whether any value that was requested is not known yet.
    pub(crate) fn found_open(&self) -> bool {
        self.open.get()
    }
}

impl Sources for Known<'_> {
    fn file(&mut self, path: &str) -> Result<Vec<u8>, String> {
        self.outside.file(path)
    }

    fn upload(&mut self, path: &str) -> Result<Upload, String> {
        self.outside.upload(path)
    }

    fn stdin(&mut self) -> Result<Vec<u8>, String> {
        self.outside.stdin()
    }

    fn variable(&mut self, variable: &Variable) -> Result<Value, Absent> {
        self.memory.look_up(variable)
    }

    fn has_member(&self) -> bool {
        self.memory.member().is_some()
    }

    fn field(&mut self, slot: &Slot) -> Result<Value, Absent> {
        self.memory.field(slot)
    }

    fn is_open(&self, origin: &Outside<'_>) -> bool {
        let Some(course) = self.course else { return false };
        let open = match origin {
            Outside::Variable(variable) => {
                self.memory.is_open(variable) || course.unread && self.memory.get(&variable.name).is_none()
            }
            Outside::Field(_) => self.memory.member().is_some_and(|member| member.is_none()),
            Outside::File(path) => course.is_open(path),
            Outside::Stdin => true,
        };
        self.open.set(self.open.get() || open);
        open
    }
}
