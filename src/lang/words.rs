//! Arguments of the program → lexemes: the user's own shell has already split and unquoted them.

use super::lead::{Around, lead, whole};
use super::lexeme::{Kind, Lexeme};
use super::literal::quoted;
use super::operator::{self, Operator};
use super::{Line, OptionDef, SyntaxError, TagKind, Takes, Token, Word, command, parser};
use model::Span;

/// Parses one line from separate words. Also returns the text that its positions refer to: the words joined by one
/// space each. A word is plain text unless it begins with an operator, an option or a type.
pub fn parse_words<S: AsRef<str>>(words: &[S]) -> Result<(Line, String), SyntaxError> {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let text = words.join(" ");
    let lines = parser::walk(lexemes(&words).into_iter()).into_lines();
    let line = lines.map_err(|faults| faults.first.in_words())?.pop();
    let line = line.ok_or(SyntaxError::NoMethod { span: Span::new(0, text.len()) })?;
    Ok((of_words(line), text))
}

/// The line as one of separate words, and so is the call for each member of its result.
fn of_words(line: Line) -> Line {
    let each = line.each.map(|each| Box::new(of_words(*each)));
    let mut line = Line { in_words: true, each, ..line };
    for item in &mut line.items {
        if item.is_list() {
            item.word = with_quoted_members(&item.word);
        }
    }
    line
}

/// The parts of a line from separate words, with positions in the words joined by one space each.
pub fn word_tokens<S: AsRef<str>>(words: &[S]) -> Vec<Token> {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    parser::walk(lexemes(&words).into_iter()).tokens
}

fn lexemes(words: &[&str]) -> Vec<Lexeme> {
    let mut arguments = Arguments { lexemes: Vec::with_capacity(words.len()), fresh: true };
    let (mut rest, mut at) = (words, 0);
    while let Some((word, behind)) = rest.split_first() {
        if let Some(glued) = word.strip_prefix(operator::COMMAND) {
            arguments.command(glued, behind, at);
            break;
        }
        arguments.argument(word, at);
        at += word.len() + 1;
        rest = behind;
    }
    arguments.lexemes
}

struct Arguments {
    lexemes: Vec<Lexeme>,
    /// The line has no head yet.
    fresh: bool,
}

impl Arguments {
    fn argument(&mut self, text: &str, at: usize) {
        if let Some(operator) = Operator::ALL.into_iter().find(|operator| operator.symbol() == text) {
            self.push(Kind::Operator(operator), at, text.len(), false, None);
        } else if let Some(file) = text.strip_prefix("| ") {
            self.push(Kind::Operator(Operator::Pipe), at, 1, false, None);
            let start = at + text.len() - file.trim_start().len();
            let file = file.trim();
            match file.strip_prefix(Line::EACH).filter(|rest| rest.starts_with(char::is_whitespace)) {
                // The words of the call are one word, which another shell has not split.
                Some(_) => {
                    let span = Span::new(start, start + file.len());
                    let fault = SyntaxError::EachWithoutCall { span };
                    let word = literal(file, span);
                    self.push(Kind::Word(word), start, file.len(), false, Some(fault));
                }
                None if file.is_empty() => {}
                None => self.plain(file, start, false),
            }
        } else if text.starts_with('(') && self.expects_value() {
            self.plain(text, at, false);
        } else {
            self.word(text, at);
        }
    }

    /// Whether the last word is an option that still needs its value. No type can come before that.
    fn expects_value(&self) -> bool {
        let Some(Lexeme { kind: Kind::Option(name), .. }) = self.lexemes.last() else { return false };
        OptionDef::find(name).is_some_and(|option| matches!(option.takes, Takes::Value(_)))
    }

    fn word(&mut self, text: &str, at: usize) {
        let ends = text.char_indices().map(|(start, c)| start + c.len_utf8());
        let found = ends.filter_map(|end| text.split_at_checked(end)).find_map(|(start, rest)| {
            let around = Around { fresh: self.fresh, next: rest.chars().next() };
            Some((lead(start, Span::new(at, at + start.len()), &around)?, rest))
        });
        let Some((lead, rest)) = found else {
            let span = Span::new(at, at + text.len());
            let (kind, fault) = whole(literal(text, span));
            return self.push(kind, at, text.len(), false, fault);
        };
        let is_tag = matches!(lead.lexeme.kind, Kind::Tag(_));
        // Text is sent unchanged; with any other type, a leading space is ignored.
        let is_text = matches!(lead.lexeme.kind, Kind::Tag(TagKind::String));
        let rest = if is_tag && !is_text { rest.trim_start() } else { rest };
        let glued = if is_tag { !rest.is_empty() } else { lead.glued };
        let start = at + text.len() - rest.len();
        self.add(lead.lexeme);
        if glued {
            self.plain(rest, start, true);
        } else if !rest.is_empty() {
            self.word(rest, start);
        }
    }

