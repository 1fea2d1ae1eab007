//! A table: commands run in turns, round after round, so that ratios survive a machine whose speed drifts.

use std::error::Error;
use std::ffi::OsString;
use std::io::{self, Write};

use super::meter::{Job, Sample};
use super::server::{Server, Traffic};

/// A command to be measured.
pub(crate) struct Row {
    /// What it is called.
    pub(crate) label: &'static str,
    /// What is run; nothing where it is not installed.
    pub(crate) job: Option<Job>,
}

/// What is aimed at.
pub(crate) enum Goal {
    /// The time of a row is at most so many times that of another.
    Wall(&'static str, f64, &'static str),
    /// A row needs at most so many MiB.
    Memory(&'static str, f64),
    /// A row needs at most so many MiB more than another.
    Growth(&'static str, f64, &'static str),
    /// A row makes exactly so many requests, on one connection.
    Requests(&'static str, u64),
}

/// Commands to be compared; the first is the base of the ratios.
pub(crate) struct Table {
    /// What it is called on the command line.
    pub(crate) id: &'static str,
    /// What is measured.
    pub(crate) title: &'static str,
    /// How often.
    pub(crate) rounds: usize,
    /// The commands.
    pub(crate) rows: Vec<Row>,
    /// What is aimed at.
    pub(crate) goals: Vec<Goal>,
}

/// What the runs of a row took.
struct Measured {
    label: &'static str,
    installed: bool,
    /// Of the first run, which is not timed.
    traffic: Traffic,
    samples: Vec<Sample>,
}

impl Table {
    /// Runs every command once untimed, then all of them in turns.
    pub(crate) fn run(
        &self,
        server: &Server,
        environment: &[(OsString, OsString)],
        out: &mut dyn Write,
    ) -> Result<(), Box<dyn Error>> {
        let mut measured: Vec<Measured> = self.rows.iter().map(Measured::new).collect();
        for round in 0..=self.rounds {
            for (row, measured) in self.rows.iter().zip(&mut measured) {
                let Some(job) = &row.job else { continue };
                let before = server.traffic();
                let sample = job.measure(environment)?;
                match round {
                    0 => measured.traffic = server.traffic().since(before),
                    _ => measured.samples.push(sample),
                }
            }
        }
        Ok(self.print(&measured, out)?)
    }

    fn print(&self, measured: &[Measured], out: &mut dyn Write) -> io::Result<()> {
        let Some(base) = measured.first() else { return Ok(()) };
        writeln!(out, "\n### {}: {}, {} rounds\n", self.id, self.title, self.rounds)?;
        writeln!(out, "| | wall / {0} | CPU / {0} | peak RSS | wall | requests on connections |", base.label)?;
        writeln!(out, "|---|---:|---:|---:|---:|---:|")?;
        for row in measured {
            writeln!(out, "{}", row.line(base))?;
        }
        writeln!(out)?;
        for goal in &self.goals {
            writeln!(out, "- {}", goal.verdict(measured))?;
        }
        out.flush()
    }
}

impl Measured {
    fn new(row: &Row) -> Measured {
        Measured { label: row.label, installed: row.job.is_some(), traffic: Traffic::default(), samples: Vec::new() }
    }

    fn line(&self, base: &Measured) -> String {
        if !self.installed {
            return format!("| {} | not installed | | | | |", self.label);
        }
        let failures = self.failures();
        if failures > 0 {
            return format!("| {} | failed {failures} times | | | | |", self.label);
        }
        let (rss, wall) = (self.memory(), self.median(|sample| sample.wall));
        let requests = if self.traffic.requests == 0 { String::new() } else { self.traffic.to_string() };
        let ratio =
            |of: fn(&Sample) -> f64| self.ratio(base, of).map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        let (time, cpu) = (ratio(|sample| sample.wall), ratio(|sample| sample.cpu));
        format!("| {} | {time} | {cpu} | {rss:.1} MiB | {wall:.1} ms | {requests} |", self.label)
    }

    fn failures(&self) -> usize {
        self.samples.iter().filter(|sample| sample.failed).count()
    }

    fn memory(&self) -> f64 {
        self.median(|sample| sample.rss)
    }

    fn median(&self, of: fn(&Sample) -> f64) -> f64 {
        median(self.samples.iter().map(of).collect())
    }

    /// The median, over the rounds, of this row's share of another's in the same round.
    fn ratio(&self, base: &Measured, of: fn(&Sample) -> f64) -> Option<f64> {
        let ratios: Vec<f64> =
            self.samples.iter().zip(&base.samples).map(|(sample, base)| of(sample) / of(base)).collect();
        (!ratios.is_empty()).then(|| median(ratios))
    }
}

impl Goal {
    fn verdict(&self, measured: &[Measured]) -> String {
        let sound = |row: &&Measured| !row.samples.is_empty() && row.failures() == 0;
        let row = |label: &str| measured.iter().find(|row| row.label == label).filter(sound);
        let (goal, found) = match *self {
            Goal::Wall(label, most, base) => {
                let ratio = row(label).zip(row(base)).and_then(|(row, base)| row.ratio(base, |sample| sample.wall));
                (format!("{label} at most {most:.2} of {base}"), at_most(ratio, most))
            }
            Goal::Memory(label, most) => {
                (format!("{label} at most {most} MiB"), at_most(row(label).map(Measured::memory), most))
            }
            Goal::Growth(label, most, base) => {
                let more = row(label).zip(row(base)).map(|(row, base)| row.memory() - base.memory());
                (format!("{label} at most {most} MiB above {base}"), at_most(more, most))
            }
            Goal::Requests(label, requests) => {
                let wanted = Traffic { requests, connections: 1 };
                let found = row(label).map(|row| (row.traffic.to_string(), row.traffic == wanted));
                (format!("{label}: requests {wanted}"), found)
            }
        };
        match found {
            Some((found, true)) => format!("{goal}: {found}, met"),
            Some((found, false)) => format!("{goal}: {found}, **missed**"),
            None => format!("{goal}: not measured"),
        }
    }
}

/// A number in words, and whether it is small enough.
fn at_most(number: Option<f64>, most: f64) -> Option<(String, bool)> {
    number.map(|number| (format!("{number:.2}"), number <= most))
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let at = |index: usize| numbers.get(index).copied().unwrap_or(f64::NAN);
    if numbers.len() % 2 == 1 { at(middle) } else { (at(middle.wrapping_sub(1)) + at(middle)) / 2.0 }
}
