//! The line language: the syntax of what a user types, with the position of every part.
//!
//! ```text
//! line     = [accounts] [profile ":"] [ "call" [ VERB ] ] method { name value } { option } [ redirect | "|" "each" line ]
//!          | [ "let" NAME "=" | "save" NAME ] "!" COMMAND …
//! value    = [ "(" type ")" ] word
//! redirect = "|" FILE | ">" FILE | ">>" FILE | ">!" FILE | "|!" COMMAND …
//! ```
//!
//! `docs/grammar.md` has the complete grammar. Text from the prompt or a script goes through `lexer`, arguments of the
//! program through `words`. Both produce the same lexemes, from which one `parser` makes lines, colours and errors in a
//! single pass. Nothing here knows methods or parameters; `bind` decides what the words mean.

mod access;
mod advice;
mod arguments;
mod ast;
mod command;
mod error;
mod faults;
#[cfg(test)]
mod grammar;
mod hole;
mod inner;
mod lead;
mod lexeme;
mod lexer;
mod literal;
mod operator;
mod options;
mod outside;
mod own;
mod pairs;
mod parser;
mod path;
mod print;
#[cfg(test)]
mod properties;
mod slot;
mod stage;
mod tags;
mod tokens;
mod unfilled;
mod variable;
mod word;
mod words;

pub use arguments::{arguments, for_shell};
pub use ast::{Item, Line, OptionUse, Raw, Redirect, RedirectKind};
pub use error::{Instead, SyntaxError};
pub use faults::SyntaxFaults;
pub use hole::Hole;
pub use literal::literal_of;
pub use options::{OPTIONS, OptionDef, OptionId, Takes};
pub use own::Own;
pub use pairs::Pair;
pub use path::{Path, Segment};
pub use print::written;
pub use slot::Slot;
pub use tags::{Scalar, Tag, TagKind};
pub use tokens::{Token, TokenKind, tokens_within};
pub use unfilled::Unfilled;
pub use variable::Variable;
pub use word::{Piece, Word};
pub use words::{parse_words, word_tokens};

/// Parses a text of any number of lines. Newlines and `;` separate them; `#` at the start of a word begins a comment.
pub fn parse(text: &str) -> Result<Vec<Line>, SyntaxError> {
    parse_all(text).map_err(|faults| faults.first)
}

/// Parses a text of any number of lines, or reports the error of every invalid one.
pub fn parse_all(text: &str) -> Result<Vec<Line>, SyntaxFaults> {
    parser::walk(lexer::Lexer::new(text)).into_lines()
}

/// Both in one pass: the parts of a text, and its lines.
pub fn read(text: &str) -> (Vec<Token>, Result<Vec<Line>, SyntaxFaults>) {
    let mut parsed = parser::walk(lexer::Lexer::new(text));
    (std::mem::take(&mut parsed.tokens), parsed.into_lines())
}

