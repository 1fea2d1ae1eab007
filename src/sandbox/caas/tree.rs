//! XML as a tree: requests of clients, read completely before anything is done.
//!
//! Names are compared by namespace, so clients may use any prefixes.

use std::iter::Peekable;
use std::str::Chars;

use model::escape::xml_can_hold;

/// How deep elements may be nested; no documented request needs five levels.
const DEEPEST: usize = 16;

/// The start of every namespace of the provider.
const BASE: &str = "http://oec.api.opsource.net/schemas/";

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// The last word of its namespace; the whole namespace if it is not the provider's.
    pub(crate) namespace: String,
    /// Its name without a prefix.
    pub(crate) name: String,
    /// Its attributes without prefixes, in order.
    pub(crate) attributes: Vec<(String, String)>,
    /// The elements in it.
    pub(crate) children: Vec<Element>,
    /// Its text, trimmed.
    pub(crate) text: String,
}

impl Element {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The elements of that name in it.
    pub(crate) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// Parses a document. `None` if it is not well-formed, or uses what no request needs: a DTD or its own entities.
pub(crate) fn parse(text: &str) -> Option<Element> {
    let mut reader = Reader { rest: text.trim_start_matches('\u{feff}').chars().peekable() };
    reader.prolog()?;
    let root = reader.element(&[], 0)?;
    reader.prolog().is_none().then_some(root).filter(|_| reader.rest.next().is_none())
}

/// A prefix and its namespace; the default namespace has an empty prefix.
type Binding = (String, String);

struct Reader<'t> {
    rest: Peekable<Chars<'t>>,
}

impl Reader<'_> {
    /// Skips what may come before an element, up to its name. `None` at the end of the text.
    fn prolog(&mut self) -> Option<()> {
        loop {
            self.blanks();
            if self.rest.peek()? != &'<' {
                return None;
            }
            self.rest.next();
            match self.rest.peek()? {
                '?' => drop(self.until("?>")?),
                '!' => self.comment()?,
                _ => return Some(()),
            }
        }
    }

    /// An element whose `<` has been read.
    fn element(&mut self, outer: &[Binding], depth: usize) -> Option<Element> {
        let tag = self.name()?;
        let (mut bindings, mut attributes) = (outer.to_vec(), Vec::new());
        let empty = loop {
            self.blanks();
            match *self.rest.peek()? {
                '>' => break false,
                '/' => break true,
                _ => self.attribute(&mut bindings, &mut attributes)?,
            }
        };
        self.rest.next();
        let (prefix, name) = tag.split_once(':').unwrap_or(("", &tag));
        let bound = bindings.iter().rev().find(|(known, _)| known == prefix);
        let uri = match bound {
            Some((_, uri)) => uri.as_str(),
            None if prefix.is_empty() => "",
            None => return None,
        };
        let namespace = uri.strip_prefix(BASE).unwrap_or(uri).to_owned();
        let mut element = Element { namespace, name: name.to_owned(), attributes, ..Element::default() };
        match empty {
            true => self.expect('>')?,
            false => self.content(&mut element, &tag, &bindings, depth)?,
        }
        Some(element)
    }

    fn attribute(&mut self, bindings: &mut Vec<Binding>, attributes: &mut Vec<(String, String)>) -> Option<()> {
        let name = self.name()?;
        self.blanks();
        self.expect('=')?;
        self.blanks();
        let quote = self.rest.next().filter(|c| matches!(c, '"' | '\''))?;
        let raw = self.until(quote.encode_utf8(&mut [0; 4]))?;
        let value = resolve(&raw)?;
        match name.split_once(':') {
            None if name == "xmlns" => bindings.push((String::new(), value)),
            Some(("xmlns", prefix)) => bindings.push((prefix.to_owned(), value)),
            Some((_, local)) => attributes.push((local.to_owned(), value)),
            None => attributes.push((name, value)),
        }
        Some(())
    }

    /// The content of an element, including its closing tag.
    fn content(&mut self, element: &mut Element, tag: &str, bindings: &[Binding], depth: usize) -> Option<()> {
        let mut text = String::new();
        loop {
            let raw = self.up_to('<')?;
            text.push_str(&resolve(&raw)?);
            self.expect('<')?;
            match self.rest.peek()? {
                '/' => break,
                '?' => drop(self.until("?>")?),
                '!' => text.push_str(&self.marked()?),
                _ if depth == DEEPEST => return None,
                _ => element.children.push(self.element(bindings, depth + 1)?),
            }
        }
        self.rest.next();
        let closed = self.name()?;
        self.blanks();
        self.expect('>')?;
        element.text = text.trim().to_owned();
        (closed == tag).then_some(())
    }

    /// A comment, or text between `<![CDATA[` and `]]>`.
    fn marked(&mut self) -> Option<String> {
        let ahead: String = self.rest.clone().take(8).collect();
        if ahead != "![CDATA[" {
            return self.comment().map(|()| String::new());
        }
        self.until("[CDATA[")?;
        self.until("]]>")
    }

    fn comment(&mut self) -> Option<()> {
        let opens: String = self.rest.by_ref().take(3).collect();
        (opens == "!--").then_some(())?;
        self.until("-->").map(drop)
    }

    fn name(&mut self) -> Option<String> {
        let mut name = String::new();
        while let Some(c) = self.rest.next_if(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':')) {
            name.push(c);
        }
        (!name.is_empty()).then_some(name)
    }

    fn blanks(&mut self) {
        while self.rest.next_if(|c| c.is_ascii_whitespace()).is_some() {}
    }

    fn expect(&mut self, wanted: char) -> Option<()> {
        self.rest.next_if_eq(&wanted).map(drop)
    }

    /// The text before a character, which is not consumed.
    fn up_to(&mut self, end: char) -> Option<String> {
        let mut text = String::new();
        while let Some(c) = self.rest.next_if(|c| *c != end) {
            text.push(c);
        }
        self.rest.peek().map(|_| text)
    }

    /// The text before a mark, which is consumed as well.
    fn until(&mut self, mark: &str) -> Option<String> {
        let mut text = String::new();
        loop {
            text.push(self.rest.next()?);
            if let Some(before) = text.strip_suffix(mark) {
                return Some(before.to_owned());
            }
        }
    }
}

