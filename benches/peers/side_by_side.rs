//! Many calls, sixteen of them under way at once.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::meter::Job;
use super::server::Server;
use super::table::{Goal, Row, Table};
use super::tools::Tools;

/// How many calls are made.
const CALLS: usize = 1000;

/// The catalogue of a service that allows any number of calls at once.
const CATALOG: &str = r#"
id = "near"
title = "A service in memory"
document = "none"
host = "http://127.0.0.1"
[auth]
scheme = "basic"
user = "{key}"
[[transport]]
name = "xmlrpc"
protocol = "xmlrpc"
path = "/list"
[[method]]
name = "service.list"
doc = 1
summary = "List services"
effect = "read"
returns = "list"
example = "service.list number 1"
params = [{ name = "number", type = "int", summary = "Any number" }]
"#;

/// The tables for an answer at once, and for one after 20 ms.
pub(crate) fn tables(tools: &Tools, server: &Server) -> io::Result<Vec<Table>> {
    Ok(vec![
        table(tools, server, ("P8", "/list", "at once"), 2.0)?,
        table(tools, server, ("P8-20", "/near", "after 20 ms"), 1.0)?,
    ])
}

fn table(
    tools: &Tools,
    server: &Server,
    (id, path, when): (&'static str, &str, &'static str),
    goal: f64,
) -> io::Result<Table> {
    let url = server.http(path);
    let all = format!("{url}?[1-{CALLS}]");
    let curl = tools.curl(&all).map(|job| job.also(["-Z", "--parallel-max", "16"]));
    Ok(Table {
        id,
        title: if when == "at once" {
            "1,000 calls, 16 at once, answered at once"
        } else {
            "the same, answered after 20 ms"
        },
        rounds: 5,
        rows: vec![
            Row { label: "curl -Z", job: curl.map(|job| job.writing(tools.file("curl.xml"))) },
            Row { label: "marsh --jobs 16", job: Some(marsh(tools, &url, id)?) },
        ],
        goals: vec![Goal::Wall("marsh --jobs 16", goal, "curl -Z")],
    })
}

/// `each` over a list of numbers, in an account whose catalogue has no limit.
fn marsh(tools: &Tools, url: &str, id: &str) -> io::Result<Job> {
    let folder = tools.file(id).join("marsh");
    fs::create_dir_all(&folder)?;
    put(&folder.join("near.toml"), CATALOG)?;
    let profile =
        format!("[profiles.near]\nprovider = \"near\"\ncatalog = \"near.toml\"\nurl = \"{url}\"\nkey_env = \"K\"\n");
    put(&folder.join("config.toml"), &profile)?;
    let numbers: Vec<String> = (1..=CALLS).map(|number| number.to_string()).collect();
    let script = folder.join("script");
    let lines = format!("let all = (json)[{}]\n$all | each service.list number {{}} --jobs 16\n", numbers.join(","));
    put(&script, &lines)?;
    let job = tools.marsh(&["-p", "near"]).unwrap_or_else(|| Job::new(["false"]));
    let job = job.with("XDG_CONFIG_HOME", tools.file(id)).with("K", "0123456789abcdef0123456789abcdef");
    Ok(job.reading(script).writing(tools.file("marsh.json")))
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    File::create(path)?.write_all(text.as_bytes())
}