/// The parts of a text in order; spaces are between them.
pub fn tokens(text: &str) -> Vec<Token> {
    parser::walk(lexer::Lexer::new(text)).tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line in full, with quoted pieces between « and »: `profile: head / item / item {option} redirect`.
    fn shown(line: &Line) -> String {
        let word = |word: &Word| -> String {
            let piece = |piece: &Piece| if piece.quoted { format!("«{}»", piece.text) } else { piece.text.clone() };
            word.pieces.iter().map(piece).collect()
        };
        let accounts = line.accounts.as_ref().map(|accounts| word(accounts) + " ").unwrap_or_default();
        let mut out = accounts + &line.profile.as_ref().map(|profile| word(profile) + ": ").unwrap_or_default();
        out += &word(&line.head);
        for item in &line.items {
            let tag = item.tag.as_ref().map(ToString::to_string).unwrap_or_default();
            out += &format!(" / {tag}{}", word(&item.word));
        }
        for given in &line.options {
            let value = given.value.as_ref().map(|value| format!(" {}", word(value))).unwrap_or_default();
            out += &format!(" {{{}{value}}}", given.option.long);
        }
        out += &line.each.as_ref().map(|each| " | each ".to_owned() + &shown(each)).unwrap_or_default();
        let Some(Redirect { kind, .. }) = &line.redirect else { return out };
        out + " " + kind.symbol() + " " + &kind.file().map_or_else(|| kind.command().unwrap().to_owned(), word)
    }

    fn check(cases: &[(&str, &[&str])]) {
        for (text, expected) in cases {
            let lines = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(lines.iter().map(shown).collect::<Vec<_>>(), *expected, "{text}");
        }
    }

    #[test]
    fn lines_and_heads() {
        check(&[
            ("", &[]),
            (" \t\r\n;;# c ; d\n", &[]),
            ("x", &["x"]),
            ("x; y\nz # c\n#\nw", &["x", "y", "z", "w"]),
            ("x a\r\ny b\r\n", &["x / a", "y / b"]),
            ("x a\\\nb \\\n c\\\r\n", &["x / ab / c"]),
            ("work:a.b", &["work: a.b"]),
            ("work:a:b", &["work: a:b"]),
            ("work:'a'", &["work: «a»"]),
            ("'work:a'", &["«work:a»"]),
            (":a", &[":a"]),
            ("a:", &["a:"]),
            ("x a:b", &["x / a:b"]),
            ("x; work:y", &["x", "work: y"]),
            ("/vps/list", &["/vps/list"]),
            ("? a", &["? / a"]),
            ("?a.b", &["? / a.b"]),
            ("?", &["?"]),
            ("work:?", &["work: ?"]),
        ]);
    }

    #[test]
    fn words_and_quotes() {
        check(&[
            ("x 'a b' \"c d\"e", &["x / «a b» / «c d»e"]),
            ("x a\\ b '' a'b'\"c\"", &["x / a« »b / «» / a«bc»"]),
            (r#"x "\"\\\n\x" '\n'"#, &["x / «\"\\\n\\x» / «\\n»"]),
            ("x 'a\nb' \"c\u{7}\"", &["x / «a\nb» / «c\u{7}»"]),
            ("x a#b '#' \\#c #d", &["x / a#b / «#» / «#»c"]),
            ("x '|' \"-o\" '(int)' \\(a \\-x \\;", &["x / «|» / «-o» / «(int)» / «(»a / «-»x / «;»"]),
            ("x (\"int\")5", &["x / («int»)5"]),
            ("x é=ü [a] {b} $c *", &["x / é=ü / [a] / {b} / $c / *"]),
        ]);
    }

    #[test]
    fn types_and_their_values() {
        check(&[
            ("x n (int)5", &["x / n / (int)5"]),
            ("x n (INT)   5", &["x / n / (int)5"]),
            ("x n (in\\\nt)\\\n5", &["x / n / (int)5"]),
            ("x n (string)-x", &["x / n / (string)-x"]),
            ("x n (string)#a m (string)(int)5", &["x / n / (string)#a / m / (string)(int)5"]),
            ("x n (string)'a b'c", &["x / n / (string)«a b»c"]),
            ("x n (null) m v", &["x / n / (null) / m / v"]),
            ("x n (list)a, b , c,d m", &["x / n / (list)a, b , c,d / m"]),
            ("x n (list) 'a, b', c ,'' m", &["x / n / (list)«a, b», c ,«» / m"]),
            ("x n (list)'a,' b", &["x / n / (list)«a,» / b"]),
            ("x n (list)''", &["x / n / (list)«»"]),
            ("x n a, b", &["x / n / a, / b"]),
            ("x n (list:int)1, 2", &["x / n / (list:int)1, 2"]),
            ("x n (json){\"a\": [1, \"}\"]} m", &["x / n / (json){\"a\": [1, \"}\"]} / m"]),
            ("x n (json) [1,\n 2] | f", &["x / n / (json)[1,\n 2] | f"]),
            ("x n (json)'{\"a\": 1}'", &["x / n / (json)«{\"a\": 1}»"]),
            ("x n (json)5 m {a b}", &["x / n / (json)5 / m / {a / b}"]),
        ]);
    }

    #[test]
    fn options_and_results() {
        check(&[
            ("x -o json a", &["x / a {output json}"]),
            ("x -ojson --output=xml --output csv", &["x {output json} {output xml} {output csv}"]),
            ("x -o=a=b -o'a b' --output='' -o ''", &["x {output a=b} {output «a b»} {output «»} {output «»}"]),
            ("x --output=-x --xml -h", &["x {output -x} {xml} {help}"]),
            ("x n --dry-run v", &["x / n / v {dry-run}"]),
            ("x - -- -5 --5", &["x / - / -- / -5 / --5"]),
            ("x | out.json", &["x | out.json"]),
            ("x a|f;y>f;z >>f", &["x / a | f", "y > f", "z >> f"]),
            ("x >!f; y > !f", &["x >! f", "y > !f"]),
            ("x | 'a b' -o json --xml # c", &["x {output json} {xml} | «a b»"]),
            ("x -h|!jq . ; b | c  # d\ny", &["x {help} |! jq . ; b | c  # d", "y"]),
            ("x |! jq '.a\n.b'\ny", &["x |! jq '.a\n.b'", "y"]),
        ]);
    }

    #[test]
    fn a_call_for_each_member() {
        check(&[
            ("x a b --all | each y c {d} -y | f", &["x / a / b {all} | each y / c / {d} {yes} | f"]),
            ("x|each work:y c {}; z", &["x | each work: y / c / {}", "z"]),
            ("x | each call GET /y n {a.b}", &["x | each /y / n / {a.b}"]),
            ("x | each y c {d} |! jq .", &["x | each y / c / {d} |! jq ."]),
            ("x | each y > each", &["x | each y > each"]),
            ("x | 'each'; x | ./each; x > each", &["x | «each»", "x | ./each", "x > each"]),
            ("$x.y | each z a {b}", &["$x.y | each z / a / {b}"]),
        ]);
    }
}
