//! The verdict on what was read. What another call may have made, what may be older than the call, and what may be on a
//! page that was not read prove nothing.

use super::fit::{Fit, fit, meets};
use super::member::{at, described, id, made, members};
use super::others::{Other, Own, taken};
use super::{Expect, ReconcileRule, Verdict, is_cut, sent};
use crate::instant::Seconds;
use crate::{Code, Map, Method, Value};

/// What is made so long after a call was sent is probably not of that call, and what is made so long before is not: the
/// clocks of two hosts may differ by minutes, but hardly by more.
pub const LATE: Seconds = 15 * 60;

/// A call whose outcome is unknown, and all that is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Inquiry<'i> {
    /// What was called.
    pub method: &'i Method,
    /// What was sent, by the names of the parameters; secrets may be left out or redacted.
    pub given: &'i Map,
    /// When it was sent, in seconds since 1970, UTC.
    pub sent: Seconds,
    /// When the provider was asked what became of it.
    pub asked: Seconds,
    /// Until when the provider may still be about to carry the call out: what is not there yet may still come.
    pub until: Seconds,
    /// The other changes of the same account.
    pub others: &'i [Other],
}

/// What the provider answered.
#[derive(Clone, Copy, Debug)]
pub enum Heard<'h> {
    /// A result.
    Answer {
        /// As it was decoded.
        value: &'h Value,
        /// All pages of it were read.
        whole: bool,
    },
    /// A refusal with this code.
    Refused(&'h Code),
}

/// The members of an answer that the call may have been about.
struct Shown<'v> {
    candidates: Vec<Candidate<'v>>,
    /// The ids of all members.
    ids: Vec<String>,
}

/// A member that may be what the call was about.
struct Candidate<'v> {
    member: &'v Value,
    /// All values that can be compared are the same.
    fits: bool,
    age: Age,
}

/// When a member was made, relative to the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Age {
    /// Before it.
    Older,
    /// Maybe before it, or long after.
    Unsure,
    /// After it; or no field shows when.
    Fitting,
}

impl<'i> Inquiry<'i> {
    /// What to ask, or why asking would not help.
    pub fn question(self) -> Result<Question<'i>, Verdict> {
        let Some(rule) = &self.method.reconcile else {
            let why = format!("the catalogue has no way to find out what became of {}", self.method.name);
            return Err(Verdict::CannotTell { why, look: "what it was to change".into() });
        };
        let question = Question { inquiry: self, rule };
        match question.obstacle() {
            Some(why) => Err(question.open(why)),
            None => Ok(question),
        }
    }
}

/// What is asked about a call by the rule of its method.
#[derive(Clone, Copy, Debug)]
pub struct Question<'i> {
    inquiry: Inquiry<'i>,
    rule: &'i ReconcileRule,
}

