//! `config.toml`: the user's accounts by name, and the settings for all of them. Every value keeps its line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::groups;
use super::keys::{Key, Kind, Place};
use super::names::{PROFILE_NAMES, is_profile_name};
use super::trusted;
use model::Home;
use model::http::split;

/// The content of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The file.
    pub path: PathBuf,
    /// The settings for all profiles.
    pub top: Section,
    /// The accounts.
    pub profiles: BTreeMap<String, Section>,
    /// Accounts that belong together, each a profile or a pattern such as `web_*`, by the name of the group.
    pub groups: BTreeMap<String, Vec<String>>,
}

/// One table of the file: values by the names of their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    values: BTreeMap<&'static str, Entry>,
    /// The places of further secrets of an account, by their names.
    secrets: BTreeMap<String, Section>,
}

/// One value in the form of its kind, and its line, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The value.
    pub text: String,
    /// Its line.
    pub line: usize,
}

impl Section {
    /// The table's entry for a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.values.get(key)
    }

    /// The place of a further secret, in the keys of the place of the key.
    pub fn secret(&self, name: &str) -> Option<&Section> {
        self.secrets.get(name)
    }

    /// All texts of a key in the table and in those of its secrets.
    pub fn everywhere<'s>(&'s self, key: &'s str) -> impl Iterator<Item = &'s str> {
        self.text(key).into_iter().chain(self.secrets.values().filter_map(move |secret| secret.text(key)))
    }

    /// The same without its line.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.entry(key).map(|entry| entry.text.as_str())
    }
}

impl Config {
    /// Reads the file. A missing file counts as empty; one that others can change is refused.
    pub fn read(path: &Path) -> Result<Config, ConfigError> {
        match trusted::text(path, trusted::KEYS)? {
            Some(text) => Config::parse(&text, path),
            None => Ok(Config { path: path.to_owned(), ..Config::default() }),
        }
    }

    /// Parses the text of such a file; `path` is for error messages.
    pub fn parse(text: &str, path: &Path) -> Result<Config, ConfigError> {
        let reader = Reader { text, path };
        let table = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            reader.fault(at, error.message().lines().collect::<Vec<_>>().join("; "), None)
        })?;
        let mut config = Config { path: path.to_owned(), ..Config::default() };
        let mut groups = None;
        for (name, value) in table.get_ref() {
            match name.get_ref().as_ref() {
                PROFILES => config.profiles = reader.profiles(value)?,
                GROUPS => groups = Some(value),
                _ => reader.entry(name, value, None, &mut config.top)?,
            }
        }
        if let Some(groups) = groups {
            let read = groups::read(groups, |name| config.profiles.contains_key(name));
            config.groups = read.map_err(|fault| reader.fault(fault.at, fault.problem, fault.hint))?;
        }
        Ok(config)
    }

    /// The path of a file that it names: `~/` is the home folder, and a relative path starts at the folder of this
    /// file, wherever the program is started.
    pub fn path_of(&self, path: &str, home: &Home) -> PathBuf {
        home.expand_in(self.path.parent().unwrap_or(Path::new("")), Path::new(path))
    }

    /// Only the settings of the program, without accounts, and read-only.
    pub fn of_the_program(mut self) -> Config {
        let stays = |key: &Key| key.place == Place::Top || key.only_tightens();
        self.top.values.retain(|name, _| Key::find(name).is_some_and(stays));
        self.profiles.clear();
        self.groups.clear();
        self
    }

    /// The profile to begin with: the requested one, else the file's own choice, else the first.
    pub fn first(&self, asked: Option<&str>) -> Result<Option<String>, ConfigError> {
        let Some(name) = asked.or(self.top.text("profile")) else { return Ok(self.profiles.keys().next().cloned()) };
        self.known(name).map(Some)
    }

    /// The name, if it is that of a profile.
    pub fn known(&self, name: &str) -> Result<String, ConfigError> {
        if self.profiles.contains_key(name) {
            return Ok(name.to_owned());
        }
        let known = self.profiles.keys().cloned().collect();
        Err(ConfigError::NoProfile { name: name.to_owned(), path: self.path.clone(), known })
    }
}

