//! Other changes of the same account that are on record. One of them may have done what is seen, or may have undone what
//! the call in question did: then what is seen proves nothing.

use super::fit::{Fit, fit};
use super::member::at;
use super::{Expect, ReconcileRule, is_cut, sent};
use crate::effect::Effect;
use crate::{Map, Method, Type, Value};

/// A change of the same account that was neither refused nor failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    /// Its number in the journal.
    pub number: i64,
    /// Its method.
    pub method: String,
    /// What that does.
    pub does: Does,
    /// What was sent, by the names of the parameters; `None` if that is not known exactly.
    pub given: Option<Map>,
    /// It asked for exactly the same as the call in question.
    pub is_same: bool,
    /// When it can have worked, as seen from that call.
    pub when: When,
    /// The id of what it made, where that is known.
    pub object: Option<String>,
}

/// What a method does to what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// It makes something.
    Makes,
    /// It removes something.
    Removes,
    /// It changes something that stays.
    Changes,
}

impl Does {
    /// What a method does. Where that is not certain, it is taken for a change.
    pub fn of(method: &Method) -> Does {
        let expect = method.reconcile.as_ref().map(|rule| rule.expect);
        match expect {
            Some(Expect::Absent) => Does::Removes,
            _ if method.effects().has(Effect::Destroy) => Does::Removes,
            Some(Expect::Present) => Does::Makes,
            _ => Does::Changes,
        }
    }
}

/// When another change can have worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// It was over long before the call was sent.
    Before,
    /// It was over before the call was sent, but so shortly that what it made may look as new, because clocks differ.
    Shortly,
    /// It may have worked after the call was sent.
    Since,
}

/// The call in question, as others are compared with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own<'o> {
    pub(super) method: &'o Method,
    pub(super) rule: &'o ReconcileRule,
    pub(super) given: &'o Map,
}

impl Own<'_> {
    /// Whether an object with this id is of another call: calls of other methods make other kinds of objects, whose ids
    /// may be the same. Of what there can be only one it does not matter.
    pub(super) fn is_of(&self, other: &Other, id: &str) -> bool {
        self.counts_ids() && other.method == self.method.name && other.object.as_deref() == Some(id)
    }

    fn counts_ids(&self) -> bool {
        self.rule.expect == Expect::Present && !self.rule.unique && self.rule.id.is_some()
    }

    /// Whether another call may have done what this one was to do. `ids` are those that the provider shows.
    pub(super) fn may_be_done_by(&self, other: &Other, ids: &[String]) -> bool {
        let is_own_method = other.method == self.method.name;
        match self.rule.expect {
            Expect::Present if is_own_method => {
                // What it made is shown and is not taken for what this call made.
                let is_known = self.counts_ids() && other.object.as_ref().is_some_and(|object| ids.contains(object));
                other.when >= When::Shortly && !is_known && self.may_be_same_object(other)
            }
            Expect::Absent if other.does == Does::Removes && self.is_akin(other) && !is_own_method => {
                other.when == When::Since
            }
            _ => other.when == When::Since && self.touches(other),
        }
    }

    /// Whether another call may have undone what this one did.
    pub(super) fn may_be_undone_by(&self, other: &Other) -> bool {
        let is_own_method = other.method == self.method.name;
        let may = match self.rule.expect {
            // What a call makes has a name or an id that the other may know and this one does not.
            Expect::Present => {
                !is_own_method && (self.touches(other) || other.does != Does::Makes && self.is_akin(other))
            }
            Expect::Absent => !is_own_method && self.touches(other),
            Expect::Changed => !other.is_same && self.touches(other),
        };
        may && other.when == When::Since
    }

    /// Whether another call may be about the same object.
    fn touches(&self, other: &Other) -> bool {
        if other.method == self.method.name {
            return self.may_be_same_object(other);
        }
        let Some(given) = &other.given else { return true };
        let own = self.identifying();
        let theirs: Vec<&Value> = given.iter().flat_map(|(_, value)| leaves(value)).collect();
        own.iter().any(|value| fit(value, &theirs) != Fit::No)
    }

    /// Whether a call of the same method names the same object, as far as is known.
    fn may_be_same_object(&self, other: &Other) -> bool {
        let Some(given) = &other.given else { return true };
        let differs = |name: &String| {
            let values = taken(self.method, self.given, name).zip(taken(self.method, given, name));
            values.is_some_and(|(one, other)| {
                !is_cut(one)
                    && !is_cut(other)
                    && fit(one, &at(other, ".")) == Fit::No
                    && fit(other, &at(one, ".")) == Fit::No
            })
        };
        !self.rule.naming().any(differs)
    }

    /// The values by which this call names an object. One of a few choices names nothing, unless there is no other.
    fn identifying(&self) -> Vec<&Value> {
        let of = |names: &[&String]| -> Vec<&Value> {
            let values = names.iter().filter_map(|name| sent(self.given, name)).flat_map(leaves);
            values.filter(|value| value.as_str().is_none_or(|text| !text.is_empty())).collect()
        };
        let is_choice = |name: &&String| {
            let param = self.method.param(name.split('.').next().unwrap_or_default());
            param.is_some_and(|param| param.type_ == Type::Boolean || !param.choices.is_empty())
        };
        let names: Vec<&String> = self.rule.naming().collect();
        let telling: Vec<&String> = names.iter().copied().filter(|name| !is_choice(name)).collect();
        let values = of(&telling);
        if values.is_empty() { of(&names) } else { values }
    }

    /// Whether another call is of the same group of methods, such as `dns.zone_delete` and `dns.zone_create`, and names
    /// any object at all.
    fn is_akin(&self, other: &Other) -> bool {
        let group = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
        let names_one = other.given.as_ref().is_none_or(|given| given.iter().next().is_some());
        names_one && [&self.method.name, &self.rule.method].iter().any(|name| group(name) == group(&other.method))
    }
}

