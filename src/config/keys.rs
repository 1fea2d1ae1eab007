//! The settings as data: every key of `config.toml` with its kind, flag, variable and default.

use model::http::{userinfo, without_userinfo};
use model::period;
use model::suggest::{nearest, phrase};

/// One setting.
#[derive(Debug)]
pub struct Key {
    /// Its name in `config.toml`.
    pub name: &'static str,
    /// The kind of its values.
    pub kind: Kind,
    /// One line of what it does.
    pub summary: &'static str,
    /// The flag that sets it for one run.
    pub flag: Option<&'static str>,
    /// The environment variable that sets it.
    pub variable: Option<&'static str>,
    /// Where in the file it is allowed.
    pub place: Place,
    /// Its default, in words.
    pub default: &'static str,
}

/// Where a setting is allowed in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a profile. A flag or a variable sets it for the profile that the session begins with.
    Profile,
    /// At the top, for all profiles.
    Top,
    /// At the top, and in a profile to override it.
    Both,
}

/// The kind of a value. Values are kept as text in one form: `true`, `30`, `10m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// An address. A user name or key in it is removed.
    Url,
    /// A path; `~/` is the home folder.
    File,
    /// True or false.
    Switch,
    /// True or false, or `document`: on, but what only a document calls a read is one, too.
    Reads,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A duration: `30`, `1.5s`, `10m`, `1h30m`; a number without a unit means seconds.
    Duration,
    /// A duration, or false.
    Wait,
    /// A duration with a unit, however long, or false: `365d`.
    Age,
    /// A whole number up to this one.
    Count(u64),
    /// Any text, or false.
    Program,
    /// Host names, separated by commas.
    Hosts,
}

const fn key(name: &'static str, kind: Kind, place: Place, default: &'static str, summary: &'static str) -> Key {
    Key { name, kind, summary, flag: None, variable: None, place, default }
}

impl Key {
    const fn flag(self, flag: &'static str) -> Key {
        Key { flag: Some(flag), ..self }
    }

    const fn variable(self, variable: &'static str) -> Key {
        Key { variable: Some(variable), ..self }
    }

    /// The key of that name.
    pub fn find(name: &str) -> Option<&'static Key> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// The keys that a mistyped name may have been meant for, among those that fit: the nearest, or else all of them.
    pub fn suggestion(name: &str, fits: impl Fn(&Key) -> bool) -> String {
        let names = || KEYS.iter().filter(|key| fits(key)).map(|key| key.name);
        phrase(&nearest(name, names()))
            .unwrap_or_else(|| format!("there are {}", names().collect::<Vec<_>>().join(", ")))
    }

    /// Whether a flag or a variable can only make the session safer: it can be switched on there, but not switched off
    /// if it is on in the file.
    pub fn only_tightens(&self) -> bool {
        self.name == "read_only"
    }

    /// Whether it is allowed in a profile.
    pub fn in_profile(&self) -> bool {
        self.place != Place::Top
    }

    /// Whether it is allowed at the top.
    pub fn at_top(&self) -> bool {
        self.place != Place::Profile
    }
}

