//! The methods of a catalogue in memory: one text with the places of its parts, so that the program needs no pointer to
//! any of them. The system fills pointers in at each start, whether they are needed or not.

use std::borrow::Cow;

use super::entry::{Entry, Other};
use super::pack::{Place, Row};

/// Methods and their aliases, each sorted by name.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    pub(super) text: Cow<'static, str>,
    pub(super) methods: Cow<'static, [Row]>,
    pub(super) aliases: Cow<'static, [Place]>,
}

impl Texts {
    pub(super) fn entry(&self, at: usize) -> Option<Entry<'_>> {
        let [begin, middle, end, deprecated, ..] = *self.methods.get(at)?;
        Some(Entry { name: self.part(begin, middle)?, summary: self.part(middle, end)?, deprecated: deprecated == 1 })
    }

    pub(super) fn alias(&self, at: usize) -> Option<Other<'_>> {
        let [begin, middle, end] = *self.aliases.get(at)?;
        Some(Other { name: self.part(begin, middle)?, method: self.part(middle, end)? })
    }

    /// The whole entry of a method, as JSON.
    pub(super) fn json(&self, at: usize) -> Option<&str> {
        let [.., begin, end] = *self.methods.get(at)?;
        self.part(begin, end)
    }

    fn part(&self, begin: u32, end: u32) -> Option<&str> {
        self.text.get(begin as usize..end as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_the_text_are_found_by_their_places() {
        let texts = Texts {
            text: "a.getGët itgeta.get{}".into(),
            methods: vec![[0, 5, 12, 1, 20, 22], [0, 5, 99, 0, 20, 22]].into(),
            aliases: vec![[12, 15, 20]].into(),
        };
        assert_eq!(texts.entry(0), Some(Entry { name: "a.get", summary: "Gët it", deprecated: true }));
        assert_eq!(texts.alias(0), Some(Other { name: "get", method: "a.get" }));
        assert_eq!((texts.json(0), texts.json(2), texts.entry(1)), (Some("{}"), None, None));
    }
}
