//! `marsh sandbox serve`: the sandbox on its own, for scripts and tests. It simulates the built-in providers, or the
//! service of a document.

use std::fs;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::args::Global;
use super::context::Context;
use super::serve_args::Serve;
use super::served::Document;
use crate::config::{Paths, private};
use crate::engine::CallError;
use sandbox::{Account, Options, Server};

/// How long another sandbox may take to answer.
const PATIENCE: Duration = Duration::from_millis(200);

/// Serves until Ctrl-C, or until its address cannot be printed.
pub(super) fn run(serve: &Serve, global: &Global, context: &Context) -> Result<(), CallError> {
    let document = serve.openapi.as_deref().map(|document| Document::read(document, global, context)).transpose()?;
    let server = match &document {
        Some(document) => Server::of(document.surface.clone(), serve.key.clone(), options(serve)),
        None => Server::start(options(serve)),
    };
    let server = server.map_err(CallError::Sandbox)?;
    let authority = server.authority().map(|pem| kept(pem, server.port(), context.paths.as_ref())).transpose();
    let authority = authority.map_err(CallError::Sandbox)?;
    tell_where(serve, document.as_ref(), &server.accounts(), authority.as_deref()).map_err(CallError::Output)?;
    server.wait();
    Ok(())
}

/// Prints its addresses and keys.
fn tell_where(
    serve: &Serve,
    document: Option<&Document>,
    accounts: &[Account],
    authority: Option<&Path>,
) -> io::Result<()> {
    let mut out = io::stdout();
    match serve.output {
        Some(_) => writeln!(out, "{}", one_line(accounts, authority))?,
        None => tell_all(&mut out, document, accounts, authority)?,
    }
    out.flush()
}

/// The accounts for people, and an example line.
fn tell_all(
    out: &mut impl Write,
    document: Option<&Document>,
    accounts: &[Account],
    authority: Option<&Path>,
) -> io::Result<()> {
    for account in accounts {
        let user = account.user.as_ref().map(|user| format!("  user {user}")).unwrap_or_default();
        writeln!(out, "{:8} {}{user}  key {}", account.provider, account.url, account.key)?;
    }
    let trusting = match authority {
        Some(path) => {
            writeln!(out, "ca       {}", path.display())?;
            format!("SSL_CERT_FILE={} ", path.display())
        }
        None => String::new(),
    };
    match (accounts.first(), document) {
        (Some(first), Some(document)) => document.lines(first).iter().try_for_each(|(head, line)| {
            let line = if *head == "try" { format!("{trusting}{line}") } else { line.clone() };
            writeln!(out, "{head:8} {line}")
        }),
        (Some(first), None) => writeln!(out, "try      {trusting}marsh -k {} -u {} service.list", first.key, first.url),
        (None, _) => Ok(()),
    }
}

/// The first account's address and key for scripts, followed by all accounts.
fn one_line(accounts: &[Account], authority: Option<&Path>) -> serde_json::Value {
    let row = |account: &Account| serde_json::json!({"provider": account.provider, "url": account.url, "user": account.user, "key": account.key});
    let first = accounts.first();
    let mut line = serde_json::json!({
        "url": first.map(|account| &account.url),
        "key": first.map(|account| &account.key),
        "accounts": accounts.iter().map(row).collect::<Vec<_>>(),
    });
    if let (Some(path), Some(line)) = (authority, line.as_object_mut()) {
        line.insert("ca".to_owned(), path.to_string_lossy().into());
    }
    line
}

/// Writes the certificate to trust where clients look for it, named by the port; those of sandboxes that have ended are
/// removed.
fn kept(pem: &str, port: u16, paths: Option<&Paths>) -> io::Result<PathBuf> {
    let paths = paths.ok_or_else(|| io::Error::other("there is no home folder to keep the certificate in"))?;
    let path = paths.sandbox_authority(port);
    private::store(&path, pem.as_bytes())?;
    for (port, old) in paths.sandbox_authorities() {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if TcpStream::connect_timeout(&address, PATIENCE).is_err() {
            // A leftover file does no harm.
            let _ = fs::remove_file(old);
        }
    }
    Ok(path)
}

fn options(serve: &Serve) -> Options {
    let mut options = Options {
        port: serve.port,
        latency: Duration::from_millis(serve.latency),
        job_time: Duration::from_millis(serve.job_time),
        more_servers: serve.more_servers,
        partner: serve.partner,
        tls: serve.tls,
        log: serve.log.then_some(tell),
        ..Options::default()
    };
    if let Some(key) = &serve.key {
        options.key.clone_from(key);
    }
    options
}

/// Writes a line to standard error. It is no error if that fails.
fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
