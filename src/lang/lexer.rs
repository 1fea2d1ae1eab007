//! Text from the prompt or a script → lexemes.

use std::mem;

use super::lead::{Around, lead, whole};
use super::lexeme::{Kind, Lexeme};
use super::literal::{json_length, quoted};
use super::operator::{self, Operator};
use super::outside::unseen_outside;
use super::stage::Stage;
use super::{SyntaxError, TagKind, Word, command};
use model::{Span, unseen};

/// Reads lexemes one by one. It always reaches the end of the text, whatever errors it contains.
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// A lead was read and the next text is joined to it.
    glued: bool,
    /// `(json)` was read just before.
    json: bool,
    /// How far the line has come.
    stage: Stage,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Lexer<'t> {
        Lexer { text, at: 0, glued: false, json: false, stage: Stage::Fresh }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The next character, if it belongs to the word.
    fn peek_in_word(&self) -> Option<char> {
        self.peek().filter(|c| !matches!(c, ' ' | '\t' | '\r' | '\n' | ';' | '|' | '>'))
    }

    /// Skips the ends of lines joined by a backslash.
    fn skip_joins(&mut self) {
        while let Some(length) = join_length(self.rest()) {
            self.at += length;
        }
    }

    fn skip_blanks(&mut self) {
        loop {
            self.skip_joins();
            match self.peek() {
                Some(' ' | '\t' | '\r') => self.at += 1,
                _ => break,
            }
        }
    }

    fn word(&mut self, glued: bool, json: bool) -> Lexeme {
        let start = self.at;
        let mut word = Word::default();
        let mut fault = None;
        if json && matches!(self.peek(), Some('{' | '[')) {
            fault = self.json(&mut word);
        }
        while let Some(c) = self.peek_in_word() {
            if !word.starts_with_dash() && self.plain(&mut word) {
                continue;
            }
            let flaw = match c {
                '\'' | '"' => self.quote(c, &mut word),
                '\\' => self.escape(&mut word),
                c => self.bare(c, &mut word),
            };
            fault = fault.or(flaw);
            if !glued && let Some(mut lead) = self.lead(&word, start) {
                lead.fault = fault.or(lead.fault);
                return lead;
            }
        }
        word.span = Span::new(start, self.at);
        let span = word.span;
        let (kind, flaw) = if glued { (Kind::Word(word), None) } else { whole(word) };
        Lexeme { kind, span, glued, fault: fault.or(flaw) }
    }

    /// The lead that the word is so far.
    fn lead(&mut self, word: &Word, start: usize) -> Option<Lexeme> {
        let [only] = word.pieces.as_slice() else { return None };
        if only.quoted {
            return None;
        }
        let end = self.at;
        let mut beyond = Lexer { text: self.text, ..*self };
        beyond.skip_joins();
        let around = Around { fresh: self.stage.takes_head(), next: beyond.peek_in_word() };
        let lead = lead(&only.text, Span::new(start, end), &around)?;
        if lead.glued {
            self.at = beyond.at;
        }
        self.glued = lead.glued;
        Some(lead.lexeme)
    }

    /// Takes the letters, digits and signs that come next and can neither end a word nor make it a lead. Only the letter
    /// after a dash can.
    fn plain(&mut self, word: &mut Word) -> bool {
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'/' | b',');
        let rest = self.rest();
        let length = rest.bytes().take_while(is_plain).count();
        if length > 0 {
            word.push(rest.get(..length).unwrap_or(""), false);
            self.at += length;
        }
        length > 0
    }

    fn bare(&mut self, c: char, word: &mut Word) -> Option<SyntaxError> {
        let span = Span::new(self.at, self.at + c.len_utf8());
        self.at = span.end;
        word.push(c.encode_utf8(&mut [0; 4]), false);
        unseen::is_unseen(c).then_some(SyntaxError::UnseenCharacter { character: c, span })
    }

    fn quote(&mut self, quote: char, word: &mut Word) -> Option<SyntaxError> {
        let read = quoted(self.rest());
        let span = Span::new(self.at, self.at + quote.len_utf8());
        word.push(&read.text, true);
        self.at += read.length;
        (!read.closed).then_some(SyntaxError::OpenQuote { quote, span })
    }

    fn escape(&mut self, word: &mut Word) -> Option<SyntaxError> {
        if let Some(length) = join_length(self.rest()) {
            self.at += length;
            return None;
        }
        let span = Span::new(self.at, self.at + 1);
        self.at = span.end;
        let Some(c) = self.peek() else { return Some(SyntaxError::TrailingBackslash { span }) };
        self.at += c.len_utf8();
        word.push(c.encode_utf8(&mut [0; 4]), true);
        None
    }

    fn json(&mut self, word: &mut Word) -> Option<SyntaxError> {
        let span = Span::new(self.at, self.at + 1);
        let length = json_length(self.rest());
        let literal = self.rest().get(..length.unwrap_or(usize::MAX)).unwrap_or(self.rest());
        word.push(literal, false);
        let flaw = unseen_outside(literal, &['"'], self.at);
        self.at += literal.len();
        length.is_none().then_some(SyntaxError::OpenJson { span }).or(flaw)
    }

    fn separator(&mut self) -> Lexeme {
        self.at += 1;
        lexeme(Kind::Separator, self.at - 1, self.at, None)
    }

    fn comment(&mut self) -> Lexeme {
        let start = self.at;
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        lexeme(Kind::Comment, start, self.at, None)
    }

    fn redirect(&mut self) -> Lexeme {
        let start = self.at;
        if self.rest().starts_with(operator::COMMAND) {
            self.at += operator::COMMAND.len();
            let (text, at, fault) = self.command(operator::COMMAND, Span::new(start, self.at));
            return lexeme(Kind::Command(text, at), start, self.at, fault);
        }
        let found = Operator::ALL.into_iter().find(|operator| self.rest().starts_with(operator.symbol()));
        let operator = found.unwrap_or(Operator::Pipe);
        self.at += operator.symbol().len();
        lexeme(Kind::Operator(operator), start, self.at, None)
    }

    /// `!` and a command of the user's own shell.
    fn own(&mut self) -> Lexeme {
        let start = self.at;
        self.at += operator::OWN.len();
        let (text, at, fault) = self.command(operator::OWN, Span::new(start, self.at));
        lexeme(Kind::Own(text, at), start, self.at, fault)
    }

    /// The rest of the row as a command, with its position, after an operator.
    fn command(&mut self, symbol: &'static str, operator: Span) -> (String, Span, Option<SyntaxError>) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\r']).len();
        let at = self.at;
        let found = command::at_start(self.rest());
        let text = found.unwrap_or(self.rest());
        self.at += text.len();
        let fault = match found {
            None => Some(SyntaxError::OpenCommand { span: Span::new(at, self.at) }),
            Some(text) if command::is_empty(text) => Some(SyntaxError::NoTarget { operator: symbol, span: operator }),
            Some(text) => unseen_outside(text, &['\'', '"'], at),
        };
        (text.to_owned(), Span::new(at, self.at), fault)
    }
}

impl Iterator for Lexer<'_> {
    type Item = Lexeme;

    fn next(&mut self) -> Option<Lexeme> {
        let (glued, json) = (mem::take(&mut self.glued), mem::take(&mut self.json));
        if !glued {
            self.skip_blanks();
        }
        let lexeme = match self.peek() {
            Some('!') if self.stage.takes_command() => self.own(),
            _ if glued => self.word(glued, json),
            None => return None,
            Some('\n' | ';') => self.separator(),
            Some('#') => self.comment(),
            Some('|' | '>') => self.redirect(),
            Some(_) => self.word(glued, json),
        };
        self.json = matches!(lexeme.kind, Kind::Tag(TagKind::Json));
        self.stage = self.stage.after(&lexeme.kind);
        Some(lexeme)
    }
}

fn lexeme(kind: Kind, start: usize, end: usize, fault: Option<SyntaxError>) -> Lexeme {
    Lexeme { kind, span: Span::new(start, end), glued: false, fault }
}

/// The length of the backslash and newline at the start of `text`.
fn join_length(text: &str) -> Option<usize> {
    ["\\\n", "\\\r\n"].into_iter().find(|join| text.starts_with(join)).map(str::len)
}
