//! What `Events` finds in a message is what the XML crate alone finds in it, whatever the message and in pieces of any
//! size.

use std::fmt::Write;
use std::io::BufReader;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event as Piece};
use quick_xml::{Reader, XmlVersion};

use super::text::forbidden;
use super::{Event, Events, Vocabulary};
use crate::message::Limits;
use model::escape::xml_can_hold;

/// Elements whose names begin with `v` may contain text, others may not.
#[derive(Clone, Copy)]
struct Mixed {
    holds_elements: bool,
}

impl Vocabulary for Mixed {
    const ATTRIBUTES: bool = true;

    fn of(name: &str) -> Mixed {
        Mixed { holds_elements: !name.starts_with('v') }
    }

    fn name(self) -> Option<&'static str> {
        None
    }

    fn is_container(self) -> bool {
        false
    }

    fn weight(self) -> u64 {
        0
    }

    fn holds_elements(self) -> bool {
        self.holds_elements
    }
}

/// One line for each event, with its position and the text before it. It ends with the end of the message, or with the
/// position of an error.
fn by_events(message: &[u8], chunk: usize) -> Vec<String> {
    let limits = Limits { depth: usize::MAX, ..Limits::default() };
    let mut events = Events::<_, Mixed>::new(BufReader::with_capacity(chunk, message), None, limits);
    let mut lines = Vec::new();
    loop {
        let event = match events.next() {
            Ok(event) => event,
            Err(error) => {
                let words = error.to_string();
                let at = words.split_once("byte ").map_or("", |(_, rest)| rest);
                lines.push(format!("error at {}", at.split([' ', ':', ',']).next().unwrap_or_default()));
                return lines;
            }
        };
        let mut line = format!("{} {:?} ", events.place().at, events.text());
        match event {
            Event::Open(tag) => {
                let name = events.name(tag).to_owned();
                write!(line, "<{name} {:?}>", events.attributes()).unwrap();
            }
            Event::Close => line.push_str("</>"),
            Event::End => line.push_str("end"),
        }
        lines.push(line);
        if event_is_end(lines.last()) {
            return lines;
        }
    }
}

fn event_is_end(line: Option<&String>) -> bool {
    line.is_some_and(|line| line.ends_with(" end"))
}

/// The same by the crate alone, which checks that tags match and that the bytes are UTF-8.
fn by_crate(message: &[u8]) -> Vec<String> {
    let mark = if message.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
    let mut reader = Reader::from_reader(&message[mark..]);
    let (mut lines, mut text, mut open, mut blanks) = (Vec::new(), String::new(), Vec::<Mixed>::new(), mark);
    let mut buffer = Vec::new();
    loop {
        if open.last().is_none_or(|tag| tag.holds_elements) {
            let input = reader.get_mut();
            let rest = input.trim_ascii_start();
            // A form feed is no white space in XML.
            let count = input.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
            assert!(count <= input.len() - rest.len());
            *input = &input[count..];
            blanks += count;
        }
        let at = reader.buffer_position() as usize + blanks;
        buffer.clear();
        let read = match reader.read_event_into(&mut buffer) {
            Ok(Piece::Start(tag)) => opened(&tag).map(|words| {
                open.push(Mixed::of(tag.name().into_inner()));
                vec![words]
            }),
            Ok(Piece::Empty(tag)) => opened(&tag).map(|words| vec![words, "</>".to_owned()]),
            Ok(Piece::End(_)) => {
                open.pop();
                Some(vec!["</>".to_owned()])
            }
            Ok(Piece::Text(piece)) => added(&mut text, &piece.xml10_content()),
            Ok(Piece::CData(piece)) => added(&mut text, &piece.xml10_content()),
            Ok(Piece::GeneralRef(name)) => match (name.resolve_char_ref(), resolve_xml_entity(&name)) {
                (Ok(Some(character)), _) if xml_can_hold(character) => added(&mut text, &character.to_string()),
                (Ok(None), Some(piece)) => added(&mut text, piece),
                _ => None,
            },
            Ok(Piece::DocType(piece)) if piece.contains('[') => None,
            Ok(Piece::Comment(_) | Piece::PI(_) | Piece::Decl(_) | Piece::DocType(_)) => Some(Vec::new()),
            Ok(Piece::Eof) => open.is_empty().then(|| vec!["end".to_owned()]),
            Err(_) => None,
        };
        let Some(read) = read else {
            lines.push(format!("error at {at}"));
            return lines;
        };
        lines.extend(read.into_iter().map(|words| format!("{at} {:?} {words}", std::mem::take(&mut text))));
        if event_is_end(lines.last()) {
            return lines;
        }
    }
}

fn opened(tag: &BytesStart<'_>) -> Option<String> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.ok()?;
        let name = attribute.key.into_inner();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok().filter(|text| forbidden(text).is_none());
        if name != "xmlns" && !name.starts_with("xmlns:") {
            attributes.push((name.split_once(':').map_or(name, |(_, local)| local).to_owned(), value?.into_owned()));
        }
    }
    Some(format!("<{} {attributes:?}>", tag.name().into_inner()))
}

