//! Which account a line is for, where it is not the one in the prompt.

use crate::engine::run::privacy::Privacy;
use crate::engine::state::error::CallError;
use lang::{self, Line, Token, Word};
use model::Span;
use model::secret::REDACTED;
use registry::resolve::{ResolveError, lines_to_type};

/// A longer line is not repeated in a hint: only the name of the account matters.
const LONGEST: usize = 200;
/// The most lines in a hint.
const MOST: usize = 5;

/// The lines to type instead of one that must name an account and does not: at the prompt, in a script, or in the
/// user's own shell. They contain no secrets.
pub(super) fn named_lines(privacy: Privacy<'_>, at_prompt: bool, error: &CallError, line: &Line) -> Option<String> {
    let CallError::Resolve(ResolveError::Elsewhere { owners, name, .. }) = error else { return None };
    let of = |owner: &String| {
        let line = with_owner(owner, line);
        let text = if at_prompt { Some(typed(privacy, &line)) } else { in_users_shell(privacy, &line) };
        let text = text.filter(|text| text.chars().count() <= LONGEST && !text.contains('\n'));
        text.unwrap_or_else(|| format!("{owner}:{name} …"))
    };
    let more = if owners.len() > MOST { " or another" } else { "" };
    Some(lines_to_type(owners.iter().take(MOST).map(of)) + more)
}

/// A line with an account in front of its method.
fn with_owner(profile: &str, line: &Line) -> Line {
    let pieces = vec![lang::Piece { text: profile.to_owned(), quoted: false }];
    Line { profile: Some(Word { pieces, span: Span::default() }), ..line.clone() }
}

fn typed(privacy: Privacy<'_>, line: &Line) -> String {
    let text = line.to_string();
    let mut places = privacy.hidden_places(&text, &lang::tokens(&text));
    places.sort_by_key(|place| place.start);
    let (mut masked, mut at) = (String::new(), 0);
    for place in places {
        // One range may be inside another.
        if place.start >= at {
            masked.push_str(text.get(at..place.start).unwrap_or_default());
            masked.push_str(REDACTED);
        }
        at = at.max(place.end);
    }
    masked + text.get(at..).unwrap_or_default()
}

fn in_users_shell(privacy: Privacy<'_>, line: &Line) -> Option<String> {
    let mut words = lang::arguments(line);
    let text = words.join(" ");
    let tokens: Vec<Token> = lang::word_tokens(&words);
    let places = privacy.hidden_places(&text, &tokens);
    let mut start = 0;
    for word in &mut words {
        let end = start + word.len();
        if places.iter().any(|place| place.start < end && start < place.end) {
            REDACTED.clone_into(word);
        }
        start = end + 1;
    }
    lang::for_shell(&words)
}
