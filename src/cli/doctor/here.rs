//! Checks that need no network: this program, its files and folders, the terminal.

use std::path::Path;

use super::check::{Check, State};
use crate::cli::context::Context;
use crate::config::{Config, Paths, credentials, private, saved};
use crate::wire::Trust;
use model::Class;

/// All of them, except for the configuration's content.
pub(super) fn checks(context: &Context) -> Vec<Check> {
    let keyring = if credentials::HAS_KEYRING { ", with the keyring" } else { "" };
    let mut checks = vec![Check::ok("marsh", format!("version {}{keyring}", env!("CARGO_PKG_VERSION")))];
    checks.push(terminal(context));
    checks.extend(network(context));
    match &context.paths {
        Some(paths) => checks.extend(files(paths)),
        None => checks.push(Check::warning(
            "folders",
            "there is no home folder",
            "set HOME: without it nothing can be saved",
        )),
    }
    checks
}

/// The proxies and issuers set in the environment.
fn network(context: &Context) -> Vec<Check> {
    let network = context.network(Vec::new());
    let proxies = network.proxies.check().into_iter().map(|proxy| match proxy {
        Ok(proxy) => Check::ok("proxy", format!("{} ({})", proxy.place(), proxy.variable())),
        Err(error) => Check::failed("proxy", &error),
    });
    proxies.chain(issuers(&network.trust)).collect()
}

/// The trusted issuers that a variable or a profile names.
pub(super) fn issuers(trust: &Trust) -> Vec<Check> {
    let places = trust.check().into_iter().map(|(by, path, found)| match found {
        Ok(count) => {
            let noun = if count == 1 { "certificate" } else { "certificates" };
            Check::ok("issuers", format!("{count} {noun} in {} ({by})", path.display()))
        }
        Err(error) => Check::failed("issuers", &error),
    });
    places.collect()
}

/// The content of the configuration, once it has been read.
pub(super) fn config(config: &Config) -> Check {
    let path = config.path.display();
    match config.profiles.len() {
        0 => Check::warning("config.toml", format!("{path} has no account"), "`marsh login` sets one up"),
        1 => Check::ok("config.toml", format!("{path}, one profile")),
        count => Check::ok("config.toml", format!("{path}, {count} profiles")),
    }
}

fn terminal(context: &Context) -> Check {
    let colour = if context.colour() { "colours" } else { "no colours" };
    let (columns, rows) = context.size()();
    let found = |name: &str| format!("{name}, {columns} by {rows}, {colour}");
    match context.terminal.as_deref() {
        _ if !context.interactive() => Check::ok("terminal", "none: marsh asks no questions"),
        Some(name) => Check::ok("terminal", found(name)),
        None => Check::warning("terminal", found("unknown"), "set TERM, to xterm-256color for most"),
    }
}

fn files(paths: &Paths) -> Vec<Check> {
    let mut checks: Vec<Check> = paths.folders().iter().map(|(name, folder)| writable(name, folder)).collect();
    // Anyone who can write there can choose the commands that are run for a key. The file itself is refused when it is
    // read.
    if let Some((_, folder)) = paths.folders().first()
        && let Some(bits) = private::bits(folder).filter(|bits| bits & 0o022 != 0)
    {
        checks.push(open(folder, "change", &format!("chmod go-w {}", folder.display()), bits & 0o002 != 0));
    }
    checks.extend(saved::read(&paths.saved_lines()).err().map(|error| Check::failed("lines.toml", &error)));
    let lines = [paths.journal(), paths.history()];
    let readable = lines.iter().filter(|path| private::bits(path).is_some_and(|bits| bits & 0o077 != 0));
    checks.extend(readable.map(|path| open(path, "read", &format!("chmod 600 {}", path.display()), false)));
    checks
}

fn open(path: &Path, what: &str, advice: &str, failed: bool) -> Check {
    let check = Check::warning("files", format!("others can {what} {}", path.display()), advice);
    if failed { Check { state: State::Failed(Class::Local), ..check } } else { check }
}

fn writable(name: &str, folder: &Path) -> Check {
    let shown = folder.display();
    match private::can_hold_files(folder) {
        Ok(()) => Check::ok(name, shown.to_string()),
        Err(error) => Check::warning(name, format!("{shown} cannot be written: {error}"), "nothing can be saved there"),
    }
}
