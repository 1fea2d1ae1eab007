//! The accounts of a session, and what their calls use: the registry of methods, the wire, and the known secrets.

use std::mem;
use std::path::PathBuf;
use std::time::Duration;

use super::account::{Account, AccountParts};
use super::discovery::{News, accept};
use super::rules::{Overrides, Rules};
use crate::config::Paths;
use crate::engine::accounts::inquiry::Asked;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::{Ledger, Records};
use crate::wire::{Network, Show, Wire};
use history::LineId;
use model::{Common, Method, Redactor, Remembered, Sought};
use registry::{Changes, Commands, OwnViews, Registry, Source};

/// How long the answer to the end of a session is waited for.
const LEAVING: Duration = Duration::from_secs(5);

/// All accounts.
pub struct Accounts {
    /// What can be called.
    pub registry: Registry,
    /// Every secret seen.
    pub redactor: Redactor,
    pub(crate) list: Vec<Account>,
    pub(crate) wire: Wire,
    /// Clients for calls that run side by side, kept with their connections for the next time.
    pub(crate) wires: Vec<Wire>,
    /// Where their calls are recorded.
    pub(crate) ledger: Ledger,
    /// What was changed with `set`.
    pub(crate) overrides: Overrides,
    /// The settings for connections in the background.
    network: Network,
    /// News that has not been shown yet.
    news: Vec<String>,
    /// Where accounts that come later keep their lists.
    paths: Option<Paths>,
    /// The file of the lines that are saved under a name.
    pub(crate) saved_lines: Option<PathBuf>,
    /// Why it cannot be used, as far as that was told.
    pub(crate) saved_trouble: Option<String>,
    /// Views that the user has written beside the catalogues.
    pub(crate) own_views: OwnViews,
}

/// The parts that the accounts are made from.
pub(crate) struct RosterParts<'p> {
    /// The account that names without a profile belong to.
    pub(crate) account: AccountParts,
    /// The other accounts.
    pub(crate) others: Vec<AccountParts>,
    /// Accounts that cannot be used, each with the reason.
    pub(crate) left_out: Vec<(String, String)>,
    /// The shell's own commands.
    pub(crate) locals: Commands,
    /// Proxies and trusted authorities.
    pub(crate) network: Network,
    /// Receives each line of the output of `-v`.
    pub(crate) trace: Option<fn(&str)>,
    /// How a wait of more than a second is shown, if it is.
    pub(crate) waits: Option<Show>,
    /// The program's folders.
    pub(crate) paths: Option<&'p Paths>,
    /// Where calls are recorded.
    pub(crate) records: Records,
}

impl Accounts {
    /// New accounts. Nothing has been sent for them yet.
    pub(crate) fn new(parts: RosterParts<'_>) -> Result<Accounts, CallError> {
        let wire = Wire::new(parts.network.clone()).map_err(CallError::Address)?;
        let wire = wire.traced(parts.trace).showing(parts.waits);
        let mut redactor = Redactor::default();
        let (mut account, source) = Account::new(parts.account, parts.paths)?;
        account.unlock_if_at_hand(&mut redactor)?;
        let mut list = vec![account];
        let mut registry = Registry::new(source, parts.locals);
        for other in parts.others {
            let (mut account, source) = Account::new(other, parts.paths)?;
            // A bad key of another account is reported when that account is used.
            let _ = account.unlock_if_at_hand(&mut redactor);
            list.push(account);
            registry.add(source);
        }
        for (profile, reason) in parts.left_out {
            registry.leave_out(profile, reason);
        }
        let (overrides, news) = (Overrides::default(), Vec::new());
        let ledger = Ledger::new(parts.records);
        Ok(Accounts {
            saved_lines: parts.paths.map(Paths::saved_lines),
            saved_trouble: None,
            own_views: OwnViews::default(),
            registry,
            redactor,
            list,
            wire,
            wires: Vec::new(),
            ledger,
            overrides,
            network: parts.network,
            news,
            paths: parts.paths.cloned(),
        })
    }

