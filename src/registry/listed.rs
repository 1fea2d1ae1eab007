//! A method as its service lists it: its name, and what the service says of it.
//!
//! Nothing of this is believed where that would be unsafe: a method that is not known to read counts as a change, a
//! name that sounds like a loss counts as one, and a parameter whose name sounds secret is secret.

use model::method::Passing;
use model::secret::sounds_secret;
use model::{Effect, Method, Param, Type, Value};
use serde::{Deserialize, Serialize};

/// Words of names whose calls lose something, whatever describes them.
pub const LOSSES: [&str; 18] = [
    "delete",
    "remove",
    "destroy",
    "purge",
    "wipe",
    "drop",
    "prune",
    "truncate",
    "rebuild",
    "reinstall",
    "reset",
    "format",
    "restore",
    "rollback",
    "revoke",
    "terminate",
    "erase",
    "clear",
];

/// A method in a service's own list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// What the service says of it, in plain text; empty if it says nothing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// Its parameters in order; `None` if they are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub params: Option<Vec<Parameter>>,
    /// The type of its result.
    pub returns: Type,
    /// What a permission that it needs says about its effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// How its arguments are passed, if the service says so for this method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passing: Option<Passing>,
    /// It should no longer be used.
    pub deprecated: bool,
    /// The service has been asked about it, not only for its name.
    pub described: bool,
}

/// A parameter of such a method.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The type of its value.
    #[serde(rename = "type")]
    pub type_: Type,
    /// The types that its value may have, if there are several: those of `Param`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<Type>,
    /// The service refuses a call without it.
    pub required: bool,
    /// One line of what it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Its allowed values; empty means any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Value>,
    /// It takes all further values.
    pub variadic: bool,
}

/// How a list is stored: older files have names alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Name(String),
    Whole {
        name: String,
        #[serde(default)]
        help: String,
        #[serde(default)]
        params: Option<Vec<Parameter>>,
        #[serde(default)]
        returns: Type,
        #[serde(default)]
        effect: Option<Effect>,
        #[serde(default)]
        passing: Option<Passing>,
        #[serde(default)]
        deprecated: bool,
        #[serde(default)]
        described: bool,
    },
}

impl From<Stored> for Listed {
    fn from(stored: Stored) -> Listed {
        match stored {
            Stored::Name(name) => name.into(),
            Stored::Whole { name, help, params, returns, effect, passing, deprecated, described } => {
                Listed { name, help, params, returns, effect, passing, deprecated, described }
            }
        }
    }
}

impl From<String> for Listed {
    fn from(name: String) -> Listed {
        Listed { name, ..Listed::default() }
    }
}

impl From<&str> for Listed {
    fn from(name: &str) -> Listed {
        name.to_owned().into()
    }
}

impl Listed {
    /// One line of what it does: the first sentence of what the service says.
    pub fn summary(&self) -> &str {
        let paragraph = self.help.split("\n\n").next().unwrap_or_default();
        let line = paragraph.lines().next().unwrap_or_default();
        let end = line.find(". ").unwrap_or(line.len());
        line.get(..end).unwrap_or(line).trim_end_matches('.')
    }

    /// The method, as far as it is known.
    pub(crate) fn method(&self) -> Method {
        let known = self.effect.unwrap_or(Effect::Change);
        let effect = if sounds_like_a_loss(&self.name) { known.max(Effect::Destroy) } else { known };
        let params = self.params.iter().flatten().map(Parameter::param).collect();
        Method {
            name: self.name.clone(),
            summary: self.summary().to_owned(),
            effect,
            untyped: self.params.is_none(),
            params,
            returns: self.returns.clone(),
            arguments: self.passing,
            deprecated: self.deprecated.then(|| "the service says so".to_owned()),
            ..Method::default()
        }
    }
}

impl Parameter {
    fn param(&self) -> Param {
        Param {
            name: self.name.clone(),
            type_: self.type_.clone(),
            takes: self.takes.clone(),
            required: self.required,
            summary: self.summary.clone(),
            choices: self.choices.clone(),
            variadic: self.variadic,
            secret: sounds_secret(&self.name),
            ..Param::default()
        }
    }
}

/// Whether one of the words in the last part of a name means that something is lost: `removeGroup` in
/// `process.removeGroup`.
fn sounds_like_a_loss(name: &str) -> bool {
    let last = name.rsplit(['.', '/', ':']).next().unwrap_or(name);
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in last.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && was_small {
            words.push(String::new());
        }
        was_small = c.is_lowercase();
        if let (Some(word), true) = (words.last_mut(), c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.iter().any(|word| LOSSES.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sound_like_a_loss_are_one_whatever_the_service_says() {
        for (name, loses) in [
            ("process.removeGroup", true),
            ("item_delete", true),
            ("DeleteItem", true),
            ("VideoLibrary.RemoveMovie", true),
            ("dropped.list", false),
            ("delete.list", false),
            ("aria2.removeDownloadResult", true),
            ("undelete", false),
            ("supervisor.clearAllProcessLogs", true),
            ("presets.get", false),
            ("", false),
        ] {
            let listed = Listed { effect: Some(Effect::Read), ..Listed::from(name) };
            assert_eq!(listed.method().effect == Effect::Destroy, loses, "{name}");
            assert_ne!(Listed::from(name).method().effect, Effect::Read, "{name}");
        }
    }

    #[test]
    fn a_secret_is_known_by_its_name_alone() {
        let param = |name: &str| Parameter { name: name.into(), ..Parameter::default() }.param();
        assert!(param("root_password").secret && !param("nickname").secret);
    }

    #[test]
    fn the_summary_is_the_first_sentence() {
        for (help, summary) in [
            ("Start a process. Waits for it.\n\nMore.", "Start a process"),
            ("Start a process.\nWaits", "Start a process"),
            ("Version 1.5 of it", "Version 1.5 of it"),
            ("", ""),
        ] {
            assert_eq!(Listed { help: help.into(), ..Listed::default() }.summary(), summary);
        }
    }

    #[test]
    fn a_stored_list_is_read_back_and_older_ones_had_names_alone() {
        let read: Vec<Listed> = serde_json::from_str(r#"["a.b",{"name":"c.d","described":true}]"#).unwrap();
        assert_eq!(read, [Listed::from("a.b"), Listed { described: true, ..Listed::from("c.d") }]);
        let params =
            vec![Parameter { name: "n".into(), type_: Type::Int, choices: vec![1.into()], ..Parameter::default() }];
        let whole =
            Listed { params: Some(params), returns: Type::Dict, effect: Some(Effect::Read), ..Listed::from("e") };
        let text = serde_json::to_string(std::slice::from_ref(&whole)).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Listed>>(&text).unwrap(), [whole]);
    }
}
