//! `$1`, `$@`, `$#`: places in the lines of a script that its arguments fill.
//!
//! A line is filled after it has been parsed, so that an argument is a value whatever is in it: it becomes a quoted
//! word, and is never read again as a part of the line.

use super::{Item, Line, OptionUse, Own, Piece, Redirect, RedirectKind, SyntaxError, Tag, TagKind, Unfilled, Word};

/// A place that an argument fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hole {
    /// `$1`: one argument, counted from 1.
    Nth(usize),
    /// `$@`: all arguments, as a list.
    All,
    /// `$#`: how many arguments there are.
    Count,
}

impl Hole {
    /// The hole that a word is. It must be all of the word, and not quoted.
    pub fn of(word: &Word) -> Option<Hole> {
        match word.pieces.as_slice() {
            [Piece { text, quoted: false }] => Hole::read(text),
            _ => None,
        }
    }

    /// The hole that a bare text is.
    pub fn read(text: &str) -> Option<Hole> {
        match text.strip_prefix('$')? {
            "@" => Some(Hole::All),
            "#" => Some(Hole::Count),
            // What begins with a zero or is too long for a number is refused when it is filled.
            digits if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
                Some(Hole::Nth(digits.parse().unwrap_or(usize::MAX)))
            }
            _ => None,
        }
    }

    /// The arguments that fill it.
    pub fn among(self, arguments: &[String]) -> &[String] {
        match self {
            Hole::Nth(nth) => nth.checked_sub(1).and_then(|at| arguments.get(at..=at)).unwrap_or_default(),
            Hole::All => arguments,
            Hole::Count => &[],
        }
    }
}

/// The arguments of a script; `None` for a line that is not in one.
type Given<'a> = Option<&'a [String]>;

impl Line {
    /// The line with arguments in its holes.
    pub fn filled(&self, arguments: Given<'_>) -> Result<Line, SyntaxError> {
        let heads = self.raw.iter().flat_map(|raw| raw.verb.as_ref()).chain([&self.head]);
        if let Some(head) = heads.into_iter().find(|head| Hole::of(head).is_some()) {
            return Err(unfilled(head, Unfilled::Head));
        }
        let mut line = self.clone();
        for item in &mut line.items {
            *item = filled_item(item, arguments)?;
        }
        for OptionUse { value, .. } in &mut line.options {
            if let Some(word) = value {
                *word = one(word, arguments)?;
            }
        }
        if let Some(each) = &mut line.each {
            **each = each.filled(arguments)?;
        }
        if let Some(Redirect { kind, .. }) = &mut line.redirect {
            let file = match kind {
                RedirectKind::Pipe(file)
                | RedirectKind::Write(file)
                | RedirectKind::Append(file)
                | RedirectKind::Force(file) => file,
                RedirectKind::Command(_) => return Ok(line),
            };
            *file = one(file, arguments)?;
        }
        Ok(line)
    }

    /// The holes in it.
    pub fn holes(&self) -> Box<dyn Iterator<Item = Hole> + '_> {
        let inner = self.each.iter().flat_map(|each| each.holes());
        let options = self.options.iter().filter_map(|given| given.value.as_ref());
        let file = self.redirect.iter().filter_map(|redirect| redirect.kind.file());
        let words = [&self.head].into_iter().chain(self.items.iter().map(|item| &item.word)).chain(options).chain(file);
        let own = self.own.iter().flat_map(Own::holes);
        let words = words.flat_map(|word| word.members()).filter_map(|member| Hole::of(&member));
        Box::new(words.chain(own).chain(inner))
    }
}

impl Own {
    /// The arguments of a script that it may use. Nothing is read inside its quotes, so `awk '{print $1}'` counts too.
    pub fn holes(&self) -> Vec<Hole> {
        let after = self.text.split('$').skip(1);
        let hole = |rest: &str| {
            let name = rest.strip_prefix('{').unwrap_or(rest);
            match name.chars().next()? {
                '@' | '*' => Some(Hole::All),
                '#' => Some(Hole::Count),
                '0' => None,
                digit => {
                    // Without braces a shell reads one digit only.
                    let most = if name.len() < rest.len() { name.len() } else { digit.len_utf8() };
                    let digits: String = name.chars().take(most).take_while(char::is_ascii_digit).collect();
                    digits.parse().ok().map(Hole::Nth)
                }
            }
        };
        after.filter_map(hole).collect()
    }
}

fn unfilled(word: &Word, why: Unfilled) -> SyntaxError {
    SyntaxError::Unfilled { text: word.text(), why, span: word.span }
}

