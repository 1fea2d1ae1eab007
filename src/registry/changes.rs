//! The differences between two versions of what can be called.

use std::collections::{BTreeMap, BTreeSet};

use super::catalog::Catalog;
use model::{Method, Param, Value};

/// The differences between an old and a new list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// New names.
    pub came: Vec<String>,
    /// Names that no longer exist.
    pub went: Vec<String>,
    /// Methods that are called in another way or do something else, each with what is different.
    pub changed: Vec<(String, Vec<String>)>,
}

impl Changes {
    /// Adds further changes.
    pub fn extend(&mut self, more: Changes) {
        self.came.extend(more.came);
        self.went.extend(more.went);
        self.changed.extend(more.changed);
    }

    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        self.came.is_empty() && self.went.is_empty() && self.changed.is_empty()
    }

    /// The differences between two versions of a catalogue. A method whose operation has another name now has not gone.
    pub fn between(before: &Catalog, after: &Catalog) -> Changes {
        let (old, new) = (names(before), names(after));
        let mut changes = Changes {
            came: new.difference(&old).cloned().collect(),
            went: old.difference(&new).cloned().collect(),
            changed: Vec::new(),
        };
        let same = new.intersection(&old).map(|name| (name.clone(), name.clone()));
        let renamed = renamed(&changes, before, after);
        changes.came.retain(|name| !renamed.contains_key(name));
        changes.went.retain(|name| !renamed.values().any(|old| old == name));
        for (name, old) in same.chain(renamed) {
            let (Some(Ok(before)), Some(Ok(after))) = (before.shared(&old), after.shared(&name)) else { continue };
            let differences = differences(&before, &after);
            if !differences.is_empty() {
                changes.changed.push((name, differences));
            }
        }
        changes.changed.sort();
        changes
    }
}

fn names(catalog: &Catalog) -> BTreeSet<String> {
    catalog.records().iter().map(|record| record.name.to_string()).collect()
}

/// New names of operations that were there before, each with the old name.
fn renamed(changes: &Changes, before: &Catalog, after: &Catalog) -> BTreeMap<String, String> {
    let operation = |catalog: &Catalog, name: &String| catalog.shared(name)?.ok()?.reference.clone();
    let gone: BTreeMap<String, &String> =
        changes.went.iter().filter_map(|name| Some((operation(before, name)?, name))).collect();
    let found = |name: &String| Some((name.clone(), (*gone.get(&operation(after, name)?)?).clone()));
    changes.came.iter().filter_map(found).collect()
}

/// What is different about calling a method, what matters most first.
fn differences(before: &Method, after: &Method) -> Vec<String> {
    let mut found = Vec::new();
    if before.name != after.name {
        found.push(format!("was called {}", before.name));
    }
    let (old, new) = (before.effects(), after.effects());
    if old != new {
        found.push(format!("its effect is {}, and was {}", new.main().as_str(), old.main().as_str()));
    } else if before.effect_when != after.effect_when {
        found.push("other values decide about its effect".to_owned());
    }
    if before.derived.is_none() && after.derived.is_some() {
        found.push(format!("its effect, {}, is no longer reviewed", new.main().as_str()));
    }
    let named = |method: &Method, name: &str| method.params.iter().find(|param| param.name == name).cloned();
    for param in &after.params {
        found.extend(parameter(named(before, &param.name).as_ref(), param));
    }
    let gone = before.params.iter().filter(|param| named(after, &param.name).is_none());
    found.extend(gone.map(|param| format!("does not take `{}` any more", param.name)));
    if before.route != after.route
        && let Some(operation) = after.reference.as_ref().filter(|it| before.reference.as_ref() != Some(it))
    {
        found.push(format!("is {operation} now"));
    }
    if before.returns != after.returns {
        found.push(format!("returns {}, and returned {}", after.returns, before.returns));
    }
    if let (None, Some(why)) = (&before.deprecated, &after.deprecated) {
        found.push(format!("is deprecated: {why}"));
    }
    // What is required must be seen first; the rest keeps its order.
    found.sort_by_key(|words| !words.starts_with("its effect") && !words.starts_with("needs "));
    found
}

