//! What a call does to the account: in general, and with certain values.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Map, Value};

/// What a call does to the account. Confirmation, retries and redaction depend on it; an unknown effect counts as
/// `Change`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Changes something that the opposite call can undo.
    #[default]
    Change,
    /// Loses something that the opposite call does not restore.
    Destroy,
    /// May cost money.
    Billable,
}

impl Effect {
    /// The word used in catalogues and on the screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Effect::Read => "read",
            Effect::Change => "change",
            Effect::Destroy => "destroy",
            Effect::Billable => "billable",
        }
    }
}

/// All the effects of a call: it may both lose something and cost money. The default is a call that only reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    change: bool,
    destroy: bool,
    billable: bool,
}

impl Effects {
    /// One effect and the additional ones.
    pub fn of(effect: Effect, also: &[Effect]) -> Effects {
        also.iter().fold(Effects::default().with(effect), |effects, also| effects.with(*also))
    }

    fn with(mut self, effect: Effect) -> Effects {
        self.change |= effect != Effect::Read;
        self.destroy |= effect == Effect::Destroy;
        self.billable |= effect == Effect::Billable;
        self
    }

    /// These effects and those of another call, or of the same call with other values.
    pub fn and(self, other: Effects) -> Effects {
        Effects {
            change: self.change || other.change,
            destroy: self.destroy || other.destroy,
            billable: self.billable || other.billable,
        }
    }

    /// Whether it includes an effect. Losing something or costing money is also a change.
    pub fn has(self, effect: Effect) -> bool {
        match effect {
            Effect::Read => !self.change,
            Effect::Change => self.change,
            Effect::Destroy => self.destroy,
            Effect::Billable => self.billable,
        }
    }

    /// Whether nothing is changed.
    pub fn only_reads(self) -> bool {
        !self.change
    }

    /// Whether another call has all the effects of this one.
    pub fn is_within(self, other: Effects) -> bool {
        self.and(other) == other
    }

    /// The effect that the call is counted under: a loss before a cost.
    pub fn main(self) -> Effect {
        match self {
            Effects { destroy: true, .. } => Effect::Destroy,
            Effects { billable: true, .. } => Effect::Billable,
            Effects { change: true, .. } => Effect::Change,
            _ => Effect::Read,
        }
    }

    /// All of them, starting with the one that the call is counted under.
    pub fn iter(self) -> impl Iterator<Item = Effect> {
        let beside = (self.destroy && self.billable).then_some(Effect::Billable);
        std::iter::once(self.main()).chain(beside)
    }
}

impl fmt::Display for Effects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, effect) in self.iter().enumerate() {
            if nth > 0 {
                f.write_str(" and ")?;
            }
            f.write_str(effect.as_str())?;
        }
        Ok(())
    }
}

/// What a call does with certain values. All conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EffectWhen {
    /// Each of these parameters has one of these values.
    #[serde(default)]
    pub with: BTreeMap<String, Vec<Value>>,
    /// None of these parameters is given.
    #[serde(default)]
    pub without: Vec<String>,
    /// None of these dotted paths has one of these values, or any value at all where none is listed. For a list on the
    /// path every member is checked, and `*` means every key of a dictionary.
    #[serde(default)]
    pub nowhere: BTreeMap<String, Vec<Value>>,
    /// Each of these dotted paths has a value, and every value there is one of these: any other value, also one that
    /// the catalogue does not know, does not meet it. For a list on the path every member is checked, as for `nowhere`.
    #[serde(default)]
    pub everywhere: BTreeMap<String, Vec<Value>>,
    /// What the call does then.
    pub effect: Effect,
    /// What else it does.
    #[serde(default)]
    pub also: Vec<Effect>,
}

/// Whether a condition holds, when some of the values may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It does not.
    No,
    /// It may: a value is not known, or has a different type from the one in the condition.
    Maybe,
    /// It does.
    Yes,
}

impl EffectWhen {
    /// All that the call does then.
    pub fn effects(&self) -> Effects {
        Effects::of(self.effect, &self.also)
    }

