//! Who has access, and what is left alone.

use super::*;
use crate::tests::*;
use std::os::unix::fs::symlink;

#[test]
fn only_the_owner_can_read_it() {
    let (folder, _) = fresh();
    let journal = Journal::at(folder.path().join("a/b"), "one");
    let all = |journal: &Journal| ["", "-wal", "-shm"].map(|end| journal.folder().join(format!("journal.db{end}")));
    journal.append(1, None, "line", &[]).unwrap();
    assert_eq!((bits(&folder.path().join("a")), bits(&folder.path().join("a/b"))), (0o700, 0o700));
    assert_eq!(all(&journal).map(|path| bits(&path)), [0o600; 3]);
    set_bits(journal.folder(), 0o755);
    for path in all(&journal) {
        set_bits(&path, 0o664);
    }
    other(&journal).open().unwrap();
    assert_eq!(bits(journal.folder()), 0o700);
    assert_eq!(all(&journal).map(|path| bits(&path)), [0o600; 3]);
}

#[test]
fn a_file_that_is_added_to_is_made_and_stays_private() {
    let (folder, _) = fresh();
    let within = folder.path().join("a/b");
    let path = within.join("file");
    for (number, spoil) in ["", "file", "folder", "both", "gone"].into_iter().enumerate() {
        if number > 0 {
            set_bits(&path, if matches!(spoil, "file" | "both") { 0o666 } else { 0o600 });
            set_bits(&within, if matches!(spoil, "folder" | "both") { 0o755 } else { 0o700 });
        }
        if spoil == "gone" {
            fs::remove_dir_all(&within).unwrap();
        }
        std::io::Write::write_all(&mut to_append(&within, &path).unwrap(), b"x").unwrap();
        assert_eq!((bits(&within), bits(&path)), (0o700, 0o600), "{spoil}");
    }
    assert_eq!(fs::read(&path).unwrap(), b"x");
    fs::remove_file(&path).unwrap();
    symlink("/dev/null", &path).unwrap();
    assert!(matches!(to_append(&within, &path), Err(Error::NotAFile(_))));
}

#[test]
fn anything_but_a_file_is_refused_and_left_unchanged() {
    let (folder, journal) = fresh();
    fs::create_dir(journal.folder()).unwrap();
    symlink("/dev/null", journal.path()).unwrap();
    let before = bits(Path::new("/dev/null"));
    assert!(matches!(journal.open(), Err(Error::NotAFile(path)) if path == journal.path()));
    assert_eq!(bits(Path::new("/dev/null")), before);
    fs::remove_file(journal.path()).unwrap();
    fs::create_dir(journal.path()).unwrap();
    assert!(matches!(journal.open(), Err(Error::NotAFile(_))));
    let in_the_way = folder.path().join("file");
    fs::File::create(&in_the_way).unwrap();
    assert!(matches!(Journal::at(&in_the_way, "one").open(), Err(Error::Io(_))));
}
