//! What came instead of the expected message: a proxy's page, another notation, nothing at all.

use std::fmt;

/// The number of characters of it that are shown.
const EXCERPT: usize = 200;
/// The most characters of a name or a scalar in an error.
const CLIP: usize = 40;

/// The kind of a message that is not of the expected kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// No bytes, or white space.
    Nothing,
    /// A web page.
    Html,
    /// JSON.
    Json,
    /// Other text.
    Text,
    /// Bytes that are not text.
    Binary,
    /// XML, with the name of its root element.
    Xml(String),
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Found::Nothing => f.write_str("empty"),
            Found::Html => f.write_str("an HTML page"),
            Found::Json => f.write_str("JSON"),
            Found::Text => f.write_str("plain text"),
            Found::Binary => f.write_str("binary data"),
            Found::Xml(root) => write!(f, "other XML (<{root}>)"),
        }
    }
}

/// The kind of a message whose first element has that name.
pub(crate) fn by_root(name: &str) -> Found {
    const PAGE: [&str; 14] =
        ["html", "head", "body", "title", "meta", "h1", "h2", "p", "b", "br", "hr", "pre", "div", "center"];
    match PAGE.iter().any(|tag| name.eq_ignore_ascii_case(tag)) {
        true => Found::Html,
        false => Found::Xml(clip(name)),
    }
}

/// The kind of a message with this beginning; `None` when it looks like XML.
pub(crate) fn by_head(head: &str) -> Option<Found> {
    let head = head.trim_start();
    let starts = |with: &str| head.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    if starts("<!doctype html") || starts("<html") {
        Some(Found::Html)
    } else if head.starts_with('<') {
        None
    } else if head.is_empty() {
        Some(Found::Nothing)
    } else if head.starts_with(['{', '[', '"']) {
        Some(Found::Json)
    } else if head.chars().take(EXCERPT).any(|c| c.is_control() && !c.is_ascii_whitespace()) {
        Some(Found::Binary)
    } else {
        Some(Found::Text)
    }
}

/// The kind of a message with this beginning that is not of the expected kind.
pub(crate) fn by_text(head: &str) -> Found {
    by_head(head).unwrap_or_else(|| by_root(root(head)))
}

/// The name of the first XML element.
fn root(head: &str) -> &str {
    let names = |c: char| !c.is_whitespace() && !matches!(c, '>' | '/');
    let tags = head.split('<').skip(1).filter(|tag| !tag.starts_with(['?', '!', '/']));
    tags.map(|tag| tag.split(|c| !names(c)).next().unwrap_or_default()).next().unwrap_or_default()
}

/// The readable text at the beginning of a message, without tags, scripts and repeated white space.
pub(crate) fn excerpt<'h>(head: &'h str) -> String {
    let mut pieces: Vec<Vec<&str>> = Vec::new();
    // A page's title is often its headline as well.
    let mut take = |piece: &'h str| {
        let words: Vec<&str> = piece.split_whitespace().collect();
        if !words.is_empty() && pieces.last() != Some(&words) {
            pieces.push(words);
        }
    };
    let mut rest = head.trim_start();
    if !rest.starts_with('<') {
        take(std::mem::take(&mut rest));
    }
    while let Some((before, tag)) = rest.split_once('<') {
        take(before);
        rest = after(tag);
    }
    take(rest);
    shorten(&pieces.concat().join(" "), EXCERPT)
}

/// The text after a tag, which is given without its `<`; for a script or a style sheet, its content is skipped too.
fn after(tag: &str) -> &str {
    let hidden = ["script", "style"]
        .into_iter()
        .find(|name| tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)));
    let content = match hidden {
        // The name is ASCII, so that lowering it keeps every position.
        Some(name) => tag.to_ascii_lowercase().find(&format!("</{name}")).map_or("", |at| tag.get(at..).unwrap_or("")),
        None => tag,
    };
    content.split_once('>').map_or("", |(_, rest)| rest)
}

/// The beginning of a text from a message, short and clean enough for an error.
pub(crate) fn clip(text: &str) -> String {
    shorten(text, CLIP)
}

fn shorten(text: &str, length: usize) -> String {
    let mut short: String = text.chars().take(length).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(length).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_recognised() {
        for (head, found) in [
            (" \r\n", Some(Found::Nothing)),
            ("  <!DocType HTML PUBLIC", Some(Found::Html)),
            ("<HTML>", Some(Found::Html)),
            ("{\"error\": \"<b>\"}", Some(Found::Json)),
            ("[]", Some(Found::Json)),
            ("\u{1f}\u{fffd}\u{8}", Some(Found::Binary)),
            ("upstream connect error", Some(Found::Text)),
            ("<?xml version='1.0'?><html>", None),
            ("<", None),
        ] {
            assert_eq!(by_head(head), found, "{head}");
        }
        for (head, found) in [
            ("<?xml version='1.0'?>\n<!-- c --><a:b c='d'/>", Found::Xml("a:b".into())),
            ("<?xml version='1.0'?><html>", Found::Html),
            ("<b>Fatal error</b>", Found::Html),
            ("<", Found::Xml(String::new())),
            ("not found", Found::Text),
            ("[]", Found::Json),
        ] {
            assert_eq!(by_text(head), found, "{head}");
        }
        assert_eq!(by_root("Body"), Found::Html);
        assert_eq!(by_root("soap:Envelope").to_string(), "other XML (<soap:Envelope>)");
    }

    #[test]
    fn excerpts_are_readable() {
        let long = "é".repeat(300);
        for (head, text) in [
            ("<html><title>504  Gateway\r\nTime-out</title></html>", "504 Gateway Time-out"),
            ("<title>Gone</title>\n<h1> Gone</h1><p>for good", "Gone for good"),
            ("<STYLE>b { color: red }</style><b>Down</b><script>if (a < b) x()</script> for now", "Down for now"),
            ("<style>never closed", ""),
            ("<title>Not Found</title><h1>Not\nFound</h1><p>Try again", "Not Found Try again"),
            ("<p>\u{1b}[2Jred <never closed", "\u{fffd}[2Jred"),
            ("a < b", "a < b"),
            ("{\"a\":\n 1}", "{\"a\": 1}"),
            (&long, &format!("{}…", "é".repeat(200))),
        ] {
            assert_eq!(excerpt(head), text);
        }
    }
}
