//! A provider's answer to a call, and the facts that come with it.

use super::fault::Fault;
use super::remark::Remark;

/// The provider's answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply<T> {
    /// The result, or what the consumer made of it.
    Value(T),
    /// The call was refused.
    Fault(Fault),
}

impl<T> Reply<T> {
    /// The same with another result.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Reply<U> {
        match self {
            Reply::Value(value) => Reply::Value(change(value)),
            Reply::Fault(fault) => Reply::Fault(fault),
        }
    }
}

/// How the next page of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// By this value of the parameter that chooses a page.
    Cursor(String),
    /// At this address, which may be relative to that of the page before it.
    Address(String),
}

/// What an answer says in addition to its result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// The total number of members, if the answer gives it.
    pub total: Option<u64>,
    /// The number of members in the result, if it is a list that was checked.
    pub members: Option<u64>,
    /// How the next page is asked for, if the answer says so.
    pub next: Option<Next>,
    /// The address of what the call began, from a header of the answer, and the id in it once that is known.
    pub job: Option<String>,
    /// What did not work, in the provider's words.
    pub warning: Option<String>,
    /// What is unusual about the answer.
    pub remarks: Vec<Remark>,
}

impl Aside {
    /// Only remarks.
    pub fn odd(remarks: impl IntoIterator<Item = Remark>) -> Aside {
        Aside { remarks: remarks.into_iter().collect(), ..Aside::default() }
    }
}

/// A reply and what came with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<T> {
    /// The result or the refusal.
    pub reply: Reply<T>,
    /// What came with it.
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
    fn a_plain_reply_has_no_additions() {
        assert_eq!(Outcome::from(Reply::Value(1)).aside, Aside::default());
        let twice = Remark::Twice { name: "a".into() };
        assert_eq!(Aside::odd([twice.clone()]), Aside { remarks: vec![twice], ..Aside::default() });
    }
}
