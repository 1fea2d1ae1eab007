//! Results as YAML that YAML 1.1 and 1.2 readers read in the same way.
//!
//! The readers disagree about unquoted words: `no`, `1:20` and `2012-12-01` are texts only to some of them. So a text
//! is written without quotes only when no reader could take it for anything else, and quoted on one line otherwise.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::events::{Events, Feed, Nest, Scalar};
use super::sanitize::is_hidden;
use super::style::{Role, Style, paint};
use model::base64;

/// Begins each document if there are several.
pub(super) const BEGIN: &[u8] = b"---\n";
/// A longer key needs an explicit key mark: readers look no further for a colon.
const LONGEST_KEY: usize = 256;

/// Writes a document and a final line feed.
pub(super) fn write<T: Serialize + ?Sized>(value: &T, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut yaml = Yaml { out, style, open: Vec::new(), lead: Lead::Nothing };
    value.serialize(Feed(&mut yaml)).map_err(|fault| fault.0)
}

struct Yaml<'w> {
    out: &'w mut dyn Write,
    style: Style,
    /// The lists and dictionaries around the current position.
    open: Vec<Level>,
    /// What is already on the line before the next value.
    lead: Lead,
}

struct Level {
    nest: Nest,
    /// Spaces before its members.
    indent: usize,
    filled: bool,
    /// What was on the line when it was opened: its first member may follow on that line.
    lead: Lead,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// The line is empty.
    Nothing,
    /// The dash of a list member: a nested value may begin on the same line.
    Dash,
    /// A key and its colon.
    Key,
}

impl Yaml<'_> {
    /// Begins a member of the innermost list or dictionary, on the line of a dash if there is one.
    fn begin(&mut self) -> io::Result<()> {
        let Some(level) = self.open.last_mut() else { return Ok(()) };
        let first = !std::mem::replace(&mut level.filled, true);
        match (first, level.lead) {
            (true, Lead::Dash) => return self.out.write_all(b" "),
            (true, Lead::Key) => self.out.write_all(b"\n")?,
            _ => {}
        }
        write!(self.out, "{:1$}", "", level.indent)
    }

    /// Writes the dash before a list member. Members of dictionaries already have their key.
    fn dash(&mut self) -> io::Result<()> {
        if self.open.last().is_some_and(|level| level.nest == Nest::List) {
            self.begin()?;
            self.out.write_all(b"-")?;
            self.lead = Lead::Dash;
        }
        Ok(())
    }

    /// Writes a value on the line of its key or dash, and ends the line.
    fn put(&mut self, role: Role, text: &str) -> io::Result<()> {
        let gap = if self.lead == Lead::Nothing { "" } else { " " };
        self.lead = Lead::Nothing;
        writeln!(self.out, "{gap}{}", paint(role, text, self.style.colour))
    }

    fn text(&self, text: &str) -> String {
        if is_plain(text) { text.to_owned() } else { quoted(text, self.style.terminal) }
    }
}

impl Events for Yaml<'_> {
    fn scalar(&mut self, scalar: Scalar<'_>) -> io::Result<()> {
        self.dash()?;
        match scalar {
            Scalar::Null => self.put(Role::Literal, "null"),
            Scalar::Bool(value) => self.put(Role::Literal, if value { "true" } else { "false" }),
            Scalar::Number(digits) => self.put(Role::Number, &number(digits)),
            Scalar::Text(text) | Scalar::Date(text) => self.put(Role::String, &self.text(text)),
            Scalar::Bytes(bytes) => self.put(Role::String, &self.text(&base64::encode(bytes))),
        }
    }

    fn open(&mut self, nest: Nest) -> io::Result<()> {
        self.dash()?;
        let indent = self.open.last().map_or(0, |level| level.indent + 2);
        let lead = std::mem::replace(&mut self.lead, Lead::Nothing);
        self.open.push(Level { nest, indent, filled: false, lead });
        Ok(())
    }

    fn key(&mut self, key: &str) -> io::Result<()> {
        self.begin()?;
        let text = paint(Role::Key, &self.text(key), self.style.colour).into_owned();
        if key.len() > LONGEST_KEY {
            let indent = self.open.last().map_or(0, |level| level.indent);
            write!(self.out, "? {text}\n{:1$}:", "", indent)?;
        } else {
            write!(self.out, "{text}:")?;
        }
        self.lead = Lead::Key;
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        match self.open.pop() {
            Some(Level { nest, filled: false, lead, .. }) => {
                self.lead = lead;
                self.put(Role::Literal, if nest == Nest::List { "[]" } else { "{}" })
            }
            _ => Ok(()),
        }
    }
}

/// The digits of a number. YAML 1.1 readers accept an exponent only after a decimal point and with a sign.
fn number(digits: &str) -> String {
    let Some((mantissa, exponent)) = digits.split_once(['e', 'E']) else { return digits.to_owned() };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    format!("{mantissa}{point}e{sign}{exponent}")
}

/// Whether every reader takes an unquoted text for itself.
fn is_plain(text: &str) -> bool {
    const TAKEN: [&str; 11] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '/'))
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./@+ ".contains(c))
        && !text.ends_with(' ')
        && !TAKEN.iter().any(|taken| text.eq_ignore_ascii_case(taken))
}

/// A text in double quotes, on one line.
fn quoted(text: &str, terminal: bool) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        // Writing to a String cannot fail.
        let _ = match c {
            '"' => write!(out, "\\\""),
            '\\' => write!(out, "\\\\"),
            '\n' => write!(out, "\\n"),
            '\t' => write!(out, "\\t"),
            '\r' => write!(out, "\\r"),
            c if !is_printable(c) || terminal && is_hidden(c) => match u32::from(c) {
                code @ ..=0xff => write!(out, "\\x{code:02x}"),
                code @ ..=0xffff => write!(out, "\\u{code:04x}"),
                code => write!(out, "\\U{code:08x}"),
            },
            c => write!(out, "{c}"),
        };
    }
    out.push('"');
    out
}

/// Whether both versions of YAML allow a character unescaped; line ends count as not allowed.
fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests;