    /// Takes in an account that was set up meanwhile. If no account had a key before, it becomes the
    /// current one and replaces the placeholder.
    pub(crate) fn take_in(&mut self, parts: AccountParts) -> Result<(), CallError> {
        let (mut account, source) = Account::new(parts, self.paths.as_ref())?;
        account.unlock_if_at_hand(&mut self.redactor)?;
        let name = account.target.profile.clone();
        let empty = self.list.iter().find(|known| !known.named && !known.has_key());
        let empty = empty.map(|known| known.target.profile.clone());
        self.list.retain(|known| known.target.profile != name && Some(&known.target.profile) != empty.as_ref());
        self.list.push(account);
        self.registry.put(source);
        self.put_views(&name);
        if let Some(empty) = empty {
            self.registry.switch(&name);
            if empty != name {
                self.registry.remove(&empty);
            }
        }
        Ok(())
    }

    /// The account of a profile.
    pub(crate) fn get(&self, profile: &str) -> Option<&Account> {
        self.list.iter().find(|account| account.target.profile == profile)
    }

    /// The profile by which an account of the journal can be reached.
    pub(crate) fn profile_of(&self, recorded: &history::Account) -> Option<&str> {
        let found = self.list.iter().find(|account| account.on_record().is_same(recorded));
        found.map(|account| account.target.profile.as_str())
    }

    /// The account of the profile that names without a profile belong to.
    pub fn here(&self) -> Option<&Account> {
        self.get(self.registry.here().profile())
    }

    /// Whether that account has calls whose outcome is unknown, or jobs that may still run.
    pub fn is_open_here(&self) -> bool {
        self.here().is_some_and(|account| self.ledger.has_open(&account.on_record()))
    }

    /// The rules for the calls of a profile: its own, unless `set` has changed them for all.
    pub fn rules(&self, profile: &str) -> Rules {
        self.get(profile).map(|account| account.rules.clone()).unwrap_or_default().under(self.overrides)
    }

    /// The same for the profile that names without a profile belong to.
    pub(crate) fn rules_here(&self) -> Rules {
        self.rules(self.registry.here().profile())
    }

    /// The values of a kind that were seen in the account of a profile, whose key or name begins with a text or else
    /// contains it; at most a few hundred.
    pub fn remembered(&self, profile: &str, sought: Sought<'_>) -> Vec<Remembered> {
        let account = self.get(profile).map(Account::on_record);
        account.map(|account| self.ledger.seen(&account, sought, &self.redactor)).unwrap_or_default()
    }

    /// The numbers of the calls whose outcome is unknown, each with what was called; the newest first.
    pub fn unsettled(&self) -> Vec<(String, String)> {
        let open = self.ledger.open_calls().ok().flatten().unwrap_or_default().into_iter().rev();
        open.map(|call| (call.id.to_string(), call.call.text)).collect()
    }

    /// Makes what earlier answers showed known to [`Accounts::remembered`].
    pub fn take_in_seen(&self) {
        self.ledger.take_in_seen();
    }

    /// Sets the typed line that runs from now on; `None` for one that was not saved.
    pub fn record_line(&mut self, line: Option<LineId>) {
        self.ledger.line = line;
    }

    /// How the moments of a method's results get the common form.
    pub(crate) fn common(&self, profile: &str, method: &Method) -> Common {
        let of = |source: &Source| Common::of(method, source.shapes_of(method), source.provider());
        self.registry.source(profile).map(of).unwrap_or_default()
    }

    /// The heading of a result: its method, with its account if that is not the current one.
    pub(crate) fn heading(&self, profile: &str, what: &str) -> String {
        if profile == self.registry.here().profile() { what.to_owned() } else { format!("{profile}:{what}") }
    }

    /// Notes that a line reads from another account than the current one.
    pub(crate) fn announce(&self, console: &mut Console, profile: &str, method: &str) {
        let here = self.registry.here().profile();
        console.note(&format!("reading {method} from {profile}: {here} has no method of that name"));
    }

    /// Fetches the key of a profile.
    pub fn unlock(&mut self, profile: &str) -> Result<(), CallError> {
        let account = self.list.iter_mut().find(|account| account.target.profile == profile);
        account.map_or(Ok(()), |account| account.unlock(&mut self.redactor))
    }

    /// The same for a call of a method, which may need none.
    pub(crate) fn unlock_for(&mut self, profile: &str, method: &Method) -> Result<(), CallError> {
        let account = self.list.iter_mut().find(|account| account.target.profile == profile);
        account.map_or(Ok(()), |account| account.unlock_for(method, &mut self.redactor))
    }