fn filled_item(item: &Item, arguments: Given<'_>) -> Result<Item, SyntaxError> {
    let Item { tag, word } = item;
    let json = |texts: &[String]| {
        let tag = Some(Tag { kind: TagKind::Json, span: tag.as_ref().map_or(word.span, |tag| tag.span) });
        Item { tag, word: quoted(json_list(texts), word) }
    };
    match (tag.as_ref().map(|tag| tag.kind), Hole::of(word)) {
        (None | Some(TagKind::Json), Some(Hole::All)) => Ok(json(among(word, Hole::All, arguments)?)),
        (Some(TagKind::List(_)), Some(Hole::All)) => match among(word, Hole::All, arguments)? {
            // A list of one empty text cannot be written with commas.
            [only] if only.is_empty() => Ok(json(std::slice::from_ref(only))),
            _ => Ok(Item { tag: tag.clone(), word: members(word, arguments)? }),
        },
        (Some(TagKind::List(_)), _) => Ok(Item { tag: tag.clone(), word: members(word, arguments)? }),
        _ => Ok(Item { tag: tag.clone(), word: one(word, arguments)? }),
    }
}

/// The arguments for a hole.
fn among<'a>(word: &Word, hole: Hole, arguments: Given<'a>) -> Result<&'a [String], SyntaxError> {
    let arguments = arguments.ok_or_else(|| unfilled(word, Unfilled::NoScript))?;
    let found = hole.among(arguments);
    match hole {
        Hole::Nth(0) => Err(unfilled(word, Unfilled::Zero)),
        Hole::Nth(_) if found.is_empty() => Err(unfilled(word, Unfilled::Missing { given: arguments.len() })),
        _ => Ok(found),
    }
}

/// A word that stays one word. Members between commas are filled one by one, in case a list is expected there.
fn one(word: &Word, arguments: Given<'_>) -> Result<Word, SyntaxError> {
    if Hole::of(word) == Some(Hole::All) {
        among(word, Hole::All, arguments)?;
        return Err(unfilled(word, Unfilled::List));
    }
    members(word, arguments)
}

/// A word with its members filled. What is not a hole stays as it was typed.
fn members(word: &Word, arguments: Given<'_>) -> Result<Word, SyntaxError> {
    let found = word.members();
    if !found.iter().any(|member| Hole::of(member).is_some()) {
        return Ok(word.clone());
    }
    let mut out = Word { pieces: Vec::new(), span: word.span };
    let mut first = true;
    for member in &found {
        let texts = match Hole::of(member) {
            None => None,
            Some(Hole::Count) => {
                let arguments = arguments.ok_or_else(|| unfilled(member, Unfilled::NoScript))?;
                Some(vec![arguments.len().to_string()])
            }
            Some(hole) => Some(among(member, hole, arguments)?.to_vec()),
        };
        let words = texts.map(|texts| texts.into_iter().map(|text| quoted(text, member)).collect());
        for part in words.unwrap_or_else(|| vec![member.clone()]) {
            if !std::mem::take(&mut first) {
                out.push(",", false);
            }
            part.pieces.iter().for_each(|piece| out.push(&piece.text, piece.quoted));
        }
    }
    // Without any argument, `$@` alone is the empty list.
    if out.pieces.is_empty() { Ok(quoted(String::new(), word)) } else { Ok(out) }
}

fn quoted(text: String, at: &Word) -> Word {
    Word { pieces: vec![Piece { text, quoted: true }], span: at.span }
}

