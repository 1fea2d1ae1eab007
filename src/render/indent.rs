//! Line breaks with indentation, shared by JSON and XML.

use std::io::{self, Write};

/// Begins a line, indented by two spaces per level.
pub(super) fn break_line<W: Write + ?Sized>(out: &mut W, depth: usize) -> io::Result<()> {
    // Deep enough for any usual document and cut to length: formatting that many spaces would cost more than the rest
    // of the line.
    const DEEP: &[u8] = b"\n                                ";
    match DEEP.get(..=depth * 2) {
        Some(line) => out.write_all(line),
        None => write!(out, "\n{:1$}", "", depth * 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_indented_at_any_depth() {
        for depth in [0, 1, 16, 17, 64] {
            let mut out = Vec::new();
            break_line(&mut out, depth).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), format!("\n{}", "  ".repeat(depth)));
        }
    }
}
