//! A word of a line, and what is known of it before the line is understood.

use std::ops::Range;

use super::names::unquoted;
use super::place::Found;
use crate::engine::state::memory::Memory;
use lang::{TokenKind, Variable};

/// A word that is no option of a line and no redirect.
#[derive(Clone, Debug)]
pub(super) struct Word<'s> {
    pub(super) text: &'s str,
    pub(super) range: Range<usize>,
    pub(super) kind: TokenKind,
}

impl<'s> Word<'s> {
    /// The text of the word without quotes.
    pub(super) fn meant(&self) -> &'s str {
        unquoted(self.text)
    }

    /// A part of it, as a place in the text.
    pub(super) fn part(&self, part: Range<usize>) -> Range<usize> {
        self.range.start + part.start..self.range.start + part.end
    }
}

/// What a line may use: variables that are set, and fields of something else.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) memory: &'s Memory,
    /// The line comes after `| each`, so that a word in brackets is a field of something else.
    pub(super) fed: bool,
}

impl Scope<'_> {
    /// Whether a word is a variable that is set here or before, or a part of one.
    pub(super) fn is_set(&self, word: &Word<'_>, found: &Found<'_>) -> bool {
        if self.fed && word.text.starts_with('{') && word.text.ends_with('}') {
            return true;
        }
        let is_set = |name| name == Variable::LAST || self.memory.get(name).is_some() || found.set.contains(&name);
        variable(word.text).is_some_and(is_set)
    }
}

/// The name of the variable that a word is.
pub(super) fn variable(word: &str) -> Option<&str> {
    word.strip_prefix('$').and_then(|name| name.split(['.', '[']).next()).filter(|name| Variable::is_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_begin_with_a_dollar_are_variables() {
        for (word, name) in [
            ("$pw", Some("pw")),
            ("$pw.a[0]", Some("pw")),
            ("$_", Some("_")),
            ("$pw[1]", Some("pw")),
            ("pw", None),
            ("$", None),
            ("$1x-", None),
        ] {
            assert_eq!(variable(word), name, "{word}");
        }
    }
}
