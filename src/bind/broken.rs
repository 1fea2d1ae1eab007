//! A rule between values that is broken: what to say about it.

use std::net::Ipv4Addr;

use model::Span;

/// A rule that is broken.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{fault}{}", because.as_ref().map(|because| format!(" when {because}")).unwrap_or_default())]
pub struct Depend {
    /// What is wrong.
    pub fault: Broken,
    /// The condition of the rule, with the values of the line.
    pub because: Option<String>,
    /// Where.
    pub span: Span,
}

/// How a rule is broken. Names are whole: `alerting.trigger`.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Broken {
    /// Something must be given.
    #[error("{owner} needs {}", ticked(names.iter().map(|(name, _)| name)))]
    Needs {
        /// The method, or the dictionary between backticks.
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
    /// Something has a value that it may not have.
    #[error("`{name}` must be {wanted}")]
    Only {
        /// Its name.
        name: String,
        /// What it must be.
        wanted: String,
    },
    /// None of several things is given.
    #[error("{owner} needs {}{}", if names.len() > 1 { "at least one of " } else { "" }, ticked(names))]
    AtLeastOne {
        /// The method, or the dictionary between backticks.
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
    /// Two dates too far from each other.
    #[error("`{second}` is {apart} days after `{first}`; the maximum is {most}")]
    Days {
        /// The first date.
        first: String,
        /// The second.
        second: String,
        /// Days between them.
        apart: i32,
        /// Most days.
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
    /// The parameters that have to be given, if that is all.
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
    fn what_is_broken_is_said_with_its_condition_and_parameters_can_be_asked_for() {
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
