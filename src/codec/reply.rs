//! What a provider says to a call, and what it says beside it.

use super::fault::Fault;
use super::remark::Remark;

/// What the provider said.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply<T> {
    /// The result, or what the consumer made of it.
    Value(T),
    /// The call was refused.
    Fault(Fault),
}

/// What an answer says beside its result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// How many members there are in all, where the answer tells.
    pub total: Option<u64>,
    /// How many members the result itself holds, where it is a list that was looked through.
    pub members: Option<u64>,
    /// What went not quite well, in the provider's words.
    pub warning: Option<String>,
    /// What is odd about the answer.
    pub remarks: Vec<Remark>,
}

impl Aside {
    /// Nothing but what is odd.
    pub fn odd(remarks: impl IntoIterator<Item = Remark>) -> Aside {
        Aside { remarks: remarks.into_iter().collect(), ..Aside::default() }
    }
}

/// A reply and what was said beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<T> {
    /// The result or the refusal.
    pub reply: Reply<T>,
    /// What was said beside it.
    pub aside: Aside,
}

impl<T> From<Reply<T>> for Outcome<T> {
    fn from(reply: Reply<T>) -> Outcome<T> {
        Outcome { reply, aside: Aside::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_beside_a_reply_alone() {
        assert_eq!(Outcome::from(Reply::Value(1)).aside, Aside::default());
        let twice = Remark::Twice { name: "a".into() };
        assert_eq!(Aside::odd([twice.clone()]), Aside { remarks: vec![twice], ..Aside::default() });
    }
}
