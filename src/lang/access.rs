//! Lookups in a parsed line.

use super::{Line, OptionDef, OptionId, Own, Path, Piece, Segment, TagKind, Takes, Word};
use model::Span;

impl Line {
    /// Whether an option was given.
    pub fn has(&self, option: OptionId) -> bool {
        self.options.iter().any(|given| given.option.id == option)
    }
}

impl Line {
    /// The command of the user's own shell that is the whole line.
    pub fn own_command(&self) -> Option<&Own> {
        self.own.as_ref().filter(|_| self.head.is(Own::HEAD))
    }

    /// Whether one of its values is read from standard input.
    pub fn reads_stdin(&self) -> bool {
        let within = self.each.as_ref().is_some_and(|each| each.reads_stdin());
        within
            || self.items.iter().any(|item| match item.tag.as_ref().map(|tag| tag.kind) {
                None => item.word.is("@-"),
                Some(TagKind::File | TagKind::Base64) => matches!(item.word.text().as_str(), "-" | "@-"),
                Some(_) => false,
            })
    }
}

impl Word {
    /// Whether it is the accounts that a line is for: `@all`, `@work,@home`, `@web_*`.
    pub fn names_accounts(&self) -> bool {
        let is_part = |c: char| c.is_alphanumeric() || "_-*,@".contains(c);
        if !self.pieces.first().is_some_and(|piece| piece.text.starts_with('@')) {
            return false;
        }
        let text = self.text();
        let named = text.strip_prefix('@').filter(|named| named.starts_with(|c: char| is_part(c) && c != '-'));
        self.is_bare() && named.is_some_and(|named| named.chars().all(is_part))
    }

    /// A bare `profile:method` as two words, split like the head of a line.
    pub fn split_profile(&self) -> (Option<Word>, Word) {
        let text = self.text();
        let parts =
            text.split_once(':').filter(|(profile, name)| self.is_bare() && !profile.is_empty() && !name.is_empty());
        let Some((profile, name)) = parts else { return (None, self.clone()) };
        let colon = self.span.start + profile.len();
        let word = |text: &str, span| Word { pieces: vec![Piece { text: text.to_owned(), quoted: false }], span };
        let profile = word(profile, Span::new(self.span.start, colon));
        (Some(profile), word(name, Span::new(colon + 1, self.span.end)))
    }
}

impl Path {
    /// The parameter at the start of the path.
    pub fn root(&self) -> &str {
        match self.segments.first() {
            Some(Segment::Key(key)) => key,
            _ => &self.text,
        }
    }
}

impl OptionDef {
    /// The option as it is typed: `-o, --output FORMAT`.
    pub fn usage(&self) -> String {
        let short = self.short.map(|letter| format!("-{letter}, ")).unwrap_or_default();
        let value = match self.takes {
            Takes::Nothing => String::new(),
            Takes::Value(placeholder) => format!(" {placeholder}"),
            Takes::Maybe(placeholder) => format!("[={placeholder}]"),
        };
        format!("{short}--{}{value}", self.long)
    }
}
