//! The notation of `docs/grammar.md`: rules as data.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;
use std::sync::LazyLock;

/// The page that the rules are on.
pub(super) static PAGE: &str = include_str!("../../../docs/grammar.md");

/// The rules of the line language, by their names.
pub(super) static RULES: LazyLock<BTreeMap<String, Expr>> = LazyLock::new(|| rules(PAGE));

/// The right-hand side of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expr {
    /// `"text"` or `'text'`
    Text(String),
    /// The name of a rule.
    Rule(String),
    /// `? description of characters ?`
    Words(String),
    /// `[ … ]`
    Optional(Box<Expr>),
    /// `{ … }`
    Repeated(Box<Expr>),
    /// One after another.
    Sequence(Vec<Expr>),
    /// `… | …`
    Choice(Vec<Expr>),
}

/// The rules of a page, by their names.
fn rules(page: &str) -> BTreeMap<String, Expr> {
    let mut texts: Vec<(String, String)> = Vec::new();
    for line in fenced(page) {
        match line.split_once('=').filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase())) {
            Some((name, rest)) => texts.push((name.trim().to_owned(), rest.to_owned())),
            None => texts.last_mut().expect("a rule begins with its name").1.push_str(line),
        }
    }
    let mut rules = BTreeMap::new();
    for (name, text) in texts {
        let mut reader = Reader { chars: text.chars().peekable() };
        let expr = reader.choice();
        assert_eq!(reader.chars.next(), None, "{name} ends early: {text}");
        assert!(rules.insert(name.clone(), expr).is_none(), "{name} is there twice");
    }
    rules
}

/// The lines inside fenced blocks of the notation.
fn fenced(page: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    page.lines().filter(move |line| {
        let fence = line.starts_with("```");
        inside = if fence { *line == "```ebnf" } else { inside };
        inside && !fence && !line.trim().is_empty()
    })
}

struct Reader<'t> {
    chars: Peekable<Chars<'t>>,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<char> {
        while self.chars.next_if(|c| c.is_whitespace()).is_some() {}
        self.chars.peek().copied()
    }

    fn choice(&mut self) -> Expr {
        let mut all = vec![self.sequence()];
        while self.peek() == Some('|') {
            self.chars.next();
            all.push(self.sequence());
        }
        single(all, Expr::Choice)
    }

    fn sequence(&mut self) -> Expr {
        let mut all = Vec::new();
        while let Some(c) = self.peek() {
            all.push(match c {
                '|' | ']' | '}' | ')' => break,
                '[' => Expr::Optional(Box::new(self.group(']'))),
                '{' => Expr::Repeated(Box::new(self.group('}'))),
                '(' => self.group(')'),
                '"' | '\'' => Expr::Text(self.until(c)),
                '?' => Expr::Words(self.until('?').trim().to_owned()),
                _ => Expr::Rule(self.name()),
            });
        }
        single(all, Expr::Sequence)
    }

    fn group(&mut self, end: char) -> Expr {
        self.chars.next();
        let inner = self.choice();
        assert_eq!(self.chars.next(), Some(end), "a bracket is open");
        inner
    }

    /// The text between a character and the next one like it.
    fn until(&mut self, sign: char) -> String {
        self.chars.next();
        let text = self.chars.by_ref().take_while(|c| *c != sign).collect::<String>();
        assert!(!text.is_empty(), "nothing between two {sign}");
        text
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.chars.next_if(|c| c.is_ascii_lowercase() || *c == '-') {
            name.push(c);
        }
        assert!(!name.is_empty(), "no notation begins with {:?}", self.chars.peek());
        name
    }
}

/// The single element, or all of them combined.
fn single(mut all: Vec<Expr>, together: impl Fn(Vec<Expr>) -> Expr) -> Expr {
    match all.len() {
        1 => all.remove(0),
        _ => together(all),
    }
}

#[test]
fn the_notation_is_read() {
    let page = "a = x\n```ebnf\na = b { \",\" b }\n    | [ '\"' ] ( c | ? a letter ? )\n\nb = c\n```\nc = d\n";
    let rule = |name: &str| Expr::Rule(name.to_owned());
    let text = |text: &str| Expr::Text(text.to_owned());
    let list = vec![rule("b"), Expr::Repeated(Box::new(Expr::Sequence(vec![text(","), rule("b")])))];
    let other =
        vec![Expr::Optional(Box::new(text("\""))), Expr::Choice(vec![rule("c"), Expr::Words("a letter".to_owned())])];
    let found = rules(page);
    assert_eq!(found.get("a"), Some(&Expr::Choice(vec![Expr::Sequence(list), Expr::Sequence(other)])));
    assert_eq!((found.get("b"), found.len()), (Some(&rule("c")), 2));
}
