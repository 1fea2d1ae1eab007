//! A line inside another one: what follows a command that does something with a line.

use super::{Hole, Line, Own, Raw, Word};

impl Line {
    /// What follows its first `count` words, as a line of its own, with all options and the redirect; `None` if that does
    /// not begin like a line.
    pub fn inner(&self, count: usize) -> Option<Line> {
        let rest = self.items.get(count..)?;
        if let (Some(own), []) = (&self.own, rest) {
            let head = Word::bare(Own::HEAD, own.span);
            return Some(Line { accounts: None, profile: None, raw: None, head, items: Vec::new(), ..self.clone() });
        }
        let (accounts, rest) = match rest.split_first()? {
            (first, rest) if first.tag.is_none() && first.word.names_accounts() => (Some(first.word.clone()), rest),
            _ => (None, rest),
        };
        let (head, items) = rest.split_first()?;
        if head.tag.is_some() {
            return None;
        }
        let (profile, word) = head.word.split_profile();
        let mut line = Line { accounts, profile, raw: None, head: word, items: items.to_vec(), ..self.clone() };
        if line.head.is(Raw::WORD) {
            line.be_raw();
        }
        Some(line)
    }

    /// Reads the words after `call` as the parser does.
    fn be_raw(&mut self) {
        let Some(first) = self.items.first().filter(|item| item.tag.is_none()).map(|item| item.word.clone()) else {
            return;
        };
        let second = self.items.get(1).filter(|item| item.tag.is_none()).map(|item| item.word.clone());
        let word = std::mem::take(&mut self.head);
        let (verb, head, used) = match second {
            Some(second) if Raw::is_verb(&first) => (Some(first), second, 2),
            _ => (None, first, 1),
        };
        self.items.drain(..used);
        (self.raw, self.head) = (Some(Raw { word, verb }), head);
    }

    /// The same as text. Of a line whose words another shell has split, `$1` and the like are holes.
    pub fn rest(&self, count: usize) -> Option<String> {
        let mut line = self.inner(count)?;
        if self.in_words {
            line.items.iter_mut().for_each(|item| bare_hole(&mut item.word));
            line.options.iter_mut().filter_map(|given| given.value.as_mut()).for_each(bare_hole);
        }
        Some(line.to_string())
    }
}

/// Makes a hole of a word that looks like one.
fn bare_hole(word: &mut Word) {
    if Hole::read(&word.text()).is_some() {
        *word = Word::bare(&word.text(), word.span);
    }
}

#[cfg(test)]
mod tests {
    use crate::{parse, parse_words};

    #[test]
    fn the_rest_of_a_line_is_a_line() {
        for (text, rest) in [
            ("save z dns.zone_list -o table | f", Some("dns.zone_list --output table | f")),
            (
                "save z work:x n (int)5 m (null) o $1 p 'a b' (list)$1,c",
                Some("work:x n (int)5 m (null) o $1 p 'a b' (list)$1,c"),
            ),
            ("save z call GET /x n v", Some("call GET /x n v")),
            ("save z x |! jq .", Some("x |! jq .")),
            ("save z watch 5s x n v", Some("watch 5s x n v")),
            ("save z !ls -l | wc", Some("!ls -l | wc")),
            ("save z (int)5", None),
            ("save z", None),
        ] {
            assert_eq!(parse(text).unwrap()[0].rest(1).as_deref(), rest, "{text}");
        }
        let (line, _) = parse_words(&["save", "z", "x", "n", "$1", "m", "$a", "--columns", "$@"]).unwrap();
        assert_eq!(line.rest(1).as_deref(), Some("x n $1 m '$'a --columns $@"));
    }
}
