//! A whole XML document as a tree. Elements are identified by their local names: prefixes vary between answers.

use std::collections::HashMap;
use std::io::BufRead;

use super::{DecodeError, Event, Events, Vocabulary};
use crate::message::{Limits, Mended, clip};

/// An element with its content.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Element {
    /// Without its prefix.
    pub(crate) name: String,
    /// Names without prefixes, and values.
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    /// All text directly inside it.
    pub(crate) text: String,
}

/// An element of any name.
#[derive(Clone, Copy)]
struct Any;

impl Vocabulary for Any {
    const ATTRIBUTES: bool = true;

    fn of(_: &str) -> Any {
        Any
    }

    fn name(self) -> Option<&'static str> {
        None
    }

    fn is_container(self) -> bool {
        true
    }

    /// An element with its names and its text, and a dictionary with some empty lists, as the catalogue declares them.
    fn weight(self) -> u64 {
        800
    }
}

/// Reads a document. `charset` comes from the HTTP header.
pub(crate) fn read<R: BufRead>(input: R, charset: Option<&str>, limits: Limits) -> Result<Element, DecodeError> {
    let mut events = Events::<R, Any>::new(input, charset, limits);
    let root = opening(&mut events)?;
    rest(&mut events, root)
}

/// Reads the opening tag of the root.
fn opening<R: BufRead>(events: &mut Events<R, Any>) -> Result<Any, DecodeError> {
    const WANTED: &str = "XML";
    match events.next() {
        Ok(Event::Open(root)) if events.is_page(root) => Err(events.foreign(root, WANTED)),
        Ok(Event::Open(root)) => Ok(root),
        Ok(_) => Err(events.explain(DecodeError::Truncated { place: events.place() }, WANTED)),
        Err(error) => Err(events.explain(error, WANTED)),
    }
}

/// Checks the end of a message.
fn ended<R: BufRead>(events: &Events<R, Any>) -> Result<(), DecodeError> {
    let text = events.text().trim_ascii();
    match text.is_empty() {
        true => Ok(()),
        false => Err(DecodeError::Stray { place: events.place(), text: clip(text) }),
    }
}

/// The error of an element after the end of the root.
fn extra<R: BufRead>(events: &Events<R, Any>, tag: Any) -> DecodeError {
    let found = format!("<{}>", clip(events.name(tag)));
    DecodeError::Unexpected { place: events.place(), found, expected: "the end of the message".to_owned() }
}

/// Reads on after the opening tag of the root. The part after its end is read too, so that extra content is noticed.
fn rest<R: BufRead>(events: &mut Events<R, Any>, root: Any) -> Result<Element, DecodeError> {
    let mut open = vec![element(events, root)];
    let mut whole = None;
    loop {
        let event = events.next().map_err(|error| error.within(&path(&open)))?;
        match (event, open.last_mut()) {
            (Event::Open(tag), Some(parent)) => {
                parent.text.push_str(events.text());
                open.push(element(events, tag));
            }
            (Event::Close, _) => {
                let Some(mut closed) = open.pop() else { continue };
                closed.text.push_str(events.text());
                match open.last_mut() {
                    Some(parent) => parent.children.push(closed),
                    None => whole = Some(closed),
                }
            }
            (Event::End, _) => {
                ended(events)?;
                return whole.ok_or_else(|| DecodeError::Truncated { place: events.place() });
            }
            (Event::Open(tag), None) => return Err(extra(events, tag)),
        }
    }
}

/// The children of a document's root, one at a time.
pub(crate) struct Children<R> {
    events: Events<R, Any>,
    root: Element,
    /// How many children had each name.
    alike: HashMap<String, usize>,
    closed: bool,
}

impl<R: BufRead> Children<R> {
    /// Reads the opening tag of the root. `mends` is for services that send Latin-1 labelled as UTF-8.
    pub(crate) fn of(input: R, charset: Option<&str>, limits: Limits, mends: bool) -> Result<Children<R>, DecodeError> {
        let events = Events::<R, Any>::new(input, charset, limits);
        let mut events = if mends { events.mending() } else { events };
        let root = opening(&mut events)?;
        let root = element(&mut events, root);
        Ok(Children { events, root, alike: HashMap::new(), closed: false })
    }

