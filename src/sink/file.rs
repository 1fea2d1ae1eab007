//! A file that is written completely or not at all.
//!
//! The result is written to a temporary file beside the target and replaces the target in one step when all of it is on
//! disk. Symbolic links are kept, and the file keeps its permission bits and, where the system allows, its owner and
//! group; other names of the same file (hard links) keep the old content.

use std::fs::{File, Metadata, OpenOptions, Permissions};
use std::io::{self, BufWriter, Seek, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use super::SinkError;
use super::target::{Target, folder_of, open_stream, readable};
use crate::disk::{self, Spare, Unplaced};

/// What happens to an existing file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is replaced if the user may write to it.
    Replace,
    /// The result is appended.
    Append,
    /// It is kept, and the call is not made.
    New,
    /// It is replaced in any case.
    Force,
}

/// Permission bits of a file that only its owner may read.
const PRIVATE: u32 = 0o600;
/// The bits requested for a new file; the kernel subtracts the umask.
const SHARED: u32 = 0o666;

/// A file that receives a result.
#[derive(Debug)]
pub struct FileSink {
    /// As the user wrote it.
    path: PathBuf,
    way: Way,
}

#[derive(Debug)]
enum Way {
    /// Written beside the target, then moved onto it.
    Move { fresh: BufWriter<Spare>, target: PathBuf, mode: Mode, private: bool },
    /// Written to a file without a name, then appended to the target.
    Append { spool: BufWriter<File>, target: File, private: bool },
    /// Written directly.
    Stream(BufWriter<File>),
}

impl FileSink {
    /// Prepares everything that can fail, without changing anything yet. With `private`, only the owner can read the
    /// result at any time, no matter who could read the file before.
    pub fn open(path: &Path, mode: Mode, private: bool) -> Result<FileSink, SinkError> {
        let failed = |source| unopened(path, source);
        if path.as_os_str().is_empty() {
            return Err(SinkError::NoName);
        }
        let way = match Target::of(path).map_err(failed)? {
            Target::Directory => return Err(SinkError::Directory { path: path.to_owned() }),
            Target::File { .. } if mode == Mode::New => return Err(SinkError::Exists { path: path.to_owned() }),
            Target::File { path: target, found } if mode != Mode::Force && is_read_only(&target, &found) => {
                return Err(SinkError::ReadOnly { path: path.to_owned() });
            }
            Target::Stream { fifo } => open_stream(path, fifo)?.map(|file| Way::Stream(BufWriter::new(file))),
            Target::File { path, found } if mode == Mode::Append => Way::append(&path, &found, private),
            Target::File { path, found } => Way::replace(path, &found, mode, private),
            Target::Absent { path } => Way::create(path, mode, private),
        };
        Ok(FileSink { path: path.to_owned(), way: way.map_err(failed)? })
    }

    /// Puts the result in place, durably. Without this call the target is unchanged.
    pub fn commit(self) -> Result<(), SinkError> {
        let FileSink { path, way } = self;
        let done = match way {
            Way::Move { fresh, target, mode, private } => {
                unbuffered(fresh).map_err(Lost::from).and_then(|fresh| move_onto(fresh, &target, mode, private))
            }
            Way::Append { spool, target, private } => {
                unbuffered(spool).and_then(|mut spool| append(&mut spool, &target, private)).map_err(Lost::from)
            }
            Way::Stream(mut out) => out.flush().map_err(Lost::from),
        };
        done.map_err(|Lost { source, kept }| SinkError::Store { path, source, kept })
    }

    fn out(&mut self) -> &mut dyn Write {
        match &mut self.way {
            Way::Move { fresh, .. } => fresh,
            Way::Append { spool, .. } => spool,
            Way::Stream(out) => out,
        }
    }
}

impl Write for FileSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out().flush()
    }
}

