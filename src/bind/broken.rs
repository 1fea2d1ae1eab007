//! A broken rule between values, and the words for it.

use std::net::Ipv4Addr;

use model::Span;

/// A broken rule.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{fault}{}", because.as_ref().map(|because| format!(" when {because}")).unwrap_or_default())]
pub struct Depend {
    /// What is wrong.
    pub fault: Broken,
    /// The condition of the rule, with the values of the line.
    pub because: Option<String>,
    /// Its position in the line.
    pub span: Span,
}

/// How a rule is broken. Names are full paths: `alerting.trigger`.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Broken {
    /// Something must be given.
    #[error("{owner} needs {}", ticked(names.iter().map(|(name, _)| name)))]
    Needs {
        /// The method, or the dictionary in backticks.
        owner: String,
        /// Names and type words.
        names: Vec<(String, String)>,
        /// Whether these are parameters, which can be asked for.
        params: bool,
    },
    /// Something must be left out.
    #[error("`{name}` must be left out")]
    Refuses {
        /// Its name.
        name: String,
    },
    /// Something has a value that is not allowed.
    #[error("`{name}` must be {wanted}")]
    Only {
        /// Its name.
        name: String,
        /// What it must be, worded to follow "must be".
        wanted: String,
    },
    /// None of several things is given.
    #[error("{owner} needs {}{}", if names.len() > 1 { "at least one of " } else { "" }, ticked(names))]
    AtLeastOne {
        /// The method, or the dictionary in backticks.
        owner: String,
        /// The names.
        names: Vec<String>,
    },
    /// Two things are given that exclude each other.
    #[error("`{first}` and `{second}` cannot both be given")]
    NotBoth {
        /// The first.
        first: String,
        /// The second.
        second: String,
    },
    /// Two numbers or dates in the wrong order.
    #[error("`{second}` must not be {than} `{first}`")]
    Order {
        /// The smaller one.
        first: String,
        /// The larger one.
        second: String,
        /// "before" or "less than".
        than: &'static str,
    },
    /// Two dates are too far apart.
    #[error("`{second}` is {apart} days after `{first}`; the maximum is {most}")]
    Days {
        /// The first date.
        first: String,
        /// The second.
        second: String,
        /// The number of days between them.
        apart: i32,
        /// The most days allowed.
        most: i32,
    },
    /// An address that is not the first one of its network.
    #[error("`{name}` must be the first address of its network, which is {base}")]
    Network {
        /// The address.
        name: String,
        /// The first address of the network.
        base: Ipv4Addr,
    },
}

fn ticked<'n>(names: impl IntoIterator<Item = &'n String>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

impl Depend {
    /// The missing parameters, if nothing else is wrong.
    pub(super) fn needed(&self) -> Option<&[(String, String)]> {
        match &self.fault {
            Broken::Needs { names, params: true, .. } => Some(names),
            _ => None,
        }
    }

    pub(super) fn hint(&self) -> Option<String> {
        Some(match &self.fault {
            Broken::Needs { names, .. } => {
                names.iter().map(|(name, kind)| format!("{name} ({kind})…")).collect::<Vec<_>>().join(" ")
            }
            Broken::Network { .. } => "leave out the netmask for a single host".into(),
            _ => "--no-check sends it anyway".into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_rule_gives_its_condition_and_the_parameters_to_ask_for() {
        let names = || vec![("port".to_owned(), "int".to_owned()), ("host".to_owned(), "string".to_owned())];
        let needs = |params| Broken::Needs { owner: "server.check".into(), names: names(), params };
        let depend = |fault| Depend { fault, because: Some("`type` is HTTP".into()), span: Span::default() };
        for (fault, words, hint, asked) in [
            (
                needs(true),
                "server.check needs `port`, `host` when `type` is HTTP",
                "port (int)… host (string)…",
                Some(names()),
            ),
            (needs(false), "server.check needs `port`, `host` when `type` is HTTP", "port (int)… host (string)…", None),
            (
                Broken::Refuses { name: "port".into() },
                "`port` must be left out when `type` is HTTP",
                "--no-check sends it anyway",
                None,
            ),
        ] {
            let depend = depend(fault);
            assert_eq!((depend.to_string().as_str(), depend.hint().as_deref()), (words, Some(hint)));
            assert_eq!(depend.needed().map(<[_]>::to_vec), asked);
        }
    }
}
