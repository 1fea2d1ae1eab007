//! Answers of a server: read in any pieces alike, and written so that they read back.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::sync::OnceLock;

use marsh::codec::{self, Limits, Outcome, Reply, Service};
use marsh::model::http::Head;
use marsh::model::{Method, Value};
use marsh::registry::catalog::Catalog;
use marsh::registry::embedded::{self, Embedded};
use marsh::render::{Format, Style, View, render_all, undrawn};

/// The first two bytes choose a method of the provider, the third the status.
pub(super) fn any(provider: &str, transport: &str, input: &[u8]) {
    let [high, low, status, body @ ..] = input else { return };
    let catalog = catalog(provider);
    let records = catalog.records();
    let at = (usize::from(*high) * 256 + usize::from(*low)) % records.len();
    let method =
        catalog.method(records.get(at).expect("it is there").name).expect("it is listed").expect("it is sound");
    let status = [200, 200, 200, 204, 400, 401, 403, 404, 500, 503][usize::from(*status) % 10];
    answer(catalog, transport, &method, &head(status, ""), body);
}

/// An answer that says that it is CSV.
pub(super) fn report(provider: &str, method: &str, body: &[u8]) {
    let catalog = catalog(provider);
    let method = catalog.method(method).expect("it is listed").expect("it is sound");
    answer(catalog, "rest", &method, &head(200, "text/csv"), body);
}

/// A built-in catalogue, opened once.
fn catalog(provider: &str) -> &'static Catalog {
    static OPEN: OnceLock<BTreeMap<&str, Catalog>> = OnceLock::new();
    let opened = |known: &'static Embedded| (known.id, Catalog::open(known).expect("it is sound"));
    &OPEN.get_or_init(|| embedded::all().iter().map(opened).collect())[provider]
}

fn head(status: u16, content_type: &str) -> Head {
    Head { status, content_type: content_type.to_owned(), ..Head::default() }
}

fn answer(catalog: &Catalog, transport: &str, method: &Method, head: &Head, body: &[u8]) {
    let whole = decode(catalog, transport, method, head, body);
    let pieces = decode(catalog, transport, method, head, BufReader::with_capacity(3, Pieces(body)));
    match (&whole, &pieces) {
        (Ok(whole), Ok(pieces)) => assert_eq!(whole, pieces, "in pieces it is another answer"),
        (Err(whole), Err(pieces)) => assert_eq!(whole, pieces, "in pieces it is another error"),
        _ => panic!("as a whole {whole:?}, in pieces {pieces:?}"),
    }
    if let Ok(Outcome { reply: Reply::Value(value), .. }) = whole {
        written(&value);
    }
}

fn decode(
    catalog: &Catalog,
    transport: &str,
    method: &Method,
    head: &Head,
    body: impl BufRead,
) -> Result<Outcome<Value>, String> {
    let provider = catalog.provider();
    let variables = BTreeMap::new();
    let service = Service {
        transport: provider.transport(transport).expect("it is the provider's"),
        url: "https://api.example.com/",
        provider,
        auth: &provider.auth,
        shapes: catalog.shapes(),
        variables: &variables,
    };
    let limits = Limits { bytes: 1 << 20, piece: 1 << 18, ..Limits::default() };
    codec::decode_value(&service, method, head, body, limits).map_err(|error| error.to_string())
}

/// Never gives more than three bytes, however much is asked for.
struct Pieces<'b>(&'b [u8]);

impl Read for Pieces<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        let size = self.0.len().min(room.len()).min(3);
        let (now, rest) = self.0.split_at(size);
        room[..size].copy_from_slice(now);
        self.0 = rest;
        Ok(size)
    }
}

/// What is written as JSON reads back as itself; nothing that is written for a terminal steers it. A document is its
/// own bytes and nothing of this.
fn written(value: &Value) {
    if matches!(value, Value::Bytes(_)) {
        return;
    }
    let results = std::slice::from_ref(value);
    for format in Format::ALL.iter().copied().filter(|format| *format != Format::Raw) {
        for terminal in [false, true] {
            let style = Style { terminal, ..Style::default() };
            let view = View { style, width: terminal.then_some(80), ..View::of(format) };
            let mut out = Vec::new();
            if let Err(error) = render_all(results, &view, &mut out) {
                // A chart needs a number.
                assert!(undrawn(&error).is_some() && out.is_empty(), "memory takes it: {error}");
                continue;
            }
            let text = String::from_utf8(out).expect("it is text");
            if terminal {
                let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
                assert!(!text.contains(steers), "{format:?} steers the terminal: {text:?}");
            } else if format == Format::Json {
                let again: Value = codec::json::read(text.as_bytes(), None, Limits::default()).expect("it is JSON");
                let mut once_more = Vec::new();
                render_all(&[again], &view, &mut once_more).expect("memory takes it");
                assert_eq!(String::from_utf8(once_more).expect("it is text"), text, "it reads back as something else");
            }
        }
    }
}
