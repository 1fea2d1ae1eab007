//! Finds any piece of many texts in another text, in a single pass: a suffix automaton over all of them, as in Blumer
//! et al., "The smallest automaton recognizing the subwords of a text" (1985).

use std::fmt;
use std::ops::Range;

use super::REDACTED;
use super::layer::Place;
use super::views::Folded;

/// How much of a text must be found for it to count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs {
    /// Bytes of the whole.
    whole: usize,
    /// Bytes of a piece from anywhere.
    piece: usize,
    /// Bytes of its beginning, when the rest is left out.
    beginning: usize,
    /// Bytes of its end, when what comes before is left out.
    end: usize,
}

impl Needs {
    /// A piece is half of the text, at most 32 bytes. A beginning is shorter, because services show the beginnings of
    /// keys. An end is at least a quarter and one byte more: the last quarter is how users distinguish keys, and this
    /// program shows it too.
    pub(super) fn of(text: &Folded<()>) -> Needs {
        let length = text.layer.bytes.len();
        if text.is_run {
            // The bytes of a hexadecimal key: pieces of it are looked for among the digits.
            return Needs { whole: length, piece: length, beginning: length, end: length };
        }
        Needs {
            whole: length,
            piece: length.min(length.div_ceil(2).clamp(6, 32)),
            beginning: (length / 2).clamp(4, 6).min(length),
            end: (length / 4 + 1).max(4).min(length),
        }
    }

    /// The fewest bytes that are found.
    pub(super) fn least(&self, wanted: Wanted) -> usize {
        match wanted {
            Wanted::Whole => self.whole.min(LONG),
            Wanted::Pieces => self.piece.min(self.beginning).min(self.end),
        }
    }
}

/// This many bytes of the text's beginning or end that touch a piece belong to it.
const RAGGED: usize = 3;
/// The most of these bytes that are looked for.
const MOST_RAGGED: usize = 64;
/// A piece of this many bytes counts even where whole texts are looked for: nothing else matches it by chance.
const LONG: usize = 64;
/// The state of the empty text.
const ROOT: usize = 0;
const NEVER: usize = usize::MAX;

/// Texts to search for. Its debug form shows nothing of them.
#[derive(Clone)]
pub(super) struct Matcher {
    states: Vec<State>,
    /// One of the texts contains characters that otherwise mark an omission.
    dotted: bool,
}

/// All pieces that end at the same places in the texts.
#[derive(Clone, Debug)]
struct State {
    /// The length of the longest of them.
    length: usize,
    /// The state of its longest suffix that also ends elsewhere.
    link: usize,
    /// The bytes that can follow, sorted, each with its state.
    next: Vec<(u8, usize)>,
    /// The longest piece is a whole text.
    whole: bool,
    /// The length from which a piece counts.
    piece: usize,
    /// The longest piece is the beginning of a text; from this length it counts when the rest is left out.
    beginning: usize,
    /// A piece is the end of a text; from this length it counts when what comes before is left out.
    end: usize,
    /// Which of the shorter suffixes count.
    shorter: Shorter,
}

/// The lengths of the longest shorter suffixes that count, 0 for none.
#[derive(Clone, Copy, Debug)]
struct Shorter {
    whole: usize,
    piece: usize,
    beginning: usize,
}

/// What to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Whole texts.
    Whole,
    /// Pieces of them as well.
    Pieces,
}

impl State {
    const fn of(length: usize) -> State {
        let shorter = Shorter { whole: 0, piece: 0, beginning: 0 };
        let (piece, beginning, end) = (NEVER, NEVER, NEVER);
        State { length, link: ROOT, next: Vec::new(), whole: false, piece, beginning, end, shorter }
    }

    fn after(&self, byte: u8) -> Option<usize> {
        let at = self.next.binary_search_by_key(&byte, |(byte, _)| *byte).ok()?;
        self.next.get(at).map(|(_, state)| *state)
    }

    fn lead(&mut self, byte: u8, to: usize) {
        match self.next.binary_search_by_key(&byte, |(byte, _)| *byte) {
            Ok(at) => self.next.get_mut(at).into_iter().for_each(|(_, state)| *state = to),
            Err(at) => self.next.insert(at, (byte, to)),
        }
    }
}

static NOTHING: State = State::of(0);

impl fmt::Debug for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl Matcher {
    /// A matcher for these texts.
    pub(super) fn of(texts: &[Folded<()>]) -> Matcher {
        let dotted = texts.iter().any(|text| !text.cuts.is_empty());
        let mut matcher = Matcher { states: vec![State::of(0)], dotted };
        texts.iter().for_each(|text| matcher.add(text));
        texts.iter().for_each(|text| matcher.end(text));
        matcher.settle();
        matcher
    }

    fn state(&self, at: usize) -> &State {
        self.states.get(at).unwrap_or(&NOTHING)
    }

