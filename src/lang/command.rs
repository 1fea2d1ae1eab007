//! The command after `|!`: text that a user's own shell would understand.

use std::borrow::Cow;

use super::outside::unseen_outside;

/// How many lines an open quote may join to a command, so that one slip in a long script is not tried out at every
/// newline to its end.
const MAX_LINES: usize = 1000;

/// The command that `text` starts with: up to the first newline that no quote and no backslash holds. `None` when it
/// does not end.
pub(super) fn at_start(text: &str) -> Option<&str> {
    let ends = text.match_indices('\n').map(|(at, _)| at).chain([text.len()]);
    ends.take(MAX_LINES)
        .filter_map(|end| text.get(..end))
        .map(|command| command.trim_end_matches('\r'))
        .find(|command| shlex::split(command).is_some())
}

/// Whether there is nothing to run.
pub(super) fn is_empty(command: &str) -> bool {
    shlex::split(command).is_some_and(|words| words.is_empty())
}

/// The command in separate arguments: what is glued to the operator and an argument that is alone are command
/// text, the others are words of it. `None` when a quote is open or an argument cannot be part of a command.
pub(super) fn from_arguments(glued: &str, arguments: &[&str]) -> Option<String> {
    let glued = glued.trim_start();
    let command: Cow<'_, str> = match (glued, arguments) {
        (_, []) => glued.into(),
        ("", [only]) => only.trim_start().into(),
        ("", words) => shlex::try_join(words.iter().copied()).ok()?.into(),
        (_, words) => format!("{glued} {}", shlex::try_join(words.iter().copied()).ok()?).into(),
    };
    let words = shlex::split(&command)?;
    // What reads the same on one line stays as it was written.
    match at_start(&command) {
        Some(line) if line == command && !has_unseen(&command) => Some(command.into_owned()),
        _ => words.iter().map(|word| spelt(word)).collect::<Option<Vec<_>>>().map(|words| words.join(" ")),
    }
}

/// Whether a character is outside quotes that nobody sees.
fn has_unseen(command: &str) -> bool {
    unseen_outside(command, &['\'', '"'], 0).is_some()
}

/// A word of a command, with quotes around what nobody sees.
fn spelt(word: &str) -> Option<String> {
    let plain = shlex::try_quote(word).ok()?.into_owned();
    let quoted = || format!("'{}'", word.replace('\'', r"'\''"));
    Some(if has_unseen(&plain) { quoted() } else { plain })
}

/// Words as a POSIX shell takes them; `None` when one holds what no shell can pass on.
pub(super) fn joined<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<String> {
    shlex::try_join(words).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_ends_with_its_line() {
        for (text, command) in [
            ("jq .", Some("jq .")),
            ("jq .a;b | c\nnext", Some("jq .a;b | c")),
            ("jq '.a\n.b' x\nnext", Some("jq '.a\n.b' x")),
            ("jq \\\n .\nnext", Some("jq \\\n .")),
            ("jq .\r\nnext", Some("jq .")),
            ("jq . # it's all\nnext", Some("jq . # it's all")),
            ("jq '.a", None),
            ("jq \\", None),
        ] {
            assert_eq!(at_start(text), command, "{text}");
        }
    }

    #[test]
    fn arguments_make_one_command() {
        for (glued, arguments, command) in [
            ("", &["jq", ".a b"][..], Some("jq '.a b'")),
            ("", &["jq .a | head"], Some("jq .a | head")),
            ("jq .a", &[], Some("jq .a")),
            (" jq", &["a b"], Some("jq 'a b'")),
            ("", &["jq\n."], Some("jq .")),
            ("", &["jq 'a\nb'"], Some("jq 'a\nb'")),
            ("", &[], Some("")),
            ("jq 'a", &[], None),
            ("", &["a\0b", "c"], None),
        ] {
            assert_eq!(from_arguments(glued, arguments).as_deref(), command, "{glued} {arguments:?}");
        }
    }
}
