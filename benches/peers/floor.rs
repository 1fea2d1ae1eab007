//! The least that such a call can cost: a request written by hand, and tags turned into JSON as they come.
//!
//! It knows no errors, no types and no TLS. What it writes is what marsh writes.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::net::TcpStream;

use quick_xml::Reader;
use quick_xml::events::Event;

/// The argument that makes this program the floor; an address, a request and a file follow it.
pub(crate) const FLOOR: &str = "--floor";

const ROOM: usize = 64 * 1024;
const INDENT: &[u8] = b"\n                                ";

/// Makes the call.
pub(crate) fn run(words: &[OsString]) -> io::Result<()> {
    let [address, path, body, out] = words else { return Err(io::ErrorKind::InvalidInput.into()) };
    let (address, path, body) = (address.to_string_lossy(), path.to_string_lossy(), body.to_string_lossy());
    let mut stream = BufReader::with_capacity(ROOM, TcpStream::connect(&*address)?);
    let length = body.len();
    let head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\n\r\n{body}");
    stream.get_mut().write_all(head.as_bytes())?;
    let length = content_length(&mut stream)?;
    let out = BufWriter::with_capacity(ROOM, File::create(out)?);
    decode(stream.take(length), out).map_err(io::Error::other)
}

fn content_length(stream: &mut impl BufRead) -> io::Result<u64> {
    let (mut line, mut length) = (String::new(), 0);
    while stream.read_line(&mut line)? > 2 {
        if let Some(text) = line.strip_prefix("content-length: ") {
            length = text.trim().parse().map_err(io::Error::other)?;
        }
        line.clear();
    }
    Ok(length)
}

fn decode(input: impl BufRead, out: impl Write) -> quick_xml::Result<()> {
    let mut xml = Reader::from_reader(input);
    let mut json = Json { out, text: String::new(), filled: Vec::new(), number: false, written: false };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer)? {
            Event::Start(tag) => json.start(tag.name().into_inner())?,
            Event::End(tag) => json.end(tag.name().into_inner())?,
            Event::Text(text) => json.text.push_str(&text),
            Event::GeneralRef(name) => json.text.push_str(quick_xml::escape::resolve_xml_entity(&name).unwrap_or("?")),
            Event::Eof => break,
            _ => {}
        }
    }
    json.out.write_all(b"\n")?;
    Ok(json.out.flush()?)
}

struct Json<W> {
    out: W,
    text: String,
    /// Of each open list or dictionary: whether it is a list, and whether it has members.
    filled: Vec<(bool, bool)>,
    number: bool,
    written: bool,
}

impl<W: Write> Json<W> {
    fn start(&mut self, tag: &str) -> io::Result<()> {
        self.text.clear();
        match tag {
            "value" => {
                (self.number, self.written) = (false, false);
                if self.filled.last().is_some_and(|(list, _)| *list) { self.member() } else { Ok(()) }
            }
            "double" | "int" => {
                self.number = true;
                Ok(())
            }
            "array" => self.open(true, b"["),
            "struct" => self.open(false, b"{"),
            _ => Ok(()),
        }
    }

    fn end(&mut self, tag: &str) -> io::Result<()> {
        match tag {
            "name" => {
                self.member()?;
                self.string()?;
                self.out.write_all(b": ")
            }
            "value" if !self.written => {
                self.written = true;
                if self.number { self.out.write_all(self.text.as_bytes()) } else { self.string() }
            }
            "array" => self.close(b"]"),
            "struct" => self.close(b"}"),
            _ => Ok(()),
        }
    }

    fn open(&mut self, list: bool, bracket: &[u8]) -> io::Result<()> {
        self.filled.push((list, false));
        self.out.write_all(bracket)
    }

    fn close(&mut self, bracket: &[u8]) -> io::Result<()> {
        self.written = true;
        if self.filled.pop().is_some_and(|(_, filled)| filled) {
            self.line()?;
        }
        self.out.write_all(bracket)
    }

    fn member(&mut self) -> io::Result<()> {
        let filled = self.filled.last_mut().is_some_and(|(_, filled)| std::mem::replace(filled, true));
        if filled {
            self.out.write_all(b",")?;
        }
        self.line()
    }

    fn line(&mut self) -> io::Result<()> {
        self.out.write_all(INDENT.get(..=self.filled.len() * 2).unwrap_or(INDENT))
    }

    fn string(&mut self) -> io::Result<()> {
        self.out.write_all(b"\"")?;
        let special = |c: char| matches!(c, '"' | '\\');
        for piece in self.text.split_inclusive(special) {
            match piece.chars().next_back().filter(|c| special(*c)) {
                Some(c) => write!(self.out, "{}\\{c}", piece.strip_suffix(c).unwrap_or(piece))?,
                None => self.out.write_all(piece.as_bytes())?,
            }
        }
        self.out.write_all(b"\"")
    }
}
