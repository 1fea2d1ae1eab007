//! A line as text that reads back as the same line.
//!
//! A part is printed as plainly as it can be, and read again: if that gives anything but the part, it is quoted. So
//! the reader alone decides what needs quotes. Pieces that were quoted stay so, because a quoted word is plain text
//! wherever a bare one may mean something.

use std::fmt;

use super::literal::quote;
use super::{Item, Line, OptionUse, RedirectKind, TagKind, Word, command, parse};

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&head(self))?;
        let mut list_before = String::new();
        for item in &self.items {
            let text = printed_item(item, &list_before);
            write!(f, " {text}")?;
            list_before = if is_list(item) { text } else { String::new() };
        }
        for option in &self.options {
            write!(f, " {}", printed_option(option))?;
        }
        match self.redirect.as_ref().map(|redirect| &redirect.kind) {
            None => Ok(()),
            Some(RedirectKind::Command(command)) => write!(f, " {} {command}", command::OPERATOR),
            Some(RedirectKind::Pipe(file)) => write!(f, " | {}", printed_file(file)),
            Some(RedirectKind::Write(file)) => write!(f, " > {}", printed_file(file)),
            Some(RedirectKind::Append(file)) => write!(f, " >> {}", printed_file(file)),
            Some(RedirectKind::Force(file)) => write!(f, " >! {}", printed_file(file)),
        }
    }
}

fn head(line: &Line) -> String {
    let profile = line.profile.as_ref().map(|profile| profile.text() + ":").unwrap_or_default();
    let plainly = profile.clone() + &plain(&line.head);
    let same = reread(&plainly).is_some_and(|read| {
        read.head.pieces == line.head.pieces
            && read.items.is_empty()
            && read.profile.map(|word| word.pieces) == line.profile.as_ref().map(|word| word.pieces.clone())
    });
    if same { plainly } else { profile + &quote(&line.head.text()) }
}

/// An item, behind a list if one is before it: a word that starts with a comma would go on with the list.
fn printed_item(item: &Item, list_before: &str) -> String {
    let tag = item.tag.as_ref().map(ToString::to_string).unwrap_or_default();
    let plainly = tag.clone() + &plain(&item.word);
    let nth = usize::from(!list_before.is_empty());
    let same = reread(&format!("x {list_before} {plainly}")).is_some_and(|read| {
        read.options.is_empty() && read.items.len() == nth + 1 && read.items.get(nth).is_some_and(|it| alike(it, item))
    });
    let members = if is_list(item) { item.word.members() } else { Vec::new() };
    match same {
        true => plainly,
        false if members.is_empty() => tag + &quote(&item.word.text()),
        false => tag + &members.iter().map(printed_member).collect::<Vec<_>>().join(", "),
    }
}

fn printed_member(word: &Word) -> String {
    printed_item(&Item { tag: None, word: word.clone() }, "")
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
    same.unwrap_or_else(|| format!("{name} {}", quote(&value.text())))
}

/// A file, or anything else that stands where a word without a type does.
fn printed_file(file: &Word) -> String {
    let plainly = plain(file);
    let same =
        reread(&format!("x | {plainly}")).is_some_and(|read| match read.redirect.map(|redirect| redirect.kind) {
            Some(RedirectKind::Pipe(it)) => it.pieces == file.pieces && read.options.is_empty(),
            _ => false,
        });
    if same { plainly } else { quote(&file.text()) }
}

/// The word with quotes around nothing but its quoted pieces.
fn plain(word: &Word) -> String {
    word.pieces.iter().map(|piece| if piece.quoted { quote(&piece.text) } else { piece.text.clone() }).collect()
}

/// The one line that the text reads as.
fn reread(text: &str) -> Option<Line> {
    let mut lines = parse(text).ok()?;
    let line = lines.pop()?;
    lines.is_empty().then_some(line)
}

fn alike(one: &Item, other: &Item) -> bool {
    one.word.pieces == other.word.pieces
        && one.tag.as_ref().map(|tag| tag.kind) == other.tag.as_ref().map(|tag| tag.kind)
}

fn is_list(item: &Item) -> bool {
    item.tag.as_ref().is_some_and(|tag| matches!(tag.kind, TagKind::List(_)))
}
