//! A word: text that remembers which parts of it were quoted.

use std::ops::Range;

use model::Span;

/// A word, made of alternating bare and quoted pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// The pieces in order. Neighbours always differ in being quoted; a word may have no pieces at all.
    pub pieces: Vec<Piece>,
    /// Its position, including quotes.
    pub span: Span,
}

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its text, without quotes and escapes.
    pub text: String,
    /// Whether it was quoted or escaped, so that it is only text.
    pub quoted: bool,
}

impl Word {
    /// A word without quotes.
    pub fn bare(text: &str, span: Span) -> Word {
        let mut word = Word { pieces: Vec::new(), span };
        if !text.is_empty() {
            word.push(text, false);
        }
        word
    }

    /// The text of the word.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// Whether nothing in it is quoted or escaped.
    pub fn is_bare(&self) -> bool {
        self.pieces.iter().all(|piece| !piece.quoted)
    }

    /// Whether it is this text, and nothing in it is quoted or escaped.
    pub fn is(&self, text: &str) -> bool {
        match self.pieces.as_slice() {
            [only] => !only.quoted && only.text == text,
            pieces => pieces.is_empty() && text.is_empty(),
        }
    }

    /// The members of a list: split at bare commas, without the bare spaces around them. A quoted member keeps its
    /// commas and spaces. An empty word is the empty list.
    pub fn members(&self) -> Vec<Word> {
        let mut members = vec![Word::default()];
        let mut starts = vec![0];
        let mut at = 0;
        for piece in &self.pieces {
            let separator = |c: char| c == ',' && !piece.quoted;
            for (nth, part) in piece.text.split(separator).enumerate() {
                if nth > 0 {
                    at += 1;
                    members.push(Word::default());
                    starts.push(at);
                }
                if let Some(member) = members.last_mut().filter(|_| piece.quoted || !part.is_empty()) {
                    member.push(part, piece.quoted);
                }
                at += part.len();
            }
        }
        for (member, start) in members.iter_mut().zip(starts) {
            let skipped = member.trim();
            let start = start + skipped;
            member.span = self.part(start..start + member.text().len());
        }
        match members.as_slice() {
            [only] if only.text().is_empty() => Vec::new(),
            _ => members,
        }
    }

    /// The position of a part of the text; of the whole word if escapes, inner quotes or joined lines make it
    /// uncertain.
    pub fn part(&self, part: Range<usize>) -> Span {
        let typed = self.span.end.saturating_sub(self.span.start);
        let said = self.pieces.iter().map(|piece| piece.text.len()).sum::<usize>();
        let quotes = match self.pieces.as_slice() {
            _ if self.is_bare() && typed == said => 0,
            // One pair of quotes around all of it, and no escapes inside.
            [piece] if piece.quoted && typed == said + 2 => 1,
            _ => return self.span,
        };
        let start = self.span.start + quotes;
        Span::new(start + part.start, start + part.end)
    }

    /// Adds text at the end.
    pub(super) fn push(&mut self, text: &str, quoted: bool) {
        match self.pieces.last_mut() {
            Some(last) if last.quoted == quoted => last.text.push_str(text),
            _ => self.pieces.push(Piece { text: text.to_owned(), quoted }),
        }
    }

    /// Adds another word after a space.
    pub(super) fn append(&mut self, next: &Word) {
        self.push(" ", false);
        for piece in &next.pieces {
            self.push(&piece.text, piece.quoted);
        }
        self.span = self.span.to(next.span);
    }

    /// Whether it starts with a bare dash.
    pub(super) fn starts_with_dash(&self) -> bool {
        self.pieces.first().is_some_and(|piece| !piece.quoted && piece.text.starts_with('-'))
    }

    /// Whether it starts with a comma that separates members.
    pub(super) fn starts_with_comma(&self) -> bool {
        self.pieces.first().is_some_and(|piece| !piece.quoted && piece.text.starts_with(','))
    }

    /// Whether it ends with a comma that separates members.
    pub(super) fn ends_with_comma(&self) -> bool {
        self.pieces.last().is_some_and(|piece| !piece.quoted && piece.text.ends_with(','))
    }

    /// Removes bare spaces at both ends and returns the number of bytes removed at the start.
    fn trim(&mut self) -> usize {
        let mut skipped = 0;
        if let Some(first) = self.pieces.first_mut().filter(|piece| !piece.quoted) {
            let kept = first.text.trim_start().to_owned();
            skipped = first.text.len() - kept.len();
            first.text = kept;
        }
        if let Some(last) = self.pieces.last_mut().filter(|piece| !piece.quoted) {
            last.text.truncate(last.text.trim_end().len());
        }
        self.pieces.retain(|piece| piece.quoted || !piece.text.is_empty());
        skipped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A word in a short notation, `a'b'`: quoted pieces are between apostrophes.
    fn word(notation: &str) -> Word {
        let mut word = Word { span: Span::new(0, notation.len()), ..Word::default() };
        for (nth, text) in notation.split('\'').enumerate() {
            if nth % 2 == 1 || !text.is_empty() {
                word.push(text, nth % 2 == 1);
            }
        }
        word
    }

    #[test]
    fn a_word_is_its_bare_text() {
        for (notation, text, is) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("'a'", "a", false),
            ("a'b'", "ab", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(word(notation).is(text), is, "{notation} {text}");
            assert_eq!(is, word(notation).is_bare() && word(notation).text() == text);
        }
    }

    #[test]
    fn members_split_at_bare_commas() {
        for (list, members) in [
            ("", &[][..]),
            ("''", &[]),
            ("  ", &[]),
            ("a", &["a"]),
            ("a,b", &["a", "b"]),
            ("a, b ,c", &["a", "b", "c"]),
            ("a,,b", &["a", "", "b"]),
            ("a,''", &["a", ""]),
            (",", &["", ""]),
            ("'a, b', c", &["a, b", "c"]),
            (" ' a ' ,b", &[" a ", "b"]),
            ("a' 'b,c d", &["a b", "c d"]),
        ] {
            let texts: Vec<String> = word(list).members().iter().map(Word::text).collect();
            assert_eq!(texts, members, "{list}");
        }
    }

    #[test]
    fn members_have_positions() {
        let spans = |list: &str| word(list).members().iter().map(|m| m.span).collect::<Vec<_>>();
        assert_eq!(spans("é,  b,c"), [Span::new(0, 2), Span::new(5, 6), Span::new(7, 8)]);
        assert_eq!(spans("'a',b"), [Span::new(0, 5), Span::new(0, 5)]);
    }

    #[test]
    fn parts_have_the_positions_they_were_typed_at() {
        for (notation, start, end) in [("a | b", 4, 5), ("'a | b'", 5, 6), ("a |' b'", 0, 7), ("'a |''b'", 0, 8)] {
            assert_eq!(word(notation).part(4..5), Span::new(start, end), "{notation}");
        }
    }
}
