//! A line as text that parses to the same line.
//!
//! A part is printed as plainly as possible and parsed again; if the result is different, it is quoted. So only the
//! parser decides what needs quotes. Quoted pieces stay quoted, because a quoted word is always plain text, while a
//! bare one may have a meaning.

use std::fmt;

use super::literal::quote;
use super::{Item, Line, OptionUse, Own, Redirect, Takes, Word, parse};

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(own) = self.own_command() {
            let profile = self.profile.as_ref().map(|profile| profile.text() + ":").unwrap_or_default();
            return write!(f, "{profile}{}{}", Own::HEAD, own.text);
        }
        f.write_str(&head(self))?;
        for item in &self.items {
            write!(f, " {}", printed_item(item))?;
        }
        for option in &self.options {
            write!(f, " {}", printed_option(option))?;
        }
        if let Some(own) = &self.own {
            write!(f, " {}{}", Own::HEAD, own.text)?;
        }
        if let Some(each) = &self.each {
            write!(f, " | {} {each}", Line::EACH)?;
        }
        match &self.redirect {
            None => Ok(()),
            Some(Redirect { kind, .. }) => {
                let target = kind.file().map(printed_file).or(kind.command().map(str::to_owned)).unwrap_or_default();
                write!(f, " {} {target}", kind.symbol())
            }
        }
    }
}

/// A text as one word of a line: bare if that parses to the same text, quoted otherwise.
pub fn written(text: &str) -> String {
    let same = !text.contains('$')
        && reread(&format!("x {text}")).is_some_and(|read| match read.items.as_slice() {
            [only] => only.tag.is_none() && only.word.is(text) && read.redirect.is_none(),
            _ => false,
        });
    if same { text.to_owned() } else { quote(text) }
}

fn head(line: &Line) -> String {
    let accounts = line.accounts.as_ref().map(|accounts| accounts.text() + " ").unwrap_or_default();
    let profile = line.profile.as_ref().map(|profile| profile.text() + ":").unwrap_or_default();
    let verb = line.raw.iter().flat_map(|raw| &raw.verb).map(|verb| plain(verb) + " ");
    let raw = line.raw.as_ref().map(|raw| plain(&raw.word) + " ").unwrap_or_default();
    let profile = accounts + &profile + &raw + &verb.collect::<String>();
    let plainly = profile.clone() + &plain(&line.head);
    let same = reread(&plainly).is_some_and(|read| {
        read.head.pieces == line.head.pieces
            && read.raw.is_some() == line.raw.is_some()
            && read.items.is_empty()
            && read.profile.map(|word| word.pieces) == line.profile.as_ref().map(|word| word.pieces.clone())
    });
    if same { plainly } else { profile + &quote(&line.head.text()) }
}

fn printed_item(item: &Item) -> String {
    let tag = item.tag.as_ref().map(ToString::to_string).unwrap_or_default();
    let plainly = tag.clone() + &plain(&item.word);
    let same = reread(&format!("x {plainly}")).is_some_and(|read| match read.items.as_slice() {
        [only] => read.options.is_empty() && alike(only, item),
        _ => false,
    });
    if same {
        return plainly;
    }
    if !item.is_list() {
        return tag + &quote(&item.word.text());
    }
    match item.word.members() {
        none if none.is_empty() => tag + &quote(""),
        members => tag + &members.into_iter().map(printed_member).collect::<Vec<_>>().join(", "),
    }
}

fn printed_member(word: Word) -> String {
    printed_item(&Item { tag: None, word })
}

fn printed_option(given: &OptionUse) -> String {
    let name = format!("--{}", given.option.long);
    let Some(value) = &given.value else { return name };
    let plainly = [" ", "="].map(|joint| format!("{name}{joint}{}", plain(value)));
    let same = plainly.into_iter().find(|text| {
        reread(&format!("x {text}")).is_some_and(|read| match read.options.as_slice() {
            [only] => read.items.is_empty() && only.value.as_ref().is_some_and(|it| it.pieces == value.pieces),
            _ => false,
        })
    });
    // An optional value must be joined to the option's name.
    let joint = if matches!(given.option.takes, Takes::Maybe(_)) { "=" } else { " " };
    same.unwrap_or_else(|| format!("{name}{joint}{}", quote(&value.text())))
}

