//! Where a path really leads.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{OFlags, fcntl_setfl};
use rustix::io::Errno;

use super::SinkError;

/// Links that are followed before a path counts as a circle; Linux gives up at the same number.
const MOST_LINKS: usize = 40;

/// How long a pipe with a name may be without a reader, and how often it is tried.
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(20);

/// What lies at the end of a path.
#[derive(Debug)]
pub(super) enum Target {
    /// A regular file.
    File {
        /// Its own path, which is no link.
        path: PathBuf,
        /// What is known of it.
        found: Metadata,
    },
    /// Nothing yet.
    Absent {
        /// Where it is going to be.
        path: PathBuf,
    },
    /// A device, a pipe, or a stream that this process has open: nothing that could be replaced.
    Stream {
        /// It is a pipe with a name, which somebody has to read.
        fifo: bool,
    },
    /// A directory.
    Directory,
}

impl Target {
    /// Follows links, a dangling one to where it points.
    pub(super) fn of(given: &Path) -> io::Result<Target> {
        if names_a_directory(given) {
            return Ok(Target::Directory);
        }
        let mut path = given.to_owned();
        for _ in 0..MOST_LINKS {
            // /dev/stdout leads there. Even where such a link ends at a regular file, it stands for an open stream.
            if path.starts_with("/proc") || path.starts_with("/dev/fd") {
                return Ok(Target::Stream { fifo: false });
            }
            let found = match fs::symlink_metadata(&path) {
                Ok(found) => found,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Target::Absent { path }),
                Err(error) => return Err(error),
            };
            if !found.is_symlink() {
                return Ok(Target::found(path, found));
            }
            path = folder_of(&path).join(fs::read_link(&path)?);
        }
        Err(io::Error::other("too many links"))
    }

    fn found(path: PathBuf, found: Metadata) -> Target {
        if found.is_dir() {
            Target::Directory
        } else if found.is_file() {
            Target::File { path, found }
        } else {
            Target::Stream { fifo: found.file_type().is_fifo() }
        }
    }
}

/// Opens what cannot be replaced. A pipe with a name is given a moment for its reader, which may just be starting.
pub(super) fn open_stream(path: &Path, fifo: bool) -> Result<io::Result<File>, SinkError> {
    // Added at the end even here: what comes before belongs to the process that opened the stream.
    if !fifo {
        return Ok(OpenOptions::new().append(true).open(path));
    }
    let since = Instant::now();
    loop {
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
        match OpenOptions::new().append(true).custom_flags(flags).open(path) {
            Err(error) if error.raw_os_error() == Some(Errno::NXIO.raw_os_error()) => {}
            Ok(file) => return Ok(fcntl_setfl(&file, OFlags::APPEND).map_err(Into::into).map(|()| file)),
            Err(error) => return Ok(Err(error)),
        }
        if since.elapsed() >= PATIENCE {
            return Err(SinkError::NoReader { path: path.to_owned() });
        }
        thread::sleep(TICK);
    }
}

/// The folder in which a path lies.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A path as one would write it: without the `.` of the folder that one is in.
pub(super) fn readable(path: &Path) -> PathBuf {
    path.components().collect()
}

/// Whether a path can lead to a directory only, be it there or not.
fn names_a_directory(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(b"/") || path.file_name().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_followed_to_their_end() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        File::create(at("file")).unwrap();
        fs::create_dir(at("dir")).unwrap();
        symlink("file", at("link")).unwrap();
        symlink(at("link"), at("far")).unwrap();
        symlink("not-yet", at("dangling")).unwrap();
        symlink("dir", at("to-dir")).unwrap();
        symlink("circle", at("circle")).unwrap();
        for (name, shown) in [
            ("file", "file"),
            ("link", "file"),
            ("far", "file"),
            ("dangling", "absent not-yet"),
            ("new", "absent new"),
            ("dir", "directory"),
            ("to-dir", "directory"),
            ("new/", "directory"),
            ("dir/..", "directory"),
            ("circle", "too many links"),
            ("file/below", "not a directory"),
        ] {
            let end = match Target::of(&at(name)) {
                Ok(Target::File { path, found }) => {
                    assert!(found.is_file());
                    path.strip_prefix(folder.path()).unwrap().display().to_string()
                }
                Ok(Target::Absent { path }) => {
                    format!("absent {}", path.strip_prefix(folder.path()).unwrap().display())
                }
                Ok(Target::Stream { .. }) => "stream".to_owned(),
                Ok(Target::Directory) => "directory".to_owned(),
                Err(error) if error.kind() == io::ErrorKind::NotADirectory => "not a directory".to_owned(),
                Err(error) => error.to_string(),
            };
            assert_eq!(end, shown, "{name}");
        }
    }

    #[test]
    fn a_path_is_shown_as_one_would_write_it() {
        for (path, shown) in [("/a/./.marsh-x", "/a/.marsh-x"), ("/a//b", "/a/b"), ("a/../b", "a/../b"), ("b", "b")] {
            assert_eq!(readable(Path::new(path)).as_os_str(), shown);
        }
    }

    #[test]
    fn devices_and_open_streams_are_no_files() {
        for path in ["/dev/null", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/2"] {
            assert!(matches!(Target::of(Path::new(path)), Ok(Target::Stream { fifo: false })), "{path}");
        }
    }
}
