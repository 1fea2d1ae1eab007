//! Random texts generated from the rules, each as a tree of the rules that produced it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::Union;

use super::ebnf::{Expr, RULES};
use crate::{OPTIONS, OptionDef, Takes};

/// A node of that tree.
#[derive(Clone)]
pub(super) enum Node {
    /// Characters of a line.
    Leaf(String),
    /// A rule with its parts.
    Rule(String, Vec<Node>),
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Leaf(text) => write!(f, "{text:?}"),
            Node::Rule(name, parts) => {
                write!(f, "{name}(")?;
                parts.iter().try_for_each(|part| write!(f, "{part:?} "))?;
                write!(f, ")")
            }
        }
    }
}

impl Node {
    /// All its characters.
    pub(super) fn text(&self) -> String {
        match self {
            Node::Leaf(text) => text.clone(),
            Node::Rule(_, parts) => parts.iter().map(Node::text).collect(),
        }
    }

    /// The name of its rule; empty for plain text.
    pub(super) fn rule(&self) -> &str {
        match self {
            Node::Leaf(_) => "",
            Node::Rule(name, _) => name,
        }
    }

    /// Its children, in order.
    pub(super) fn parts(&self) -> &[Node] {
        match self {
            Node::Leaf(_) => &[],
            Node::Rule(_, parts) => parts,
        }
    }

    /// The nodes of some rules inside it, in order, without those nested in one of them.
    pub(super) fn all(&self, rules: &[&str]) -> Vec<&Node> {
        for rule in rules {
            assert!(RULES.contains_key(*rule), "the page has no rule {rule}");
        }
        let mut found = Vec::new();
        for part in self.parts() {
            match rules.contains(&part.rule()) {
                true => found.push(part),
                false => found.extend(part.all(rules)),
            }
        }
        found
    }

    /// The first node of some rules inside it.
    pub(super) fn first(&self, rules: &[&str]) -> Option<&Node> {
        self.all(rules).into_iter().next()
    }

    /// Adds the names of all rules in it.
    pub(super) fn name_rules(&self, names: &mut BTreeSet<String>) {
        if let Node::Rule(name, parts) = self {
            names.insert(name.clone());
            parts.iter().for_each(|part| part.name_rules(names));
        }
    }
}

/// A generator for a rule of the page.
pub(super) fn rule(name: &str) -> BoxedStrategy<Node> {
    Rules::default().rule(name).prop_map(|mut parts| parts.remove(0)).boxed()
}

type Parts = BoxedStrategy<Vec<Node>>;

/// The rules that already have a generator.
#[derive(Default)]
struct Rules {
    known: BTreeMap<String, Parts>,
}

impl Rules {
    fn rule(&mut self, name: &str) -> Parts {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let expr = RULES.get(name).unwrap_or_else(|| panic!("no rule {name}"));
        let named = name.to_owned();
        let parts = self.expr(expr).prop_map(move |parts| vec![Node::Rule(named.clone(), parts)]).boxed();
        self.known.insert(name.to_owned(), parts.clone());
        parts
    }

    fn expr(&mut self, expr: &Expr) -> Parts {
        let flat = |many: Vec<Vec<Node>>| many.concat();
        match expr {
            Expr::Text(text) => Just(vec![Node::Leaf(text.clone())]).boxed(),
            Expr::Rule(name) => self.rule(name),
            Expr::Words(words) => {
                let (_, draw) = WORDS.iter().find(|(known, _)| known == words).unwrap_or_else(|| panic!("? {words} ?"));
                draw().prop_map(|text| vec![Node::Leaf(text)]).boxed()
            }
            Expr::Optional(inner) => {
                prop::option::of(self.expr(inner)).prop_map(|drawn| drawn.unwrap_or_default()).boxed()
            }
            Expr::Repeated(inner) => vec(self.expr(inner), 0..3).prop_map(flat).boxed(),
            Expr::Sequence(all) => all.iter().map(|expr| self.expr(expr)).collect::<Vec<_>>().prop_map(flat).boxed(),
            Expr::Choice(all) => Union::new(all.iter().map(|expr| self.expr(expr)).collect::<Vec<_>>()).boxed(),
        }
    }
}

/// Makes a generator of texts.
type Draw = fn() -> BoxedStrategy<String>;