    fn change(&mut self, at: usize, change: impl FnOnce(&mut State)) {
        if let Some(state) = self.states.get_mut(at) {
            change(state);
        }
    }

    fn add(&mut self, text: &Folded<()>) {
        let needs = Needs::of(text);
        let mut last = ROOT;
        for byte in &text.layer.bytes {
            last = self.extend(last, *byte);
            self.change(last, |state| {
                state.piece = state.piece.min(needs.piece);
                state.beginning = state.beginning.min(needs.beginning);
            });
        }
    }

    /// Marks the ends of a text. All texts must have been added before.
    fn end(&mut self, text: &Folded<()>) {
        let needs = Needs::of(text);
        let mut at = text.layer.bytes.iter().fold(ROOT, |at, byte| self.state(at).after(*byte).unwrap_or(ROOT));
        self.change(at, |state| state.whole = true);
        while at != ROOT {
            self.change(at, |state| state.end = state.end.min(needs.end));
            at = self.state(at).link;
        }
    }

    /// The state after `last` and a byte, created if it does not exist.
    fn extend(&mut self, last: usize, byte: u8) -> usize {
        let length = self.state(last).length + 1;
        if let Some(there) = self.state(last).after(byte) {
            return self.of_length(there, length, last, byte);
        }
        let new = self.states.len();
        self.states.push(State::of(length));
        let mut from = last;
        let link = loop {
            match self.state(from).after(byte) {
                Some(there) => break self.of_length(there, self.state(from).length + 1, from, byte),
                None => self.change(from, |state| state.lead(byte, new)),
            }
            if from == ROOT {
                break ROOT;
            }
            from = self.state(from).link;
        };
        self.change(new, |state| state.link = link);
        new
    }

    /// The state with the pieces of `there` up to a length, split off if there are longer ones.
    fn of_length(&mut self, there: usize, length: usize, mut from: usize, byte: u8) -> usize {
        if self.state(there).length == length {
            return there;
        }
        let split = self.states.len();
        let State { link, next, .. } = self.state(there);
        let state = State { link: *link, next: next.clone(), ..State::of(length) };
        self.states.push(state);
        self.change(there, |state| state.link = split);
        while self.state(from).after(byte) == Some(there) {
            self.change(from, |state| state.lead(byte, split));
            if from == ROOT {
                break;
            }
            from = self.state(from).link;
        }
        split
    }

    /// Works out what counts in each state.
    fn settle(&mut self) {
        let mut order: Vec<usize> = (1..self.states.len()).collect();
        order.sort_by_key(|at| self.state(*at).length);
        // A piece of a text is also a piece of every text that contains a longer piece with that end; the same holds
        // for its end.
        for at in order.iter().rev() {
            let State { link, piece, .. } = *self.state(*at);
            if link != ROOT {
                self.change(link, |state| state.piece = state.piece.min(piece));
            }
        }
        for at in order {
            let link = self.state(at).link;
            let State { length, whole, piece, beginning, shorter, .. } = self.state(link);
            let counts = |counts: bool, less: usize| if counts { *length } else { less };
            let shorter = Shorter {
                whole: counts(*whole, shorter.whole),
                piece: counts(length >= piece, shorter.piece),
                beginning: counts(length >= beginning, shorter.beginning),
            };
            self.change(at, |state| state.shorter = shorter);
        }
    }

    /// Where the texts occur in another text.
    pub(super) fn find<P: Place>(&self, text: &Folded<P>, wanted: Wanted) -> Vec<Range<usize>> {
        let mut walk = Walk { matcher: self, wanted, at: ROOT, length: 0, tail: None, found: Vec::new() };
        let mut cuts = text.cuts.iter().copied().peekable();
        for (at, byte) in text.layer.bytes.iter().enumerate() {
            while cuts.next_if_eq(&at).is_some() {
                walk.cut(at);
            }
            walk.step(at + 1, *byte);
        }
        if cuts.next().is_some() {
            walk.cut(text.layer.bytes.len());
        }
        let mut found = walk.found;
        if wanted == Wanted::Pieces {
            found.iter_mut().for_each(|range| self.widen(range, &text.layer.bytes));
            let mut whole = self.find(text, Wanted::Whole);
            found.retain(|range| is_word(range, text));
            whole.append(&mut found);
            return whole;
        }
        found
    }
}

