//! Lexemes → lines, colours and the first error, in one pass.

use std::iter::Peekable;
use std::mem;

use super::lexeme::{Kind, Lexeme};
use super::operator::{self, Operator};
use super::tokens::{Token, TokenKind};
use super::{
    Item, Line, OptionDef, OptionUse, Own, Raw, Redirect, RedirectKind, SyntaxError, SyntaxFaults, Tag, TagKind, Takes,
    Variable, Word,
};
use model::Span;

/// The result of a pass over a text.
#[derive(Default)]
pub(super) struct Parsed {
    /// Every part in order.
    pub(super) tokens: Vec<Token>,
    lines: Vec<Line>,
    /// The first error of each line that has one.
    faults: Vec<SyntaxError>,
}

impl Parsed {
    /// The lines, if all are valid.
    pub(super) fn into_lines(self) -> Result<Vec<Line>, SyntaxFaults> {
        let mut faults = self.faults.into_iter();
        match faults.next() {
            Some(first) => Err(SyntaxFaults { first, rest: faults.collect(), lines: self.lines }),
            None => Ok(self.lines),
        }
    }
}

/// Processes the lexemes to their end. After an error it goes on as well as it can, for the colours.
pub(super) fn walk(lexemes: impl Iterator<Item = Lexeme>) -> Parsed {
    let mut parser = Parser { lexemes: lexemes.peekable(), parsed: Parsed::default(), draft: Draft::default() };
    while let Some(lexeme) = parser.lexemes.next() {
        parser.part(lexeme);
    }
    parser.finish_line();
    parser.parsed
}

struct Parser<I: Iterator<Item = Lexeme>> {
    lexemes: Peekable<I>,
    parsed: Parsed,
    draft: Draft,
}

/// A line under construction.
#[derive(Default)]
struct Draft {
    accounts: Option<Word>,
    profile: Option<Word>,
    raw: Option<Raw>,
    head: Option<Word>,
    items: Vec<Item>,
    options: Vec<OptionUse>,
    redirect: Option<Redirect>,
    own: Option<Own>,
    span: Option<Span>,
    /// The last item is a name that waits for its value.
    named: bool,
    /// The line is invalid: further errors may only follow from the first.
    failed: bool,
    /// The line before `| each`, of which this is the call.
    source: Option<Box<Draft>>,
}

impl Draft {
    /// The line, if it has a head.
    fn into_line(self) -> Option<Line> {
        let Draft { accounts, profile, mut raw, mut head, mut items, options, redirect, own, span, .. } = self;
        if let (None, Some(Raw { word, verb })) = (&head, raw.take_if(|_| head.is_none())) {
            // A verb without an address: the command of that name explains what is missing.
            head = Some(word);
            items.extend(verb.map(|word| Item { tag: None, word }));
        }
        let (head, span) = (head?, span?);
        Some(Line { accounts, profile, raw, head, items, options, redirect, own, each: None, span, in_words: false })
    }

    /// Whether a word names the accounts of the line.
    fn is_accounts(&self, word: &Word) -> bool {
        self.source.is_none()
            && self.head.is_none()
            && self.profile.is_none()
            && self.accounts.is_none()
            && word.names_accounts()
    }

    /// Whether the next word is the name or the verb of a call that need not be in a catalogue.
    fn is_called_raw(&self) -> bool {
        let begins = self.head.as_ref().is_some_and(|head| head.is(Raw::WORD));
        begins && self.raw.is_none() && self.items.is_empty() && self.redirect.is_none()
    }
}

impl<I: Iterator<Item = Lexeme>> Parser<I> {
    fn part(&mut self, lexeme: Lexeme) {
        let Lexeme { kind, span, fault, .. } = lexeme;
        match kind {
            Kind::Comment => self.mark(TokenKind::Comment, span, fault),
            Kind::Separator => {
                self.mark(TokenKind::Separator, span, fault);
                self.finish_line();
            }
            Kind::Profile(word) => {
                self.mark(TokenKind::Profile, span, fault);
                self.draft.profile = Some(word);
            }
            Kind::Word(word) if self.draft.is_accounts(&word) => {
                self.mark(TokenKind::Accounts, span, fault);
                self.draft.accounts = Some(word);
            }
            Kind::Word(word) if self.draft.head.is_none() => {
                self.mark(TokenKind::Head, span, fault);
                self.draft.head = Some(word);
            }
            Kind::Own(text, at) => self.own(text, at, span, fault),
            _ if self.draft.head.is_none() && self.draft.source.is_some() => {
                self.refuse(span, SyntaxError::EachWithoutCall { span });
            }
            _ if self.draft.head.is_none() => self.refuse(span, SyntaxError::NoMethod { span }),
            Kind::Word(word) if self.draft.is_called_raw() => {
                self.mark(TokenKind::Head, span, fault);
                let raw = Raw { word: self.draft.head.take().unwrap_or_default(), verb: None };
                match Raw::is_verb(&word) {
                    true => self.draft.raw = Some(Raw { verb: Some(word), ..raw }),
                    false => (self.draft.raw, self.draft.head) = (Some(raw), Some(word)),
                }
            }
            Kind::Word(word) => self.item(word, span, fault),
            Kind::Tag(kind) => self.tagged(kind, span, fault),
            Kind::Option(name) => self.option(name, span, fault),
            Kind::Operator(_) | Kind::Command(..) if self.draft.redirect.is_some() => {
                self.refuse(span, SyntaxError::SecondRedirect { span });
            }
            Kind::Operator(Operator::Pipe) if self.lexemes.peek().is_some_and(Lexeme::is_each) => {
                self.each(span, fault)
            }
            Kind::Operator(operator) => self.redirect(operator, span, fault),
            Kind::Command(command, at) => {
                self.mark(TokenKind::Operator, Span::new(span.start, span.start + operator::COMMAND.len()), None);
                self.mark(TokenKind::Command, at, fault);
                self.draft.redirect = Some(Redirect { kind: RedirectKind::Command(command), span });
            }
        }
    }

