//! What is measured, and what is aimed at.

use std::io;

use super::certificate::Trusted;
use super::meter::Job;
use super::server::Server;
use super::table::{Goal, Row, Table};
use super::tools::Tools;

/// Where results go that are not looked at: the same for all, because a file costs more than a small answer.
const NOWHERE: &str = "/dev/null";

/// Every table.
pub(crate) fn all(tools: &Tools, server: &Server, trusted: &Trusted) -> io::Result<Vec<Table>> {
    Ok(vec![
        start(tools),
        one_call(tools, server),
        one_call_tls(tools, server, trusted),
        far_away(tools, server),
        large(tools, server),
        memory(tools, server, trusted),
        many(tools, server)?,
    ])
}

fn row(label: &'static str, job: Option<Job>) -> Row {
    Row { label, job }
}

fn start(tools: &Tools) -> Table {
    Table {
        id: "P1",
        title: "start-up",
        rounds: 41,
        rows: vec![
            row("hello", tools.hello()),
            row("marsh --version", tools.marsh(&["--version"])),
            row("marsh --help", tools.marsh(&["--help"])),
            row("curl --version", tools.any(&["curl", "--version"])),
            row("jq --version", tools.any(&["jq", "--version"])),
            row("xh --version", tools.any(&["xh", "--version"])),
            row("http --version", tools.any(&["http", "--version"])),
        ],
        goals: vec![
            Goal::Wall("marsh --version", 1.4, "hello"),
            Goal::Wall("marsh --version", 0.3, "curl --version"),
            Goal::Memory("marsh --version", 8.0),
        ],
    }
}

fn one_call(tools: &Tools, server: &Server) -> Table {
    let url = server.http("/list");
    Table {
        id: "P2",
        title: "one call over http, 20 records in 17 kB",
        rounds: 41,
        rows: vec![
            row("curl", tools.curl(&url)),
            row("marsh", tools.marsh_call(&url)),
            row("floor", tools.floor(&url, NOWHERE)),
            row("curl + jq", tools.curl_jq(&server.http("/json"))),
            row("python, call", tools.python("call", &url, NOWHERE)),
            row("python, list + call", tools.python("list", &url, NOWHERE)),
        ],
        goals: vec![
            Goal::Wall("marsh", 0.38, "curl"),
            Goal::Wall("marsh", 1.0 / 14.0, "python, list + call"),
            Goal::Memory("marsh", 7.0),
            Goal::Requests("marsh", 1),
        ],
    }
}

fn one_call_tls(tools: &Tools, server: &Server, trusted: &Trusted) -> Table {
    let url = server.https("/list");
    let one = |job: Option<Job>| Some(job?.with("SSL_CERT_FILE", &trusted.one));
    let bundle = |job: Option<Job>| Some(job?.with("SSL_CERT_FILE", trusted.bundle.as_ref()?));
    Table {
        id: "P3",
        title: "the same over https, trusting the system's authorities or a single one",
        rounds: 21,
        rows: vec![
            row("curl", bundle(tools.curl(&url))),
            row("marsh", bundle(tools.marsh_call(&url))),
            row("python, call", bundle(tools.python("call", &url, NOWHERE))),
            row("curl, one", one(tools.curl(&url))),
            row("marsh, one", one(tools.marsh_call(&url))),
            row("python, one", one(tools.python("call", &url, NOWHERE))),
        ],
        goals: vec![
            Goal::Wall("marsh", 0.35, "curl"),
            Goal::Wall("marsh, one", 0.5, "curl, one"),
            Goal::Memory("marsh", 12.0),
            Goal::Requests("marsh", 1),
        ],
    }
}

fn far_away(tools: &Tools, server: &Server) -> Table {
    let url = server.http("/slow");
    Table {
        id: "P4",
        title: "one call that is answered after 50 ms",
        rounds: 11,
        rows: vec![
            row("curl", tools.curl(&url)),
            row("marsh", tools.marsh_call(&url)),
            row("python, call", tools.python("call", &url, NOWHERE)),
            row("python, list + call", tools.python("list", &url, NOWHERE)),
        ],
        goals: vec![Goal::Wall("marsh", 1.05, "curl"), Goal::Requests("marsh", 1)],
    }
}

fn large(tools: &Tools, server: &Server) -> Table {
    let url = server.http("/large/100");
    Table {
        id: "P5",
        title: "100 MB into a file; curl keeps bytes, the others make JSON of them",
        rounds: 5,
        rows: vec![
            row("floor", tools.floor(&url, tools.file("floor.json"))),
            row("marsh", tools.marsh_store(&url)),
            row("curl", tools.curl(&url).map(|job| job.writing(tools.file("curl.xml")))),
            row("python, call", tools.python("call", &url, tools.file("python.json"))),
        ],
        goals: vec![Goal::Wall("marsh", 1.0, "floor"), Goal::Wall("marsh", 1.0 / 12.0, "python, call")],
    }
}

fn memory(tools: &Tools, server: &Server, trusted: &Trusted) -> Table {
    let store = |path: &str| tools.marsh_store(&server.http(path));
    let tls = tools.marsh_store(&server.https("/large/100"));
    Table {
        id: "P6",
        title: "memory, into a file",
        rounds: 3,
        rows: vec![
            row("1 MB", store("/large/1")),
            row("10 MB", store("/large/10")),
            row("100 MB", store("/large/100")),
            row("100 MB, chunked", store("/chunked/large/100")),
            row("100 MB, https", tls.map(|job| job.with("SSL_CERT_FILE", &trusted.one))),
        ],
        goals: ["1 MB", "10 MB", "100 MB", "100 MB, chunked", "100 MB, https"]
            .map(|label| Goal::Memory(label, 16.0))
            .into_iter()
            .chain([Goal::Growth("100 MB", 2.0, "1 MB")])
            .collect(),
    }
}

fn many(tools: &Tools, server: &Server) -> io::Result<Table> {
    let url = server.http("/list");
    Ok(Table {
        id: "P7",
        title: "1,000 calls from one process, into a file; curl keeps bytes",
        rounds: 5,
        rows: vec![
            row("curl", tools.curl(&format!("{url}?[1-1000]")).map(|job| job.writing(tools.file("curl.xml")))),
            row("marsh", tools.marsh_script(&url, 1000)?.map(|job| job.writing(tools.file("marsh.json")))),
            row("python", tools.python("1000", &url, tools.file("python.json"))),
        ],
        goals: vec![
            Goal::Wall("marsh", 1.3, "curl"),
            Goal::Wall("marsh", 1.0 / 7.0, "python"),
            Goal::Requests("marsh", 1000),
        ],
    })
}
