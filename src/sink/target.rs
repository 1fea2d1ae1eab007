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

/// The most links that are followed before a path counts as a loop; Linux has the same limit.
const MOST_LINKS: usize = 40;

/// How long to wait for the reader of a named pipe, and how often to try.
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(20);

/// The file at the end of a path.
#[derive(Debug)]
pub(super) enum Target {
    /// A regular file.
    File {
        /// Its own path, which is not a link.
        path: PathBuf,
        /// Its metadata.
        found: Metadata,
    },
    /// It does not exist yet.
    Absent {
        /// Where it will be created.
        path: PathBuf,
    },
    /// A device, a pipe, or a stream that this process has open, which cannot be replaced.
    Stream {
        /// It is a named pipe, which needs a reader.
        fifo: bool,
    },
    /// A directory.
    Directory,
}

impl Target {
    /// Follows links, including one to a file that does not exist.
    pub(super) fn of(given: &Path) -> io::Result<Target> {
        if names_a_directory(given) {
            return Ok(Target::Directory);
        }
        let mut path = given.to_owned();
        for _ in 0..MOST_LINKS {
            // /dev/stdout leads there. Such a link means an open stream, even if it ends at a regular file.
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

/// Opens a file that cannot be replaced. The reader of a named pipe may just be starting, so there is a short wait for
/// it.
pub(super) fn open_stream(path: &Path, fifo: bool) -> Result<io::Result<File>, SinkError> {
    // Opened for appending, because earlier content belongs to the process that opened the stream.
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

/// The folder of a path.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A path as it is usually written: without the `.` of the current folder.
pub(super) fn readable(path: &Path) -> PathBuf {
    path.components().collect()
}

/// Whether a path can only mean a directory, existing or not.
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
    fn a_path_is_shown_in_its_usual_form() {
        for (path, shown) in [("/a/./.marsh-x", "/a/.marsh-x"), ("/a//b", "/a/b"), ("a/../b", "a/../b"), ("b", "b")] {
            assert_eq!(readable(Path::new(path)).as_os_str(), shown);
        }
    }

    #[test]
    fn devices_and_open_streams_are_not_files() {
        for path in ["/dev/null", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/2"] {
            assert!(matches!(Target::of(Path::new(path)), Ok(Target::Stream { fifo: false })), "{path}");
        }
    }
}