/// All settings, those of a profile first.
pub static KEYS: &[Key] = &[
    key("provider", Kind::Text, Place::Profile, "", "The provider's id, or a kind of services").flag("--provider"),
    key("transport", Kind::Text, Place::Profile, "the provider's first", "One of the provider's protocols")
        .flag("--transport"),
    key("region", Kind::Text, Place::Profile, "the provider's first", "One of the provider's regions").flag("--region"),
    key("url", Kind::Url, Place::Profile, "the provider's own", "The address of the service")
        .flag("--url")
        .variable("MARSH_URL"),
    key("ca", Kind::File, Place::Profile, "the system's", "A file with the certificate authorities to trust"),
    key("user", Kind::Text, Place::Profile, "none", "The account's user name, if the provider needs one")
        .flag("--user"),
    key("auth", Kind::Text, Place::Profile, "the provider's own", "How the key is sent, where there are several ways")
        .flag("--auth"),
    key(
        "arguments",
        Kind::Choice(&["named", "positional", "struct"]),
        Place::Profile,
        "the provider's own",
        "How values are sent where a method does not say so",
    ),
    key("language", Kind::Text, Place::Profile, "the provider's first", "The language of the provider's messages"),
    key("key_command", Kind::Text, Place::Profile, "none", "A command that prints the key"),
    key("key_env", Kind::Text, Place::Profile, "none", "The variable that contains the key"),
    key("key_file", Kind::File, Place::Profile, "none", "A file that contains the key, readable only by its owner"),
    key("keyring", Kind::Switch, Place::Profile, "false", "The key is in the desktop keyring"),
    key("catalog", Kind::Text, Place::Profile, "built in", "A catalogue file or address, instead of the built-in one"),
    key("read_only", Kind::Reads, Place::Both, "false", "Refuse every call that is not known to be a read")
        .flag("--read-only")
        .variable("MARSH_READ_ONLY"),
    key(
        "confirm",
        Kind::Choice(&["none", "destroy", "change"]),
        Place::Both,
        "destroy",
        "Which calls ask for confirmation",
    )
    .variable("MARSH_CONFIRM"),
    key("output", Kind::Text, Place::Both, "json", "The format of results").flag("--output").variable("MARSH_OUTPUT"),
    key("timeout", Kind::Duration, Place::Both, "60", "How long to wait for an answer")
        .flag("--timeout")
        .variable("MARSH_TIMEOUT"),
    key("wait", Kind::Wait, Place::Both, "false", "How long to wait for the jobs that calls start")
        .variable("MARSH_WAIT"),
    key("retries", Kind::Count(10), Place::Both, "3", "How many times to retry a call that cannot have had an effect")
        .flag("--retries")
        .variable("MARSH_RETRIES"),
    key("jobs", Kind::Count(64), Place::Both, "1", "How many calls of `each` are under way at once")
        .variable("MARSH_JOBS"),
    key(
        "destroy_limit",
        Kind::Count(100),
        Place::Both,
        "30",
        "How many percent of a list `each` may destroy with no more than a yes",
    )
    .variable("MARSH_DESTROY_LIMIT"),
    key("profile", Kind::Text, Place::Top, "the first by name", "The profile that a session starts with")
        .flag("--profile")
        .variable("MARSH_PROFILE"),
    key(
        "pager",
        Kind::Program,
        Place::Top,
        "$PAGER, otherwise less -FRX",
        "The command for results longer than the screen",
    )
    .variable("MARSH_PAGER"),
    key("edit_mode", Kind::Choice(&["emacs", "vi"]), Place::Top, "emacs", "The keys of the prompt's editor")
        .variable("MARSH_EDIT_MODE"),
    key("history", Kind::Switch, Place::Top, "true", "Save the lines that you type").variable("MARSH_HISTORY"),
    key("journal", Kind::Switch, Place::Top, "true", "Record every change before it is sent").variable("MARSH_JOURNAL"),
    key("calls_at_once", Kind::Count(64), Place::Top, "8", "How many calls run side by side, at most")
        .variable("MARSH_CALLS_AT_ONCE"),
    key("history_lines", Kind::Count(1_000_000), Place::Top, "10000", "How many lines are kept, the newest"),
    key("journal_keep", Kind::Age, Place::Top, "false", "How long lines and calls are kept; false is for ever"),
    key("plain_http", Kind::Hosts, Place::Top, "none", "Hosts that may be called without TLS").flag("--plain-http"),
];

