//! Rust source as words and signs, with their lines: as much of its grammar as it takes not to be fooled by comments,
//! strings and lifetimes.

/// A word, a number, `::`, or any other sign by itself. Literals in quotes are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub(crate) text: &'t str,
    /// Counted from 1.
    pub(crate) line: usize,
}

impl Token<'_> {
    /// Whether it is a name or a keyword.
    pub(crate) fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c == '_' || c.is_alphabetic())
    }
}

/// Takes a source apart.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut reader = Reader { rest: text, line: 1 };
    let mut tokens = Vec::new();
    while let Some(token) = reader.token() {
        tokens.push(token);
    }
    tokens
}

struct Reader<'t> {
    rest: &'t str,
    line: usize,
}

impl<'t> Reader<'t> {
    fn token(&mut self) -> Option<Token<'t>> {
        loop {
            let first = self.rest.chars().next()?;
            if first.is_whitespace() {
                self.take(first.len_utf8());
            } else if self.rest.starts_with("//") {
                self.take(self.rest.find('\n').unwrap_or(self.rest.len()));
            } else if self.rest.starts_with("/*") {
                self.comment();
            } else if first == '"' {
                self.string();
            } else if first == '\'' {
                self.character_or_lifetime();
            } else if first == '_' || first.is_alphanumeric() {
                let line = self.line;
                let word = self.word();
                if !self.literal_behind(word) {
                    return Some(Token { text: word, line });
                }
            } else {
                let line = self.line;
                let length = if self.rest.starts_with("::") { 2 } else { first.len_utf8() };
                return Some(Token { text: self.take(length), line });
            }
        }
    }

    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.line += taken.matches('\n').count();
        taken
    }

    fn word(&mut self) -> &'t str {
        let end = self.rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(self.rest.len());
        self.take(end)
    }

    /// Comments may hold comments.
    fn comment(&mut self) {
        let mut depth = 0;
        while !self.rest.is_empty() {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.take(2);
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.take(2);
                if depth == 0 {
                    return;
                }
            } else {
                let length = self.rest.chars().next().map_or(0, char::len_utf8);
                self.take(length);
            }
        }
    }

    /// The rest of a string or character whose prefix has just been read: `r#"…"#`, `b"…"`, `b'…'`.
    fn literal_behind(&mut self, prefix: &str) -> bool {
        if !matches!(prefix, "r" | "b" | "br" | "c" | "cr") {
            return false;
        }
        let hashes = self.rest.len() - self.rest.trim_start_matches('#').len();
        match self.rest[hashes..].chars().next() {
            Some('"') if prefix.ends_with('r') => {
                self.take(hashes);
                self.raw_string(hashes);
                true
            }
            Some('"') if hashes == 0 => {
                self.string();
                true
            }
            Some('\'') if prefix == "b" && hashes == 0 => {
                self.character_or_lifetime();
                true
            }
            _ => false,
        }
    }

    fn raw_string(&mut self, hashes: usize) {
        let end = format!("\"{}", "#".repeat(hashes));
        let found = self.rest[1..].find(&end).map_or(self.rest.len(), |at| 1 + at + end.len());
        self.take(found);
    }

    /// A string from its quote on; what is behind a backslash never ends it.
    fn string(&mut self) {
        let mut escaped = false;
        let end = self.rest.char_indices().skip(1).find_map(|(at, c)| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends.then_some(at + 1)
        });
        self.take(end.unwrap_or(self.rest.len()));
    }

    fn character_or_lifetime(&mut self) {
        let mut inside = self.rest[1..].chars();
        let (first, second) = (inside.next(), inside.next());
        match (first, second) {
            (Some('\\'), Some(_)) => {
                let end = self.rest[3..].find('\'').map_or(self.rest.len(), |at| 3 + at + 1);
                self.take(end);
            }
            (Some(c), Some('\'')) => {
                self.take(2 + c.len_utf8());
            }
            _ => {
                self.take(1);
                self.word();
            }
        }
    }
}

#[test]
fn only_code_is_left() {
    for (source, words) in [
        ("use a::b; // use c::d\n/* /* x */ y */ z", "use a :: b ; z"),
        (r####"f("a::b \" c", r#"d "e" ::"#, b"x", 'y', '\'', '"', b'z')"####, "f ( , , , , , , )"),
        ("fn f<'a>(x: &'a str) -> char { 'a' }", "fn f < > ( x : & str ) - > char { }"),
        ("r#type::x /* open", "r # type :: x"),
        ("é::ü(0..1)", "é :: ü ( 0 . . 1 )"),
        ("\"open", ""),
    ] {
        let found: Vec<&str> = tokens(source).iter().map(|token| token.text).collect();
        assert_eq!(found.join(" "), words, "{source}");
    }
    let lines: Vec<usize> = tokens("a\n\"b\n\"\nc").iter().map(|token| token.line).collect();
    assert_eq!(lines, [1, 4]);
}
