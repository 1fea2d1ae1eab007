//! A completion candidate.

/// A completion of the word being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidate {
    /// The text that replaces the word, quoted if necessary.
    pub insert: String,
    /// A mark and a short description, for the list.
    pub summary: String,
    /// Whether the word is complete, so that a space can follow; a folder is not.
    pub whole: bool,
    /// The length of the part before the one that matches the typed text: the account of a method that is not the
    /// current account's.
    pub lead: usize,
    /// What people call it, if it has such a name: the list shows it in place of the text to insert.
    pub name: Option<String>,
    /// The typed text is the beginning of that name, or a part of it.
    pub by_name: bool,
}

impl Candidate {
    pub(super) fn new(insert: impl Into<String>, summary: impl Into<String>) -> Candidate {
        Candidate { insert: insert.into(), summary: summary.into(), whole: true, ..Candidate::default() }
    }

    /// One that the word continues after.
    pub(super) fn open(self) -> Candidate {
        Candidate { whole: false, ..self }
    }

    /// One of another account than the current one, with that account in front of it.
    pub(super) fn of(self, profile: &str) -> Candidate {
        let lead = profile.len() + 1;
        Candidate { insert: format!("{profile}:{}", self.insert), lead, ..self }
    }

    /// The part that matches the typed text.
    pub fn answer(&self) -> &str {
        match &self.name {
            Some(name) if self.by_name => name,
            _ => self.insert.get(self.lead..).unwrap_or(&self.insert),
        }
    }

    /// What the list shows of it before the summary.
    pub fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.insert)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_in_front_is_not_part_of_the_match() {
        let own = Candidate::new("zone.list", "List zones");
        assert_eq!((own.answer(), own.lead, own.whole), ("zone.list", 0, true));
        let other = own.of("work").open();
        assert_eq!((other.insert.as_str(), other.answer(), other.whole), ("work:zone.list", "zone.list", false));
    }

    #[test]
    fn an_id_can_be_found_by_its_name() {
        let by_id = Candidate { name: Some("shop".into()), ..Candidate::new("d908", "") };
        assert_eq!((by_id.answer(), by_id.shown()), ("d908", "shop"));
        let by_name = Candidate { by_name: true, ..by_id };
        assert_eq!((by_name.answer(), by_name.shown()), ("shop", "shop"));
    }
}