    /// Whether the conditions hold for the given values.
    pub fn holds(&self, given: &Map) -> Certainty {
        let with = self
            .with
            .iter()
            .map(|(name, wanted)| given.get(name).map_or(Certainty::No, |value| compared(value, wanted)));
        let without = self.without.iter().map(|name| match given.get(name) {
            Some(_) => Certainty::No,
            None => Certainty::Yes,
        });
        let nowhere = self.nowhere.iter().map(|(path, wanted)| {
            let (name, rest) = stepped(path);
            match given.get(name).map_or(Certainty::No, |value| found(value, rest, wanted)) {
                Certainty::No => Certainty::Yes,
                Certainty::Maybe => Certainty::Maybe,
                Certainty::Yes => Certainty::No,
            }
        });
        let everywhere = self.everywhere.iter().map(|(path, wanted)| {
            let (name, rest) = stepped(path);
            given.get(name).map_or(Certainty::No, |value| throughout(value, rest, wanted))
        });
        with.chain(without).chain(nowhere).chain(everywhere).min().unwrap_or(Certainty::Yes)
    }

    /// The parameters that the conditions look at.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        let roots = self.nowhere.keys().chain(self.everywhere.keys()).map(|path| stepped(path).0);
        self.with.keys().chain(&self.without).map(String::as_str).chain(roots)
    }
}

/// What a call with these values does; `otherwise` is what it does when no rule holds. The first rule that holds
/// decides; rules before it that may hold count as well.
pub fn effects_of(rules: &[EffectWhen], otherwise: Effects, given: &Map) -> Effects {
    let mut sum = Effects::default();
    for rule in rules {
        match rule.holds(given) {
            Certainty::No => {}
            Certainty::Maybe => sum = sum.and(rule.effects()),
            Certainty::Yes => return sum.and(rule.effects()),
        }
    }
    sum.and(otherwise)
}

/// Whether a value is one of those wanted. Services accept more than one notation, so a value of another type may mean
/// the same.
fn compared(value: &Value, wanted: &[Value]) -> Certainty {
    match wanted {
        [] => Certainty::Yes,
        _ if wanted.contains(value) => Certainty::Yes,
        [first, ..] if first.kind() == value.kind() && !matches!(value, Value::Secret(_)) => Certainty::No,
        _ => Certainty::Maybe,
    }
}

/// The first step of a dotted path, and the rest.
fn stepped(path: &str) -> (&str, Option<&str>) {
    path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)))
}

/// Whether every value at a path is one of those wanted. A member without a value there meets nothing.
fn throughout(value: &Value, path: Option<&str>, wanted: &[Value]) -> Certainty {
    let all = |values: &mut dyn Iterator<Item = Certainty>| values.min().unwrap_or(Certainty::No);
    match (value, path) {
        (Value::List(members), _) => all(&mut members.iter().map(|member| throughout(member, path, wanted))),
        (_, None) => compared(value, wanted),
        (Value::Map(map), Some(path)) => {
            let (key, rest) = stepped(path);
            let chosen = map.iter().filter(|(name, _)| key == "*" || *name == key);
            all(&mut chosen.map(|(_, inner)| throughout(inner, rest, wanted)))
        }
        _ => Certainty::Maybe,
    }
}

