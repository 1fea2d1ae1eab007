//! marsh beside its peers: whole processes, measured in turns against a server in memory.
//!
//! `cargo bench` runs every table; `cargo bench -- P2 P5` some of them. `docs/performance.md` says what is aimed at
//! and what came of it.

mod answers;
mod bare;
mod certificate;
mod counts;
mod floor;
mod imported;
mod meter;
mod plans;
mod prompt;
mod server;
mod side_by_side;
mod table;
mod tools;
mod values;

use std::error::Error;
use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use bare::BARE;
use counts::COUNTS;
use floor::FLOOR;
use meter::METER;
use server::Server;
use tools::Tools;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    match words.split_first() {
        Some((role, rest)) if role == METER => return meter::run(rest),
        Some((role, _)) if role == BARE => return ending(bare::run().map_err(Into::into)),
        Some((role, rest)) if role == FLOOR => return ending(floor::run(rest).map_err(Into::into)),
        _ => {}
    }
    ending(bench(&words))
}

fn ending(result: Result<(), Box<dyn Error>>) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    let _ = io::Write::write_all(&mut io::stderr(), format!("peers: {error}\n").as_bytes());
    ExitCode::FAILURE
}

/// Runs the tables that are named, or all of them.
fn bench(words: &[OsString]) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (tls, trusted) = certificate::make(folder.path())?;
    let server = Server::start(tls)?;
    let tools = Tools::find(folder.path())?;
    let environment = environment(&folder.path().join("home"))?;
    // Cargo puts in an argument of its own.
    let named: Vec<&OsString> = words.iter().filter(|word| *word != "--bench").collect();
    let wanted = |id: &str| named.is_empty() || named.iter().any(|name| *name == id);
    if ["P2-import", "P9"].into_iter().any(wanted) {
        imported::import(&tools, &environment)?;
    }
    if wanted("P9") || wanted("P10") {
        prompt::run(&tools, &server, &environment, &mut io::stdout())?;
    }
    if wanted("P10") {
        values::run(folder.path(), &mut io::stdout())?;
    }
    let beside = side_by_side::tables(&tools, &server)?;
    for table in
        plans::all(&tools, &server, &trusted)?.into_iter().chain(beside).chain(imported::tables(&tools, &server))
    {
        if wanted(table.id) {
            table.run(&server, &environment, &mut io::stdout())?;
        }
    }
    if wanted(COUNTS) {
        counts::run(&tools, &server, &environment, &mut io::stdout())?;
    }
    Ok(())
}

/// What every command sees: a home of its own, and nothing of the user's settings or of Cargo's.
#[expect(clippy::disallowed_methods, reason = "programs are found where the user finds them")]
fn environment(home: &std::path::Path) -> io::Result<Vec<(OsString, OsString)>> {
    std::fs::create_dir(home)?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    Ok(vec![("HOME".into(), home.into()), ("PATH".into(), path), ("LC_ALL".into(), "C.UTF-8".into())])
}
