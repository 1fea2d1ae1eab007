//! `marsh sandbox serve`: the simulated provider on its own, for scripts and tests.

use std::io::{self, Write};
use std::time::Duration;

use super::args::Serve;
use sandbox::{Account, Options, Server};

/// Serves until Ctrl-C, or until nobody can hear where it is.
pub(super) fn run(serve: &Serve) -> io::Result<()> {
    let options = options(serve);
    let server = Server::start(options)?;
    let accounts = server.accounts();
    let mut out = io::stdout();
    match serve.output {
        Some(_) => writeln!(out, "{}", one_line(&accounts))?,
        None => {
            for account in &accounts {
                let user = account.user.as_ref().map(|user| format!("  user {user}")).unwrap_or_default();
                writeln!(out, "{:8} {}{user}  key {}", account.provider, account.url, account.key)?;
            }
            if let Some(first) = accounts.first() {
                writeln!(out, "try      marsh -k {} -u {} service.list", first.key, first.url)?;
            }
        }
    }
    out.flush()?;
    server.wait();
    Ok(())
}

/// The first account's address and key, as scripts want them, and all accounts below.
fn one_line(accounts: &[Account]) -> serde_json::Value {
    let row = |account: &Account| serde_json::json!({"provider": account.provider, "url": account.url, "user": account.user, "key": account.key});
    let first = accounts.first();
    serde_json::json!({
        "url": first.map(|account| &account.url),
        "key": first.map(|account| &account.key),
        "accounts": accounts.iter().map(row).collect::<Vec<_>>(),
    })
}

fn options(serve: &Serve) -> Options {
    let mut options = Options {
        port: serve.port,
        latency: Duration::from_millis(serve.latency),
        job_time: Duration::from_millis(serve.job_time),
        more_servers: serve.more_servers,
        log: serve.log.then_some(tell),
        ..Options::default()
    };
    if let Some(key) = &serve.key {
        options.key.clone_from(key);
    }
    options
}

/// Writes a line beside the results. That nobody reads it is no reason to stop.
fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