    /// A command of the user's own shell: the whole line, or the end of it.
    fn own(&mut self, text: String, at: Span, span: Span, fault: Option<SyntaxError>) {
        let sign = Span::new(span.start, span.start + operator::OWN.len());
        let is_head = self.draft.head.is_none();
        self.mark(if is_head { TokenKind::Head } else { TokenKind::Operator }, sign, None);
        self.mark(TokenKind::Command, at, fault);
        self.draft.head.get_or_insert_with(|| Word::bare(Own::HEAD, sign));
        self.draft.own = Some(Own { text, span: at });
    }

    fn item(&mut self, word: Word, span: Span, fault: Option<SyntaxError>) {
        if self.is_after_file(span, || word.text()) {
            return;
        }
        let fault = fault.or_else(|| Variable::of(&word)?.err());
        self.mark(if self.draft.named { TokenKind::Value } else { TokenKind::Name }, span, fault);
        if word.starts_with_comma() && self.draft.items.last().is_some_and(Item::is_list) {
            // An option interrupts the list, so its intended end is unknown.
            self.fail(SyntaxError::LooseComma { span: Span::new(span.start, span.start + 1) });
        }
        self.draft.named = !self.draft.named;
        self.draft.items.push(Item { tag: None, word });
    }

    fn tagged(&mut self, kind: TagKind, span: Span, fault: Option<SyntaxError>) {
        if self.is_after_file(span, || format!("({kind})")) {
            return;
        }
        self.mark(TokenKind::Tag, span, fault);
        self.draft.named = false;
        let value = match kind {
            TagKind::Null => self.no_value(span),
            TagKind::List(_) => self.word(TokenKind::Value, |_| true).map(|first| self.list(first)),
            _ => self.word(TokenKind::Value, |_| true),
        };
        match value {
            Some(word) => self.draft.items.push(Item { tag: Some(Tag { kind, span }), word }),
            None => self.fail(SyntaxError::TypeWithoutValue { kind, span }),
        }
    }

    fn no_value(&mut self, tag: Span) -> Option<Word> {
        if let Some(extra) = self.lexemes.next_if(|next| next.glued) {
            self.refuse(extra.span, SyntaxError::NullWithValue { span: tag.to(extra.span) });
        }
        Some(Word::bare("", Span::new(tag.end, tag.end)))
    }

    /// A list continues across spaces if there is a comma beside them.
    fn list(&mut self, mut list: Word) -> Word {
        loop {
            let open = list.ends_with_comma();
            match self.word(TokenKind::Value, |next| open || next.starts_with_comma()) {
                Some(next) => list.append(&next),
                None => break,
            }
        }
        if list.ends_with_comma() {
            let end = list.span.end;
            self.fail(SyntaxError::LooseComma { span: Span::new(end.saturating_sub(1), end) });
        }
        list
    }

    fn option(&mut self, name: String, span: Span, fault: Option<SyntaxError>) {
        let Some(option) = OptionDef::find(&name) else { return self.unknown_option(name, span) };
        self.mark(TokenKind::Option, span, fault);
        let glued = self.lexemes.peek().filter(|next| next.glued);
        let typed = glued.map_or_else(|| name.clone(), |next| as_typed(&name, span, next));
        let glued = glued.is_some();
        let value = match option.takes {
            Takes::Nothing => {
                if let Some(extra) = self.lexemes.next_if(|next| next.glued) {
                    let (typed, span) = (typed.clone(), span.to(extra.span));
                    self.refuse(extra.span, SyntaxError::OptionWithValue { option, typed, span });
                }
                None
            }
            Takes::Value(_) => {
                // `--output=` announces a value and gives none; `--output ''` gives the empty one.
                let given = self.word(TokenKind::OptionValue, |word| !(glued && word.pieces.is_empty()));
                if given.is_none() {
                    self.lexemes.next_if(|next| next.glued);
                    self.fail(SyntaxError::OptionWithoutValue { option, typed: typed.clone(), span });
                }
                given
            }
            Takes::Maybe(_) if !glued => None,
            Takes::Maybe(_) => {
                let given = self.word(TokenKind::OptionValue, |word| !word.pieces.is_empty());
                if given.is_none() {
                    self.lexemes.next_if(|next| next.glued);
                    self.fail(SyntaxError::OptionWithoutValue { option, typed: typed.clone(), span });
                }
                given
            }
        };
        let span = span.to(value.as_ref().map_or(span, |word| word.span));
        self.draft.options.push(OptionUse { option, value, typed, span });
    }

