//! The output of `doctor` and `config explain`: a text for people, or the same data in a requested format.

use std::io::Write;
use std::slice;

use crate::engine::{CallError, Console};
use crate::render::{self, Format, View, sanitize};
use model::Value;

/// Writes a result as the text, or in the requested format.
pub(super) fn put(console: &mut Console, text: &str, value: &Value, format: Option<Format>) -> Result<(), CallError> {
    let done = match format {
        // Part of it comes from services, and it may reach a terminal through a pipe.
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
