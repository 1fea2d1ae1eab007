//! The namespaces of answers, under prefixes that change from answer to answer.

use crate::kit::random::Random;

/// The namespaces that every answer declares.
const DECLARED: [&str; 16] = [
    "admin",
    "backup",
    "datacenter",
    "directory",
    "general",
    "manualimport",
    "multigeo",
    "network",
    "organization",
    "reset",
    "server",
    "serverbootstrap",
    "storage",
    "support",
    "vip",
    "whitelabel",
];

/// The names of the namespaces in one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    /// In the order of declaration, each with its prefix; the default namespace has an empty one.
    bound: Vec<(&'static str, String)>,
}

impl Names {
    /// The names for the next answer: in any order, with any namespace or none as the default.
    pub(crate) fn shuffled(random: &mut Random) -> Names {
        let mut left = DECLARED.to_vec();
        let mut bound = Vec::new();
        let default = usize::try_from(random.below(17)).unwrap_or_default();
        while !left.is_empty() {
            let limit = u32::try_from(left.len()).unwrap_or(u32::MAX);
            let word = left.swap_remove(usize::try_from(random.below(limit)).unwrap_or_default());
            let prefix = if bound.len() == default { String::new() } else { format!("ns{}", bound.len() + 1) };
            bound.push((word, prefix));
        }
        Names { bound }
    }

    /// A name in a namespace, as this answer writes it.
    pub(crate) fn qualify(&self, namespace: &str, name: &str) -> String {
        let prefix = self.bound.iter().find(|(word, _)| *word == namespace).map_or("", |(_, prefix)| prefix);
        if prefix.is_empty() { name.to_owned() } else { format!("{prefix}:{name}") }
    }

    /// The declarations, for the root.
    pub(crate) fn declarations(&self) -> String {
        let one = |(word, prefix): &(&str, String)| match prefix.as_str() {
            "" => format!(" xmlns=\"http://oec.api.opsource.net/schemas/{word}\""),
            _ => format!(" xmlns:{prefix}=\"http://oec.api.opsource.net/schemas/{word}\""),
        };
        self.bound.iter().map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::caas::tree;

    #[test]
    fn the_namespace_is_the_same_with_any_prefix() {
        let mut random = Random::of("names");
        let mut prefixes = BTreeSet::new();
        for _ in 0..200 {
            let names = Names::shuffled(&mut random);
            let name = names.qualify("general", "Status");
            let root = tree::parse(&format!("<{name}{}/>", names.declarations())).unwrap();
            assert_eq!((root.namespace.as_str(), root.name.as_str()), ("general", "Status"));
            prefixes.insert(name);
        }
        // With and without a default namespace, and with every prefix.
        assert_eq!(prefixes.len(), 17, "{prefixes:?}");
    }
}