    /// The root with its attributes, and its text so far unless that is blank; without its children.
    pub(crate) fn root(&self) -> &Element {
        &self.root
    }

    /// What has been repaired so far.
    pub(crate) fn mended(&self) -> Option<Mended> {
        self.events.mended()
    }

    /// The next child; `None` after the last, when the document has been read to its end.
    pub(crate) fn next(&mut self) -> Result<Option<Element>, DecodeError> {
        self.events.begin_value();
        let mut open: Vec<Element> = Vec::new();
        loop {
            let event = self.events.next().map_err(|error| error.within(&self.path(&open)))?;
            match (event, open.last_mut()) {
                (Event::Open(tag), Some(parent)) => {
                    parent.text.push_str(self.events.text());
                    open.push(element(&mut self.events, tag));
                }
                (Event::Open(tag), None) if self.closed => return Err(extra(&self.events, tag)),
                (Event::Open(tag), None) => {
                    self.add_text();
                    let child = element(&mut self.events, tag);
                    *self.alike.entry(child.name.clone()).or_default() += 1;
                    open.push(child);
                }
                (Event::Close, _) => match open.pop() {
                    Some(mut child) => {
                        child.text.push_str(self.events.text());
                        match open.last_mut() {
                            Some(parent) => parent.children.push(child),
                            None => return Ok(Some(child)),
                        }
                    }
                    None => {
                        self.add_text();
                        self.closed = true;
                    }
                },
                (Event::End, _) => return ended(&self.events).map(|()| None),
            }
        }
    }

    fn add_text(&mut self) {
        let text = self.events.text();
        if !text.trim_ascii().is_empty() {
            self.root.text.push_str(text);
        }
    }

    /// The path of the innermost open element, of which these are open.
    fn path(&self, open: &[Element]) -> String {
        let Some(child) = open.first() else { return clip(&self.root.name) };
        let count = self.alike.get(&child.name).copied().unwrap_or_default();
        let number = if count > 1 { format!("[{count}]") } else { String::new() };
        let (inner, name) = (path(open), clip(&child.name));
        format!("{}/{name}{number}{}", clip(&self.root.name), inner.strip_prefix(&name).unwrap_or_default())
    }
}

/// The path of the innermost open element: `Servers/server[3]/name`.
fn path(open: &[Element]) -> String {
    let mut path = String::new();
    for (depth, element) in open.iter().enumerate() {
        let before = depth.checked_sub(1).and_then(|above| open.get(above));
        let alike =
            before.map_or(0, |parent| parent.children.iter().filter(|other| other.name == element.name).count());
        path.push_str(if depth == 0 { "" } else { "/" });
        path.push_str(&clip(&element.name));
        if alike > 0 {
            path.push_str(&format!("[{}]", alike + 1));
        }
    }
    path
}

fn element<R: BufRead>(events: &mut Events<R, Any>, tag: Any) -> Element {
    let name = events.name(tag);
    let name = name.split_once(':').map_or(name, |(_, local)| local).to_owned();
    Element { name, attributes: events.attributes(), ..Element::default() }
}