impl Kind {
    /// A text in the single form in which values of this kind are kept; `Err` says what it must be.
    pub fn normal(self, text: &str) -> Result<String, String> {
        let text = text.trim();
        match self {
            _ if text.is_empty() => Err("it is empty".into()),
            Kind::Text | Kind::File | Kind::Hosts => Ok(text.to_owned()),
            Kind::Url => match userinfo(text) {
                // ma-shell's form: the key is put there.
                None | Some(("" | "%s", _)) => Ok(without_userinfo(text)),
                Some(_) => Err("it contains a user name: leave that out, and set `user`".into()),
            },
            Kind::Program if is_off(text) => Ok("false".into()),
            Kind::Program => Ok(text.to_owned()),
            Kind::Switch if is_on(text) => Ok("true".into()),
            Kind::Switch if is_off(text) => Ok("false".into()),
            Kind::Switch => Err("it must be true or false".into()),
            Kind::Reads if text == BY_DOCUMENT => Ok(text.to_owned()),
            Kind::Reads => Kind::Switch.normal(text).map_err(|_| format!("it must be true, false or {BY_DOCUMENT}")),
            Kind::Choice(words) if words.contains(&text) => Ok(text.to_owned()),
            Kind::Choice(words) => {
                let near = phrase(&nearest(text, words.iter().copied())).map(|near| format!("; {near}"));
                Err(format!("it must be {}{}", words.join(", "), near.unwrap_or_default()))
            }
            Kind::Wait if is_off(text) => Ok("false".into()),
            Kind::Wait => period::parse(text).map(|_| text.to_owned()).ok_or_else(|| format!("{}, or false", length())),
            Kind::Age if is_off(text) => Ok("false".into()),
            Kind::Age => match period::long(text) {
                Some(_) => Ok(text.to_owned()),
                None => Err("it must be a length of time with a unit, such as 90d or 365d, or false".into()),
            },
            Kind::Duration => period::parse(text).map(|_| text.to_owned()).ok_or_else(length),
            Kind::Count(most) => match text.parse::<u64>() {
                Ok(count) if count <= most => Ok(text.to_owned()),
                _ => Err(format!("it must be a whole number from 0 to {most}")),
            },
        }
    }
}

/// The value of a switch for reads that lets through what only a document calls a read.
pub const BY_DOCUMENT: &str = "document";

fn length() -> String {
    format!("it must be {}", period::FORM)
}

fn is_on(text: &str) -> bool {
    ["1", "true", "yes", "on"].contains(&text)
}

fn is_off(text: &str) -> bool {
    ["0", "false", "no", "off"].contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_keys_share_a_name_a_flag_or_a_variable() {
        for (nth, key) in KEYS.iter().enumerate() {
            for other in &KEYS[nth + 1..] {
                assert_ne!(key.name, other.name);
                assert!(key.flag.is_none() || key.flag != other.flag, "{}", key.name);
                assert!(key.variable.is_none() || key.variable != other.variable, "{}", key.name);
            }
            assert!(key.summary.len() <= 70 && !key.summary.ends_with('.'), "{}", key.name);
        }
    }

    #[test]
    fn values_have_one_form() {
        for (name, text, normal) in [
            ("read_only", "yes", Ok("true")),
            ("history", "off", Ok("false")),
            ("read_only", "maybe", Err("it must be true, false or document")),
            ("read_only", "document", Ok("document")),
            ("confirm", "change", Ok("change")),
            ("confirm", "destory", Err("it must be none, destroy, change; did you mean destroy?")),
            ("wait", "no", Ok("false")),
            ("wait", "10m", Ok("10m")),
            ("timeout", "false", Err("it must be a length of time such as 30, 90s, 10m or 1h30m, 30 days at most")),
            ("timeout", " 2.5 ", Ok("2.5")),
            ("journal_keep", "365d", Ok("365d")),
            ("journal_keep", "off", Ok("false")),
            ("journal_keep", "365", Err("it must be a length of time with a unit, such as 90d or 365d, or false")),
            ("retries", "3", Ok("3")),
            ("retries", "11", Err("it must be a whole number from 0 to 10")),
            ("pager", "off", Ok("false")),
            ("pager", "less -S", Ok("less -S")),
            ("url", "https://%s:@h/v1", Ok("https://h/v1")),
            ("url", "https://me:%s@h/v1", Err("it contains a user name: leave that out, and set `user`")),
            ("arguments", "positional", Ok("positional")),
            ("user", " ", Err("it is empty")),
        ] {
            let read = Key::find(name).unwrap().kind.normal(text);
            assert_eq!(read.as_deref().map_err(String::as_str), normal, "{name} {text}");
        }
        assert_eq!(Key::suggestion("key_comand", |_| true), "did you mean key_command or key_env?");
        assert_eq!(Key::suggestion("providr", Key::in_profile), "did you mean provider?");
        assert!(Key::suggestion("zzz", Key::at_top).starts_with("there are read_only, confirm, "));
    }
}
