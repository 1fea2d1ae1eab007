//! Every example that `help` shows, run on the simulated accounts as it is.

use std::net::IpAddr;
use std::thread;

use marsh::registry::catalog::Catalog;
use marsh::registry::embedded;

use crate::support::cmd::{Outcome, World};

fn catalog(provider: &str) -> Catalog {
    Catalog::open(embedded::find(provider).unwrap()).unwrap()
}

/// Lines on one simulated account, in a world of its own.
fn simulated(provider: &str, lines: &[&str]) -> Outcome {
    let script = format!("use {provider}\n{}\n", lines.join("\n"));
    World::new().marsh().args(["--sandbox", "-y", "--keep-going", "-o", "json"]).stdin(script).run()
}

/// What could be an address in a line.
fn addresses(line: &str) -> impl Iterator<Item = IpAddr> {
    let words = line.split(|c: char| !c.is_ascii_hexdigit() && c != '.' && c != ':');
    words.filter_map(|word| word.trim_matches(['.', ':']).parse().ok())
}

/// Whether an address is kept for documentation, or leads nowhere beyond a private network.
fn is_nobodys(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_documentation() || address.is_private() || address.octets()[0] == 255,
        IpAddr::V6(address) => address.segments()[..2] == [0x2001, 0xdb8],
    }
}

#[test]
fn examples_use_documentation_addresses() {
    let mut checked = 0;
    for source in embedded::all() {
        let catalog = Catalog::open(source).unwrap();
        for record in catalog.records() {
            let example = catalog.method(record.name).unwrap().unwrap().example.unwrap_or_default();
            for address in addresses(&example) {
                assert!(is_nobodys(address), "{}: {address}", record.name);
                checked += 1;
            }
        }
    }
    assert!(checked > 20, "{checked}");
}

fn every_example_ends_well(provider: &str, count: usize) {
    let catalog = catalog(provider);
    let mut faults = Vec::new();
    for record in catalog.records() {
        let example = catalog.method(record.name).unwrap().unwrap().example.unwrap_or_default();
        let outcome = simulated(provider, &[&example]);
        if outcome.code != 0 {
            faults.push(format!("{}: `{example}`: exit {}\n{}", record.name, outcome.code, outcome.stderr));
        }
    }
    assert_eq!(catalog.records().len(), count, "{provider}");
    assert!(faults.is_empty(), "{} of {count}\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_example_of_memset_ends_well() {
    every_example_ends_well("memset", 154);
}

#[test]
fn every_example_of_caas_ends_well() {
    every_example_ends_well("caas", 141);
}

#[test]
fn every_example_of_artnet_ends_well() {
    every_example_ends_well("artnet", 93);
}

#[test]
fn every_example_of_vpsnet_ends_well() {
    every_example_ends_well("vpsnet", 98);
}

/// Whatever begins something that takes a while can be waited for, and ends well.
#[test]
fn every_example_that_takes_a_while_can_be_waited_for() {
    let mut lines = Vec::new();
    for source in embedded::all() {
        let catalog = Catalog::open(source).unwrap();
        let methods = catalog.records().iter().map(|record| catalog.method(record.name).unwrap().unwrap());
        let examples = methods.filter(|method| method.job.is_some()).filter_map(|method| method.example);
        lines.extend(examples.map(|example| (source.id, format!("{example} --wait"))));
    }
    assert!(lines.len() >= 68, "{}", lines.len());
    // They sleep for most of the time.
    let faults: Vec<String> = thread::scope(|scope| {
        let waiting: Vec<_> = lines.chunks(6).map(|lines| scope.spawn(|| waited_for(lines))).collect();
        waiting.into_iter().flat_map(|faults| faults.join().unwrap()).collect()
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What went wrong with some lines, each on its provider's account.
fn waited_for(lines: &[(&str, String)]) -> Vec<String> {
    let ended = lines.iter().map(|(provider, line)| (line, simulated(provider, &[line])));
    ended.filter(|(_, outcome)| outcome.code != 0).map(|(line, outcome)| format!("{line}\n{outcome}")).collect()
}

/// The document names the refusal for some jobs alone; any other can be asked for again while the first runs.
#[test]
fn only_the_jobs_that_the_document_names_refuse_a_second() {
    let catalog = catalog("memset");
    let methods = catalog.records().iter().map(|record| catalog.method(record.name).unwrap().unwrap());
    let (mut refused, mut asked) = (0, 0);
    for method in methods.filter(|method| method.job.is_some()) {
        let example = method.example.clone().unwrap_or_default();
        let outcome = simulated("memset", &[&example, &example]);
        let is_documented = method.errors.contains(&6.into());
        let in_progress = outcome.stderr.contains(r#""provider_code":"6","#);
        assert_eq!(in_progress, is_documented, "{}\n{outcome}", method.name);
        assert!(is_documented || outcome.code == 0, "{}\n{outcome}", method.name);
        asked += 1;
        refused += usize::from(in_progress);
    }
    assert_eq!((asked, refused), (29, 7));
}
