//! `marsh sandbox serve`: the simulated provider on its own, for scripts and tests.

use std::io::{self, Write};
use std::time::Duration;

use super::args::Serve;
use crate::sandbox::{Options, Server};

/// Serves until Ctrl-C, or until nobody can hear where it is.
pub(super) fn run(serve: &Serve) -> io::Result<()> {
    let options = options(serve);
    let server = Server::start(options)?;
    let mut out = io::stdout();
    match serve.output {
        Some(_) => {
            let line = serde_json::json!({"url": server.url(), "key": server.key()});
            writeln!(out, "{line}")?;
        }
        None => {
            writeln!(out, "url  {}\nkey  {}", server.url(), server.key())?;
            writeln!(out, "try  marsh -k {} -u {} service.list", server.key(), server.url())?;
        }
    }
    out.flush()?;
    server.wait();
    Ok(())
}

fn options(serve: &Serve) -> Options {
    let mut options = Options { port: serve.port, latency: Duration::from_millis(serve.latency), ..Options::default() };
    if let Some(key) = &serve.key {
        options.key.clone_from(key);
    }
    options
}