/// The table of the profiles.
pub(super) const PROFILES: &str = "profiles";
/// The table of the groups.
const GROUPS: &str = "groups";
/// The table of the further secrets of a profile.
const SECRETS: &str = "secrets";
/// The keys that give the source of a key; a profile has one of them.
const KEY_PLACES: [&str; 4] = ["key_command", "key_env", "key_file", "keyring"];

/// Processes the parsed file.
struct Reader<'t> {
    text: &'t str,
    path: &'t Path,
}

type Name<'t> = Spanned<std::borrow::Cow<'t, str>>;

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.get(..at).unwrap_or("").matches('\n').count() + 1
    }

    fn fault(&self, at: usize, problem: impl Into<String>, hint: Option<String>) -> ConfigError {
        let (path, line) = (self.path.to_owned(), self.line(at));
        ConfigError::Content { path, line, problem: problem.into(), hint }
    }

    fn profiles(&self, value: &Spanned<DeValue<'_>>) -> Result<BTreeMap<String, Section>, ConfigError> {
        let hint = || Some("a profile is written [profiles.NAME]".to_owned());
        let table = value.get_ref().as_table();
        let table = table.ok_or_else(|| self.fault(value.span().start, "`profiles` is not a table", hint()))?;
        let mut profiles = BTreeMap::new();
        for (name, value) in table {
            let at = name.span().start;
            let no_table = || self.fault(at, format!("`profiles.{}` is not a table", name.get_ref()), hint());
            let section = self.profile(name, value.get_ref().as_table().ok_or_else(no_table)?)?;
            profiles.insert(name.get_ref().to_string(), section);
        }
        Ok(profiles)
    }

    fn profile(&self, name: &Name<'_>, table: &DeTable<'_>) -> Result<Section, ConfigError> {
        let mut section = Section::default();
        for (key, value) in table {
            match value.get_ref().as_table().filter(|_| key.get_ref() == SECRETS) {
                Some(secrets) => section.secrets = self.secrets(secrets, name.get_ref())?,
                None => self.entry(key, value, Some(name.get_ref()), &mut section)?,
            }
        }
        let at = name.span().start;
        if !is_profile_name(name.get_ref()) {
            let problem = format!("`{}` cannot be the name of a profile", name.get_ref());
            return Err(self.fault(at, problem, Some(PROFILE_NAMES.into())));
        }
        if section.entry("provider").is_none() {
            return Err(self.fault(at, format!("profile `{}` has no provider", name.get_ref()), None));
        }
        self.one_place(&section, at, &format!("profile `{}`", name.get_ref()))?;
        Ok(section)
    }

    /// The places of further secrets: each has the keys that say where the key is, and no others.
    fn secrets(&self, table: &DeTable<'_>, profile: &str) -> Result<BTreeMap<String, Section>, ConfigError> {
        let mut secrets = BTreeMap::new();
        for (name, value) in table {
            let at = name.span().start;
            let what = format!("`{SECRETS}.{}`", name.get_ref());
            let hint =
                || Some(format!("write {SECRETS}.{}.key_command, .key_file, .key_env or .keyring", name.get_ref()));
            let no_table = || self.fault(at, format!("{what} is not a table"), hint());
            let mut section = Section::default();
            for (key, value) in value.get_ref().as_table().ok_or_else(no_table)? {
                if !KEY_PLACES.contains(&key.get_ref().as_ref()) {
                    let problem = format!("{what} has no key `{}`", key.get_ref());
                    return Err(self.fault(key.span().start, problem, hint()));
                }
                self.entry(key, value, Some(profile), &mut section)?;
            }
            self.one_place(&section, at, &what)?;
            secrets.insert(name.get_ref().to_string(), section);
        }
        Ok(secrets)
    }

    /// Refuses a secret that would come from two places.
    fn one_place(&self, section: &Section, at: usize, what: &str) -> Result<(), ConfigError> {
        let places = KEY_PLACES.iter().filter(|key| section.text(key).is_some_and(|text| text != "false"));
        let places: Vec<&str> = places.copied().collect();
        if places.len() > 1 {
            let problem = format!("{what} has {}", places.join(" and "));
            return Err(self.fault(at, problem, Some("a key comes from one place: keep one of them".into())));
        }
        Ok(())
    }

    /// Adds one entry of a table. `profile` is the profile that it belongs to, if any.
    fn entry(
        &self,
        name: &Name<'_>,
        value: &Spanned<DeValue<'_>>,
        profile: Option<&str>,
        section: &mut Section,
    ) -> Result<(), ConfigError> {
        let (word, at) = (name.get_ref().as_ref(), name.span().start);
        if value.get_ref().is_table() {
            return Err(self.misplaced(word, at, profile));
        }
        let Some(key) = Key::find(word) else { return Err(self.unknown(word, at, profile)) };
        match profile {
            Some(_) if !key.in_profile() => {
                let hint = Some("put it above the first [profiles.NAME]".to_owned());
                return Err(self.fault(at, format!("`{word}` applies to all profiles"), hint));
            }
            None if !key.at_top() => {
                let hint = Some("put it below [profiles.NAME]".to_owned());
                return Err(self.fault(at, format!("`{word}` belongs to a profile"), hint));
            }
            _ => {}
        }
        let wrong = |problem: String| self.fault(at, format!("`{word}`: {problem}"), None);
        let text = text_of(key.kind, value.get_ref()).map_err(wrong)?;
        if key.kind == Kind::Url && has_password(&text) {
            let hint = Some("remove it, and name the place of the key with key_command or key_file".to_owned());
            return Err(self.fault(at, format!("`{word}` has a password in it"), hint));
        }
        let text = key.kind.normal(&text).map_err(wrong)?;
        section.values.insert(key.name, Entry { text, line: self.line(at) });
        Ok(())
    }

    /// The error of a table in the wrong place: it was meant for a profile.
    fn misplaced(&self, word: &str, at: usize, profile: Option<&str>) -> ConfigError {
        let (problem, name) = match profile {
            Some(profile) => {
                (format!("`{profile}.{word}` cannot be the name of a profile"), format!("{profile}-{word}"))
            }
            None => {
                (format!("`{word}` cannot be a table"), if word == "profile" { "NAME".into() } else { word.into() })
            }
        };
        let name = if is_profile_name(&name) { name } else { "NAME".into() };
        self.fault(at, problem, Some(format!("write [{PROFILES}.{name}]; {PROFILE_NAMES}")))
    }

    /// The error of an unknown name, such as one under which the user has put the key itself.
    fn unknown(&self, word: &str, at: usize, profile: Option<&str>) -> ConfigError {
        const SECRETS: [&str; 7] = ["key", "api_key", "apikey", "password", "passwd", "secret", "token"];
        if SECRETS.contains(&word.to_lowercase().as_str()) {
            let hint = "name the place of the key instead: key_command, key_file, key_env or keyring; \
                        `marsh login` saves it in a separate file";
            return self.fault(at, format!("`{word}`: this file must not contain a key"), Some(hint.into()));
        }
        let hint = Key::suggestion(word, if profile.is_some() { Key::in_profile } else { Key::at_top });
        self.fault(at, format!("unknown key `{word}`"), Some(hint))
    }
}

