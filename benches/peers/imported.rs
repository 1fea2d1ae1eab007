//! Providers made of documents: one of the size of GitHub's, beside one with a few operations. Nothing may take longer
//! because a document is long.

use std::error::Error;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::server::Server;
use super::table::{Goal, Row, Table};
use super::tools::Tools;

/// The providers, with the number of their operations.
const DOCUMENTS: [(&str, usize); 2] = [("few", 12), ("many", 1_200)];
/// How many methods are in one group.
const GROUP: usize = 12;

/// The profile of the long document.
pub(crate) const PROFILE: &str = "bulk";
/// What its prompt ends with.
pub(crate) const PROMPT: &str = "many:bulk";

/// Imports all of them into the home folder of what is measured.
pub(crate) fn import(tools: &Tools, environment: &[(OsString, OsString)]) -> Result<(), Box<dyn Error>> {
    for (name, operations) in DOCUMENTS {
        let file = tools.file(&format!("{name}.json"));
        File::create(&file)?.write_all(document(operations).as_bytes())?;
        let file = file.to_string_lossy();
        let job = tools.marsh(&["import", &file, "--name", name, "--yes"]).ok_or("no program")?;
        if job.writing(tools.file("import.txt")).measure(environment)?.failed {
            return Err(format!("the document {name} was not imported").into());
        }
    }
    Ok(())
}

/// The profile of the long document, for the prompt.
pub(crate) fn profile(folder: &Path, server: &Server) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let text = format!("[profiles.{PROFILE}]\nprovider = \"many\"\nauth = \"none\"\nurl = {:?}\n", server.http(""));
    File::create(folder.join("config.toml"))?.write_all(text.as_bytes())
}

/// The tables for start-up and for one call.
pub(crate) fn tables(tools: &Tools, server: &Server) -> Vec<Table> {
    let url = server.http("");
    let call = |name: &str| tools.marsh(&["--provider", name, "-u", &url, "json.list"]);
    let row = |label, job| Row { label, job };
    vec![Table {
        id: "P2-import",
        title: "one call of a provider that was imported, 20 records as JSON",
        rounds: 41,
        rows: vec![
            row("curl", tools.any(&["curl", "-s", &server.http("/json")])),
            row("marsh, 12 operations", call("few")),
            row("marsh, 1,200 operations", call("many")),
            row("marsh --version", tools.marsh(&["--version"])),
        ],
        goals: vec![
            Goal::Wall("marsh, 1,200 operations", 1.05, "marsh, 12 operations"),
            Goal::Wall("marsh, 1,200 operations", 0.5, "curl"),
            Goal::Growth("marsh, 1,200 operations", 0.5, "marsh, 12 operations"),
            Goal::Requests("marsh, 1,200 operations", 1),
        ],
    }]
}

/// A document with that many operations.
fn document(operations: usize) -> String {
    let mut text = String::from(
        r##"{"openapi":"3.0.3","info":{"title":"A long document","version":"1"},"components":{"schemas":{"Thing":{"type":"object",
        "properties":{"id":{"type":"integer"},"name":{"type":"string","description":"What people call it"},"size":{"type":"integer"},
        "state":{"type":"string","enum":["new","ready","gone"]},"labels":{"type":"object","additionalProperties":{"type":"string"}}}}}},
        "paths":{"/json":{"get":{"summary":"List things","responses":{"200":{"content":{"application/json":{"schema":{"type":"array",
        "items":{"$ref":"#/components/schemas/Thing"}}}}}}}}"##,
    );
    for number in 1..operations {
        let group = number / GROUP;
        // A String takes all that is written.
        let _ = write!(
            text,
            r##","/group{group}/{{id}}/method{number}":{{"post":{{"summary":"Do thing {number} to a member of group {group}","parameters":[
            {{"name":"id","in":"path","required":true,"schema":{{"type":"integer"}}}}],"requestBody":{{"content":{{"application/json":{{
            "schema":{{"$ref":"#/components/schemas/Thing"}}}}}}}},"responses":{{"200":{{"content":{{"application/json":{{"schema":{{
            "$ref":"#/components/schemas/Thing"}}}}}}}}}}}}}}"##
        );
    }
    text.push_str("}}");
    text
}
