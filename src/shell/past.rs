//! The lines that the editor can go back to, searched without regard to upper and lower case.
//!
//! The editor's own list can do that, too, but brings a whole library of patterns for it.

use std::collections::VecDeque;
use std::io;
use std::path::Path;

use rustyline::Result;
use rustyline::history::{History, SearchDirection, SearchResult};

/// The lines, the oldest first. They are kept in memory alone: the journal has them on disk.
pub(crate) struct Past {
    lines: VecDeque<String>,
    /// How many are kept.
    most: usize,
}

impl Past {
    pub(crate) fn of_at_most(most: usize) -> Past {
        Past { lines: VecDeque::new(), most }
    }

    /// The nearest line, from `start` on, in which `place` finds something, and where.
    fn nearest(
        &self,
        start: usize,
        direction: SearchDirection,
        place: impl Fn(&str) -> Option<usize>,
    ) -> Option<SearchResult<'_>> {
        let at = |index: usize| {
            let line = self.lines.get(index)?;
            Some(SearchResult { idx: index, pos: place(line)?, entry: line.as_str().into() })
        };
        if start >= self.lines.len() {
            return None;
        }
        match direction {
            SearchDirection::Forward => (start..self.lines.len()).find_map(at),
            SearchDirection::Reverse => (0..=start).rev().find_map(at),
        }
    }
}

impl History for Past {
    fn get(&self, index: usize, _: SearchDirection) -> Result<Option<SearchResult<'_>>> {
        Ok(self.lines.get(index).map(|line| SearchResult { idx: index, pos: 0, entry: line.as_str().into() }))
    }

    fn add(&mut self, line: &str) -> Result<bool> {
        self.add_owned(line.to_owned())
    }

    fn add_owned(&mut self, line: String) -> Result<bool> {
        if self.most == 0 || line.is_empty() || self.lines.back() == Some(&line) {
            return Ok(false);
        }
        self.lines.push_back(line);
        self.set_max_len(self.most).map(|()| true)
    }

    fn len(&self) -> usize {
        self.lines.len()
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    fn set_max_len(&mut self, most: usize) -> Result<()> {
        self.most = most;
        self.lines.drain(..self.lines.len().saturating_sub(most));
        Ok(())
    }

    /// Never two equal lines in a row, whatever is asked.
    fn ignore_dups(&mut self, _: bool) -> Result<()> {
        Ok(())
    }

    /// Nothing is left out because of a blank.
    fn ignore_space(&mut self, _: bool) {}

    fn save(&mut self, _: &Path) -> Result<()> {
        Err(io::Error::from(io::ErrorKind::Unsupported).into())
    }

    fn append(&mut self, path: &Path) -> Result<()> {
        self.save(path)
    }

    fn load(&mut self, path: &Path) -> Result<()> {
        self.save(path)
    }

    fn clear(&mut self) -> Result<()> {
        self.lines.clear();
        Ok(())
    }

    fn search(&self, term: &str, start: usize, direction: SearchDirection) -> Result<Option<SearchResult<'_>>> {
        let place = |line: &str| {
            let mut places = line.char_indices().map(|(at, _)| at);
            places.find(|&at| line.get(at..).is_some_and(|rest| length_of(term, rest).is_some()))
        };
        Ok(if term.is_empty() { None } else { self.nearest(start, direction, place) })
    }

    fn starts_with(&self, term: &str, start: usize, direction: SearchDirection) -> Result<Option<SearchResult<'_>>> {
        Ok(if term.is_empty() { None } else { self.nearest(start, direction, |line| length_of(term, line)) })
    }
}

/// How many bytes a text takes at the beginning of a line, in whatever case; `None` if the line begins otherwise.
fn length_of(text: &str, line: &str) -> Option<usize> {
    let mut wanted = text.chars().flat_map(char::to_lowercase).peekable();
    for (at, found) in line.char_indices() {
        if wanted.peek().is_none() {
            return Some(at);
        }
        if !found.to_lowercase().all(|found| wanted.next() == Some(found)) {
            return None;
        }
    }
    wanted.peek().is_none().then_some(line.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use SearchDirection::{Forward, Reverse};

    fn past(lines: &[&str]) -> Past {
        let mut past = Past::of_at_most(3);
        for line in lines {
            past.add(line).unwrap();
        }
        past
    }

    fn found(result: Result<Option<SearchResult<'_>>>) -> Option<(usize, usize)> {
        result.unwrap().map(|found| (found.idx, found.pos))
    }

    #[test]
    fn a_line_is_found_in_either_direction_and_in_any_case() {
        let past = past(&["server.list name Web1", "dns.zone_list", "SERVER.REBOOT name web1"]);
        for (term, start, direction, within, at_the_beginning) in [
            ("server", 2, Reverse, Some((2, 0)), Some((2, 6))),
            ("SERVER", 1, Reverse, Some((0, 0)), Some((0, 6))),
            ("WEB1", 2, Reverse, Some((2, 19)), None),
            ("web1", 0, Forward, Some((0, 17)), None),
            ("zone", 0, Forward, Some((1, 4)), None),
            ("dns.zone_list", 0, Forward, Some((1, 0)), Some((1, 13))),
            ("dns.zone_list ", 0, Forward, None, None),
            ("zone", 2, Forward, None, None),
            ("server", 3, Reverse, None, None),
            ("", 2, Reverse, None, None),
        ] {
            assert_eq!(found(past.search(term, start, direction)), within, "{term} from {start}");
            assert_eq!(found(past.starts_with(term, start, direction)), at_the_beginning, "{term} from {start}");
        }
    }

    #[test]
    fn letters_of_several_bytes_and_cases_of_several_letters_are_whole() {
        for (term, line, length) in [
            ("café", "CAFÉ au lait", Some(5)),
            ("É", "é", Some(2)),
            ("i\u{307}x", "İx", Some(3)),
            ("i", "İx", None),
            ("straße", "STRASSE", None),
            ("ab", "a", None),
        ] {
            assert_eq!(length_of(term, line), length, "{term} in {line}");
        }
    }

    #[test]
    fn the_newest_lines_are_kept_and_none_twice_in_a_row() {
        let mut past = past(&["a", "b", "b", "", "c", "d"]);
        let lines = |past: &Past| past.lines.iter().cloned().collect::<Vec<_>>().join(" ");
        assert_eq!((lines(&past), past.len(), past.is_empty()), ("b c d".into(), 3, false));
        assert_eq!(found(past.get(1, Reverse)), Some((1, 0)));
        past.set_max_len(1).unwrap();
        assert_eq!(lines(&past), "d");
        assert!(past.load(Path::new("anything")).is_err());
        past.clear().unwrap();
        assert!(past.is_empty());
        assert!(!Past::of_at_most(0).add("a").unwrap());
    }
}