/// The page's descriptions of characters, each with texts that match it.
pub(super) static WORDS: &[(&str, Draw)] = &[
    ("line feed", || Just("\n".to_owned()).boxed()),
    ("carriage return", || Just("\r".to_owned()).boxed()),
    ("tab", || Just("\t".to_owned()).boxed()),
    ("the end of an argument", || Just(NEXT.to_string()).boxed()),
    ("a letter", || "[a-zA-Zé]".boxed()),
    ("a capital letter from A to Z", || "[A-Z]".boxed()),
    ("a digit", || "[0-9]".boxed()),
    ("a digit from 1 to 9", || "[1-9]".boxed()),
    ("any character but an end of line", || "[ -~é日\t\u{7}]".boxed()),
    ("any character but '", || "[ -&(-~é日\t\n\u{7}\u{a0}]".boxed()),
    ("any character but \" and \\", || "[ !#-\\[\\]-~é日\t\n\u{7}\u{a0}]".boxed()),
    ("a character without a meaning after \\", || "[ !#%-\\[\\]-mo-su-~é日\n]".boxed()),
    ("a character that may open a word", || "[%&)*+./0-9:<A-Z\\]^_`a-z}~é日]".boxed()),
    ("a character of a word", || "[!#$%&()*+./0-9:<=?@A-Z\\[\\]^_`a-z{}~é日-]".boxed()),
    ("the name of a type", || names(|name| !name.starts_with("list") && !["json", "null"].contains(&name))),
    ("the name of a type of list", || names(|name| name.starts_with("list"))),
    ("a JSON object or list", || "\\{\"a b\": \\[1, \"\\[\\}\\\\\\\\\"\\]\\}|\\{\\}|\\[1,\n ?\\{\\}\\]|\\[\\]".boxed()),
    ("the name of an option without a value", || long(|takes| *takes == Takes::Nothing)),
    ("the letter of an option without a value", || short(|takes| *takes == Takes::Nothing)),
    ("the name of an option with a value", || long(|takes| matches!(takes, Takes::Value(_)))),
    ("the letter of an option with a value", || short(|takes| matches!(takes, Takes::Value(_)))),
    ("the name of an option that may have a value", || long(|takes| matches!(takes, Takes::Maybe(_)))),
    ("a command of your own shell", || {
        "[a-z]{1,4}( -r| '\\.a ;\n\\| b'| \"it's\"| >f;| \\\\\n \\.){0,3}( #c)?".boxed()
    }),
    ("a word of such a command", || "[a-z./-]{1,6}".boxed()),
    ("text that begins with no sign of its own", || "([!-',.-=?-\\{\\}~é日][ -~é日]{0,5})?".boxed()),
    ("text that does not begin with a blank or =", || "[!-<>-~é日][ -~é日]{0,5}".boxed()),
    ("text without a blank at its ends", || "[!-~é日]([ -~é日]{0,3}[!-~é日])?".boxed()),
    ("text without commas", || "[.-=?-\\{\\}~é日]([ !#-&(-+.-~é日]{0,3}[!#-&(-+.-~é日])?".boxed()),
];

/// Separates the arguments of a command.
pub(super) const NEXT: char = '\0';

fn names(which: fn(&str) -> bool) -> BoxedStrategy<String> {
    let others = ["INT", "Integer", "bool", "double", "decimal", "str", "list:string", "List:Integer"];
    let all: Vec<&str> = crate::TagKind::NAMES.iter().copied().chain(others).collect();
    let fit = all.into_iter().filter(move |name| which(&name.to_ascii_lowercase())).map(str::to_owned);
    prop::sample::select(fit.collect::<Vec<_>>()).boxed()
}

fn options(which: fn(&Takes) -> bool, written: impl Fn(&OptionDef) -> Option<String>) -> BoxedStrategy<String> {
    let fit = OPTIONS.iter().filter(|option| which(&option.takes)).filter_map(written);
    prop::sample::select(fit.collect::<Vec<_>>()).boxed()
}

fn long(which: fn(&Takes) -> bool) -> BoxedStrategy<String> {
    options(which, |option| Some(option.long.to_owned()))
}

fn short(which: fn(&Takes) -> bool) -> BoxedStrategy<String> {
    options(which, |option| option.short.map(String::from))
}