impl Element {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The first child of that name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Every element at a path of names below this one.
    pub(crate) fn at<'e>(&'e self, path: &str) -> Vec<&'e Element> {
        path.split('/').fold(vec![self], |elements, step| {
            elements
                .into_iter()
                .flat_map(|element| element.children.iter().filter(|child| child.name == step))
                .collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Result<Element, DecodeError> {
        read(text.as_bytes(), None, Limits::default())
    }

    #[test]
    fn prefixes_are_ignored() {
        let plain = tree("<a xmlns='u' i=\"1 &amp; 2\"><b>x<!-- y -->z</b><c><d/><d/></c></a>").unwrap();
        let prefixed = tree(
            "\u{feff}<?xml version='1.0'?><n7:a xmlns:n7='u' xmlns:xsi='v' n7:i='1 &#38; 2'><n7:b>x<![CDATA[z]]></n7:b>\
             <n7:c><n7:d></n7:d><x:d/></n7:c></n7:a>\n<!-- end -->",
        );
        assert_eq!(prefixed.unwrap(), plain);
        assert_eq!(plain.attribute("i"), Some("1 & 2"));
        assert_eq!((plain.at("c/d").len(), plain.at("c/x").len()), (2, 0));
    }

    /// The document put together from the children of its root.
    fn gathered(text: &str) -> Result<Element, DecodeError> {
        let mut children = Children::of(text.as_bytes(), None, Limits::default(), false)?;
        let mut found = Vec::new();
        while let Some(child) = children.next()? {
            found.push(child);
        }
        Ok(Element { children: found, ..children.root().clone() })
    }

    #[test]
    fn children_come_one_by_one_and_with_the_same_errors() {
        for text in [
            "<a/>",
            "<p:a i='1' xmlns:p='u'><b>x<c/>y</b><p:b/><d>z</d></p:a><!-- end -->",
            "<a><b></a>",
            "<a><b/>",
            "<a/><b/>",
            "<a/>garbage",
            "",
            "<html/>",
            "<a><b/><b><c>x&#x1b;</c></b></a>",
            "<a><b>x\u{1b}</b></a>",
            "<a>&e;</a>",
        ] {
            let (whole, gathered) = (tree(text), gathered(text));
            let words = |read: Result<Element, DecodeError>| read.map_err(|error| error.to_string());
            assert_eq!(words(gathered), words(whole), "{text}");
        }
        assert_eq!(gathered("<a> x <b/> y </a>").unwrap().text, " x  y ");
        let latin = b"<a><b>caf\xe9</b></a>";
        let mut children = Children::of(&latin[..], None, Limits::default(), true).unwrap();
        assert_eq!(children.next().unwrap().unwrap().text, "caf\u{e9}");
        assert!(children.mended().is_some());
    }

    #[test]
    fn each_child_may_take_as_much_memory_as_a_tree() {
        let limits = Limits { tree: 5_000, ..Limits::default() };
        let small = format!("<a>{}</a>", "<b><c/></b>".repeat(100));
        assert!(read(small.as_bytes(), None, limits).is_err());
        let mut children = Children::of(small.as_bytes(), None, limits, false).unwrap();
        assert_eq!(std::iter::from_fn(|| children.next().unwrap()).count(), 100);
        let large = format!("<a><b>{}</b></a>", "<c/>".repeat(100));
        assert!(Children::of(large.as_bytes(), None, limits, false).unwrap().next().is_err());
    }

    #[test]
    fn other_messages_are_refused() {
        for (text, message) in [
            ("", "the message is not XML but empty"),
            (" <html><body>Login</body></html>", "the message is not XML but an HTML page"),
            ("{\"a\":1}", "the message is not XML but JSON"),
            ("<a><b></a>", "not well-formed XML at byte 6: </a> where </b> belongs"),
            ("<a><b/>", "the message breaks off at byte 7"),
            ("<a/><b/>", "unexpected <b> at byte 4, expected the end of the message"),
            ("<a b=1/>", "not well-formed XML at byte 0: an attribute that cannot be read"),
            (
                "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
                "the message has a DOCTYPE with definitions at byte 0, which is not accepted",
            ),
            ("<!DOCTYPE a SYSTEM 'http://192.0.2.1/a.dtd'><a>&e;</a>", "unknown reference &e; at byte 47, in a"),
            ("<a/>garbage", "unexpected text \"garbage\" before byte 11"),
            ("<a/>garbage<b/>", "unexpected <b> at byte 11, expected the end of the message"),
            ("<a><b/><b><c>x&#x1b;</c></b></a>", "character U+001B, which XML cannot contain, at byte 14, in a/b[2]/c"),
            ("<a><b>x\u{1b}</b></a>", "character U+001B, which XML cannot contain, at byte 6, in a/b"),
        ] {
            assert_eq!(tree(text).unwrap_err().to_string(), message, "{text}");
        }
        assert!(matches!(tree(&"<a>".repeat(100)), Err(DecodeError::Deep { .. })));
    }
}
