//! What `doctor` and `config explain` print: a text for a person, or the same in a format that was asked for.

use std::io::Write;
use std::slice;

use crate::engine::{CallError, Console};
use crate::render::{self, Format, View, sanitize};
use model::Value;

/// Writes a result: as the text, or in a format that was asked for.
pub(super) fn put(console: &mut Console, text: &str, value: &Value, format: Option<Format>) -> Result<(), CallError> {
    let done = match format {
        // Services have a say in it, and it may reach a terminal through a pipe.
        None => console.result(&sanitize::for_terminal(text)),
        Some(format) => {
            let mut bytes = Vec::new();
            let view = View { style: console.out.style(), width: Some(console.width), ..View::of(format) };
            let notes = render::render_all(slice::from_ref(value), &view, &mut bytes);
            notes.and_then(|_| console.out.to.write_all(&bytes))
        }
    };
    done.map_err(CallError::Output)
}