impl Matcher {
    /// Extends a piece by adjacent bytes that are the beginning or the end of a text and too short to be found alone:
    /// something in the middle was lost.
    fn widen(&self, range: &mut Range<usize>, text: &[u8]) {
        let mut at = ROOT;
        for (end, byte) in text.iter().enumerate().skip(range.end).take(MOST_RAGGED) {
            let Some(next) = self.state(at).after(*byte) else { break };
            at = next;
            let length = end + 1 - range.end;
            if self.state(at).end != NEVER && (RAGGED..self.state(at).piece).contains(&length) {
                range.end = end + 1;
                break;
            }
        }
        let most = MOST_RAGGED.min(range.start);
        let begins = |length: &usize| {
            let part = text.get(range.start - length..range.start).unwrap_or_default();
            let end = part.iter().try_fold(ROOT, |at, byte| self.state(at).after(*byte));
            let end = end.map(|end| self.state(end));
            end.is_some_and(|end| end.beginning != NEVER && end.length == *length && *length < end.piece)
        };
        if let Some(length) = (RAGGED..=most).rev().find(begins) {
            range.start -= length;
        }
    }
}

/// The state of the search through a text.
struct Walk<'m> {
    matcher: &'m Matcher,
    wanted: Wanted,
    /// The state of the longest piece that ends here.
    at: usize,
    length: usize,
    /// Where something was left out, and the state of all that has followed, if that is a piece.
    tail: Option<(usize, usize)>,
    found: Vec<Range<usize>>,
}

impl Walk<'_> {
    fn step(&mut self, end: usize, byte: u8) {
        let matcher = self.matcher;
        while self.at != ROOT && matcher.state(self.at).after(byte).is_none() {
            self.at = matcher.state(self.at).link;
            self.length = matcher.state(self.at).length;
        }
        match matcher.state(self.at).after(byte) {
            Some(next) => (self.at, self.length) = (next, self.length + 1),
            None => self.length = 0,
        }
        let state = matcher.state(self.at);
        let found = match self.wanted {
            Wanted::Whole if state.whole && self.length == state.length || self.length >= LONG => self.length,
            Wanted::Whole => state.shorter.whole,
            Wanted::Pieces if self.length >= state.piece => self.length,
            Wanted::Pieces => state.shorter.piece,
        };
        self.take(end - found..end);
        self.tail = self.tail.and_then(|(from, at)| Some((from, matcher.state(at).after(byte)?)));
        if let Some((from, at)) = self.tail
            && end - from >= matcher.state(at).end
        {
            self.take(from..end);
        }
    }

    /// Marks that something is left out here.
    fn cut(&mut self, at: usize) {
        if self.wanted == Wanted::Pieces {
            let state = self.matcher.state(self.at);
            let begins = self.length == state.length && self.length >= state.beginning;
            let length = if begins { self.length } else { state.shorter.beginning };
            self.take(at - length..at);
            self.tail = Some((at, ROOT));
        }
        if !self.matcher.dotted {
            (self.at, self.length) = (ROOT, 0);
        }
    }

    /// Adds a match, which may continue an earlier one.
    fn take(&mut self, range: Range<usize>) {
        match self.found.last_mut() {
            Some(last) if last.start == range.start => last.end = range.end.max(last.end),
            _ if range.is_empty() => {}
            _ => self.found.push(range),
        }
    }
}

/// Whether a piece is not part of a longer word, which would be a different one.
fn is_word<P>(range: &Range<usize>, text: &Folded<P>) -> bool {
    let goes_on = |at: usize| text.goes_on.get(at).is_some_and(|goes_on| *goes_on);
    !goes_on(range.end) && (text.is_run || !goes_on(range.start))
}

#[cfg(test)]
mod tests {
    use super::super::layer::Layer;
    use super::super::views::Signs;
    use super::*;

    fn folded(text: &str) -> Folded<()> {
        Folded::of(&Layer::of(text.as_bytes()), false, Signs::Apart)
    }

    #[test]
    fn whole_texts_are_found_where_a_plain_search_finds_them() {
        let texts = ["abcabcab", "bcab", "cabca", "xyzxyz"];
        let matcher = Matcher::of(&texts.map(folded));
        for text in ["abcabcabcab", "zzbcabzcabcazz", "xyzxyzxyz", "abcabc", "", "aabcabcabb"] {
            let mut covered = vec![false; text.len()];
            for range in matcher.find(&folded(text), Wanted::Whole) {
                covered[range].fill(true);
            }
            let mut expected = vec![false; text.len()];
            for known in texts {
                for at in 0..text.len() {
                    if text[at..].starts_with(known) {
                        expected[at..at + known.len()].fill(true);
                    }
                }
            }
            assert_eq!(covered, expected, "{text}");
        }
    }

    #[test]
    fn half_of_a_text_is_a_piece_of_it() {
        let matcher = Matcher::of(&[folded("abcdefghijklmnop")]);
        for (text, found) in
            [("efghijkl", Some(0..8)), ("z efghijkl z", Some(1..9)), ("efghijk", None), ("zefghijkl", None)]
        {
            assert_eq!(matcher.find(&folded(text), Wanted::Pieces).first(), found.as_ref(), "{text}");
            assert_eq!(matcher.find(&folded(text), Wanted::Whole), [], "{text}");
        }
    }
}