impl<'i> Question<'i> {
    /// The rule.
    pub fn rule(&self) -> &'i ReconcileRule {
        self.rule
    }

    /// The arguments to ask with.
    pub fn arguments(&self) -> Map {
        self.rule.asks(self.inquiry.given)
    }

    /// What an answer shows.
    pub fn judge(&self, heard: Heard<'_>) -> Verdict {
        let (verdict, ids) = match heard {
            Heard::Refused(code) => (self.refused(code), Vec::new()),
            Heard::Answer { value, whole } => match self.shown(value) {
                Ok(Shown { candidates, ids }) => (self.by(&candidates, whole), ids),
                Err(why) => (self.open(why), Vec::new()),
            },
        };
        self.doubted(verdict, &ids)
    }

    /// What the members show.
    fn by(&self, found: &[Candidate<'_>], whole: bool) -> Verdict {
        match self.rule.expect {
            Expect::Present => self.present(found, whole),
            Expect::Absent => self.absent(found, whole),
            Expect::Changed => self.changed(found, whole),
        }
    }

    /// The same verdict, unless other calls or work that may still be going on explain what is seen as well. `ids` are
    /// those that the answer shows.
    fn doubted(&self, verdict: Verdict, ids: &[String]) -> Verdict {
        let Inquiry { asked, until, others, .. } = self.inquiry;
        let own = self.own();
        match verdict {
            Verdict::Happened { evidence, id } => match others.iter().find(|other| own.may_be_done_by(other, ids)) {
                Some(Other { number, method, .. }) => {
                    self.open(format!("{evidence}, but that may be due to call {number} ({method})"))
                }
                None => Verdict::Happened { evidence, id },
            },
            Verdict::DidNot { evidence } if self.rule.slow => {
                self.open(format!("{evidence}, but the work may still be going on"))
            }
            Verdict::DidNot { evidence } => match others.iter().find(|other| own.may_be_undone_by(other)) {
                Some(Other { number, method, .. }) => {
                    self.open(format!("{evidence}, but call {number} ({method}) may have changed that"))
                }
                None if asked < until => {
                    let left = until.saturating_sub(asked);
                    self.open(format!("{evidence}, but the provider may still be working on it: ask again in {left} s"))
                }
                None => Verdict::DidNot { evidence },
            },
            open => open,
        }
    }

    fn own(&self) -> Own<'i> {
        Own { method: self.inquiry.method, rule: self.rule, given: self.inquiry.given }
    }

    /// Why asking would not help: too little is known of what was sent, or the provider shows it in another form.
    fn obstacle(&self) -> Option<String> {
        let rule = self.rule;
        if let Some(name) = rule.parameters().find(|name| sent(self.inquiry.given, name).is_some_and(is_cut)) {
            return Some(format!("the value of {name} was not kept"));
        }
        let differs = |(name, values): &(&String, &Vec<Value>)| self.value(name).is_some_and(|it| values.contains(it));
        if let Some((name, _)) = rule.unless.iter().find(differs) {
            return Some(format!("with this {name}, the provider shows it in another form than it was sent in"));
        }
        if let Some(name) = rule.needs.iter().find(|name| self.value(name).is_none()) {
            return Some(format!("the call had no {name}"));
        }
        if rule.naming().all(|name| self.value(name).is_none()) {
            let names: Vec<&str> = rule.naming().map(String::as_str).collect();
            return Some(format!("the call had no {}", names.join(" and no ")));
        }
        None
    }

    /// The value that was sent, or that the provider assumes where none was.
    fn value(&self, name: &str) -> Option<&'i Value> {
        taken(self.inquiry.method, self.inquiry.given, name)
    }

    /// A verdict that leaves it open.
    fn open(&self, why: String) -> Verdict {
        let look = self.rule.look.clone().unwrap_or_else(|| format!("the answer of {}", self.rule.method));
        Verdict::CannotTell { why, look }
    }

    /// The members may be on a page that was not read.
    fn unread(&self) -> Verdict {
        self.open(format!("not all of the answer of {} was read", self.rule.method))
    }

    /// That a member is not as it was promised.
    fn lacks(&self, field: &str) -> String {
        format!("a member in the answer of {} has no field {field}", self.rule.method)
    }

    fn happened(&self, member: Option<&Value>, evidence: String) -> Verdict {
        Verdict::Happened { evidence, id: member.and_then(|member| id(self.rule, member)) }
    }

    /// The beginning of what is said of an answer.
    fn shows(&self, what: &str) -> String {
        format!("{} shows {what}", self.rule.method)
    }

    fn refused(&self, code: &Code) -> Verdict {
        let gone = format!("{} reports that it does not exist (code {code})", self.rule.method);
        match self.rule.expect {
            _ if !self.rule.gone.contains(code) => {
                self.open(format!("{} was refused with code {code}", self.rule.method))
            }
            Expect::Present => Verdict::DidNot { evidence: gone },
            Expect::Absent => self.happened(None, gone),
            Expect::Changed => self.open(gone),
        }
    }

    /// The members that the call may have been about. `Err` says what in the answer is not as it was promised.
    fn shown<'v>(&self, answer: &'v Value) -> Result<Shown<'v>, String> {
        let rule = self.rule;
        if is_nothing(answer) {
            return Err(format!("the answer of {} is empty", rule.method));
        }
        let all = members(answer, rule.at.as_deref())
            .ok_or_else(|| format!("{} shows no {}", rule.method, rule.at.as_deref().unwrap_or("list")))?;
        for path in rule.find.keys().chain(&rule.since) {
            if !all.is_empty() && all.iter().all(|member| at(member, path).is_empty()) {
                return Err(format!("no member in the answer of {} has a field {path}", rule.method));
            }
        }
        let own = self.own();
        let mut shown = Shown { candidates: Vec::new(), ids: all.iter().filter_map(|it| id(rule, it)).collect() };
        for member in all {
            let fits = self.fit(member)?;
            let is_other = id(rule, member).is_some_and(|id| self.inquiry.others.iter().any(|it| own.is_of(it, &id)));
            let age = rule.since.as_deref().map_or(Age::Fitting, |field| self.age(member, field));
            if fits != Fit::No && age != Age::Older && !is_other {
                shown.candidates.push(Candidate { member, fits: fits == Fit::Yes, age });
            }
        }
        Ok(shown)
    }

    /// How well a member is the one that the call names.
    fn fit(&self, member: &Value) -> Result<Fit, String> {
        let named = self.rule.find.iter().filter_map(|(path, name)| Some((path, self.value(name)?)));
        let worst = named.map(|(path, wanted)| fit(wanted, &at(member, path))).min().unwrap_or(Fit::Yes);
        match &self.rule.holding {
            Some(condition) if worst != Fit::No => match meets(condition, member) {
                Ok(fit) => Ok(worst.min(fit)),
                Err(field) => Err(self.lacks(field)),
            },
            _ => Ok(worst),
        }
    }

    fn age(&self, member: &Value, field: &str) -> Age {
        let Some(made) = made(member, field) else { return Age::Unsure };
        let sent = self.inquiry.sent;
        match made.into_inner() {
            (_, latest) if latest < sent.saturating_sub(LATE) => Age::Older,
            (earliest, latest) if earliest >= sent && latest <= sent.saturating_add(LATE) => Age::Fitting,
            _ => Age::Unsure,
        }
    }

    /// Of a call that makes something.
    fn present(&self, found: &[Candidate<'_>], whole: bool) -> Verdict {
        let count = match self.rule.count.as_deref().and_then(|name| self.value(name)) {
            Some(count) => match count.plain().parse::<usize>() {
                Ok(count) => count,
                Err(_) => return self.open("how many it was to make is not a number".into()),
            },
            None => 1,
        };
        let sure: Vec<&Value> =
            found.iter().filter(|found| found.fits && found.age == Age::Fitting).map(|found| found.member).collect();
        let Some(first) = sure.first() else { return self.none_sure(found, whole) };
        let what = self.shows(&described(self.rule, first));
        if self.rule.since.is_none() && !self.rule.unique {
            return self.open(format!("{what}: it may be older than this call"));
        }
        let mut agreeing = Vec::new();
        for member in &sure {
            match self.agrees(member) {
                Err(why) => return self.open(why),
                Ok((_, 0)) => agreeing.push(*member),
                Ok(_) => {}
            }
        }
        match agreeing.as_slice() {
            [] => self.open(format!("{what}, which is not all as this call set it")),
            [first, ..] if agreeing.len() == count => {
                self.happened(Some(first), self.shows(&described(self.rule, first)))
            }
            _ => self.open(format!("{what}, and {} such where this call would have made {count}", agreeing.len())),
        }
    }

    /// Nothing is there that must be of the call; something may be that can be.
    fn none_sure(&self, found: &[Candidate<'_>], whole: bool) -> Verdict {
        match found.first() {
            Some(found) => {
                let doubt =
                    if found.fits { "it is not certain that this call made it" } else { "it may be another one" };
                self.open(format!("{}: {doubt}", self.shows(&described(self.rule, found.member))))
            }
            None if whole => Verdict::DidNot {
                evidence: format!("{} does not show what this call would have made", self.rule.method),
            },
            None => self.unread(),
        }
    }

    /// Of a call that removes something.
    fn absent(&self, found: &[Candidate<'_>], whole: bool) -> Verdict {
        let leaves =
            |found: &Candidate<'_>| self.rule.after.as_ref().map_or(Ok(Fit::No), |after| meets(after, found.member));
        let Some(first) = found.first() else {
            return match whole {
                true => self.happened(None, format!("{} no longer shows it", self.rule.method)),
                false => self.unread(),
            };
        };
        let what = self.shows(&described(self.rule, first.member));
        if found.iter().any(|found| !found.fits) {
            return self.open(format!("{what}: it may be another one"));
        }
        match found.iter().map(leaves).collect::<Result<Vec<Fit>, &str>>() {
            Ok(leaving) if leaving.contains(&Fit::Nearly) => self.open(format!("{what}: it may be about to go")),
            Ok(leaving) if leaving.iter().all(|fit| *fit == Fit::Yes) => self.happened(Some(first.member), what),
            Ok(leaving) if leaving.contains(&Fit::Yes) => self.open(format!("{what}, and another")),
            Ok(_) => self.at_rest(found, format!("{what}: it is still there")),
            Err(field) => self.open(self.lacks(field)),
        }
    }

    /// Of a call that changes something that stays.
    fn changed(&self, found: &[Candidate<'_>], whole: bool) -> Verdict {
        let one = match found {
            [one] if one.fits => one.member,
            [] if !whole => return self.unread(),
            [] => return self.open(format!("{} does not show what this call was about", self.rule.method)),
            [one, ..] => {
                let what = described(self.rule, one.member);
                return self.open(format!("{}: it is not certain that this is the one", self.shows(&what)));
            }
        };
        let what = self.shows(&described(self.rule, one));
        match self.agrees(one) {
            Err(why) => self.open(why),
            Ok((0, 0)) => self.open("nothing of what it changes is shown".into()),
            Ok((_, 0)) => self.happened(Some(one), what),
            Ok((0, _)) => self.at_rest(found, format!("{what}: that is not what this call set")),
            Ok(_) => self.open(format!("{what}: only a part of it is as this call set it")),
        }
    }

    /// That the call was not carried out, unless work on a member goes on.
    fn at_rest(&self, found: &[Candidate<'_>], evidence: String) -> Verdict {
        let Some(busy) = &self.rule.busy else { return Verdict::DidNot { evidence } };
        match found.iter().map(|found| meets(busy, found.member)).collect::<Result<Vec<Fit>, &str>>() {
            Err(field) => self.open(self.lacks(field)),
            Ok(busy) if busy.iter().any(|fit| *fit != Fit::No) => {
                self.open(format!("{evidence}, but while it is in this state, that proves nothing"))
            }
            Ok(_) => Verdict::DidNot { evidence },
        }
    }

    /// How many of the values that the call set a member shows, and how many it shows otherwise.
    fn agrees(&self, member: &Value) -> Result<(usize, usize), String> {
        let (mut same, mut other) = (0, 0);
        let near = || self.shows(&format!("{}: that may be the same", described(self.rule, member)));
        let mut count = |is_same: bool| *if is_same { &mut same } else { &mut other } += 1;
        for (path, name) in &self.rule.becomes {
            let Some(wanted) = sent(self.inquiry.given, name) else { continue };
            let found = at(member, path);
            if found.is_empty() {
                return Err(format!("the answer of {} shows no {path}", self.rule.method));
            }
            match fit(wanted, &found) {
                Fit::Nearly => return Err(near()),
                fit => count(fit == Fit::Yes),
            }
        }
        let after = self.rule.after.as_ref().filter(|_| self.rule.expect == Expect::Changed);
        match after.map(|after| meets(after, member)) {
            Some(Ok(Fit::Nearly)) => return Err(near()),
            Some(Ok(fit)) => count(fit == Fit::Yes),
            Some(Err(field)) => return Err(format!("the answer of {} shows no {field}", self.rule.method)),
            None => {}
        }
        Ok((same, other))
    }
}

/// Whether an answer shows nothing at all. An empty list shows that there is no member.
fn is_nothing(answer: &Value) -> bool {
    match answer {
        Value::Null | Value::Bool(false) => true,
        Value::Text(text) => text.trim().is_empty(),
        Value::Map(map) => map.iter().next().is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
