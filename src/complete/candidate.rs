//! One thing that can come next.

/// What is offered for the half-typed word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What takes the place of the half-typed word, in quotes where it needs them.
    pub insert: String,
    /// A mark and a few words about it, for the list.
    pub summary: String,
    /// Whether the word ends with it, so that a space can follow; a folder goes on.
    pub whole: bool,
    /// How much of it comes before the part that answers what was typed: the account of a method that is not the
    /// current one's.
    pub lead: usize,
}

impl Candidate {
    pub(super) fn new(insert: impl Into<String>, summary: impl Into<String>) -> Candidate {
        Candidate { insert: insert.into(), summary: summary.into(), whole: true, lead: 0 }
    }

    /// One that the word continues after.
    pub(super) fn open(self) -> Candidate {
        Candidate { whole: false, ..self }
    }

    /// One of another account than the current one, which is put in front of it.
    pub(super) fn of(self, profile: &str) -> Candidate {
        let lead = profile.len() + 1;
        Candidate { insert: format!("{profile}:{}", self.insert), lead, ..self }
    }

    /// The part of it that answers what was typed.
    pub fn answer(&self) -> &str {
        self.insert.get(self.lead..).unwrap_or(&self.insert)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_in_front_is_no_part_of_the_answer() {
        let own = Candidate::new("zone.list", "List zones");
        assert_eq!((own.answer(), own.lead, own.whole), ("zone.list", 0, true));
        let other = own.of("work").open();
        assert_eq!((other.insert.as_str(), other.answer(), other.whole), ("work:zone.list", "zone.list", false));
    }
}