/// The value that was sent, or that the provider assumes where none was.
pub(super) fn taken<'g>(method: &'g Method, given: &'g Map, name: &str) -> Option<&'g Value> {
    let assumed = || method.param(name)?.default.as_ref();
    sent(given, name).or_else(assumed)
}

/// All plain values inside a value.
fn leaves(value: &Value) -> Vec<&Value> {
    match value {
        Value::List(members) => members.iter().flat_map(leaves).collect(),
        Value::Map(map) => map.iter().flat_map(|(_, value)| leaves(value)).collect(),
        Value::Null | Value::Secret(_) => Vec::new(),
        one => vec![one],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method(name: &str, rest: &str) -> Method {
        let params =
            r#"[{"name":"id"},{"name":"name"},{"name":"zone","default":"main"},{"name":"type","choices":["A","MX"]}]"#;
        serde_json::from_str(&format!(r#"{{"name":"{name}","params":{params},{rest}}}"#)).unwrap()
    }

    /// What another call does, and what it was called with.
    struct Row(&'static str, Does, &'static str, bool);

    /// Whether it may have done what the call was to do, and whether it may have undone it: `made`, `undone`, `both` or
    /// `neither`.
    fn bearing(rule: &str, given: &str, Row(name, does, theirs, is_same): &Row, when: When) -> &'static str {
        let method = method("dns.make", &format!(r#""reconcile":{rule}"#));
        let rule = method.reconcile.as_ref().unwrap();
        let given: Map = serde_json::from_str(given).unwrap();
        let own = Own { method: &method, rule, given: &given };
        let theirs = Some(*theirs).filter(|json| !json.is_empty()).map(|json| serde_json::from_str(json).unwrap());
        let name = (*name).to_owned();
        let other =
            Other { number: 1, method: name, does: *does, given: theirs, is_same: *is_same, when, object: None };
        match (own.may_be_done_by(&other, &[]), own.may_be_undone_by(&other)) {
            (true, true) => "both",
            (true, false) => "made",
            (false, true) => "undone",
            (false, false) => "neither",
        }
    }

    #[test]
    fn other_calls_about_the_same_leave_it_open() {
        use Does::{Changes, Makes, Removes};
        let present = r#"{"method":"zone.list","find":{"name":"name","type":"type","zone":"zone"},"unique":true}"#;
        let absent = r#"{"method":"dns.list","find":{"id":"id"},"expect":"absent"}"#;
        let changed = r#"{"method":"dns.list","find":{"id":"id"},"expect":"changed","becomes":{"name":"name"}}"#;
        let given = r#"{"id":"5","name":"web","type":"A"}"#;
        for (rule, row, expected) in [
            // The same again adds to it, and takes nothing away.
            (present, Row("dns.make", Makes, given, true), "made"),
            (absent, Row("dns.make", Removes, given, true), "made"),
            (changed, Row("dns.make", Changes, given, true), "made"),
            // The same method with other values.
            (changed, Row("dns.make", Changes, r#"{"id":"5","name":"db"}"#, false), "both"),
            (changed, Row("dns.make", Changes, r#"{"id":"6","name":"web"}"#, false), "neither"),
            (absent, Row("dns.make", Removes, r#"{"id":"6","name":"web"}"#, false), "neither"),
            (present, Row("dns.make", Makes, r#"{"id":"9","name":"web","type":"A"}"#, false), "made"),
            (present, Row("dns.make", Makes, r#"{"name":"web","type":"MX"}"#, false), "neither"),
            (present, Row("dns.make", Makes, r#"{"name":"web","type":"A","zone":"other"}"#, false), "neither"),
            (present, Row("dns.make", Makes, r#"{"name":"WEB","type":"A","zone":"main"}"#, false), "made"),
            // What was sent is not known.
            (present, Row("dns.make", Makes, "", false), "made"),
            (present, Row("other.turn", Changes, "", false), "both"),
            (absent, Row("other.turn", Changes, "", false), "both"),
            (changed, Row("other.turn", Changes, "", false), "both"),
            // Other methods that name the same object, by whatever parameter.
            (changed, Row("other.turn", Changes, r#"{"which":5}"#, false), "both"),
            (absent, Row("other.turn", Makes, r#"{"deep":{"list":["4","5"]}}"#, false), "both"),
            (present, Row("other.turn", Changes, r#"{"label":"web."}"#, false), "both"),
            (changed, Row("other.turn", Changes, r#"{"which":6,"name":"web"}"#, false), "neither"),
            (changed, Row("other.turn", Changes, r#"{"which":"","on":true}"#, false), "neither"),
            (present, Row("other.turn", Changes, r#"{"kind":"A","on":true}"#, false), "neither"),
            // Methods of the same group may name it by an id that this call does not know.
            (present, Row("dns.drop", Removes, r#"{"key":"k"}"#, false), "undone"),
            (present, Row("zone.drop", Removes, r#"{"key":"k"}"#, false), "undone"),
            (present, Row("dns.rename", Changes, r#"{"key":"k"}"#, false), "undone"),
            (present, Row("dns.add", Makes, r#"{"key":"k"}"#, false), "neither"),
            (present, Row("dns.reload", Changes, "{}", false), "neither"),
            (present, Row("other.drop", Removes, r#"{"key":"k"}"#, false), "neither"),
            // And with something larger, what is in it is removed.
            (absent, Row("dns.drop", Removes, r#"{"key":"k"}"#, false), "made"),
            (absent, Row("dns.rename", Changes, r#"{"key":"k"}"#, false), "neither"),
            (changed, Row("dns.drop", Removes, r#"{"key":"k"}"#, false), "neither"),
        ] {
            assert_eq!(bearing(rule, given, &row, When::Since), expected, "{rule} {} {}", row.0, row.2);
            assert_eq!(bearing(rule, given, &row, When::Before), "neither", "{rule} {} {}", row.0, row.2);
        }
        // A choice counts where nothing else names the object.
        let bare = r#"{"method":"zone.list","find":{"type":"type"},"unique":true}"#;
        let row = Row("other.turn", Changes, r#"{"kind":"A"}"#, false);
        assert_eq!(bearing(bare, given, &row, When::Since), "both");
    }

    #[test]
    fn what_a_method_does_is_in_its_rule_and_its_effect() {
        for (rest, does) in [
            (r#""reconcile":{"method":"a.list"}"#, Does::Makes),
            (r#""reconcile":{"method":"a.list"},"effect":"destroy""#, Does::Removes),
            (r#""reconcile":{"method":"a.list","expect":"absent"}"#, Does::Removes),
            (r#""reconcile":{"method":"a.list","expect":"changed"}"#, Does::Changes),
            (r#""effect":"destroy""#, Does::Removes),
            (r#""effect":"billable""#, Does::Changes),
        ] {
            assert_eq!(Does::of(&method("a.b", rest)), does, "{rest}");
        }
    }
}