impl Way {
    fn append(target: &Path, found: &Metadata, private: bool) -> io::Result<Way> {
        let target = OpenOptions::new().append(true).open(target)?;
        if private {
            // Nothing changes yet; but without this permission the file could not be made private later.
            target.set_permissions(found.permissions())?;
        }
        Ok(Way::Append { spool: BufWriter::new(disk::spool()?), target, private })
    }

    fn create(target: PathBuf, mode: Mode, private: bool) -> io::Result<Way> {
        let fresh = beside(&target, if private { PRIVATE } else { SHARED })?;
        Ok(Way::Move { fresh: BufWriter::new(fresh), target, mode, private })
    }

    fn replace(target: PathBuf, found: &Metadata, mode: Mode, private: bool) -> io::Result<Way> {
        let fresh = beside(&target, PRIVATE)?;
        if !private {
            resemble(fresh.as_file(), found)?;
        }
        Ok(Way::Move { fresh: BufWriter::new(fresh), target, mode, private })
    }
}

/// Why a file cannot be opened. If the current folder is gone, the name of the file is not the cause.
pub(super) fn unopened(path: &Path, source: io::Error) -> SinkError {
    let gone = source.kind() == io::ErrorKind::NotFound && path.is_relative() && Path::new(".").canonicalize().is_err();
    if gone { SinkError::NoFolder } else { SinkError::Open { path: path.to_owned(), source } }
}

/// A new file in the folder of another, so that it can replace it in one step.
fn beside(target: &Path, bits: u32) -> io::Result<Spare> {
    let folder = folder_of(target);
    folder.metadata()?;
    // The error itself names a file that the user does not know.
    Spare::within(folder, bits)
        .map_err(|error| error.raw_os_error().map_or(error.kind().into(), io::Error::from_raw_os_error))
}

/// Gives a file the owner, group and permission bits of another. Only root can give files away: if the group cannot be
/// kept, its members lose access, so that no other group gains it.
fn resemble(file: &File, other: &Metadata) -> io::Result<()> {
    let (owner, group) = (other.uid(), other.gid());
    let kept = fchown(file, Some(owner), Some(group)).or_else(|_| fchown(file, None, Some(group)));
    let bits = other.mode() & if kept.is_ok() { 0o777 } else { 0o707 };
    file.set_permissions(Permissions::from_mode(bits))
}

/// Whether a shell would also refuse to write to the file.
pub(super) fn is_read_only(path: &Path, found: &Metadata) -> bool {
    let denied = |error: io::Error| error.kind() == io::ErrorKind::PermissionDenied;
    found.permissions().readonly() || OpenOptions::new().append(true).open(path).is_err_and(denied)
}

fn unbuffered<W: Write>(out: BufWriter<W>) -> io::Result<W> {
    out.into_inner().map_err(io::IntoInnerError::into_error)
}

/// A result that could not be put in place.
struct Lost {
    source: io::Error,
    kept: Option<PathBuf>,
}

impl From<io::Error> for Lost {
    fn from(source: io::Error) -> Lost {
        Lost { source, kept: None }
    }
}

fn move_onto(fresh: Spare, target: &Path, mode: Mode, private: bool) -> Result<(), Lost> {
    let Err(Unplaced { source, spare }) = fresh.put(target, matches!(mode, Mode::Replace | Mode::Force)) else {
        return Ok(());
    };
    let done = match source.kind() {
        // Another process has created the same log meanwhile.
        io::ErrorKind::AlreadyExists if mode == Mode::Append => append_to(target, &spare, private),
        _ => Err(source),
    };
    // The result is complete, and worth keeping under any name.
    done.map_err(|source| Lost { source, kept: spare.keep().ok().map(|path| readable(&path)) })
}

fn append_to(target: &Path, fresh: &Spare, private: bool) -> io::Result<()> {
    append(&mut fresh.reopen()?, &OpenOptions::new().append(true).open(target)?, private)
}