fn added(text: &mut String, piece: &str) -> Option<Vec<String>> {
    forbidden(piece).is_none().then(|| text.push_str(piece)).map(|()| Vec::new())
}

/// The first bytes of a message are passed on as one piece.
const HEAD: usize = 4096;

/// Compares the two, with the message in pieces of several sizes.
fn agree(message: &[u8]) {
    let long = [" ".repeat(HEAD).as_bytes(), message].concat();
    for (message, chunks) in [(message, &[HEAD][..]), (&long, &[1, 2, 3, 5, 16, 64, HEAD])] {
        let mut expected = by_crate(message);
        let is_text = std::str::from_utf8(message).is_ok();
        for chunk in chunks {
            let mut found = by_events(message, *chunk);
            // A byte that is no text may be found before or after the end of a tag around it.
            if !is_text {
                for lines in [&mut expected, &mut found] {
                    let last = lines.last_mut().unwrap();
                    assert!(last.starts_with("error"), "{last}");
                    *last = "error".to_owned();
                }
            }
            assert_eq!(found, expected, "in pieces of {chunk}: {:?}", String::from_utf8_lossy(message));
        }
    }
}

/// What messages consist of, usual and unusual.
const PIECES: [&str; 58] = [
    "<a>",
    "</a>",
    "<a/>",
    "<v>",
    "</v>",
    "<v/>",
    "<a b='1'>",
    "<a b=\"&lt;>\"/>",
    "<v:w x:y='é'>",
    "</v:w>",
    "</a >",
    "</v\n>",
    "< a>",
    "</ a>",
    "<a'>",
    "</a'>",
    "<a' b='>",
    "<é>",
    "</é>",
    "<>",
    "</>",
    "<a/b>",
    "<a b=1>",
    "text",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "é€😀",
    "]]>",
    ">",
    "\"",
    "'",
    "&amp;",
    "&lt;&gt;&quot;&apos;",
    "&#38;",
    "&#x1b;",
    "&#0;",
    "&lol;",
    "&",
    ";",
    "<",
    "/",
    "<!-- a < b -->",
    "<!-- -- -->",
    "<!-->",
    "<![CDATA[<a> &amp; \r\n]]>",
    "<![CDATA[",
    "<?pi <a> ?>",
    "<?xml version='1.0' encoding='utf-8'?>",
    "<!DOCTYPE a>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>",
    "<!ELEMENT a>",
    "\u{feff}",
    "\u{fffe}",
    "\u{1}",
    "\u{c}",
];

fn piece() -> impl Strategy<Value = &'static str> {
    (0..PIECES.len()).prop_map(|at| PIECES[at])
}

/// A document without faults.
fn sound() -> impl Strategy<Value = String> {
    let text =
        vec(prop::sample::select(vec!["text", " ", "\n", "\r\n", "é", "&amp;", "&#38;", "<!-- c -->", "<b/>"]), 0..4);
    let leaf = text.prop_map(|pieces| format!("<v>{}</v>", pieces.concat()));
    leaf.prop_recursive(4, 24, 4, |inner| {
        let open = prop::sample::select(vec![("<a>", "</a>"), ("<v x='1'>", "</v >"), ("<v:w>\n", "</v:w>\n")]);
        (open, vec(inner, 0..4)).prop_map(|((open, close), inside)| format!("{open}{}{close}", inside.join("\n ")))
    })
}

proptest! {
    #[test]
    fn any_pieces_are_read_as_by_the_crate(pieces in vec(piece(), 0..12)) {
        agree(pieces.concat().as_bytes());
    }

    #[test]
    fn a_document_with_a_fault_is_read_as_by_the_crate(
        document in sound(),
        faults in vec((any::<prop::sample::Index>(), piece(), 0..3_usize), 0..3),
    ) {
        let mut message = document.into_bytes();
        for (place, piece, dropped) in faults {
            let at = place.index(message.len() + 1);
            let end = (at + dropped).min(message.len());
            message.splice(at..end, piece.bytes());
        }
        agree(&message);
    }

    #[test]
    fn any_bytes_are_read_as_by_the_crate(bytes in vec(prop::sample::select(b"<>/&;!-[]?'\" \r\nav=#\xc3\xa9\xef\xbb\xbf\xff".to_vec()), 0..40)) {
        // Bytes that look like UTF-16 are read as such.
        prop_assume!(!bytes.starts_with(b"\xff"));
        agree(&bytes);
    }
}

#[test]
fn real_answers_and_what_the_fuzzers_kept_are_read_as_by_the_crate() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let (mut folders, mut count) = (vec![tests.join("providers"), tests.join("fuzz/corpus")], 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            // The inputs of the fuzzers begin with three bytes of their own.
            for message in [&bytes[..], bytes.get(3..).unwrap_or_default()] {
                if message.contains(&b'<') && !message.contains(&0) && !message.starts_with(b"\xff") {
                    agree(message);
                    count += 1;
                }
            }
        }
    }
    assert!(count > 100, "{count} messages");
}
