//! How a service says which methods it has.

use serde::Deserialize;

/// The methods by which a service describes itself. Names that are left out are those of the dialect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Introspection {
    /// The convention that the service follows.
    #[serde(default)]
    pub style: Dialect,
    /// Lists the methods.
    #[serde(default)]
    pub list: Option<String>,
    /// Describes one method in prose. Only the dialect `system` has one.
    #[serde(default)]
    pub help: Option<String>,
    /// Returns the types of one method. Only the dialect `system` has one.
    #[serde(default)]
    pub signature: Option<String>,
}

/// The conventions of services that describe themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// `system.listMethods`, `system.methodHelp` and `system.methodSignature`: names first, then each method.
    #[default]
    System,
    /// The list of a Koji hub: all methods at once, each with its arguments.
    Koji,
    /// The list of Spacewalk and its kin: a dictionary of methods with their types.
    Spacewalk,
    /// An OpenRPC document.
    OpenRpc,
    /// Kodi's own description: methods with JSON schemas and permissions.
    Kodi,
    /// The service is asked in all of these conventions, until one answers.
    Any,
}

impl Dialect {
    /// The conventions that are tried, in this order, for a service of which nothing is known.
    pub const TRIED: [Dialect; 5] =
        [Dialect::System, Dialect::OpenRpc, Dialect::Koji, Dialect::Spacewalk, Dialect::Kodi];

    /// The method that lists the methods.
    pub fn list(self) -> &'static str {
        match self {
            Dialect::System | Dialect::Any => "system.listMethods",
            Dialect::Koji => "_listapi",
            Dialect::Spacewalk => "api.getApiCallList",
            Dialect::OpenRpc => "rpc.discover",
            Dialect::Kodi => "JSONRPC.Introspect",
        }
    }
}

impl Introspection {
    /// The method that lists the methods in a dialect.
    pub fn list_in(&self, dialect: Dialect) -> &str {
        match &self.list {
            Some(list) if dialect == self.style => list,
            _ => dialect.list(),
        }
    }

    /// The method that lists the methods, if the dialect is known.
    pub fn list(&self) -> &str {
        self.list_in(self.style)
    }

    /// The method that describes one method in prose.
    pub fn help(&self) -> &str {
        self.help.as_deref().unwrap_or("system.methodHelp")
    }

    /// The method that returns the types of one method.
    pub fn signature(&self) -> &str {
        self.signature.as_deref().unwrap_or("system.methodSignature")
    }

    /// Whether a method of that name describes others: it only reads.
    pub fn describes(&self, name: &str) -> bool {
        let own = [self.help(), self.signature(), self.list()];
        own.contains(&name) || self.style == Dialect::Any && Dialect::TRIED.iter().any(|dialect| dialect.list() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_left_out_are_those_of_the_dialect() {
        for (rule, list, help, signature) in [
            ("{}", "system.listMethods", "system.methodHelp", "system.methodSignature"),
            (r#"{"list":"l","help":"h"}"#, "l", "h", "system.methodSignature"),
            (r#"{"style":"koji"}"#, "_listapi", "system.methodHelp", "system.methodSignature"),
            (r#"{"style":"any"}"#, "system.listMethods", "system.methodHelp", "system.methodSignature"),
        ] {
            let rule: Introspection = serde_json::from_str(rule).unwrap();
            assert_eq!((rule.list(), rule.help(), rule.signature()), (list, help, signature));
            assert!(rule.describes(list) && rule.describes(help) && !rule.describes("item.drop"));
        }
        let any = Introspection { style: Dialect::Any, list: Some("mine".into()), ..Introspection::default() };
        assert_eq!((any.list(), any.list_in(Dialect::OpenRpc)), ("mine", "rpc.discover"));
        assert!(any.describes("JSONRPC.Introspect"));
    }
}
