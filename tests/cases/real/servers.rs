//! How each server is started, and where it is asked.

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::support::real::{
    Call, Real, command, free_port, has_python, libraries, of_tests, packaged, program, skipped, succeeds,
};

/// The key of each server that wants one. It is shown nowhere.
pub(super) const KEY: &str = "canary-of-a-real-key";

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// `Some` if the reference client is there too.
fn with_python<T>(found: Option<T>, what: &str) -> Option<T> {
    let found = found.filter(|_| has_python());
    if found.is_none() {
        skipped(what);
    }
    found
}

/// Supervisor with one program that runs and one that does not.
pub(super) fn supervisor() -> Option<Real> {
    let python = program("python3").filter(|python| {
        let mut asked = command(python);
        asked.args(["-c", "import supervisor.supervisord"]);
        succeeds(asked)
    });
    let (python, folder, port) = (with_python(python, "supervisor")?, folder(), free_port());
    let config = format!(
        "[inet_http_server]\nport = 127.0.0.1:{port}\nusername = user\npassword = {KEY}\n\
         [supervisord]\nnodaemon = true\nlogfile = %(here)s/supervisord.log\npidfile = %(here)s/pid\n\
         childlogdir = %(here)s\n\
         [rpcinterface:supervisor]\n\
         supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n\
         [program:sleeper]\ncommand = sleep 600\nstartsecs = 0\n\
         [program:other]\ncommand = sleep 600\nstartsecs = 0\nautostart = false\n"
    );
    fs::write(folder.path().join("supervisord.conf"), config).unwrap();
    let mut server = command(&python);
    server.args(["-m", "supervisor.supervisord", "-c", "supervisord.conf"]);
    Some(Real::at(port, folder, server))
}

/// Aria2, which speaks XML-RPC at `/rpc` and JSON-RPC at `/jsonrpc`, and wants its secret before the arguments.
pub(super) fn aria2() -> Option<Real> {
    let (aria2, folder, port) = (with_python(program("aria2c"), "aria2")?, folder(), free_port());
    let mut server = command(&aria2);
    server.args(["--no-conf", "--enable-rpc", "--enable-dht=false", "--enable-dht6=false", "--quiet", "--dir=."]);
    server.arg(format!("--rpc-listen-port={port}")).arg(format!("--rpc-secret={KEY}"));
    Some(Real::at(port, folder, server))
}

/// A server of Python's standard library.
pub(super) fn python() -> Option<Real> {
    let python = with_python(program("python3"), "Python")?;
    let mut server = command(&python);
    server.arg(of_tests("python.py"));
    Some(Real::telling(folder(), server))
}

/// A server of Perl, which needs a module.
fn perl(module: &str, file: &str) -> Option<Real> {
    let perl = program("perl").filter(|perl| {
        let mut asked = command(perl);
        asked.arg(format!("-M{module}")).args(["-e", "1"]);
        succeeds(asked)
    });
    let mut server = command(&with_python(perl, module)?);
    server.arg(of_tests(file));
    Some(Real::telling(folder(), server))
}

/// A server of Perl that describes itself.
pub(super) fn described_perl() -> Option<Real> {
    perl("RPC::XML::Server", "perl.pl")
}

/// A server of Perl with the methods of UserLand's validation suite.
pub(super) fn frontier() -> Option<Real> {
    perl("Frontier::Daemon", "frontier.pl")
}

/// PowerDNS with an empty database.
pub(super) fn powerdns() -> Option<Real> {
    let schema = packaged("usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql");
    let modules = libraries().map(|folder| folder.join("pdns")).filter(|path| path.exists());
    let found =
        program("pdns_server").zip(schema).filter(|(server, _)| server.starts_with("/usr") || modules.is_some());
    let (server, schema) = with_python(found, "PowerDNS")?;
    let (folder, port) = (folder(), free_port());
    let database = folder.path().join("zones.db");
    rusqlite::Connection::open(&database).unwrap().execute_batch(&fs::read_to_string(schema).unwrap()).unwrap();
    let mut server = command(&server);
    server.args(["--no-config", "--daemon=no", "--guardian=no", "--launch=gsqlite3", "--local-address=127.0.0.1"]);
    server.arg(format!("--local-port={}", free_port())).args(["--socket-dir=.", "--security-poll-suffix="]);
    server.arg(format!("--gsqlite3-database={}", database.display())).args(["--api=yes", "--webserver=yes"]);
    server.arg(format!("--api-key={KEY}")).arg("--webserver-address=127.0.0.1").arg(format!("--webserver-port={port}"));
    if let Some(modules) = modules {
        server.arg(format!("--module-dir={}", modules.display()));
    }
    Some(Real::at(port, folder, server))
}

/// Transmission without any torrent.
pub(super) fn transmission() -> Option<Real> {
    let found = program("transmission-daemon");
    let (server, folder, port) = (with_python(found, "Transmission")?, folder(), free_port());
    let settings = json!({
        "bind-address-ipv4": "127.0.0.1", "bind-address-ipv6": "::1", "dht-enabled": false, "lpd-enabled": false,
        "pex-enabled": false, "port-forwarding-enabled": false, "utp-enabled": false, "peer-port": free_port(),
        "rpc-bind-address": "127.0.0.1", "rpc-port": port, "rpc-whitelist-enabled": false,
        "rpc-authentication-required": true, "rpc-username": "user", "rpc-password": KEY,
    });
    fs::write(folder.path().join("settings.json"), settings.to_string()).unwrap();
    let mut server = command(&server);
    server.args(["--foreground", "--config-dir", ".", "--download-dir", "."]);
    Some(Real::at(port, folder, server))
}

/// A torrent of one file of five bytes, without a tracker.
pub(super) fn torrent() -> Vec<u8> {
    let head = b"d4:infod6:lengthi5e4:name9:notes.txt12:piece lengthi16384e6:pieces20:";
    [&head[..], &[7; 20], b"ee"].concat()
}

/// A new tracker of Roundup, whose administrator has the key.
pub(super) fn roundup() -> Option<Real> {
    let python = program("python3").filter(|python| {
        let mut asked = command(python);
        asked.args(["-c", "import roundup.cgi.wsgi_handler"]);
        succeeds(asked)
    });
    let mut server = command(&with_python(python, "Roundup")?);
    server.arg(of_tests("tracker.py")).env("ROUNDUP_KEY", KEY);
    Some(Real::telling(folder(), server))
}

/// The catalogue of a service that the documents have.
pub(super) fn catalog(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples").join(name).display().to_string()
}

/// A call over XML-RPC or JSON-RPC, for the reference client.
pub(super) fn call(url: &str, wire: &str, method: &str, params: serde_json::Value) -> Call {
    json!({ "url": url, "wire": wire, "method": method, "params": params })
}
