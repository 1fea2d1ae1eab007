//! A line as arguments of the program, and as text for the user's own shell.

use super::literal::quote;
use super::{Item, Line, OptionUse, RedirectKind, Tag, TagKind, Word, command};

/// The words that [`parse_words`](super::parse_words) reads as this line. The line must come from there: a quoted word
/// at the prompt may be text that an argument cannot express.
pub fn arguments(line: &Line) -> Vec<String> {
    let profile = line.profile.as_ref().map(|word| word.text() + ":").unwrap_or_default();
    let raw = line.raw.iter().flat_map(|raw| [Some(&raw.word), raw.verb.as_ref()]).flatten();
    let mut words: Vec<String> = raw.chain([&line.head]).map(Word::text).collect();
    if let Some(first) = words.first_mut() {
        first.insert_str(0, &profile);
    }
    words.splice(..0, line.accounts.iter().map(Word::text));
    words.extend(line.items.iter().flat_map(item));
    words.extend(line.options.iter().flat_map(option));
    if let Some(each) = &line.each {
        words.extend(["|".to_owned(), Line::EACH.to_owned()]);
        words.extend(arguments(each));
    }
    if let Some(redirect) = &line.redirect {
        words.extend(target(&redirect.kind));
    }
    words
}

/// Words quoted for the user's own shell; `None` when one contains a character that no shell can pass on.
pub fn for_shell(words: &[String]) -> Option<String> {
    command::joined(words.iter().map(String::as_str))
}

/// Characters that can have a meaning at the start of a word.
const SIGNS: [char; 5] = ['-', '(', '|', '>', '@'];

fn target(kind: &RedirectKind) -> Vec<String> {
    let symbol = kind.symbol().to_owned();
    let text = match kind {
        RedirectKind::Command(command) => command.clone(),
        kind => kind.file().map(Word::text).unwrap_or_default(),
    };
    // In one word with the operator, a file name may begin with any character.
    match kind {
        RedirectKind::Pipe(_) if text == Line::EACH => vec![symbol, format!("./{text}")],
        RedirectKind::Pipe(_) if text.starts_with(SIGNS) && text.trim() == text => vec![format!("{symbol} {text}")],
        _ => vec![symbol, text],
    }
}

fn item(item: &Item) -> Vec<String> {
    let text = item.word.text();
    match &item.tag {
        Some(tag) if matches!(tag.kind, TagKind::List(_)) => {
            let members: Vec<String> = item.word.members().iter().map(member).collect();
            vec![format!("{tag}{}", if members.is_empty() { "''".to_owned() } else { members.join(", ") })]
        }
        Some(Tag { kind: TagKind::Null, .. }) => vec![format!("({})", TagKind::Null)],
        // If they were joined to the type, spaces at the start of the value would not be part of it.
        Some(tag) if text.is_empty() || text.trim_start() != text => vec![tag.to_string(), text],
        Some(tag) => vec![format!("{tag}{text}")],
        None => vec![text],
    }
}

/// A member of a list, quoted if it has a comma, a space at either end or a quote at its start.
fn member(word: &Word) -> String {
    let text = word.text();
    let plain = !text.is_empty() && !text.contains(',') && text.trim() == text && !text.starts_with(['\'', '"']);
    if plain { text } else { quote(&text) }
}

fn option(given: &OptionUse) -> Vec<String> {
    let name = format!("--{}", given.option.long);
    match given.value.as_ref().map(Word::text) {
        None => vec![name],
        Some(text) if given.option.takes_a_word() && !text.starts_with(SIGNS) => vec![name, text],
        Some(text) => vec![format!("{name}={text}")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse_words;

    #[test]
    fn a_line_is_written_for_the_users_shell() {
        for (words, shown) in [
            (&["x", "n", "a b"][..], "x n 'a b'"),
            (&["work:x", "n", "$5", "m", "(int) 5"], "work:x n '$5' m '(int)5'"),
            (&["x", "n", "(list)a, 'b,c'", "-ojson"], "x n \"(list)a, 'b,c'\" --output json"),
            (&["x", "-q", "", "| f"], "x --query '' '|' f"),
            (&["@a,@b*", "x", "n", "5"], "'@a,@b*' x n 5"),
            (&["call", "a.b", "n", "5"], "call a.b n 5"),
            (&["work:call", "GET", "/a b"], "work:call GET '/a b'"),
            (&["x", "| (int)"], "x '| (int)'"),
            (&["x", "| -o"], "x '| -o'"),
            (&["x", "-y", "|", "each", "y", "n", "{a}"], "x --yes '|' each y n '{a}'"),
            (&["x", "| > f"], "x '| > f'"),
            (&["x", "n", "(null)", "|!", "jq .a"], "x n '(null)' '|!' 'jq .a'"),
        ] {
            let (line, _) = parse_words(words).unwrap();
            assert_eq!(for_shell(&arguments(&line)).as_deref(), Some(shown), "{words:?}");
        }
        assert_eq!(for_shell(&["a\0b".to_owned()]), None);
    }
}
