//! Texts for the patterns of a document: those whose parts are literals, sets and counts.

/// The longest pattern that is looked at, and the longest text.
const LONGEST: usize = 512;

/// A text that fits a pattern; `nth` varies it. `None` if the pattern is one of the kinds that are not understood.
pub(super) fn example(pattern: &str, nth: i64) -> Option<String> {
    if pattern.len() > LONGEST {
        return None;
    }
    let mut reader = Reader { rest: pattern.chars().collect(), at: 0, nth: usize::try_from(nth).unwrap_or_default() };
    let text = reader.alternatives(8)?;
    (reader.at == reader.rest.len() && text.len() <= LONGEST).then_some(text)
}

struct Reader {
    rest: Vec<char>,
    at: usize,
    nth: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn takes(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    /// The first of several alternatives.
    fn alternatives(&mut self, left: usize) -> Option<String> {
        let first = self.sequence(left)?;
        while self.takes('|') {
            self.sequence(left)?;
        }
        Some(first)
    }

    fn sequence(&mut self, left: usize) -> Option<String> {
        let mut out = String::new();
        while let Some(c) = self.peek().filter(|c| !"|)".contains(*c)) {
            self.at += 1;
            let part = match c {
                '^' | '$' => continue,
                '(' => self.group(left)?,
                '[' => self.set()?.to_string(),
                '.' => "x".to_owned(),
                '\\' => escaped(self.next()?)?.to_owned(),
                '*' | '+' | '?' | '{' => return None,
                other => other.to_string(),
            };
            let count = self.count(part.len() > 1)?;
            if out.len().saturating_add(part.len().saturating_mul(count)) > LONGEST {
                return None;
            }
            out.push_str(&part.repeat(count));
        }
        Some(out)
    }

    fn group(&mut self, left: usize) -> Option<String> {
        if self.takes('?') && !self.takes(':') {
            return None;
        }
        let inner = self.alternatives(left.checked_sub(1)?)?;
        self.takes(')').then_some(inner)
    }

    /// A character of a set: neither the first nor the same for each object, where it has several.
    fn set(&mut self) -> Option<char> {
        if self.peek() == Some('^') {
            return None;
        }
        let mut all: Vec<char> = Vec::new();
        loop {
            let c = match self.next()? {
                ']' if !all.is_empty() => break,
                '\\' => match escaped(self.next()?)? {
                    one if one.len() == 1 => one.chars().next()?,
                    _ => return None,
                },
                other => other,
            };
            let end = self.rest.get(self.at + 1).copied().filter(|end| self.peek() == Some('-') && *end != ']');
            match end {
                Some(end) => {
                    self.at += 2;
                    all.extend((c..=end).take(64));
                }
                None => all.push(c),
            }
        }
        let words: Vec<char> = all.iter().copied().filter(char::is_ascii_alphanumeric).collect();
        let from = if words.is_empty() { &all } else { &words };
        from.get(self.nth.checked_rem(from.len())?).copied()
    }

    /// How often a part is there: the least number, and once where it need not be there but may.
    fn count(&mut self, long: bool) -> Option<usize> {
        let count = match self.peek() {
            Some('*' | '?') => usize::from(!long),
            Some('+') => 1,
            Some('{') => return self.counted(),
            _ => return Some(1),
        };
        self.at += 1;
        self.takes('?');
        Some(count)
    }

    fn counted(&mut self) -> Option<usize> {
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.next()? {
                '}' => break,
                c => text.push(c),
            }
        }
        let (least, most) =
            text.split_once(',').map_or((text.as_str(), None), |(least, most)| (least, most.parse().ok()));
        let least: usize = if least.is_empty() { 0 } else { least.parse().ok()? };
        Some(least.max(usize::from(most != Some(0))))
    }
}

/// A character of a class, or one that has a meaning of its own.
fn escaped(c: char) -> Option<&'static str> {
    Some(match c {
        'd' => "1",
        'w' => "a",
        's' => " ",
        'S' | 'D' => "x",
        '.' => ".",
        '-' => "-",
        '/' => "/",
        '+' => "+",
        '_' => "_",
        ':' => ":",
        '@' => "@",
        '(' => "(",
        ')' => ")",
        '[' => "[",
        ']' => "]",
        '*' => "*",
        '?' => "?",
        '$' => "$",
        '#' => "#",
        ' ' => " ",
        '\\' => "\\",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_patterns_have_an_example() {
        for (pattern, text) in [
            ("^[a-z]{3}$", Some("bbb")),
            (r"^\d{1,3}\.\d+$", Some("1.1")),
            ("^(GET|POST)$", Some("GET")),
            ("^(?:a|b)x?$", Some("ax")),
            ("[^/]+", None),
            ("^(?!a).*$", None),
            ("^[A-Z0-9_-]{2,}$", Some("BB")),
            ("^vpc-(abc)*$", Some("vpc-")),
            ("a{9999}", None),
            ("(((((((((a)))))))))", None),
            ("[", None),
            ("a)", None),
            (r"\p{L}", None),
            ("[]a]", Some("a")),
            ("", Some("")),
        ] {
            assert_eq!(example(pattern, 1).as_deref(), text, "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn no_pattern_panics(pattern: String, few in r"[\[\](){}|*+?a-c\\^$,0-9-]{0,40}", nth: i64) {
            let _ = example(&pattern, nth);
            let _ = example(&few, nth);
        }
    }
}