/// What is different about one parameter.
fn parameter(before: Option<&Param>, after: &Param) -> Vec<String> {
    let name = &after.name;
    let Some(before) = before else {
        return vec![format!("{} `{name}`", if after.required { "needs" } else { "also takes" })];
    };
    let mut found = Vec::new();
    match (before.required, after.required) {
        (false, true) => found.push(format!("needs `{name}`, which could be left out")),
        (true, false) => found.push(format!("does not need `{name}` any more")),
        _ => {}
    }
    if before.type_ != after.type_ {
        found.push(format!("`{name}` is {}, and was {}", after.type_, before.type_));
    }
    let missing = |from: &[Value], other: &[Value]| {
        let missing = from.iter().filter(|value| !other.contains(value)).map(Value::plain);
        missing.collect::<Vec<_>>().join(", ")
    };
    let (less, more) = (missing(&before.choices, &after.choices), missing(&after.choices, &before.choices));
    match (before.choices.is_empty(), after.choices.is_empty()) {
        (true, false) => found.push(format!("`{name}` takes only {more}")),
        (false, true) => found.push(format!("`{name}` takes any value")),
        _ if !less.is_empty() => found.push(format!("`{name}` does not take {less} any more")),
        _ if !more.is_empty() => found.push(format!("`{name}` also takes {more}")),
        _ => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog(methods: &str) -> Catalog {
        let text = format!(
            "id = \"own\"\ntitle = \"Own\"\nhost = \"https://h.example\"\n[auth]\nscheme = \"none\"\n[[transport]]\nname = \"r\"\n\
             protocol = \"rest\"\npath = \"\"\n{methods}"
        );
        Catalog::parse("own.toml", &text).unwrap()
    }

    fn method(name: &str, keys: &str) -> String {
        format!(
            "[[method]]\nname = \"{name}\"\nsummary = \"S\"\n{keys}\nroute = {{ verb = \"POST\", path = \"/{name}\" }}\nanswers = {{ as = \"json\" }}\n"
        )
    }

    #[test]
    fn what_came_went_and_changed_is_found() {
        let before = [
            method("a.same", "ref = \"POST /a\""),
            method("b.gone", ""),
            method("c.old", "ref = \"POST /c\""),
            method("d.read", "effect = \"read\""),
        ];
        let after = [
            method("a.same", "ref = \"POST /a\"\nnotes = \"Other words.\""),
            method("c.new", "ref = \"POST /c\""),
            method("d.read", "effect = \"destroy\"\nloses = \"all\"\nderived = \"its verb\""),
            method("e.came", ""),
        ];
        let changes = Changes::between(&catalog(&before.concat()), &catalog(&after.concat()));
        assert_eq!(
            (changes.came.as_slice(), changes.went.as_slice()),
            (&["e.came".to_owned()][..], &["b.gone".to_owned()][..])
        );
        let effect = ["its effect is destroy, and was read", "its effect, destroy, is no longer reviewed"];
        assert_eq!(
            changes.changed,
            [
                ("c.new".to_owned(), vec!["was called c.old".to_owned()]),
                ("d.read".to_owned(), effect.map(str::to_owned).to_vec())
            ]
        );
        assert!(!changes.is_empty() && Changes::default().is_empty());
    }

    #[test]
    fn what_is_different_about_a_parameter_is_named() {
        let param = |keys: &str| format!("params = [{{ name = \"p\", place = \"query\"{keys} }}]");
        let one = |before: &str, after: &str| {
            let whole = |params: &str| catalog(&method("a.b", params));
            let (before, after) = (whole(before), whole(after));
            let changed = Changes::between(&before, &after).changed;
            changed.first().map(|(_, words)| words.join("; ")).unwrap_or_default()
        };
        let int = ", type = \"int\"";
        for (before, after, words) in [
            (String::new(), param(int), "also takes `p`"),
            (String::new(), param(", required = true"), "needs `p`"),
            (param(int), String::new(), "does not take `p` any more"),
            (param(int), param(", type = \"int\", required = true"), "needs `p`, which could be left out"),
            (param(", required = true"), param(""), "does not need `p` any more"),
            (param(int), param(", type = \"string\""), "`p` is string, and was int"),
            (param(", choices = [\"a\", \"b\"]"), param(", choices = [\"a\", \"c\"]"), "`p` does not take b any more"),
            (param(", choices = [\"a\"]"), param(", choices = [\"a\", \"c\"]"), "`p` also takes c"),
            (param(""), param(", choices = [\"a\"]"), "`p` takes only a"),
            (param(", choices = [\"a\"]"), param(""), "`p` takes any value"),
            (param(", summary = \"A\""), param(", summary = \"B\""), ""),
        ] {
            assert_eq!(one(&before, &after), words, "{before} {after}");
        }
    }
}