/// A value as the text that a variable would contain.
fn text_of(kind: Kind, value: &DeValue<'_>) -> Result<String, String> {
    let is_length = matches!(kind, Kind::Duration | Kind::Wait);
    match value {
        DeValue::String(text) if !matches!(kind, Kind::Count(_)) => Ok(text.to_string()),
        DeValue::Boolean(flag)
            if matches!(kind, Kind::Switch | Kind::Reads | Kind::Wait | Kind::Age | Kind::Program) =>
        {
            Ok(flag.to_string())
        }
        DeValue::Integer(number) if is_length || matches!(kind, Kind::Count(_)) => Ok(number.as_str().to_owned()),
        DeValue::Float(number) if is_length => Ok(number.as_str().to_owned()),
        DeValue::Array(items) if kind == Kind::Hosts => {
            let hosts: Option<Vec<&str>> = items.iter().map(|item| item.get_ref().as_str()).collect();
            hosts.map(|hosts| hosts.join(",")).ok_or_else(|| "its members must be strings".into())
        }
        other => Err(format!("it cannot be {}", named(other))),
    }
}

fn named(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Whether an address contains `user:password@`, other than ma-shell's placeholder for the key.
fn has_password(url: &str) -> bool {
    let user = split(url).0.rsplit_once('@').map_or("", |(before, _)| before.rsplit('/').next().unwrap_or_default());
    !user.is_empty() && user.trim_end_matches(':') != "%s"
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Diagnostic;

    fn parsed(text: &str) -> Result<Config, ConfigError> {
        Config::parse(text, Path::new("c.toml"))
    }

    #[test]
    fn a_file_names_its_accounts() {
        let config = parsed(
            "profile = \"b\"\ntimeout = 2.5\n[profiles.a]\nprovider = \"x\"\nread_only = true\n\
             [profiles.b]\nprovider = \"y\"\nuser = \"me\"\n",
        )
        .unwrap();
        assert_eq!(config.first(None).unwrap().as_deref(), Some("b"));
        assert_eq!(config.first(Some("a")).unwrap().as_deref(), Some("a"));
        assert_eq!(config.profiles["a"].entry("read_only"), Some(&Entry { text: "true".into(), line: 5 }));
        assert_eq!((config.top.text("timeout"), config.profiles["b"].text("user")), (Some("2.5"), Some("me")));
        let error = config.first(Some("c")).unwrap_err();
        assert_eq!(
            (error.to_string().as_str(), error.hint().as_deref()),
            ("there is no profile `c` in c.toml", Some("it has a, b"))
        );
    }

    #[test]
    fn an_error_gives_the_line_and_what_would_be_valid() {
        let a = "[profiles.a]\nprovider = \"x\"\n";
        for (text, fault, hint) in [
            ("[profiles.a]\nprovider = \n".to_owned(), "line 2:", ""),
            ("[profiles.a]\nuser = \"x\"\n".into(), "line 1: profile `a` has no provider", ""),
            (format!("{a}key = \"hunter22\"\n"), "line 3: `key`: this file must not contain a key", "key_command"),
            (
                format!("{a}Password = \"hunter22\"\n"),
                "line 3: `Password`: this file must not contain a key",
                "key_file",
            ),
            (format!("{a}url = \"https://me:hunter22@h/\"\n"), "line 3: `url` has a password", "remove it"),
            (format!("{a}reigon = \"x\"\n"), "line 3: unknown key `reigon`", "did you mean region?"),
            (format!("{a}zzz = 1\n"), "line 3: unknown key `zzz`", "there are provider, transport"),
            ("zzz = 1\n".into(), "line 1: unknown key `zzz`", "there are read_only"),
            (format!("{a}pager = \"less\"\n"), "line 3: `pager` applies to all profiles", "above the first"),
            ("region = \"eu\"\n".into(), "line 1: `region` belongs to a profile", "below"),
            (format!("{a}timeout = \"soon\"\n"), "line 3: `timeout`: it must be a length of time", ""),
            (format!("{a}timeout = true\n"), "line 3: `timeout`: it cannot be true or false", ""),
            (format!("{a}wait = true\n"), "line 3: `wait`: it must be a length of time", ""),
            (format!("{a}read_only = 1\n"), "line 3: `read_only`: it cannot be a number", ""),
            (format!("{a}user = 1979-05-27\n"), "line 3: `user`: it cannot be a date", ""),
            (format!("{a}retries = \"2\"\n"), "line 3: `retries`: it cannot be a string", ""),
            (format!("{a}[profiles.a.user]\n"), "line 3: `a.user` cannot be the name", "write [profiles.a-user]"),
            ("[profiles.w.x]\nprovider = \"x\"\n".into(), "line 1: `w.x` cannot be the name", "[profiles.w-x]"),
            (format!("{a}user = {{ x = 1 }}\n"), "line 3: `a.user` cannot be the name", ""),
            ("[profile.w]\nprovider = \"x\"\n".into(), "line 1: `profile` cannot be a table", "write [profiles.NAME]"),
            ("[work]\nprovider = \"x\"\n".into(), "line 1: `work` cannot be a table", "write [profiles.work]"),
            ("[\"a b\"]\nprovider = \"x\"\n".into(), "line 1: `a b` cannot be a table", "write [profiles.NAME]"),
            ("profiles = 1\n".into(), "line 1: `profiles` is not a table", "[profiles.NAME]"),
            ("[profiles]\na = 1\n".into(), "line 2: `profiles.a` is not a table", "[profiles.NAME]"),
            (format!("{a}key_env = \"K\"\nkey_file = \"f\"\n"), "line 1: profile `a` has key_env and key_file", "keep"),
        ] {
            let error = parsed(&text).unwrap_err();
            let (words, advice) = (error.to_string(), error.hint().unwrap_or_default());
            assert!(words.contains(fault) && advice.contains(hint), "{text}: {words} / {advice}");
            assert!(!words.contains("hunter22") && !advice.contains("hunter22"), "{words}");
        }
    }

    #[test]
    fn a_profile_says_where_its_further_secrets_are() {
        let a = "[profiles.a]\nprovider = \"x\"\nkey_env = \"K\"\n";
        let config =
            parsed(&format!("{a}secrets.otp.key_command = \"otp\"\n[profiles.a.secrets.app]\nkey_env = \"A\"\n"));
        let profile = config.unwrap().profiles["a"].clone();
        assert_eq!(profile.secret("otp").unwrap().text("key_command"), Some("otp"));
        assert_eq!(profile.everywhere("key_env").collect::<Vec<_>>(), ["K", "A"]);
        for (line, fault) in [
            ("secrets.otp = \"hunter22\"", "`secrets.otp` is not a table"),
            ("secrets.otp.user = \"x\"", "`secrets.otp` has no key `user`"),
            ("secrets.otp = { key_env = \"A\", key_file = \"f\" }", "`secrets.otp` has key_env and key_file"),
            ("secrets = \"hunter22\"", "unknown key `secrets`"),
        ] {
            let error = parsed(&format!("{a}{line}\n")).unwrap_err().to_string();
            assert!(error.contains(fault) && !error.contains("hunter22"), "{line}: {error}");
        }
    }

    #[test]
    fn values_that_are_not_secret_are_accepted() {
        for (line, key, text) in [
            ("url = \"https://%s:@h/v1\"", "url", "https://h/v1"),
            ("url = \"https://h/a@b\"", "url", "https://h/a@b"),
            ("keyring = false\nkey_env = \"K\"", "key_env", "K"),
            ("wait = false", "wait", "false"),
            ("wait = 90", "wait", "90"),
        ] {
            let config = parsed(&format!("[profiles.a]\nprovider = \"x\"\n{line}\n")).unwrap();
            assert_eq!(config.profiles["a"].text(key), Some(text), "{line}");
        }
        let config = parsed("plain_http = [\"a\", \"b\"]\npager = false\nhistory = \"off\"\n").unwrap();
        let top = |key: &str| config.top.text(key).unwrap_or_default().to_owned();
        assert_eq!([top("plain_http"), top("pager"), top("history")], ["a,b", "false", "false"]);
    }

    #[test]
    fn profiles_are_named_by_the_rule_of_login() {
        for (name, taken) in [
            ("a", true),
            ("Prod-EU_2", true),
            ("7", true),
            ("", false),
            ("-w", false),
            ("a:b", false),
            ("a b", false),
            ("w.x", false),
            ("../../x", false),
            ("bü", false),
        ] {
            let config = parsed(&format!("[profiles.\"{name}\"]\nprovider = \"x\"\n"));
            assert_eq!(config.is_ok(), taken, "{name}");
            if let Err(error) = config {
                let (words, hint) = (error.to_string(), error.hint().unwrap_or_default());
                assert_eq!(words, format!("c.toml, line 1: `{name}` cannot be the name of a profile"));
                assert_eq!(hint, PROFILE_NAMES);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused_with_a_line_of_it(
            text in "(\\[profiles\\.a\\]\n)?([a-z_]{1,8}|timeout|url|key|provider) ?= ?[\"\\[0-9a-z.@:/\\]\n]{0,20}|\\PC{0,40}",
        ) {
            if let Err(ConfigError::Content { line, .. }) = parsed(&text) {
                proptest::prop_assert!((1..=text.matches('\n').count() + 1).contains(&line));
            }
        }
    }
}
