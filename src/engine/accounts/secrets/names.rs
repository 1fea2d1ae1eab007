//! What a word shows about a secret next to it.

use std::ops::Range;

use model::Span;
pub(crate) use model::secret::sounds_secret;
use registry::{Registry, accounts};

/// A word without the quotes around it.
pub(crate) fn unquoted(word: &str) -> &str {
    let open = word.strip_prefix(['\'', '"']).unwrap_or(word);
    open.strip_suffix(['\'', '"']).unwrap_or(open)
}

/// The place of a word after `@` if a part of it is no account.
pub(super) fn strange_accounts(text: &str, range: Range<usize>, registry: &Registry) -> Option<Range<usize>> {
    let word = text.get(range.clone()).unwrap_or_default();
    accounts::named(registry, word, Span::default()).is_err().then_some(range)
}

/// Splits a word into a name and the value that follows it after `=` or `:`, with the position of the value.
pub(super) fn apart(word: &str) -> Option<(&str, Range<usize>)> {
    let at = word.find(['=', ':'])?;
    let (name, value) = word.split_at(at);
    let is_name = |c: char| c.is_alphanumeric() || "_-.[]'\"".contains(c);
    let fits = !name.is_empty() && name.chars().all(is_name) && value.len() > 1 && !value.starts_with("://");
    fits.then_some((name, at + 1..word.len()))
}

/// The name of an option, without its dashes and without a value attached to it; `None` if the word is not an option.
pub(super) fn option(word: &str) -> Option<&str> {
    let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
    let name = name.split(['=', ':']).next().unwrap_or(name);
    name.starts_with(|c: char| c.is_alphabetic()).then_some(name)
}

/// The position of the password in an address with a user: `http://user:HERE@host/`.
pub(super) fn password_of_address(word: &str) -> Option<Range<usize>> {
    let start = word.find("//")? + 2;
    let rest = word.get(start..)?;
    // A password may contain a slash, although it should not.
    let end = rest.rfind('@')?;
    let colon = rest.get(..end)?.find(':').map_or(0, |at| at + 1);
    Some(start + colon..start + end).filter(|range| !range.is_empty())
}

/// The positions of the values of names that sound secret, in the query of an address, in a form or in XML.
pub(super) fn secrets_of_text(word: &str) -> Vec<Range<usize>> {
    let is_name = |c: char| c.is_alphanumeric() || "_-.:".contains(c);
    let mut found = Vec::new();
    for (at, sign) in word.match_indices(['=', '>']) {
        let before = word.get(..at).unwrap_or_default();
        let start = match sign {
            // A pair alone is none of these: `name=value` is read as a name and its value.
            "=" => before.rfind(|c| !is_name(c)).filter(|at| before.get(*at..).is_some_and(is_border)),
            // Attributes may follow the name of an element.
            _ => before.rfind('<'),
        };
        let name = start.and_then(|start| before.get(start + 1..)).unwrap_or_default();
        let name = name.split(|c| !is_name(c)).next().unwrap_or_default();
        if !sounds_secret(name) {
            continue;
        }
        let value = word.get(at + 1..).unwrap_or_default();
        let ends: &[char] = if sign == "=" { &['&', ';', '#', ' ', '\t', '\n', '\'', '"'] } else { &['<'] };
        found.push(at + 1..at + 1 + value.find(ends).unwrap_or(value.len()));
    }
    found.retain(|range| !range.is_empty());
    found
}

/// Whether a name in a form or a query can begin after what a text begins with.
fn is_border(text: &str) -> bool {
    text.starts_with(['?', '&', ';', ' ', '\t', '\n', '\'', '"'])
}

/// The positions of the values of names that sound secret, in JSON that may be invalid otherwise.
pub(super) fn secrets_of_json(word: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // Every second part between quotes is a text; a quote within one is escaped.
    let mut texts = Texts { word, at: 0 }.peekable();
    while let Some(name) = texts.next() {
        let Some(value) = word.get(name.end + 1..).map(str::trim_start).and_then(|rest| rest.strip_prefix(':')) else {
            continue;
        };
        if !sounds_secret(word.get(name).unwrap_or_default()) {
            continue;
        }
        let value = value.trim_start();
        let start = word.len() - value.len();
        match texts.next_if(|text| text.start == start + 1) {
            Some(text) => found.push(text),
            None => {
                let end = value.find([',', '}', ']']).unwrap_or(value.len());
                found.push(start..start + end);
            }
        }
    }
    found.retain(|range| !range.is_empty());
    found
}

/// The texts of JSON, each without its quotes.
struct Texts<'w> {
    word: &'w str,
    at: usize,
}

impl Iterator for Texts<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at + self.word.get(self.at..)?.find('"')? + 1;
        let mut escaped = false;
        let rest = self.word.get(start..)?;
        let closing = rest.char_indices().find(|(_, c)| {
            let closes = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            closes
        });
        let end = start + closing.map_or(rest.len(), |(at, _)| at);
        self.at = end + 1;
        Some(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_apart() {
        for (word, value) in [
            ("password=S", Some("S")),
            ("password:S", Some("S")),
            ("a[0].pw=S=T", Some("S=T")),
            ("password=", None),
            ("http://h/", None),
            ("=S", None),
            ("a b=S", None),
            ("plain", None),
        ] {
            assert_eq!(apart(word).and_then(|(_, range)| word.get(range)), value, "{word}");
        }
        for (word, texts) in [
            ("http://h/?a=1&api_key=S&b=2", &["S"][..]),
            ("/x?password=S#top", &["S"]),
            ("'password=S&x=1'", &["S"]),
            ("'a=b password=S'", &["S"]),
            ("<password>S</password>", &["S"]),
            ("'<a><pw type=\"x\">S T</pw><b>c</b></a>'", &["S T"]),
            ("'<a>b</a>'", &[]),
            ("'v=DKIM1; k=rsa; p=MIG'", &[]),
            ("password=S", &[]),
            ("'password='", &[]),
            ("a>b", &[]),
        ] {
            let found: Vec<_> = secrets_of_text(word).into_iter().map(|range| word.get(range).unwrap()).collect();
            assert_eq!(found, texts, "{word}");
        }
        for (word, name) in
            [("--pw", Some("pw")), ("-k", Some("k")), ("--pw=S", Some("pw")), ("-1", None), ("pw", None)]
        {
            assert_eq!(option(word), name, "{word}");
        }
        for (word, password) in [
            ("http://u:S@h/", Some("S")),
            ("//u:S@h/", Some("S")),
            ("http://S@h/", Some("S")),
            ("http://u:S/T@h/a@b", Some("S/T@h/a")),
            ("http://h/", None),
            ("u:S@h", None),
        ] {
            assert_eq!(password_of_address(word).and_then(|range| word.get(range)), password, "{word}");
        }
    }

    #[test]
    fn secrets_in_json_are_found() {
        for (word, found) in [
            (r#"{"password":"S"}"#, &["S"][..]),
            (r#"[{"a":{"pw" : "S\"T" , "b":"c"}}]"#, &[r#"S\"T"#]),
            (r#"{"pin":1234,"name":"x"}"#, &["1234"]),
            (r#"{"password":"never closed"#, &["never closed"]),
            (r#"{"name":"password","x":"y"}"#, &[]),
            (r#""password""#, &[]),
            ("password", &[]),
            ("", &[]),
        ] {
            let texts: Vec<_> = secrets_of_json(word).into_iter().map(|range| word.get(range).unwrap()).collect();
            assert_eq!(texts, found, "{word}");
        }
    }
}
