//! Checks the rules between values.

use std::cmp::Ordering;
use std::net::Ipv4Addr;

use super::broken::{Broken, Depend};
use super::error::BindError;
use super::fit;
use super::site::{Sites, shown};
use lang::Segment;
use model::rule::{Wanted, either, is_one_of, words};
use model::{Date, Map, Rule, Span, Value};

/// A dictionary that rules are checked against: the parameters of a call, or the fields of a part of it.
pub(super) struct Scope<'d> {
    pub(super) given: &'d Map,
    /// The path to it; empty for the parameters themselves.
    pub(super) at: &'d [Segment],
    /// The method, or the dictionary in backticks.
    pub(super) owner: &'d str,
    pub(super) sites: &'d Sites<'d>,
    /// What the provider assumes for a name that is not given.
    pub(super) default: &'d dyn Fn(&str) -> Option<&'d Value>,
    /// The type word of a name.
    pub(super) keyword: &'d dyn Fn(&str) -> String,
    /// Whether a mistyped name, which has been reported already, may have been meant for a name.
    pub(super) meant: &'d dyn Fn(&str) -> bool,
}

impl Scope<'_> {
    /// All violations of some rules.
    pub(super) fn broken(&self, rules: &[Rule]) -> Vec<BindError> {
        let holding = rules.iter().filter(|rule| rule.holds(self.given, self.default));
        let holding = holding.filter(|rule| !rule.when.keys().any(|name| self.sites.is_blank(&self.path(name))));
        holding.flat_map(|rule| self.one(rule)).map(BindError::Depends).collect()
    }

    fn one(&self, rule: &Rule) -> Vec<Depend> {
        let because = self.because(rule);
        let mut found = Vec::new();
        let mut say = |fault, span| found.push(Depend { fault, because: because.clone(), span });
        let missing: Vec<&String> = rule.needs.iter().filter(|name| self.is_missing(name)).collect();
        if !missing.is_empty() {
            let names = missing.iter().map(|name| (self.whole(name), (self.keyword)(name))).collect();
            let (owner, params) = (self.owner.to_owned(), self.at.is_empty());
            say(Broken::Needs { owner, names, params }, self.here());
        }
        for name in rule.refuses.iter().filter(|name| self.get(name).is_some()) {
            say(Broken::Refuses { name: self.whole(name) }, self.key(name));
        }
        for (name, wanted) in self.unfit(rule) {
            say(Broken::Only { name: self.whole(name), wanted }, self.value(name));
        }
        if !rule.at_least_one.is_empty() && rule.at_least_one.iter().all(|name| self.is_missing(name)) {
            let names = rule.at_least_one.iter().map(|name| self.whole(name)).collect();
            say(Broken::AtLeastOne { owner: self.owner.to_owned(), names }, self.here());
        }
        let both: Vec<&String> = rule.not_both.iter().filter(|name| self.get(name).is_some()).collect();
        if let [first, second, ..] = both.as_slice() {
            say(Broken::NotBoth { first: self.whole(first), second: self.whole(second) }, self.key(second));
        }
        if let Some((fault, name)) = self.order(rule).or_else(|| self.network(rule)) {
            say(fault, self.value(name));
        }
        found
    }

    /// The names with values that the rule does not allow, each with what it must be.
    fn unfit<'r>(&self, rule: &'r Rule) -> Vec<(&'r String, String)> {
        let only = rule.only.iter().filter_map(|(name, allowed)| {
            let value = self.known(name)?;
            (!is_one_of(value, allowed)).then(|| (name, either(&words(allowed))))
        });
        let takes = rule.takes.iter().filter_map(|(name, types)| {
            let value = self.known(name)?;
            let wanted = || either(&types.iter().map(|it| it.described().to_owned()).collect::<Vec<_>>());
            (!types.iter().any(|wanted| fit::is_of(value, wanted))).then(|| (name, wanted()))
        });
        let patterns = rule.patterns.iter().filter_map(|(name, pattern)| {
            let fits = match self.known(name)? {
                Value::Text(text) => pattern.fits(text),
                Value::Secret(secret) => secret.fits(*pattern),
                _ => true,
            };
            (!fits).then(|| (name, pattern.wanted().to_owned()))
        });
        only.chain(takes).chain(patterns).collect()
    }

    fn order<'r>(&self, rule: &'r Rule) -> Option<(Broken, &'r String)> {
        let [first, second] = rule.order.as_ref()?;
        let (order, days) = distance(self.get(first)?, self.get(second)?)?;
        let names = (self.whole(first), self.whole(second));
        let most = rule.days.filter(|_| rule.note.is_none());
        let fault = match (order, days, most) {
            (Ordering::Greater, days, _) => {
                let than = if days.is_some() { "before" } else { "less than" };
                Broken::Order { first: names.0, second: names.1, than }
            }
            (_, Some(apart), Some(most)) if apart > most => {
                Broken::Days { first: names.0, second: names.1, apart, most }
            }
            _ => return None,
        };
        Some((fault, second))
    }

    fn network<'r>(&self, rule: &'r Rule) -> Option<(Broken, &'r String)> {
        let [name, mask] = rule.network.as_ref()?;
        let bits = |name: &str| self.get(name)?.as_str()?.parse::<Ipv4Addr>().ok().map(u32::from);
        let (address, mask) = (bits(name)?, bits(mask)?);
        let base = Ipv4Addr::from(address & mask);
        (address & !mask != 0).then(|| (Broken::Network { name: self.whole(name), base }, name))
    }

    /// The condition of a rule with the values of the line: "`type` is HTTP".
    fn because(&self, rule: &Rule) -> Option<String> {
        let when = |(name, _): (&String, _)| {
            let value = self.given.get(name).or_else(|| (self.default)(name))?;
            Some(format!("`{}` is {}", self.whole(name), value.plain()))
        };
        let given = rule.given.iter().map(|name| format!("`{}` is given", self.whole(name)));
        let all: Vec<String> = Wanted::iter(&rule.when).filter_map(when).chain(given).collect();
        (!all.is_empty()).then(|| all.join(" and "))
    }

    fn is_missing(&self, name: &str) -> bool {
        self.get(name).is_none() && !(self.meant)(name)
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.given.get(name)
    }

    /// The value of a name, unless it has a fault already or is not known yet.
    fn known(&self, name: &str) -> Option<&Value> {
        self.get(name).filter(|_| !self.sites.is_blank(&self.path(name)))
    }

    fn path(&self, name: &str) -> Vec<Segment> {
        self.at.iter().cloned().chain([Segment::Key(name.to_owned())]).collect()
    }

    fn whole(&self, name: &str) -> String {
        shown(&self.path(name))
    }

    fn key(&self, name: &str) -> Span {
        self.sites.key(&self.path(name))
    }

    fn value(&self, name: &str) -> Span {
        self.sites.value(&self.path(name))
    }

    fn here(&self) -> Span {
        if self.at.is_empty() { self.sites.head() } else { self.sites.value(self.at) }
    }
}

/// The order of two numbers or dates, and the number of days between dates.
fn distance(first: &Value, second: &Value) -> Option<(Ordering, Option<i32>)> {
    let date = |value: &Value| match value {
        Value::Date(date) => Some(date.clone()),
        Value::Text(text) => Date::parse(text),
        _ => None,
    };
    match (first, second) {
        (Value::Int(first), Value::Int(second)) => Some((first.cmp(second), None)),
        _ => {
            let (order, days) = date(first)?.to(&date(second)?)?;
            Some((order, Some(days)))
        }
    }
}

/// Warnings from the provider's document about a call that is still sent.
pub(super) fn remarks(rules: &[Rule], given: &Map) -> Vec<String> {
    let remark = |rule: &Rule| {
        let (Some([first, second]), Some(most), Some(note)) = (&rule.order, rule.days, &rule.note) else { return None };
        let (_, days) = distance(given.get(first)?, given.get(second)?)?;
        let apart = days.filter(|apart| *apart > most)?;
        Some(format!("{second} is {apart} days after {first}: beyond {most} days {note}"))
    };
    rules.iter().filter(|rule| rule.holds(given, |_| None)).filter_map(remark).collect()
}
