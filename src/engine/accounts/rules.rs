//! The rules for the calls of an account, as they are before any line is typed.

use std::str::FromStr;
use std::time::Duration;

use crate::render::Format;
use crate::wire::Timeouts;
use model::Method;

/// Which calls need the user's confirmation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confirm {
    /// None, as in ma-shell.
    None,
    /// Those that destroy something, and those that cost money.
    #[default]
    Destroy,
    /// Every call that is not known to read only.
    Change,
}

impl Confirm {
    /// The words for all choices.
    pub const NAMES: [&'static str; 3] = ["none", "destroy", "change"];

    /// The word for it in settings.
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

/// The rules for the calls of one account, unless the line has an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Only reads may be sent.
    pub read_only: bool,
    /// What only the provider's document calls a read is one, too.
    pub by_document: bool,
    /// Which calls need confirmation.
    pub confirm: Confirm,
    /// The format of results; `None` means JSON.
    pub format: Option<Format>,
    /// How long an answer may take.
    pub timeouts: Timeouts,
    /// How long to wait for a job that a call begins; `None` for not at all.
    pub wait: Option<Duration>,
    /// How many times a call is repeated at most, if the failure may be temporary and repeating does no harm.
    pub retries: u8,
    /// How many calls of one line are under way at once at most, unless the line says so itself.
    pub jobs: u8,
    /// How many percent of a list the calls of one line may destroy before they need more than a yes.
    pub destroy_limit: u8,
}

impl Rules {
    /// Whether a method that reads is refused all the same: nobody has reviewed it, and the account does not believe its
    /// document.
    pub(crate) fn refuses_read(&self, method: &Method) -> bool {
        self.read_only && !self.by_document && method.derived.is_some() && method.effects().only_reads()
    }
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            read_only: false,
            by_document: false,
            confirm: Confirm::default(),
            format: None,
            timeouts: Timeouts::default(),
            wait: None,
            retries: 3,
            jobs: 1,
            destroy_limit: 30,
        }
    }
}

/// What was changed with `set` for the calls of all accounts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Overrides {
    pub(crate) format: Option<Format>,
    pub(crate) confirm: Option<Confirm>,
    pub(crate) timeout: Option<Duration>,
}

impl Rules {
    /// The same, with what was changed for all accounts.
    pub(crate) fn under(mut self, all: Overrides) -> Rules {
        self.format = all.format.or(self.format);
        self.confirm = all.confirm.unwrap_or(self.confirm);
        self.timeouts = all.timeout.map_or(self.timeouts, |timeout| self.timeouts.within(timeout));
        self
    }
}
