//! What was found out about a call, and by what.

/// What became of a call whose outcome was not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was carried out.
    Happened {
        /// What shows it, a clause: `dns.zone_list shows nickname shop, id 5`.
        evidence: String,
        /// The id of what it made or changed, where the answer shows one.
        id: Option<String>,
    },
    /// It was not carried out.
    DidNot {
        /// What shows it, a clause.
        evidence: String,
    },
    /// It may have been carried out or not.
    CannotTell {
        /// Why, a clause.
        why: String,
        /// What a person can look at, a clause that follows "look at".
        look: String,
    },
}

impl Verdict {
    /// Whether it is known now.
    pub fn is_settled(&self) -> bool {
        !matches!(self, Verdict::CannotTell { .. })
    }

    /// The same in other words: each clause as it is given back.
    pub fn worded(self, mut reword: impl FnMut(&str) -> String) -> Verdict {
        match self {
            Verdict::Happened { evidence, id } => Verdict::Happened { evidence: reword(&evidence), id },
            Verdict::DidNot { evidence } => Verdict::DidNot { evidence: reword(&evidence) },
            Verdict::CannotTell { why, look } => Verdict::CannotTell { why: reword(&why), look: reword(&look) },
        }
    }

    /// The id of what the call made or changed.
    pub fn id(&self) -> Option<&str> {
        match self {
            Verdict::Happened { id, .. } => id.as_deref(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_settled_or_open() {
        let happened = Verdict::Happened { evidence: "e".into(), id: Some("5".into()) };
        let open = Verdict::CannotTell { why: "w".into(), look: "l".into() };
        let verdicts = [happened, Verdict::DidNot { evidence: "e".into() }, open];
        let seen = verdicts.each_ref().map(|verdict| (verdict.is_settled(), verdict.id()));
        assert_eq!(seen, [(true, Some("5")), (true, None), (false, None)]);
        let [happened, did_not, open] = verdicts.map(|verdict| verdict.worded(str::to_uppercase));
        assert_eq!(happened, Verdict::Happened { evidence: "E".into(), id: Some("5".into()) });
        assert_eq!(did_not, Verdict::DidNot { evidence: "E".into() });
        assert_eq!(open, Verdict::CannotTell { why: "W".into(), look: "L".into() });
    }
}