    fn command(&mut self, glued: &str, behind: &[&str], at: usize) {
        let start = at + operator::COMMAND.len();
        let end = behind.iter().fold(start + glued.len(), |end, word| end + 1 + word.len());
        let command = command::from_arguments(glued, behind);
        let fault = match &command {
            None => Some(SyntaxError::OpenCommand { span: Span::new(start, end) }),
            Some(command) if command::is_empty(command) => {
                Some(SyntaxError::NoTarget { operator: operator::COMMAND, span: Span::new(at, start) })
            }
            Some(_) => None,
        };
        let kind = Kind::Command(command.unwrap_or_default(), Span::new(start, end));
        self.push(kind, at, end - at, false, fault);
    }

    fn plain(&mut self, text: &str, at: usize, glued: bool) {
        let word = literal(text, Span::new(at, at + text.len()));
        self.push(Kind::Word(word), at, text.len(), glued, None);
    }

    fn push(&mut self, kind: Kind, at: usize, length: usize, glued: bool, fault: Option<SyntaxError>) {
        self.add(Lexeme { kind, span: Span::new(at, at + length), glued, fault });
    }

    fn add(&mut self, lexeme: Lexeme) {
        let piped = matches!(self.lexemes.last(), Some(Lexeme { kind: Kind::Operator(Operator::Pipe), .. }));
        self.fresh = piped && lexeme.is_each() || self.fresh && matches!(lexeme.kind, Kind::Profile(_));
        self.lexemes.push(lexeme);
    }
}

/// A list whose members may be quoted. Only a quote around a whole member counts: the user's shell has removed its own
/// quotes, and those left elsewhere are text.
fn with_quoted_members(list: &Word) -> Word {
    let text = list.text();
    let mut out = Word { pieces: Vec::new(), span: list.span };
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let member = rest.trim_start();
        if let Some((quoted, behind)) = quoted_member(member) {
            out.push(&quoted, true);
            rest = behind;
        }
        let end = rest.find(',').map_or(rest.len(), |comma| comma + 1);
        let (bare, behind) = rest.split_at(end);
        if !bare.is_empty() {
            push_literal(&mut out, bare);
        }
        rest = behind;
    }
    out
}

/// A word in which a leading dollar sign is text: variables exist between the lines of a session, and here there is
/// only one line.
fn literal(text: &str, span: Span) -> Word {
    let mut word = Word { pieces: Vec::new(), span };
    push_literal(&mut word, text);
    word
}

fn push_literal(word: &mut Word, text: &str) {
    let blanks = text.len() - text.trim_start().len();
    let (before, rest) = text.split_at(blanks);
    let (dollar, rest) = rest.split_at(usize::from(rest.starts_with('$')));
    for (part, quoted) in [(before, false), (dollar, true), (rest, false)] {
        if !part.is_empty() {
            word.push(part, quoted);
        }
    }
}