fn printed_file(file: &Word) -> String {
    let plainly = plain(file);
    let same = reread(&format!("x > {plainly}")).is_some_and(|read| {
        let it = read.redirect.as_ref().and_then(|redirect| redirect.kind.file());
        read.options.is_empty() && it.is_some_and(|it| it.pieces == file.pieces)
    });
    if same { plainly } else { quote(&file.text()) }
}

/// The word with quotes only around its quoted pieces.
fn plain(word: &Word) -> String {
    word.pieces.iter().map(|piece| if piece.quoted { quote(&piece.text) } else { piece.text.clone() }).collect()
}

/// The single line that the text parses to.
fn reread(text: &str) -> Option<Line> {
    let mut lines = parse(text).ok()?;
    let line = lines.pop()?;
    lines.is_empty().then_some(line)
}

fn alike(one: &Item, other: &Item) -> bool {
    one.word.pieces == other.word.pieces
        && one.tag.as_ref().map(|tag| tag.kind) == other.tag.as_ref().map(|tag| tag.kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_where_it_would_mean_something() {
        for (text, shown) in [
            ("web-1.example", "web-1.example"),
            ("a b", "'a b'"),
            ("", "''"),
            ("-x", "'-x'"),
            ("(int)5", "'(int)5'"),
            ("a;b", "'a;b'"),
            ("it's", "\"it's\""),
            ("$x", "'$x'"),
            ("a > b", "'a > b'"),
        ] {
            assert_eq!(written(text), shown);
        }
    }

    #[test]
    fn lines_are_printed_in_one_form() {
        for (text, printed) in [
            ("  work:x   n\tv # c", "work:x n v"),
            ("'work:x' '?' ''", "'work:x' '?' ''"),
            ("?a.b", "? a.b"),
            ("call  GET '/a b'  n v", "call GET '/a b' n v"),
            ("work:call a.b -x n v", "work:call a.b n v --xml"),
            ("call 'GET' /x n", "call 'GET' /x n"),
            ("'call' a.b n", "'call' a.b n"),
            ("call", "call"),
            ("call POST", "call POST"),
            ("x -ojson n --xml v>f -h", "x n v --output json --xml --help > f"),
            ("x --wait=';' --wait=5m --wait", "x --wait=';' --wait=5m --wait"),
            ("x --output=-x -o=\"a b\"", "x --output=-x --output 'a b'"),
            (r#"x a\ b "c" it\'s "\$d""#, r#"x a' 'b 'c' it"'"s '$d'"#),
            ("x '-o' '|' ';' '#c' '(int)5'", "x '-o' '|' ';' '#c' '(int)5'"),
            ("x n (INTEGER) 5 m (bool)yes", "x n (int)5 m (boolean)yes"),
            ("x n (string) '-x' m (string)-x", "x n (string)'-x' m (string)-x"),
            ("x n (list)  a,  'b, c' ,d", "x n (list)a, 'b, c' ,d"),
            ("x n (list:string)'' m (null)", "x n (list)'' m (null)"),
            ("x n (json) { \"a\": 1 } m (json)'[]'", "x n (json){ \"a\": 1 } m (json)'[]'"),
            ("x >>'a b'", "x >> 'a b'"),
            ("x|'each'", "x | 'each'"),
            ("x>each", "x > each"),
            ("x -y|each w:y  n {a.b}|f", "x --yes | each w:y n {a.b} | f"),
            ("x|!  jq '.a' ; b", "x |! jq '.a' ; b"),
        ] {
            let lines = parse(text).unwrap();
            assert_eq!(lines.iter().map(Line::to_string).collect::<Vec<_>>(), [printed], "{text}");
        }
    }
}
