//! A command line as bash passes it: its words up to the cursor, and how a candidate is quoted in the last one.

use crate::complete::Candidate;

/// Characters that need no quotes in a word.
const SAFE: &str = "._-+=:,@%/^~";

/// A line that is still being typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Half {
    /// The words after the program's name, without their quotes.
    words: Vec<String>,
    /// The part of the last word before the text that the shell replaces.
    kept: String,
    /// The quote that is open at the cursor.
    quote: Option<char>,
}

impl Half {
    /// Splits a line. `replaced` is the end of it that a candidate replaces.
    pub(super) fn of(line: &str, replaced: &str) -> Half {
        let (mut words, quote, start) = split(line);
        if !words.is_empty() {
            words.remove(0);
        }
        let last = line.get(start..).unwrap_or("");
        // If the shell delimits the word differently, all of it is replaced.
        let kept = last.strip_suffix(replaced).map(|kept| split(kept).0.concat()).unwrap_or_default();
        Half { words, kept, quote }
    }

    pub(super) fn words(&self) -> &[String] {
        &self.words
    }

    pub(super) fn last(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    /// The replacement text for a candidate; `None` if it cannot be written there.
    pub(super) fn spell(&self, candidate: &Candidate) -> Option<String> {
        let text = candidate.insert.strip_prefix(self.kept.as_str())?;
        let spelt = match self.quote {
            Some('\'') if text.contains('\'') => return None,
            Some('\'') => text.to_owned(),
            Some(_) => escaped(text, |c| !"\"\\$`!".contains(c)),
            None => escaped(text, |c| c.is_alphanumeric() || SAFE.contains(c)),
        };
        Some(spelt)
    }
}

fn escaped(text: &str, is_safe: impl Fn(char) -> bool) -> String {
    text.chars().flat_map(|c| (!is_safe(c)).then_some('\\').into_iter().chain([c])).collect()
}

/// The words of a line, the last of which is still being typed; the open quote; the start of the last word.
fn split(line: &str) -> (Vec<String>, Option<char>, usize) {
    let (mut words, mut word) = (Vec::new(), String::new());
    let (mut quote, mut start, mut open) = (None, 0, false);
    let mut signs = line.char_indices();
    while let Some((at, sign)) = signs.next() {
        match (quote, sign) {
            (None, ' ' | '\t' | '\n') => {
                if open {
                    words.push(std::mem::take(&mut word));
                }
                (open, start) = (false, at + sign.len_utf8());
                continue;
            }
            (None, '\'' | '"') => quote = Some(sign),
            (Some(end), _) if end == sign => quote = None,
            (None, '\\') => word.extend(signs.next().map(|(_, next)| next)),
            (Some('"'), '\\') => match signs.next() {
                Some((_, next)) if "\"\\$`".contains(next) => word.push(next),
                next => word.extend(['\\'].into_iter().chain(next.map(|(_, next)| next))),
            },
            _ => word.push(sign),
        }
        open = true;
    }
    words.push(word);
    (words, quote, start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_candidate_is_quoted_for_its_place() {
        for (line, replaced, last, candidate, spelt) in [
            ("marsh ser", "ser", "ser", "server.list", Some("server.list")),
            ("marsh cloud:ser", "ser", "cloud:ser", "cloud:server.list", Some("server.list")),
            ("marsh cloud:ser", "cloud:ser", "cloud:ser", "cloud:server.list", Some("cloud:server.list")),
            ("marsh x --wait=1", "1", "--wait=1", "--wait=10m", Some("10m")),
            ("marsh x | ", "", "", "a b", Some("a\\ b")),
            ("marsh x n '(list)a, ", "(list)a, ", "(list)a, ", "(list)a, b", Some("(list)a, b")),
            ("marsh x n '(list)a", "(list)a", "(list)a", "it's", None),
            ("marsh x n \"(bo", "(bo", "(bo", "(boolean)", Some("(boolean)")),
            ("marsh x n \\(bo", "bo", "(bo", "(boolean)", Some("boolean\\)")),
            ("marsh x n (bo", "bo", "(bo", "(boolean)", Some("boolean\\)")),
            ("marsh x n ", "", "", "$x", Some("\\$x")),
            ("marsh x a\\ b", "a\\ b", "a b", "a bc", Some("a\\ bc")),
        ] {
            let half = Half::of(line, replaced);
            assert_eq!(half.last(), last, "{line}");
            let candidate =
                Candidate { insert: candidate.into(), summary: String::new(), whole: true, ..Candidate::default() };
            assert_eq!(half.spell(&candidate).as_deref(), spelt, "{line}");
        }
        assert_eq!(Half::of("marsh a 'b c' \"\" d", "d").words(), ["a", "b c", "", "d"]);
        assert_eq!(Half::of("marsh", "marsh").words(), [""; 0]);
    }
}
