//! The precedence of all settings: flag, then environment, then profile, then the top of the file, then the default.
//!
//! One setting differs, for safety: a flag or a variable can make a session read-only, but cannot undo it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::error::ConfigError;
use super::file::{Config, Section};
use super::keys::{Key, Place};
use model::period;

/// The source of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag of this run.
    Flag(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// A line of the file.
    File {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// The profile; `None` at the top.
        profile: Option<String>,
    },
    /// The default.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(flag) => write!(f, "the flag {flag}"),
            Origin::Variable(name) => write!(f, "the variable {name}"),
            Origin::File { path, line, profile: Some(profile) } => {
                write!(f, "{}:{line}, profile {profile}", path.display())
            }
            Origin::File { path, line, profile: None } => write!(f, "{}:{line}", path.display()),
            Origin::Default => f.write_str("the default"),
        }
    }
}

/// A value and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The value, in the form of its kind.
    pub text: String,
    /// Its source.
    pub origin: Origin,
}

/// Values of flags or variables, by the names of their keys.
pub type Said = BTreeMap<&'static str, String>;

/// All sources of settings, the one with the highest precedence first.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    flags: Said,
    variables: Said,
    config: Config,
    /// The profile that the session begins with: flags and variables for an account apply to it.
    here: Option<String>,
}

impl Layers {
    /// Combines the sources. An invalid value is an error, so that nothing is silently ignored.
    pub fn new(flags: Said, variables: Said, config: Config) -> Result<Layers, ConfigError> {
        let flags = checked(flags, |key| key.flag)?;
        let variables = checked(variables, |key| key.variable)?;
        Ok(Layers { flags, variables, config, here: None })
    }

    /// The same for a session that begins with a profile.
    pub fn at(self, profile: Option<&str>) -> Layers {
        Layers { here: profile.map(str::to_owned), ..self }
    }

    /// The file.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// All values of a key for a profile, the effective one first. Without a profile, those for an account that has
    /// none.
    pub fn all(&self, key: &'static Key, profile: Option<&str>) -> Vec<Found> {
        let mut found = Vec::new();
        if key.place != Place::Profile || profile == self.here.as_deref() {
            let said = |said: &Said| said.get(key.name).cloned();
            let flag = key.flag.and_then(|flag| Some(Found { text: said(&self.flags)?, origin: Origin::Flag(flag) }));
            let variable = |name| Some(Found { text: said(&self.variables)?, origin: Origin::Variable(name) });
            found.extend(flag.into_iter().chain(key.variable.and_then(variable)));
        }
        let own = profile.and_then(|name| Some((Some(name.to_owned()), self.config.profiles.get(name)?)));
        let sections = own.into_iter().chain([(None, &self.config.top)]);
        found.extend(sections.filter_map(|(profile, section): (_, &Section)| {
            let entry = section.entry(key.name)?;
            let origin = Origin::File { path: self.config.path.clone(), line: entry.line, profile };
            Some(Found { text: entry.text.clone(), origin })
        }));
        if key.only_tightens() {
            // The sort is stable: the others keep their order.
            found.sort_by_key(|found| found.text != "true" && !matches!(found.origin, Origin::File { .. }));
        }
        found
    }

    /// The effective value with its source; `None` when it is not set anywhere.
    pub fn found(&self, name: &str, profile: Option<&str>) -> Option<Found> {
        self.all(Key::find(name)?, profile).into_iter().next()
    }

    /// The effective value.
    pub fn text(&self, name: &str, profile: Option<&str>) -> Option<String> {
        self.found(name, profile).map(|found| found.text)
    }

    /// The effective value of a switch.
    pub fn switch(&self, name: &str, profile: Option<&str>) -> Option<bool> {
        self.text(name, profile).map(|text| text == "true")
    }

    /// The effective duration; `None` also if it is switched off.
    pub fn duration(&self, name: &str, profile: Option<&str>) -> Option<Duration> {
        self.text(name, profile).and_then(|text| period::parse(&text))
    }
}

