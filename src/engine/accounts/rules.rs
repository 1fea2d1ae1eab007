//! What is settled about the calls of an account before any line is typed.

use std::str::FromStr;
use std::time::Duration;

use crate::render::Format;
use crate::wire::Timeouts;

/// Which calls a user is asked about first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confirm {
    /// None, as ma-shell did it.
    None,
    /// Those that lose something for good, and those that cost money.
    #[default]
    Destroy,
    /// Every call that is not known to read only.
    Change,
}

impl Confirm {
    /// Every choice, as it is written.
    pub const NAMES: [&'static str; 3] = ["none", "destroy", "change"];

    /// How it is written.
    pub fn name(self) -> &'static str {
        match self {
            Confirm::None => "none",
            Confirm::Destroy => "destroy",
            Confirm::Change => "change",
        }
    }
}

impl FromStr for Confirm {
    type Err = String;

    fn from_str(text: &str) -> Result<Confirm, String> {
        let all = [Confirm::None, Confirm::Destroy, Confirm::Change];
        let found = all.into_iter().find(|confirm| confirm.name() == text);
        found.ok_or_else(|| format!("`{text}` is not one of {}", Confirm::NAMES.join(", ")))
    }
}

/// What holds for the calls of one account when the line itself says nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Nothing but reading calls may leave.
    pub read_only: bool,
    /// What is asked first.
    pub confirm: Confirm,
    /// The form of results; none chosen means JSON.
    pub format: Option<Format>,
    /// How long an answer may take.
    pub timeouts: Timeouts,
    /// How long a job that a call begins is waited for; not at all when this is missing.
    pub wait: Option<Duration>,
    /// How many times a call is repeated at most that failed for a reason that may pass, where repeating does no harm.
    pub retries: u8,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            read_only: false,
            confirm: Confirm::default(),
            format: None,
            timeouts: Timeouts::default(),
            wait: None,
            retries: 3,
        }
    }
}

/// What `set` has settled for the calls of all accounts, whatever their own rules say.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Overrides {
    pub(crate) format: Option<Format>,
    pub(crate) confirm: Option<Confirm>,
    pub(crate) timeout: Option<Duration>,
}

impl Rules {
    /// With what has been settled for all accounts.
    pub(crate) fn under(mut self, all: Overrides) -> Rules {
        self.format = all.format.or(self.format);
        self.confirm = all.confirm.unwrap_or(self.confirm);
        self.timeouts = all.timeout.map_or(self.timeouts, |timeout| self.timeouts.within(timeout));
        self
    }
}
