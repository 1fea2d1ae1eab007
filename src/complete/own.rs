//! The files in a command of the user's own shell: `!ls my`, `let x = !cat no`, `… |! jq -f fi`.

use super::candidate::Candidate;
use super::context::Context;
use super::typed::Typed;
use super::values;
use lang::{TokenKind, tokens};

/// Where the last word of such a command begins, and the files that it may be; `None` if the end of the text is in no
/// command.
pub(super) fn files(typed: &str, context: &Context<'_>) -> Option<(usize, Vec<Candidate>)> {
    let last = *tokens(typed).last().filter(|last| last.kind == TokenKind::Command)?;
    let text = typed.get(last.span.start..)?;
    let signs = text.len() - text.trim_start_matches(['|', '!', ' ', '\t']).len();
    let start = last.span.start + signs + begin(text.get(signs..)?);
    let word = typed.get(start..)?;
    // Its first word is a program. Those of the search path are not looked through.
    let is_first = typed.get(last.span.start + signs..start)?.trim().is_empty();
    let candidates = match is_first && !word.contains('/') {
        true => Vec::new(),
        false => values::files(&Typed::of(word), context.files),
    };
    Some((start, candidates))
}

/// Where the last word of a command begins.
fn begin(text: &str) -> usize {
    let (mut start, mut quote, mut escaped) = (0, None, false);
    for (at, c) in text.char_indices() {
        match quote {
            _ if escaped => escaped = false,
            None | Some('"') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '\'' | '"') => quote = Some(c),
            None if matches!(c, ' ' | '\t' | ';' | '|' | '&' | '<' | '>' | '(' | ')') => start = at + c.len_utf8(),
            None => {}
        }
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_a_command_is_known() {
        for (text, word) in [
            ("", ""),
            ("ls", "ls"),
            ("ls -l my", "my"),
            ("ls 'my fi", "'my fi"),
            ("ls \"a b\" c", "c"),
            ("ls my\\ fi", "my\\ fi"),
            ("cat a|wc <in", "in"),
            ("ls ", ""),
        ] {
            assert_eq!(&text[begin(text)..], word, "{text}");
        }
    }
}
