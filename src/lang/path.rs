//! The names of parameters, which may be paths into nested data: `roles[0].name`, `rules[in][0][policy]`.

use super::{SyntaxError, Word};
use model::Span;

/// No one types a longer list by hand, and a typing error must not create one with billions of members.
const MAX_INDEX: usize = 9999;
/// No provider takes deeper data; the limit also bounds the recursion that builds it.
const MAX_DEPTH: usize = 64;

/// The name of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The name as it was typed, without quotes.
    pub text: String,
    /// Its parts; the first is a key.
    pub segments: Vec<Segment>,
    /// Where it is.
    pub span: Span,
}

/// A part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// A member of a dictionary.
    Key(String),
    /// A member of a list, counted from 0.
    Index(usize),
}

/// What is wrong with a path, and the byte from which it is wrong.
pub(super) type Flaw = (&'static str, usize);

impl Path {
    /// Reads a name. Dots and brackets in a bare name are a path into nested data; a quoted name is one key.
    pub fn parse(word: &Word) -> Result<Path, SyntaxError> {
        let text = word.text();
        let segments = match () {
            () if text.is_empty() => Err(("it is empty", 0)),
            () if word.is_bare() => segments(&text),
            () => Ok(vec![Segment::Key(text.clone())]),
        };
        match segments {
            Ok(segments) => Ok(Path { text, segments, span: word.span }),
            Err((reason, at)) => {
                let span = word.part(at..text.len());
                Err(SyntaxError::BadPath { path: text, reason, span })
            }
        }
    }

    /// The position of a part, including its dot or brackets. The whole name if it is quoted, or has no such part.
    pub fn part(&self, index: usize) -> Span {
        let whole = self.span;
        if whole.end.saturating_sub(whole.start) != self.text.len() {
            return whole;
        }
        let mut rest = self.text.as_str();
        for _ in 0..index {
            match first(rest, self.text.len() - rest.len()) {
                Ok((_, behind)) => rest = behind,
                Err(_) => return whole,
            }
        }
        let at = self.text.len() - rest.len();
        match first(rest, at) {
            Ok((_, behind)) => Span::new(whole.start + at, whole.end - behind.len()),
            Err(_) => whole,
        }
    }
}

/// The parts of a bare path; the first is a key.
pub(super) fn segments(text: &str) -> Result<Vec<Segment>, Flaw> {
    let mut segments = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let at = text.len() - rest.len();
        let (segment, behind) = first(rest, at)?;
        segments.push(segment);
        if segments.len() > MAX_DEPTH {
            return Err(("it goes too deep", at));
        }
        rest = behind;
    }
    Ok(segments)
}

/// The first part of the rest of a path, which starts at byte `at`, and what follows it.
fn first(rest: &str, at: usize) -> Result<(Segment, &str), Flaw> {
    match rest.strip_prefix('[') {
        Some(inside) if at > 0 => bracket(inside, at),
        _ if at == 0 => key(rest, at),
        _ => key(rest.strip_prefix('.').ok_or(("a dot or a bracket must follow a bracket", at))?, at),
    }
}

/// The key at the start of `text`, and what follows it.
fn key(text: &str, at: usize) -> Result<(Segment, &str), Flaw> {
    let (key, behind) = text.split_at(text.find(['.', '[', ']']).unwrap_or(text.len()));
    if key.is_empty() {
        return Err(("a key is missing", at));
    }
    if behind.starts_with(']') {
        return Err(("a bracket is closed but was not opened", at));
    }
    Ok((Segment::Key(key.to_owned()), behind))
}

/// The index or key up to the closing bracket, and what follows it.
fn bracket(inside: &str, at: usize) -> Result<(Segment, &str), Flaw> {
    let (inside, behind) = inside.split_once(']').ok_or(("a bracket is not closed", at))?;
    if inside.is_empty() || inside.contains('[') {
        return Err(("an index or a key must be between the brackets", at));
    }
    if !inside.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok((Segment::Key(inside.to_owned()), behind));
    }
    match inside.parse() {
        Ok(index) if index <= MAX_INDEX => Ok((Segment::Index(index), behind)),
        _ => Err(("an index goes up to 9999", at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(text: &str) -> Word {
        Word::bare(text, Span::new(10, 10 + text.len()))
    }

    /// Keys as `'key`, indexes as they are.
    fn shown(path: &Path) -> String {
        let shown = path.segments.iter().map(|segment| match segment {
            Segment::Key(key) => format!("'{key}"),
            Segment::Index(index) => index.to_string(),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_lead_into_nested_data() {
        for (text, segments) in [
            ("name", "'name"),
            ("a-b c é", "'a-b c é"),
            ("roles[0].name", "'roles 0 'name"),
            ("rules[in][0][policy]", "'rules 'in 0 'policy"),
            ("a.0.b", "'a '0 'b"),
            ("a[b.c][007][-1]", "'a 'b.c 7 '-1"),
            ("a[9999]", "'a 9999"),
        ] {
            let path = Path::parse(&bare(text)).unwrap();
            assert_eq!((shown(&path).as_str(), path.text.as_str()), (segments, text));
        }
    }

    #[test]
    fn parts_have_positions() {
        let path = Path::parse(&bare("rules[in][0].port")).unwrap();
        let parts = [0, 1, 2, 3, 4].map(|index| (path.part(index).start - 10, path.part(index).end - 10));
        assert_eq!(parts, [(0, 5), (5, 9), (9, 12), (12, 17), (0, 17)]);
        let mut quoted = Word { span: Span::new(0, 5), ..Word::default() };
        quoted.push("a.b", true);
        assert_eq!(Path::parse(&quoted).unwrap().part(0), Span::new(0, 5));
    }

    #[test]
    fn a_quoted_name_is_one_key() {
        let mut word = Word::default();
        word.push("a[0]", false);
        word.push(".b[", true);
        assert_eq!(shown(&Path::parse(&word).unwrap()), "'a[0].b[");
    }

    #[test]
    fn malformed_names_give_the_position() {
        let deep = "a".to_owned() + &".a".repeat(64);
        for (text, from) in [
            ("", 0),
            ("[0]", 0),
            (".a", 0),
            ("a[", 1),
            ("a[]x", 1),
            ("a..b", 1),
            ("a.", 1),
            ("a.[0]", 1),
            ("a]", 0),
            ("a[0]b", 4),
            ("a[b[c]]", 1),
            ("a[0]]", 4),
            ("a[10000]", 1),
            ("é[99999999999999999999999]", 2),
            (&deep, 127),
        ] {
            match Path::parse(&bare(text)) {
                Err(SyntaxError::BadPath { span, .. }) => {
                    assert_eq!(span, Span::new(10 + from, 10 + text.len()), "{text}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
