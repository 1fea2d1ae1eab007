//! One piece of a message as the XML crate reads it: all that is not plain. The only file that uses the crate.

use std::borrow::Cow;
use std::io::{self, BufRead};
use std::sync::Arc;

use quick_xml::errors::{Error as XmlError, IllFormedError, SyntaxError};
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::text::forbidden;
use crate::message::clip;

/// A piece of a message.
pub(super) enum Piece<'b> {
    /// An opening tag, or that of an element without content.
    Open(Tag<'b>),
    /// A closing tag with its name; whether it belongs there is not checked.
    Close(String),
    /// Text or a CDATA section, with every line break as `\n`.
    Text(Cow<'b, str>),
    /// A reference that means this character.
    Character(char),
    /// A reference without a meaning: its name.
    Unknown(String),
    /// A comment, a processing instruction, the declaration, or a document type without definitions.
    Nothing,
    /// A document type with definitions.
    Definitions,
    /// The end of the message.
    End,
}

/// Why a piece cannot be read.
pub(super) enum Problem {
    /// The input's own error.
    Input(io::Error),
    /// The message ends inside it.
    Truncated,
    /// It is not XML.
    Malformed(String),
}

/// The tag of an element.
pub(super) struct Tag<'b> {
    tag: BytesStart<'b>,
    /// Whether it is the whole element.
    pub(super) empty: bool,
}

/// Reads one piece, and nothing after it. Returns its length in bytes, too. `buffer` is room for it.
pub(super) fn read<'b>(input: &mut impl BufRead, buffer: &'b mut Vec<u8>) -> (u64, Result<Piece<'b>, Problem>) {
    buffer.clear();
    let mut reader = Reader::from_reader(input);
    // It sees no tag before this one.
    reader.config_mut().allow_unmatched_ends = true;
    let event = reader.read_event_into(buffer);
    (reader.buffer_position(), event.map_err(problem).map(piece))
}

fn piece(event: Event<'_>) -> Piece<'_> {
    match event {
        Event::Start(tag) => Piece::Open(Tag { tag, empty: false }),
        Event::Empty(tag) => Piece::Open(Tag { tag, empty: true }),
        Event::End(tag) => Piece::Close(tag.name().into_inner().to_owned()),
        Event::Text(text) => Piece::Text(text.xml10_content()),
        Event::CData(text) => Piece::Text(text.xml10_content()),
        Event::GeneralRef(name) => reference(&name),
        Event::DocType(text) if text.contains('[') => Piece::Definitions,
        Event::DocType(_) | Event::Comment(_) | Event::PI(_) | Event::Decl(_) => Piece::Nothing,
        Event::Eof => Piece::End,
    }
}

fn reference(name: &BytesRef<'_>) -> Piece<'static> {
    let entity = || resolve_xml_entity(name)?.chars().next();
    match name.resolve_char_ref() {
        Ok(Some(character)) => Piece::Character(character),
        Ok(None) => entity().map_or_else(|| Piece::Unknown(clip(name)), Piece::Character),
        Err(_) => Piece::Unknown(clip(name)),
    }
}

impl Tag<'_> {
    /// The length of what is between `<` and `>`, or `/>`, in bytes.
    pub(super) fn length(&self) -> usize {
        self.tag.len()
    }

    /// The name, with its prefix.
    pub(super) fn name(&self) -> &str {
        self.tag.name().into_inner()
    }

    /// Names without prefixes, and values, without namespace declarations. `None` when one cannot be read.
    pub(super) fn attributes(&self) -> Option<Vec<(String, String)>> {
        let mut found = Vec::new();
        for attribute in self.tag.attributes().with_checks(false) {
            let attribute = attribute.ok()?;
            let name = attribute.key.into_inner();
            let (prefix, local) = name.split_once(':').unwrap_or(("", name));
            if prefix == "xmlns" || name == "xmlns" {
                continue;
            }
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
            if forbidden(&value).is_some() {
                return None;
            }
            found.push((local.to_owned(), value.into_owned()));
        }
        Some(found)
    }
}

fn problem(error: XmlError) -> Problem {
    match error {
        XmlError::Io(error) => {
            Problem::Input(Arc::try_unwrap(error).unwrap_or_else(|shared| io::Error::new(shared.kind(), shared)))
        }
        XmlError::Syntax(SyntaxError::InvalidBangMarkup) => Problem::Malformed("an unknown kind of markup".to_owned()),
        // All other syntax errors are about markup without an end.
        XmlError::Syntax(_) => Problem::Truncated,
        XmlError::IllFormed(IllFormedError::UnclosedReference) => Problem::Malformed("& without its ;".to_owned()),
        other => Problem::Malformed(clip(&other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A piece in words, its length, and what is left of the input.
    fn read_of(mut input: &[u8]) -> (String, u64, usize) {
        let mut buffer = Vec::new();
        let (length, piece) = read(&mut input, &mut buffer);
        let words = match piece {
            Ok(Piece::Open(tag)) => {
                format!("<{}{}> {:?}", tag.name(), ["", "/"][usize::from(tag.empty)], tag.attributes())
            }
            Ok(Piece::Close(name)) => format!("</{name}>"),
            Ok(Piece::Text(text)) => format!("{text:?}"),
            Ok(Piece::Character(character)) => format!("character {character:?}"),
            Ok(Piece::Unknown(name)) => format!("unknown {name}"),
            Ok(Piece::Nothing) => "nothing".to_owned(),
            Ok(Piece::Definitions) => "definitions".to_owned(),
            Ok(Piece::End) => "end".to_owned(),
            Err(Problem::Input(error)) => error.to_string(),
            Err(Problem::Truncated) => "truncated".to_owned(),
            Err(Problem::Malformed(problem)) => problem,
        };
        (words, length, input.len())
    }

    #[test]
    fn one_piece_is_read_and_nothing_after_it() {
        for (piece, words) in [
            ("<a x:b='1 &amp; 2' xmlns='u'>", "<a> Some([(\"b\", \"1 & 2\")])"),
            ("<a b=\">\"/>", "<a/> Some([(\"b\", \">\")])"),
            ("<a b=1>", "<a> None"),
            ("</a >", "</a>"),
            ("a\r\nb\rc", "\"a\\nb\\nc\""),
            ("<![CDATA[<&\r\n]]>", "\"<&\\n\""),
            ("&#x41;", "character 'A'"),
            ("&quot;", "character '\"'"),
            ("&#0;", "unknown #0"),
            ("&lol;", "unknown lol"),
            ("<!-- <a> -->", "nothing"),
            ("<?pi <a>?>", "nothing"),
            ("<!DOCTYPE a SYSTEM 'b'>", "nothing"),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]>", "definitions"),
        ] {
            let message = format!("{piece}<after>");
            assert_eq!(read_of(message.as_bytes()), (words.to_owned(), piece.len() as u64, "<after>".len()), "{piece}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (input, words) in [
            ("", "end"),
            ("<a b='", "truncated"),
            ("<!-- ", "truncated"),
            ("&a<b>", "& without its ;"),
            ("<!a>", "an unknown kind of markup"),
        ] {
            assert_eq!(read_of(input.as_bytes()).0, words, "{input}");
        }
    }
}
