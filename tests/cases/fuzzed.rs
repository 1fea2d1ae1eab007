//! What the fuzzers kept, tried again: every input that once reached new code or broke a promise.

use std::fs;
use std::path::Path;

use crate::oracles;

#[test]
fn what_the_fuzzers_kept_holds() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    for (name, oracle) in oracles::ALL {
        let folder = corpus.join(name);
        let mut files: Vec<_> = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        for file in &files {
            let input = fs::read(file).unwrap();
            if std::panic::catch_unwind(|| oracle(&input)).is_err() {
                panic!("{name} does not hold for {}", file.display());
            }
        }
        assert!(files.len() >= 10, "{name} has a corpus of {} inputs", files.len());
    }
}

#[test]
fn every_oracle_has_its_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/fuzz_targets");
    let mut targets: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    targets.sort();
    let mut oracles: Vec<&str> = oracles::ALL.iter().map(|(name, _)| *name).collect();
    oracles.sort_unstable();
    assert_eq!(targets, oracles);
}
