//! What is given under the name of a secret in a command of the user's own shell.

use std::ops::Range;

use super::names::{apart, option, password_of_address, sounds_secret};
use super::place::{Doubt, Found};

/// Adds the secrets of the command at a position of a text. A word alone says nothing: `grep token FILE` has none.
pub(super) fn read(text: &str, command: &Range<usize>, found: &mut Found<'_>) {
    let mut words = words(text.get(command.clone()).unwrap_or_default(), command.start).peekable();
    while let Some((word, at)) = words.next() {
        let mut part = |part: Range<usize>| found.add(at + part.start..at + part.end, Doubt::None);
        password_of_address(word).into_iter().for_each(&mut part);
        if let (Some((next, at)), true) = (words.peek(), USERS.contains(&word)) {
            let colon = next.find(':').map(|colon| colon + 1);
            colon.into_iter().for_each(|colon| found.add(at + colon..at + next.len(), Doubt::None));
            continue;
        }
        if names_in_header(word) {
            // As far as the quotes go.
            for (next, at) in words.by_ref() {
                let end = next.trim_end_matches(['\'', '"']).len();
                found.add(at..at + end, Doubt::None);
                if end < next.len() || !word.starts_with(['\'', '"']) {
                    break;
                }
            }
            continue;
        }
        match (apart(word), option(word)) {
            (Some((name, value)), _) if sounds_secret(name) => part(value),
            (None, Some(name)) if sounds_secret(name) => {
                if let Some((next, at)) = words.peek() {
                    found.add(*at..at + next.len(), Doubt::None);
                }
            }
            _ => {}
        }
    }
}

/// Options of common programs whose value is a user with a password.
const USERS: [&str; 4] = ["-u", "--user", "-U", "--proxy-user"];

/// Whether a word is the name of a header in which a secret is sent: `'Authorization:`.
fn names_in_header(word: &str) -> bool {
    let Some(name) = word.trim_start_matches(['\'', '"']).strip_suffix(':') else { return false };
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    is("authorization") || is("proxy-authorization") || is("cookie") || name.contains('-') && sounds_secret(name)
}

/// The words of a command, as far as blanks separate them, each with its position in the text.
fn words(command: &str, start: usize) -> impl Iterator<Item = (&str, usize)> {
    let (mut rest, mut at) = (command, start);
    std::iter::from_fn(move || {
        let blanks = rest.len() - rest.trim_start().len();
        let word = rest.split_whitespace().next()?;
        rest = rest.get(blanks + word.len()..).unwrap_or_default();
        at += blanks + word.len();
        Some((word, at - word.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_name_or_an_option_announces_is_a_secret() {
        for (command, secrets) in [
            ("curl --token abc x", &["abc"][..]),
            ("curl  --api-key=abc  x", &["abc"]),
            ("PGPASSWORD=abc psql", &["abc"]),
            ("curl http://me:abc@host/ -q", &["abc"]),
            ("curl -u me:abc http://h/", &["abc"]),
            ("curl --user me http://h/", &[]),
            ("curl -H 'Authorization: Bearer abc' http://h/", &["Bearer", "abc"]),
            ("curl -H \"X-Api-Key: abc\" x", &["abc"]),
            ("curl -H 'Accept: text/xml' x", &[]),
            ("echo key: value", &[]),
            ("grep token file", &[]),
            ("ls --password", &[]),
            ("", &[]),
        ] {
            let text = format!("!{command}");
            let mut found = Found::default();
            read(&text, &(1..text.len()), &mut found);
            let places: Vec<&str> = found.places.iter().map(|place| &text[place.range.clone()]).collect();
            assert_eq!(places, secrets, "{command}");
        }
    }
}