/// Texts as a JSON list.
fn json_list(texts: &[String]) -> String {
    let text = |text: &String| {
        let mut out = String::from("\"");
        for c in text.chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
                c => out.push(c),
            }
        }
        out + "\""
    };
    format!("[{}]", texts.iter().map(text).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Variable, parse};
    use model::Diagnostic;

    fn given(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn filled(text: &str, arguments: Option<&[&str]>) -> Result<String, (String, String)> {
        let line = parse(text).unwrap().remove(0);
        let owned = arguments.map(given);
        let error = |error: SyntaxError| {
            let place = text[error.span().unwrap().range()].to_owned();
            (place, error.to_string())
        };
        line.filled(owned.as_deref()).map(|line| line.to_string()).map_err(error)
    }

    #[test]
    fn arguments_fill_their_places() {
        for (text, arguments, line) in [
            ("x n $1 m $2", &["a", "b"][..], "x n 'a' m 'b'"),
            ("x n $10", &["1", "2", "3", "4", "5", "6", "7", "8", "9", "ten"], "x n 'ten'"),
            ("x n (int)$1", &["5"], "x n (int)'5'"),
            ("x n (string)$1", &["$x"], "x n (string)'$x'"),
            ("x n (file)$1", &["a b"], "x n (file)'a b'"),
            ("x n $1", &["a; y | f"], "x n 'a; y | f'"),
            ("x n $1", &[""], "x n ''"),
            ("x n $#", &["a", "b"], "x n '2'"),
            ("x n $@", &["a", "b,c", "\"\\\n"], "x n (json)'[\"a\",\"b,c\",\"\\\"\\\\\\u000a\"]'"),
            ("x n (json)$@", &[], "x n (json)'[]'"),
            ("x n (list)$@", &["a", "b,c"], "x n (list)'a','b,c'"),
            ("x n (list)$@", &[], "x n (list)''"),
            ("x n (list)$@", &[""], "x n (json)'[\"\"]'"),
            ("x n (list)z, $@, $1, q", &["a", "b"], "x n (list)z,'a','b','a',q"),
            ("x n $1,$2", &["a", "b"], "x n 'a','b'"),
            ("x n $1 | each y m $2 o {c} | $3", &["a", "{d}", "f"], "x n 'a' | each y m '{d}' o {c} | 'f'"),
            ("x -o $1 --columns $2,b | $3", &["json", "c d", "-f"], "x --output 'json' --columns 'c d',b | '-f'"),
            ("x n '$1' m a$1 o $1b p \\$1 q '$'1", &[], "x n '$1' m a$1 o $1b p '$'1 q '$'1"),
            ("x n $1.50 m $x o $1$salt", &[], "x n $1.50 m $x o $1$salt"),
            ("x |! awk '{print $1}' $1", &[], "x |! awk '{print $1}' $1"),
            ("source f $1 $@", &["a"], "source f 'a' (json)'[\"a\"]'"),
        ] {
            assert_eq!(filled(text, Some(arguments)), Ok(line.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_place_that_cannot_be_filled_is_named() {
        for (text, arguments, place, message) in [
            ("x n $1", None, "$1", "$1 is an argument of a script, and this line is not in one"),
            ("x n $#", None, "$#", "$# is an argument of a script, and this line is not in one"),
            ("x n a,$@", None, "$@", "$@ is an argument of a script, and this line is not in one"),
            ("x n $1", Some(&[][..]), "$1", "$1 is missing: no argument was given"),
            ("x n $2 | $1", Some(&["a"]), "$2", "$2 is missing: one argument was given"),
            ("x n v | $3", Some(&["a", "b"]), "$3", "$3 is missing: 2 arguments were given"),
            (
                "x n $99999999999999999999999",
                Some(&["a"]),
                "$99999999999999999999999",
                "$99999999999999999999999 is missing: one argument was given",
            ),
            ("x n $0", Some(&["a"]), "$0", "$0 is not an argument: they are counted from $1"),
            ("$1 n v", Some(&["a"]), "$1", "$1 is an argument, and cannot be a method or an address"),
            ("x | each $1", Some(&["a"]), "$1", "$1 is an argument, and cannot be a method or an address"),
            ("call GET $1", Some(&["a"]), "$1", "$1 is an argument, and cannot be a method or an address"),
            ("x n (string)$@", Some(&["a"]), "$@", "$@ is a list of all arguments, and one value is needed"),
            ("x > $@", Some(&["a"]), "$@", "$@ is a list of all arguments, and one value is needed"),
        ] {
            assert_eq!(filled(text, arguments), Err((place.to_owned(), message.to_owned())), "{text}");
        }
    }

    #[test]
    fn the_holes_of_a_line_are_known() {
        let line = parse("x n $1 m (list)a,$@ o '$3' --columns $#,b | $2").unwrap().remove(0);
        assert_eq!(line.holes().collect::<Vec<_>>(), [Hole::Nth(1), Hole::All, Hole::Count, Hole::Nth(2)]);
        let arguments = given(&["a", "b"]);
        assert_eq!(Hole::Nth(2).among(&arguments), ["b"]);
        assert!(Hole::Nth(3).among(&arguments).is_empty() && Hole::Nth(0).among(&arguments).is_empty());
    }

    proptest! {
        #[test]
        fn an_argument_is_one_value_whatever_is_in_it(
            first in any::<String>(),
            second in "[$\"'();|>#@\\-\\\\ \n a1]{0,8}",
        ) {
            let arguments = [first.clone(), second.clone()];
            let line = parse("x a $1 b (list)$2,c d $2 --columns $1 > $2").unwrap().remove(0);
            let filled = line.filled(Some(&arguments)).unwrap();
            let read = parse(&filled.to_string()).unwrap();
            for line in [&filled, &read[0]] {
                let texts: Vec<String> = line.items.iter().map(|item| item.word.text()).collect();
                prop_assert_eq!((&texts[1], &texts[5]), (&first, &second));
                prop_assert_eq!(line.items[3].word.members()[0].text(), second.clone());
                prop_assert_eq!((line.items.len(), line.options.len()), (6, 1));
                prop_assert_eq!(line.options[0].value.as_ref().unwrap().text(), first.clone());
                prop_assert_eq!(line.redirect.as_ref().unwrap().kind.file().unwrap().text(), second.clone());
                prop_assert!(!line.reads_stdin() && line.holes().next().is_none());
                prop_assert!(line.items.iter().all(|item| Variable::of(&item.word).is_none()));
            }
            prop_assert_eq!(read.len(), 1);
        }
    }

    #[test]
    fn the_arguments_that_it_may_use_are_known() {
        for (text, holes) in [
            ("ping $1 \"$2\"", &[Hole::Nth(1), Hole::Nth(2)][..]),
            ("echo ${12} $12", &[Hole::Nth(12), Hole::Nth(1)]),
            ("f \"$@\" $*", &[Hole::All, Hole::All]),
            ("echo $# ${x} $x $0 $", &[Hole::Count]),
        ] {
            assert_eq!(Own { text: text.into(), span: model::Span::default() }.holes(), holes, "{text}");
        }
    }
}