    /// Ends the sessions that services want to be told the end of. A service that does not answer ends them by itself.
    pub fn sign_out(&mut self) {
        let Accounts { list, registry, wire, .. } = self;
        for account in list.iter() {
            let profile = &account.target.profile;
            let Some(source) = registry.source(profile) else { continue };
            let Some(logout) = account.target.logout(source) else { continue };
            let timeouts = account.rules.timeouts.within(LEAVING);
            let asked = Asked { target: &account.target, provider: source.provider(), shapes: &[], timeouts };
            let _ = asked.call(wire, &logout.method, logout.arguments);
        }
    }

    /// Refuses a call of a method whose key cannot be had, as far as that is known without running or asking anything.
    pub(crate) fn foresee_key(&self, profile: &str, method: &Method) -> Result<(), CallError> {
        self.get(profile).map_or(Ok(()), |account| account.foresee_key(method))
    }

    /// Reads the lists on disk, and starts to fetch new ones in parallel. Call it before every prompt: it also asks for
    /// accounts whose key has become available since. If the key of an account is not available, there is a note.
    pub(crate) fn begin_discovery(&mut self, console: &mut Console) {
        let here = self.registry.here().profile().to_owned();
        let profiles: Vec<String> = self.list.iter().map(|account| account.target.profile.clone()).collect();
        for profile in profiles {
            let timeouts = self.rules(&profile).timeouts;
            let account = self.list.iter_mut().find(|account| account.target.profile == profile);
            let (Some(account), Some(source)) = (account, self.registry.source_mut(&profile)) else { continue };
            account.begin_catalog(source, &self.network, timeouts);
            if !account.wants_list(source, profile == here) {
                continue;
            }
            match account.unlock(&mut self.redactor) {
                Ok(()) => account.begin_list(source, &self.network, timeouts),
                Err(error) => console.note(&format!("note: {profile}: {error}")),
            }
        }
    }

    /// Applies what has arrived meanwhile. It is cheap enough to be called while a line is typed; the news is shown by
    /// `Accounts::tell_news`.
    pub fn poll_discovery(&mut self) {
        for account in &mut self.list {
            let arrived = account.poll();
            let profile = account.target.profile.clone();
            let Some(source) = self.registry.source_mut(&profile) else { continue };
            for fetched in arrived {
                match fetched.and_then(|news| accept(source, news)) {
                    Ok(changes) => account.remember(changes),
                    Err(reason) => {
                        self.news.push(format!("note: the method list of {profile} was not refreshed: {reason}"));
                    }
                }
            }
        }
    }

    /// Shows the news between two lines.
    pub(crate) fn tell_news(&mut self, console: &mut Console) {
        self.poll_discovery();
        for note in mem::take(&mut self.news) {
            let note = self.redactor.foreign(&note).into_owned();
            console.note(&note);
        }
    }

    /// Fetches the list and the catalogue of one account now, and returns what was added and removed. `None` if there
    /// is nothing to ask.
    pub(crate) fn refresh(&mut self, profile: &str) -> Result<Option<Changes>, CallError> {
        let timeouts = self.rules(profile).timeouts;
        let Accounts { list, registry, wire, redactor, .. } = self;
        wire.hide(redactor);
        let account = list.iter_mut().find(|account| account.target.profile == profile);
        match (account, registry.source_mut(profile)) {
            (Some(account), Some(source)) => {
                let changes = account.refresh(source, wire, redactor, timeouts);
                self.news.append(&mut account.notes);
                if changes.is_ok() {
                    self.share(profile);
                }
                changes
            }
            _ => Ok(None),
        }
    }

    /// Gives a catalogue that was fetched again to the other accounts that have it. They are not told that it is new when
    /// they fetch it themselves.
    fn share(&mut self, profile: &str) {
        let Accounts { list, registry, news, .. } = self;
        let fetched = list.iter().find(|account| account.target.profile == profile);
        let Some(renewal) = fetched.and_then(|account| account.renewal.clone()) else { return };
        let has_it = |account: &&mut Account| {
            account.target.profile != profile && account.renewal.as_ref().is_some_and(|own| own.is_same(&renewal))
        };
        for account in list.iter_mut().filter(has_it) {
            let name = &account.target.profile;
            let (Some(source), Some(catalog)) = (registry.source_mut(name), renewal.held()) else { continue };
            match accept(source, News::Catalog(Box::new(catalog))) {
                Ok(changes) => account.remember(changes),
                Err(reason) => news.push(format!("note: {name}: {reason}")),
            }
        }
    }
}
