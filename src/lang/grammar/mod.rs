//! Checks the parser against the grammar in `docs/grammar.md`: lines are generated from the rules of that page, and
//! must be parsed to what was generated.

mod draw;
mod ebnf;
mod meaning;

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use self::draw::{NEXT, Node, WORDS};
use self::ebnf::{Expr, PAGE, RULES};
use self::meaning::{LINES, Meaning, of_line, of_text};
use crate::{Line, arguments, parse, parse_words};

/// The start symbols: the two sources of lines.
static STARTS: [&str; 2] = ["text", "arguments"];

/// The line that a printed one is parsed to.
fn reread(line: &Line) -> Result<Line, TestCaseError> {
    let printed = line.to_string();
    match parse(&printed) {
        Ok(lines) if lines.len() == 1 => Ok(lines[0].clone()),
        other => Err(TestCaseError::fail(format!("{printed:?} reads as {other:?}"))),
    }
}

proptest! {
    #[test]
    fn a_generated_text_is_parsed_to_what_was_generated(drawn in draw::rule("text")) {
        let text = drawn.text();
        let lines = parse(&text).map_err(|error| TestCaseError::fail(format!("{text:?}: {error}")))?;
        let (drawn, meant) = (drawn.all(LINES), of_text(&drawn));
        prop_assert_eq!(lines.len(), meant.len(), "{:?}", text);
        for ((line, drawn), meant) in lines.iter().zip(drawn).zip(meant) {
            let is_call = drawn.first(&["source"]).unwrap_or(drawn).first(&["call"]).is_some();
            prop_assert_eq!(&Meaning::of(line, is_call), &meant, "{:?}", text);
            prop_assert!(line.reads_stdin() || drawn.first(&["input"]).is_none(), "{:?}", text);
            prop_assert_eq!(Meaning::of(&reread(line)?, is_call), meant, "{:?} as {:?}", text, line.to_string());
        }
    }

    #[test]
    fn generated_arguments_are_parsed_to_what_was_generated(drawn in draw::rule("arguments")) {
        let text = drawn.text();
        let words: Vec<&str> = text.split(NEXT).collect();
        let read = parse_words(&words).map_err(|error| TestCaseError::fail(format!("{words:?}: {error}")))?;
        let meant = of_line(&drawn).unquoted();
        prop_assert_eq!(&Meaning::of(&read.0, true).unquoted(), &meant, "{:?}", words);
        prop_assert!(read.0.reads_stdin() || drawn.first(&["input"]).is_none(), "{:?}", words);
        prop_assert_eq!(&Meaning::of(&reread(&read.0)?, true).unquoted(), &meant, "{:?}", words);
        let again = arguments(&read.0);
        let read = parse_words(&again).map_err(|error| TestCaseError::fail(format!("{again:?}: {error}")))?;
        prop_assert_eq!(Meaning::of(&read.0, true).unquoted(), meant, "{:?} as {:?}", words, again);
    }
}

#[test]
fn every_rule_of_the_page_is_used() {
    let mut runner = TestRunner::deterministic();
    let mut drawn = BTreeSet::new();
    for start in STARTS {
        let rule = draw::rule(start);
        for _ in 0..500 {
            rule.new_tree(&mut runner).unwrap().current().name_rules(&mut drawn);
        }
    }
    assert_eq!(drawn, RULES.keys().cloned().collect());
}

#[test]
fn every_description_of_characters_is_used() {
    fn words<'e>(expr: &'e Expr, found: &mut BTreeSet<&'e str>) {
        match expr {
            Expr::Text(_) | Expr::Rule(_) => {}
            Expr::Words(text) => drop(found.insert(text)),
            Expr::Optional(inner) | Expr::Repeated(inner) => words(inner, found),
            Expr::Sequence(all) | Expr::Choice(all) => all.iter().for_each(|expr| words(expr, found)),
        }
    }
    let mut found = BTreeSet::new();
    RULES.values().for_each(|rule| words(rule, &mut found));
    assert_eq!(found, WORDS.iter().map(|(text, _)| *text).collect());
}

/// The rows of the tables on the page whose head begins with a word, as the texts between their backticks.
fn rows(head: &str) -> Vec<[String; 2]> {
    let mut inside = false;
    let rows = PAGE.lines().filter(|line| {
        let row = line.starts_with('|');
        inside = row && (inside || line.starts_with(&format!("| {head} |")));
        inside && line.starts_with("| `")
    });
    let cell = |cell: &str| cell.replace("\\|", "|").trim_matches('`').to_owned();
    let cells = |row: &str| {
        let (first, second) = row.trim_start_matches("| ").trim_end_matches(" |").split_once(" | ").unwrap();
        [cell(first), cell(second)]
    };
    rows.map(cells).collect()
}

#[test]
fn examples_that_the_page_refuses_are_refused() {
    let rows = rows("refused");
    assert!(rows.len() > 20, "{} rows", rows.len());
    for [line, message] in rows {
        let read = parse(&line).and_then(|lines| {
            lines.iter().try_for_each(|line| line.filled(None).and_then(|line| line.pairs().map(drop)))
        });
        assert_eq!(read.map_err(|error| error.to_string()), Err(message), "{line}");
    }
}

#[test]
fn a_word_has_the_text_that_the_page_gives() {
    let rows = rows("typed");
    assert!(rows.len() > 10, "{} rows", rows.len());
    for [typed, says] in rows {
        let lines = parse(&format!("x n {typed}")).unwrap();
        let word = lines[0].items[1].word.text().replace('\n', "a line feed");
        assert_eq!(word, says, "{typed}");
    }
}

#[test]
fn arguments_are_read_as_the_page_says() {
    let rows = rows("passed");
    assert!(rows.len() > 5, "{} rows", rows.len());
    for [passed, line] in rows {
        let (read, _) = parse_words(&shlex::split(&passed).unwrap()).unwrap();
        assert_eq!(read.to_string(), line, "{passed}");
    }
}

#[test]
fn a_tree_has_its_text() {
    let tree = Node::Rule("call".to_owned(), vec![Node::Leaf("a".to_owned()), Node::Leaf("b".to_owned())]);
    assert_eq!((tree.text().as_str(), tree.rule(), tree.parts().len()), ("ab", "call", 2));
}