/// A text with its references resolved. `None` if one of them is unknown.
fn resolve(raw: &str) -> Option<String> {
    let mut parts = raw.split('&');
    let mut text = parts.next()?.to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';')?;
        text.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => numbered(name)?,
        });
        text.push_str(rest);
    }
    text.chars().all(xml_can_hold).then_some(text)
}

fn numbered(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let number = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn documents_are_read_or_refused() {
        for (text, root) in [
            ("<a/>", Some(("", "a", ""))),
            (
                "\u{feff}<?xml version='1.0'?><!-- c --><a> x &amp; &#x41;<![CDATA[<y>]]> </a>\n",
                Some(("", "a", "x & A<y>")),
            ),
            ("<a xmlns='http://oec.api.opsource.net/schemas/server'/>", Some(("server", "a", ""))),
            ("<n:a xmlns:n=\"http://oec.api.opsource.net/schemas/vip\">t</n:a >", Some(("vip", "a", "t"))),
            ("<a xmlns='urn:x'/>", Some(("urn:x", "a", ""))),
            ("<n:a/>", None),
            ("<a>", None),
            ("<a></b>", None),
            ("<a/><b/>", None),
            ("<a/>x", None),
            ("<!DOCTYPE a><a/>", None),
            ("<a>&nbsp;</a>", None),
            ("<a b=c/>", None),
            ("name=x", None),
            ("", None),
        ] {
            let found = parse(text);
            let found = found.as_ref().map(|e| (e.namespace.as_str(), e.name.as_str(), e.text.as_str()));
            assert_eq!(found, root, "{text}");
        }
        assert_eq!(parse(&("<a>".repeat(40) + &"</a>".repeat(40))), None);
    }

    #[test]
    fn children_and_attributes_are_found() {
        let root = parse("<a b='1' n:c=\"&lt;2\"><d>x</d><e/><d>y</d></a>").unwrap();
        assert_eq!((root.attribute("b"), root.attribute("c"), root.attribute("d")), (Some("1"), Some("<2"), None));
        assert_eq!(root.all("d").map(|d| d.text.as_str()).collect::<Vec<_>>(), ["x", "y"]);
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[<>/a!?&;:='\\- \\[\\]#x]{0,40}") {
            drop(parse(&text));
        }
    }
}