/// Whether one of the wanted values is found at a path.
fn found(value: &Value, path: Option<&str>, wanted: &[Value]) -> Certainty {
    let any = |values: &mut dyn Iterator<Item = Certainty>| values.max().unwrap_or(Certainty::No);
    match (value, path) {
        (Value::List(members), _) => any(&mut members.iter().map(|member| found(member, path, wanted))),
        (_, None) => compared(value, wanted),
        (Value::Map(map), Some(path)) => {
            let (key, rest) = stepped(path);
            let chosen = map.iter().filter(|(name, _)| key == "*" || *name == key);
            any(&mut chosen.map(|(_, inner)| found(inner, rest, wanted)))
        }
        _ => Certainty::Maybe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effects(names: &[Effect]) -> Effects {
        names.iter().fold(Effects::default(), |effects, effect| effects.with(*effect))
    }

    #[test]
    fn effects_add_up_and_the_loss_comes_first() {
        use Effect::{Billable, Change, Destroy, Read};
        for (names, words, main, reads) in [
            (&[][..], "read", Read, true),
            (&[Read], "read", Read, true),
            (&[Change, Read], "change", Change, false),
            (&[Billable, Change], "billable", Billable, false),
            (&[Billable, Destroy], "destroy and billable", Destroy, false),
        ] {
            let effects = effects(names);
            assert_eq!((effects.to_string().as_str(), effects.main(), effects.only_reads()), (words, main, reads));
            assert!(names.iter().all(|name| *name == Read || effects.has(*name)), "{words}");
        }
        assert!(effects(&[Change]).is_within(effects(&[Destroy])));
        assert!(effects(&[Read]).is_within(effects(&[Change])));
        assert!(!effects(&[Billable]).is_within(effects(&[Destroy])));
    }

    #[test]
    fn values_decide_and_unknown_ones_count_as_the_worst() {
        let rules: Vec<EffectWhen> = serde_json::from_str(
            r#"[{"with":{"dry_run":[true]},"effect":"read"},
                {"without":["cpu","memory"],"nowhere":{"records.delete":[true],"licences.*":[0],"ports.any":[]},"effect":"change"}]"#,
        )
        .unwrap();
        let all = effects(&[Effect::Destroy, Effect::Billable]);
        for (given, words) in [
            (r#"{"dry_run":true,"cpu":2}"#, "read"),
            (r#"{"dry_run":false}"#, "change"),
            // The service may read a text as true, and an unknown value may be anything.
            (r#"{"dry_run":"true","cpu":2}"#, "destroy and billable"),
            (r#"{"dry_run":null,"cpu":2}"#, "destroy and billable"),
            ("{}", "change"),
            (r#"{"cpu":null}"#, "destroy and billable"),
            (r#"{"records":[{"delete":false},{"ip":"192.0.2.1"}]}"#, "change"),
            (r#"{"records":[{"delete":false},{"delete":true}]}"#, "destroy and billable"),
            (r#"{"records":[{"delete":"1"}]}"#, "destroy and billable"),
            (r#"{"records":null}"#, "destroy and billable"),
            (r#"{"records":[null]}"#, "destroy and billable"),
            (r#"{"records":"[]"}"#, "destroy and billable"),
            (r#"{"records":[]}"#, "change"),
            (r#"{"ports":[{"any":0}]}"#, "destroy and billable"),
            (r#"{"ports":[{"other":0}]}"#, "change"),
            (r#"{"licences":{"4":1}}"#, "change"),
            (r#"{"licences":{"4":1,"5":0}}"#, "destroy and billable"),
        ] {
            let given: Map = serde_json::from_str(given).unwrap();
            assert_eq!(effects_of(&rules, all, &given).to_string(), words, "{given:?}");
        }
    }

    #[test]
    fn every_value_at_a_place_must_be_a_known_one() {
        let rules: Vec<EffectWhen> = serde_json::from_str(
            r#"[{"everywhere":{"sets.kind":["REPLACE","EXTEND"]},"effect":"change"},
                {"with":{"type":["reboot"]},"effect":"change"},{"with":{"type":["resize"]},"effect":"billable"}]"#,
        )
        .unwrap();
        let all = effects(&[Effect::Destroy, Effect::Billable]);
        for (given, words) in [
            (r#"{"sets":[{"kind":"REPLACE"},{"kind":"EXTEND"}]}"#, "change"),
            (r#"{"sets":{"kind":"REPLACE"}}"#, "change"),
            (r#"{"sets":[{"kind":"REPLACE"},{"kind":"DELETE"}]}"#, "destroy and billable"),
            // A value that the catalogue does not know, none, and one that is not known yet.
            (r#"{"sets":[{"kind":"PRUNE"}]}"#, "destroy and billable"),
            (r#"{"sets":[{"kind":"REPLACE"},{"name":"x"}]}"#, "destroy and billable"),
            (r#"{"sets":[]}"#, "destroy and billable"),
            (r#"{"sets":null}"#, "destroy and billable"),
            (r#"{"sets":[{"kind":null}]}"#, "destroy and billable"),
            (r#"{"sets":"[]"}"#, "destroy and billable"),
            ("{}", "destroy and billable"),
            (r#"{"type":"reboot"}"#, "change"),
            (r#"{"type":"resize"}"#, "billable"),
            (r#"{"type":"rebuild"}"#, "destroy and billable"),
            (r#"{"type":"newer"}"#, "destroy and billable"),
        ] {
            let given: Map = serde_json::from_str(given).unwrap();
            assert_eq!(effects_of(&rules, all, &given).to_string(), words, "{given:?}");
        }
        assert_eq!(rules[0].parameters().collect::<Vec<_>>(), ["sets"]);
    }

    #[test]
    fn the_parameters_of_a_rule_are_named() {
        let rule: EffectWhen = serde_json::from_str(
            r#"{"with":{"a":[1]},"without":["b"],"nowhere":{"c.d":[true]},"effect":"change","also":["billable"]}"#,
        )
        .unwrap();
        assert_eq!(rule.parameters().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(rule.effects().to_string(), "billable");
        assert!(serde_json::from_str::<EffectWhen>(r#"{"when":{},"effect":"read"}"#).is_err());
    }
}