/// The text of a quoted member, and what follows it.
fn quoted_member(text: &str) -> Option<(String, &str)> {
    if !text.starts_with(['\'', '"']) {
        return None;
    }
    let read = quoted(text);
    let behind = text.get(read.length..).filter(|_| read.closed)?;
    let next = behind.trim_start();
    (next.is_empty() || next.starts_with(',')).then_some((read.text, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line that separate words are parsed to, as text that can be typed.
    fn shown(words: &[&str]) -> Result<String, String> {
        parse_words(words).map(|(line, _)| line.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn words_are_text_except_for_their_beginnings() {
        for (words, line) in [
            (&["x"][..], "x"),
            (&["work:a.b"], "work:a.b"),
            (&["?"], "?"),
            (&["?a.b"], "? a.b"),
            (&["x", "n", "a b; c # d"], "x n 'a b; c # d'"),
            (&["x", "n", "it's \"$5\""], r#"x n "it's \"\$5\"""#),
            (&["x", "n", ""], "x n ''"),
            (&["x", "n", "a|b>c"], "x n 'a|b>c'"),
            (&["x", "n", ">f"], "x n '>f'"),
            (&["x", "n", "(int)5"], "x n (int)5"),
            (&["x", "n", "(int) 5"], "x n (int)5"),
            (&["x", "n", "(int)", "5"], "x n (int)5"),
            (&["x", "n", "(string)", ""], "x n (string)''"),
            (&["x", "n", "(string)-x"], "x n (string)-x"),
            (&["x", "n", "(string)(a) b"], "x n (string)'(a) b'"),
            (&["x", "n", "(null)", "m", "v"], "x n (null) m v"),
            (&["x", "n", "(json){\"a\": [1, 2]}"], "x n (json){\"a\": [1, 2]}"),
            (&["x", "-ojson", "--output=xml", "-o", "csv"], "x --output json --output xml --output csv"),
            (&["x", "n", "-5", "m", "-"], "x n -5 m -"),
        ] {
            assert_eq!(shown(words).as_deref(), Ok(line), "{words:?}");
        }
    }

    #[test]
    fn lists_continue_across_words() {
        for (words, members) in [
            (&["x", "n", "(list)a, b c"][..], &["a", "b c"][..]),
            (&["x", "n", "(list)a,", "b"], &["a", "b"]),
            (&["x", "n", "(list)", "a", ",b", ",", "c"], &["a", "b", "c"]),
            (&["x", "n", "(list)'a, b', \"c\\\"\" ,d"], &["a, b", "c\"", "d"]),
            (&["x", "n", "(list)it's, 'a'b, c'"], &["it's", "'a'b", "c'"]),
            (&["x", "n", "(list)", ""], &[]),
            (&["x", "n", "(list)'' "], &[]),
        ] {
            let (line, _) = parse_words(words).unwrap();
            let texts: Vec<String> = line.items[1].word.members().iter().map(Word::text).collect();
            assert_eq!(line.items.len(), 2, "{words:?}");
            assert_eq!(texts, *members, "{words:?}");
        }
    }

    #[test]
    fn results_go_where_the_words_say() {
        for (words, line) in [
            (&["x", "|", "a b"][..], "x | 'a b'"),
            (&["x", "| a b "], "x | 'a b'"),
            (&["x", "| ", "f"], "x | f"),
            (&["x", "-q", "(.a)", "--query", "(.b"], "x --query=(.a) --query=(.b"),
            (&["x", ">>", "f", "--xml"], "x --xml >> f"),
            (&["x", ">!", "f"], "x >! f"),
            (&["x", "|!", "jq", ".a b"], "x |! jq '.a b'"),
            (&["x", "|!", "jq .a | head"], "x |! jq .a | head"),
            (
                &["x", "-y", "|", "each", "w:y", "n", "{a b}", "m", "{c}", "|", "f"],
                "x --yes | each w:y n '{a b}' m {c} | f",
            ),
            (&["x", "| each", "y", "n", "{a}"], "x | each y n {a}"),
            (&["x", "| each", "\":a"], "x | each '\":a'"),
            (&["x", "| ./each"], "x | ./each"),
            (&["x", "|!jq", "-r", "--xml"], "x |! jq -r --xml"),
            (&["x", "|! jq\n."], "x |! jq ."),
        ] {
            assert_eq!(shown(words).as_deref(), Ok(line), "{words:?}");
        }
    }

    #[test]
    fn errors_are_reported() {
        for (words, message) in [
            (&[][..], "the line does not begin with a method"),
            (&["-x"], "the line does not begin with a method"),
            (&["x", "n", "(abc"], "(abc opens a type and does not close it"),
            (&["x", "n", "(see below) text"], "unknown type (see below)"),
            (&["x", "n", "(int) "], "(int) has no value"),
            (&["x", "n", "(null)5"], "(null) takes no value"),
            (&["x", "n", "(list)a,"], "a comma separates nothing"),
            (&["x", "-timeout"], "unknown option -timeout"),
            (&["x", "--output="], "--output has no value"),
            (&["x", "-o"], "--output has no value"),
            (&["x", "|"], "| has no file"),
            (&["x", "|", "grep", "foo"], "foo follows the file"),
            (&["x", "| each y n {a}"], "each has no call after it"),
            (&["x", "|", "each"], "each has no call after it"),
            (&["x", "|!", "  "], "|! has no command"),
            (&["x", "|! jq '"], "the command stops inside a quote or after a backslash"),
        ] {
            assert_eq!(shown(words), Err(message.to_owned()), "{words:?}");
        }
    }

    #[test]
    fn positions_refer_to_the_joined_text() {
        let (line, text) = parse_words(&["x", "né", "(int) 5", "-ojson", "| f"]).unwrap();
        assert_eq!(text, "x né (int) 5 -ojson | f");
        let option = line.options[0].value.as_ref().unwrap();
        let parts = [line.items[0].word.span, line.items[1].word.span, option.span, line.redirect.unwrap().span];
        assert_eq!(parts.map(|span| &text[span.range()]), ["né", "5", "json", "| f"]);
    }
}
