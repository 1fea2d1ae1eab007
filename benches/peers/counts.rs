//! What does not depend on how busy the machine is: instructions, as valgrind counts them, beside those that
//! `benches/counts.toml` has.

use std::collections::BTreeMap;
use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::Path;

use serde::Deserialize;

use super::meter::Job;
use super::server::Server;
use super::tools::Tools;

/// The name on the command line.
pub(crate) const COUNTS: &str = "counts";

/// How often each is counted; the smallest number is used.
const ROUNDS: usize = 3;

/// The numbers that are expected.
#[derive(Deserialize)]
struct Kept {
    /// By which part a count may be larger.
    tolerance: f64,
    counts: BTreeMap<String, u64>,
}

/// Counts everything and fails where there are more instructions than before.
pub(crate) fn run(
    tools: &Tools,
    server: &Server,
    environment: &[(OsString, OsString)],
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) || !tools.has_valgrind() {
        return Ok(writeln!(out, "{COUNTS}: skipped; they are counted on x86-64 Linux, by valgrind")?);
    }
    let kept: Kept = toml::from_str(include_str!("../counts.toml"))?;
    let (mut found, mut more) = (String::new(), Vec::new());
    writeln!(out, "\n### {COUNTS}: instructions\n\n| | found | expected | ratio |\n|---|---:|---:|---:|")?;
    for (label, job) in jobs(tools, server)? {
        let count = least(&job, &tools.file("callgrind"), environment)?;
        let expected = kept.counts.get(label).copied().unwrap_or_default();
        let ratio = count as f64 / expected as f64;
        writeln!(out, "| {label} | {count} | {expected} | {ratio:.3} |")?;
        found.push_str(&format!("\"{label}\" = {count}\n"));
        if ratio > 1.0 + kept.tolerance {
            more.push(label);
        }
    }
    writeln!(out, "\n[counts]\n{found}")?;
    match more.is_empty() {
        true => Ok(()),
        false => Err(format!("more instructions than benches/counts.toml has: {}", more.join(", ")).into()),
    }
}

/// What is counted.
fn jobs(tools: &Tools, server: &Server) -> Result<Vec<(&'static str, Job)>, Box<dyn Error>> {
    let list = server.http("/list");
    let jobs = [
        ("start-up", tools.marsh(&["--version"])),
        ("one call, 17 kB", tools.marsh_call(&list)),
        ("one hundred calls, 17 kB each", tools.marsh_script(&list, 100)?),
        ("1 MB into a file", tools.marsh_store(&server.http("/large/1"))),
    ];
    Ok(jobs.into_iter().filter_map(|(label, job)| Some((label, job?))).collect())
}

fn least(job: &Job, log: &Path, environment: &[(OsString, OsString)]) -> Result<u64, Box<dyn Error>> {
    let mut log_file = OsString::from("--log-file=");
    log_file.push(log);
    let valgrind: [OsString; 4] =
        ["valgrind".into(), "--tool=callgrind".into(), "--callgrind-out-file=/dev/null".into(), log_file];
    let mut least = u64::MAX;
    for _ in 0..ROUNDS {
        if job.under(&valgrind).measure(environment)?.failed {
            return Err("a command that is counted failed".into());
        }
        least = least.min(collected(&fs::read_to_string(log)?).ok_or("valgrind gave no count")?);
    }
    Ok(least)
}

/// The number of instructions in a report of callgrind.
fn collected(report: &str) -> Option<u64> {
    report.lines().find_map(|line| line.split_once("Collected : "))?.1.trim().parse().ok()
}