    fn unknown_option(&mut self, mut name: String, mut span: Span) {
        if let Some(Lexeme { kind: Kind::Word(rest), .. }) = self.lexemes.next_if(|next| next.glued) {
            span = span.to(rest.span);
            // A long name with one dash was not meant as a letter with its value.
            if !name.starts_with("--") {
                name.push_str(&rest.text());
            }
        }
        self.refuse(span, SyntaxError::UnknownOption { name, span });
    }

    fn redirect(&mut self, operator: Operator, span: Span, fault: Option<SyntaxError>) {
        self.mark(TokenKind::Operator, span, fault);
        match self.word(TokenKind::File, |_| true) {
            Some(file) => {
                let span = span.to(file.span);
                self.draft.redirect = Some(Redirect { kind: RedirectKind::onto(operator, file), span });
            }
            None => self.fail(SyntaxError::NoTarget { operator: operator.symbol(), span }),
        }
    }

    /// `| each`: what follows is a call of its own.
    fn each(&mut self, span: Span, fault: Option<SyntaxError>) {
        self.mark(TokenKind::Operator, span, fault);
        let Some(each) = self.lexemes.next() else { return };
        if self.draft.source.is_some() {
            return self.refuse(each.span, SyntaxError::SecondEach { span: each.span });
        }
        self.mark(TokenKind::Each, each.span, each.fault);
        let source = mem::take(&mut self.draft);
        self.draft = Draft { failed: source.failed, source: Some(Box::new(source)), ..Draft::default() };
        if self.lexemes.peek().is_none_or(|next| matches!(next.kind, Kind::Separator | Kind::Comment)) {
            self.fail(SyntaxError::EachWithoutCall { span: each.span });
        }
    }

    /// Takes the next lexeme if it is a plain word and the condition holds.
    fn word(&mut self, token: TokenKind, when: impl Fn(&Word) -> bool) -> Option<Word> {
        let next = self.lexemes.next_if(|next| matches!(&next.kind, Kind::Word(word) if when(word)))?;
        self.mark(token, next.span, next.fault);
        match next.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Whether the line already has its file, after which only options may follow.
    fn is_after_file(&mut self, span: Span, text: impl FnOnce() -> String) -> bool {
        let Some(redirect) = &self.draft.redirect else { return false };
        let piped = matches!(redirect.kind, RedirectKind::Pipe(_));
        self.refuse(span, SyntaxError::AfterFile { text: text(), piped, span });
        true
    }

    fn finish_line(&mut self) {
        if let (Some(word), None) = (&self.draft.accounts, &self.draft.head) {
            let (text, span) = (word.text(), word.span);
            self.fail(SyntaxError::AccountsAlone { text, span });
        }
        let mut draft = mem::take(&mut self.draft);
        let (failed, source) = (draft.failed, draft.source.take());
        let line = match source {
            None => draft.into_line(),
            Some(source) => draft.into_line().and_then(|each| {
                let line = source.into_line()?;
                Some(Line { span: line.span.to(each.span), each: Some(Box::new(each)), ..line })
            }),
        };
        self.parsed.lines.extend(line.filter(|_| !failed));
    }

    /// Records a part of the line with its fault. A part that is only incomplete keeps its kind.
    fn mark(&mut self, kind: TokenKind, span: Span, fault: Option<SyntaxError>) {
        let wrong = fault.as_ref().is_some_and(|fault| !fault.is_incomplete());
        self.parsed.tokens.push(Token { kind: if wrong { TokenKind::Error } else { kind }, span });
        if !matches!(kind, TokenKind::Comment | TokenKind::Separator) {
            self.draft.span = Some(self.draft.span.map_or(span, |line| line.to(span)));
        }
        if let Some(fault) = fault {
            self.fail(fault);
        }
    }

    /// Records a part that is not allowed in its position.
    fn refuse(&mut self, span: Span, error: SyntaxError) {
        self.mark(TokenKind::Error, span, Some(error));
    }

    /// Only the first error of a line is shown.
    fn fail(&mut self, error: SyntaxError) {
        if !mem::replace(&mut self.draft.failed, true) {
            self.parsed.faults.push(error);
        }
    }
}

/// An option with what is joined to it: `-out`, `--output=x`.
fn as_typed(name: &str, span: Span, glued: &Lexeme) -> String {
    let text = match &glued.kind {
        Kind::Word(word) => word.text(),
        _ => String::new(),
    };
    // The sign between a long name and its value belongs to neither.
    format!("{name}{}{text}", if span.end < glued.span.start { "=" } else { "" })
}