/// Appends one file to another while no other marsh does; all of it, or nothing if that is possible.
fn append(spool: &mut File, mut target: &File, private: bool) -> io::Result<()> {
    // Some network disks have no locks. Results may then be interleaved, which is better than losing one.
    let locked = target.lock().is_ok();
    if private {
        target.set_permissions(Permissions::from_mode(PRIVATE))?;
    }
    let before = target.metadata()?.len();
    spool.rewind()?;
    let done = io::copy(spool, &mut target).and_then(|_| target.sync_all());
    if done.is_err() && locked {
        let _ = target.set_len(before);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;
    use tempfile::TempDir;

    struct Folder(TempDir);

    impl Folder {
        fn new() -> Folder {
            Folder(tempfile::tempdir().unwrap())
        }

        fn at(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn with(self, name: &str, content: &str, bits: u32) -> Folder {
            File::create(self.at(name)).unwrap().write_all(content.as_bytes()).unwrap();
            fs::set_permissions(self.at(name), Permissions::from_mode(bits)).unwrap();
            self
        }

        fn read(&self, name: &str) -> String {
            fs::read_to_string(self.at(name)).unwrap()
        }

        fn bits(&self, name: &str) -> u32 {
            fs::metadata(self.at(name)).unwrap().mode() & 0o7777
        }

        fn names(&self) -> Vec<String> {
            let mut names: Vec<String> =
                fs::read_dir(self.0.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }
    }

    fn store(path: &Path, mode: Mode, private: bool) {
        let mut sink = FileSink::open(path, mode, private).unwrap();
        sink.write_all(b"result\n").unwrap();
        sink.commit().unwrap();
    }

    #[test]
    fn each_mode_stores_the_result() {
        for (mode, private, before, after, bits) in [
            (Mode::Replace, false, Some(0o640), "result\n", 0o640),
            (Mode::Force, false, Some(0o444), "result\n", 0o444),
            (Mode::Append, false, Some(0o640), "old\nresult\n", 0o640),
            (Mode::Replace, true, Some(0o644), "result\n", 0o600),
            (Mode::Append, true, Some(0o644), "old\nresult\n", 0o600),
            (Mode::Replace, true, None, "result\n", 0o600),
            (Mode::Append, true, None, "result\n", 0o600),
            (Mode::New, true, None, "result\n", 0o600),
            (Mode::Force, true, None, "result\n", 0o600),
        ] {
            let mut folder = Folder::new();
            if let Some(bits) = before {
                folder = folder.with("out", "old\n", bits);
            }
            store(&folder.at("out"), mode, private);
            assert_eq!(
                (folder.read("out").as_str(), folder.bits("out")),
                (after, bits),
                "{mode:?} {private} {before:?}"
            );
            assert_eq!(folder.names(), ["out"]);
        }
    }

    #[test]
    fn a_new_file_has_the_bits_of_any_new_file() {
        let folder = Folder::new().with("other", "", 0o600);
        File::create(folder.at("plain")).unwrap();
        for (name, mode) in [("a", Mode::Replace), ("b", Mode::Append), ("c", Mode::New)] {
            store(&folder.at(name), mode, false);
            assert_eq!(folder.bits(name), folder.bits("plain"), "{mode:?}");
        }
    }

    #[test]
    fn without_a_commit_everything_stays() {
        for mode in [Mode::Replace, Mode::Append, Mode::Force] {
            let folder = Folder::new().with("old", "old\n", 0o640);
            for name in ["old", "new"] {
                let mut sink = FileSink::open(&folder.at(name), mode, true).unwrap();
                sink.write_all(&[b'x'; 100_000]).unwrap();
                drop(sink);
            }
            assert_eq!((folder.read("old").as_str(), folder.bits("old")), ("old\n", 0o640), "{mode:?}");
            assert_eq!(folder.names(), ["old"], "{mode:?}");
        }
    }

    #[test]
    fn a_secret_is_private_from_the_first_byte() {
        let folder = Folder::new().with("out", "old\n", 0o644);
        let mut sink = FileSink::open(&folder.at("out"), Mode::Replace, true).unwrap();
        sink.write_all(b"key").unwrap();
        sink.flush().unwrap();
        let fresh = folder.names().into_iter().find(|name| name != "out").unwrap();
        assert_eq!((folder.read(&fresh).as_str(), folder.bits(&fresh)), ("key", 0o600));
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = Folder::new().with("real", "old\n", 0o640);
        symlink("real", folder.at("link")).unwrap();
        symlink("later", folder.at("dangling")).unwrap();
        store(&folder.at("link"), Mode::Replace, false);
        store(&folder.at("dangling"), Mode::Append, false);
        assert!(fs::symlink_metadata(folder.at("link")).unwrap().is_symlink());
        assert_eq!((folder.read("real"), folder.read("later")), ("result\n".to_owned(), "result\n".to_owned()));
    }

    #[test]
    fn a_bad_destination_is_refused_before_anything_is_sent() {
        let folder = Folder::new().with("file", "old\n", 0o644).with("fixed", "old\n", 0o444);
        for (name, mode, shown) in [
            ("", Mode::Replace, "is a directory"),
            ("missing/out", Mode::Replace, "No such file or directory"),
            ("missing/out", Mode::Append, "No such file or directory"),
            ("file/out", Mode::Replace, "Not a directory"),
            ("file", Mode::New, "already exists"),
            ("fixed", Mode::Replace, "is read-only"),
            ("fixed", Mode::Append, "is read-only"),
        ] {
            let error = FileSink::open(&folder.at(name), mode, false).unwrap_err();
            assert!(error.to_string().contains(shown), "{name} {mode:?}: {error}");
        }
        assert!(FileSink::open(Path::new(""), Mode::Replace, false).is_err());
        assert_eq!((folder.read("file"), folder.names().len()), ("old\n".to_owned(), 2));
    }

    #[test]
    fn a_file_that_appears_meanwhile_is_not_lost() {
        let folder = Folder::new();
        let mut new = FileSink::open(&folder.at("new"), Mode::New, false).unwrap();
        let mut log = FileSink::open(&folder.at("log"), Mode::Append, false).unwrap();
        let folder = folder.with("new", "theirs\n", 0o644).with("log", "theirs\n", 0o644);
        new.write_all(b"ours\n").unwrap();
        log.write_all(b"ours\n").unwrap();
        let Err(SinkError::Store { kept: Some(kept), .. }) = new.commit() else { panic!("replaced or lost") };
        log.commit().unwrap();
        assert_eq!((folder.read("new").as_str(), folder.read("log").as_str()), ("theirs\n", "theirs\nours\n"));
        assert_eq!((fs::read_to_string(kept).unwrap().as_str(), folder.names().len()), ("ours\n", 3));
    }

    #[test]
    fn results_appended_at_once_are_not_interleaved() {
        let folder = Folder::new();
        let (path, letters) = (folder.at("log"), ["a", "b", "c", "d"]);
        std::thread::scope(|scope| {
            for letter in letters {
                let path = &path;
                scope.spawn(move || {
                    let mut sink = FileSink::open(path, Mode::Append, false).unwrap();
                    sink.write_all(letter.repeat(50_000).as_bytes()).unwrap();
                    sink.commit().unwrap();
                });
            }
        });
        let log = folder.read("log");
        assert_eq!(log.len(), 200_000);
        assert!(letters.iter().all(|letter| log.contains(&letter.repeat(50_000))));
    }

    #[test]
    fn devices_are_written_directly() {
        store(Path::new("/dev/null"), Mode::New, true);
        let error = FileSink::open(Path::new("/dev/full"), Mode::Replace, false).and_then(|mut sink| {
            sink.write_all(b"x").unwrap();
            sink.commit()
        });
        assert!(matches!(error, Err(SinkError::Store { .. })), "{error:?}");
    }
}
