//! A loss of power, played with a disk that keeps nothing but what was synced: each time the journal waits for the disk,
//! the file is copied to another folder, and only these copies are looked at afterwards.
#![cfg(target_os = "linux")]

use std::fs::{DirBuilder, File};
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use history::Filter;

use crate::child::random;
use crate::killed::{holds, writes};
use crate::{Ended, Place, child};

/// Stands in front of the two calls by which a program waits for the disk. Compiled by what SQLite is compiled by.
const DISK: &str = include_str!("disk.c");

#[test]
fn what_was_announced_is_on_the_disk_and_what_was_not_need_not_be() {
    let (place, survived) = (Place::new(), Place::new());
    let disk = compiled(place.folder.path());
    Ended::start(on_disk(&disk, "change-then-read", &place, &survived)).ends_well();
    let survivor = survived.journal();
    let ids: Vec<i64> = survivor.calls(&Filter::default()).unwrap().iter().map(|call| call.id.0).collect();
    let (arrived, read) = (place.numbers("arrived"), place.numbers("read"));
    assert_eq!((arrived.len(), read.len()), (40, 5));
    assert_eq!(ids, arrived, "the changes, and not the reads after them");
    assert_eq!(place.journal().calls(&Filter::default()).unwrap().len(), 45);
    assert!(survivor.check().unwrap().damage.is_empty());
}

#[test]
fn what_was_announced_is_on_the_disk_at_any_moment() {
    let tools = Place::new();
    let disk = compiled(tools.folder.path());
    for round in 0..20 {
        let (place, survived) = (Place::new(), Place::new());
        let mut child = Ended::start(on_disk(&disk, "change", &place, &survived));
        // In the longer ones the log is moved into the database.
        writes(&place, if round % 4 == 0 { 60 } else { 1 });
        thread::sleep(random(5_000));
        child.kill();
        holds(&place, &survived.journal());
        assert!(survived.journal().check().unwrap().damage.is_empty());
    }
}

/// A child whose disk keeps in `survived` what was synced.
fn on_disk(disk: &Path, role: &str, place: &Place, survived: &Place) -> Command {
    DirBuilder::new().mode(0o700).create(survived.state()).unwrap();
    let mut child = child(role, place);
    child.env("LD_PRELOAD", disk).env("SYNCED_TO", survived.state());
    child
}

fn compiled(folder: &Path) -> PathBuf {
    let (source, library) = (folder.join("disk.c"), folder.join("disk.so"));
    File::create(&source).unwrap().write_all(DISK.as_bytes()).unwrap();
    let status = Command::new("cc").args(["-shared", "-fPIC", "-o"]).args([&library, &source]).status().unwrap();
    assert!(status.success());
    library
}