fn checked(said: Said, place: impl Fn(&Key) -> Option<&'static str>) -> Result<Said, ConfigError> {
    let one = |(name, text): (&'static str, String)| {
        let Some(key) = Key::find(name) else { return Ok((name, text)) };
        let place = place(key).unwrap_or(name);
        let wrong = |problem| ConfigError::Said { place: place.to_owned(), problem };
        Ok((name, key.kind.normal(&text).map_err(wrong)?))
    };
    said.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::keys::{KEYS, Kind};
    use super::*;
    use model::Diagnostic;

    /// Four values of a kind; the first differs from all others.
    fn values(kind: Kind) -> [&'static str; 4] {
        match kind {
            Kind::Switch | Kind::Reads => ["true", "false", "true", "false"],
            Kind::Choice([one, other, third @ ..]) => [one, other, third.first().unwrap_or(other), one],
            Kind::Choice(_) => panic!("no choice"),
            Kind::Duration | Kind::Wait => ["1", "2s", "3m", "4h"],
            Kind::Age => ["1d", "2d", "3d", "4d"],
            Kind::Count(_) => ["1", "2", "3", "4"],
            Kind::Text | Kind::Url | Kind::File | Kind::Program | Kind::Hosts => ["a", "b", "c", "d"],
        }
    }

    fn quoted(kind: Kind, text: &str) -> String {
        if matches!(kind, Kind::Switch | Kind::Reads | Kind::Count(_)) {
            text.to_owned()
        } else {
            format!("\"{text}\"")
        }
    }

    /// A session that begins with `a`, in which every possible source sets one key.
    fn layers(key: &Key, folder: &Path) -> Layers {
        let [flag, variable, profile, top] = values(key.kind);
        let said = |place: Option<&str>, text: &str| place.map(|_| (key.name, text.to_owned())).into_iter().collect();
        let mut file = String::new();
        if key.at_top() {
            file += &format!("{} = {}\n", key.name, quoted(key.kind, top));
        }
        for name in ["a", "b"] {
            file += &format!("[profiles.{name}]\n");
            if key.in_profile() {
                file += &format!("{} = {}\n", key.name, quoted(key.kind, profile));
            }
            if key.name != "provider" {
                file += "provider = \"x\"\n";
            }
        }
        let path = folder.join("c.toml");
        std::io::Write::write_all(&mut std::fs::File::create(&path).unwrap(), file.as_bytes()).unwrap();
        let config = Config::read(&path).unwrap();
        Layers::new(said(key.flag, flag), said(key.variable, variable), config).unwrap().at(Some("a"))
    }

    fn place(found: &Found) -> &'static str {
        match &found.origin {
            Origin::Flag(_) => "flag",
            Origin::Variable(_) => "variable",
            Origin::File { profile: Some(_), .. } => "profile",
            Origin::File { profile: None, .. } => "top",
            Origin::Default => "default",
        }
    }

    #[test]
    fn for_every_key_the_order_is_flag_variable_profile_top() {
        let folder = tempfile::tempdir().unwrap();
        for key in KEYS.iter().filter(|key| !key.only_tightens()) {
            let layers = layers(key, folder.path());
            let places = |profile| layers.all(key, profile).iter().map(place).collect::<Vec<_>>();
            let all = [
                key.flag.map(|_| "flag"),
                key.variable.map(|_| "variable"),
                key.in_profile().then_some("profile"),
                key.at_top().then_some("top"),
            ];
            let expected: Vec<&str> = all.into_iter().flatten().collect();
            assert_eq!(places(Some("a")), expected, "{}", key.name);
            // A flag for an account applies to the one that the session begins with.
            let of_another = expected.iter().filter(|place| key.at_top() || **place == "profile").copied();
            assert_eq!(places(Some("b")), of_another.collect::<Vec<_>>(), "{}", key.name);
            let texts: Vec<String> = layers.all(key, Some("a")).into_iter().map(|found| found.text).collect();
            let said = values(key.kind).into_iter().zip(all).filter_map(|(text, place)| place.map(|_| text));
            assert_eq!(texts, said.collect::<Vec<_>>(), "{}", key.name);
        }
    }

    #[test]
    fn read_only_is_only_ever_added_from_outside_the_file() {
        for (flag, variable, profile, top, on) in [
            (false, None, None, None, false),
            (true, None, None, None, true),
            (true, Some("0"), Some(false), Some(false), true),
            (false, Some("1"), Some(false), None, true),
            (false, Some("0"), Some(true), None, true),
            (false, Some("0"), None, Some(true), true),
            (false, None, Some(false), Some(true), false),
            (false, Some("0"), Some(false), Some(true), false),
        ] {
            let line = |value: Option<bool>| value.map_or(String::new(), |value| format!("read_only = {value}\n"));
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("c.toml");
            let text = format!("{}[profiles.a]\nprovider = \"x\"\n{}", line(top), line(profile));
            super::super::private::store(&path, text.as_bytes()).unwrap();
            let flags = flag.then(|| ("read_only", "true".to_owned())).into_iter().collect();
            let variables = variable.map(|text| ("read_only", text.to_owned())).into_iter().collect();
            let layers = Layers::new(flags, variables, Config::read(&path).unwrap()).unwrap().at(Some("a"));
            let counts = layers.switch("read_only", Some("a")).unwrap_or(false);
            assert_eq!(counts, on, "{flag} {variable:?} {profile:?} {top:?}");
        }
    }

    #[test]
    fn an_invalid_variable_is_refused_by_name() {
        let variables = Said::from([("timeout", "soon".to_owned())]);
        let error = Layers::new(Said::new(), variables, Config::default()).unwrap_err();
        assert!(error.to_string().starts_with("MARSH_TIMEOUT: it must be a length of time"), "{error}");
        assert_eq!(error.class().exit_code(), 2);
    }
}
