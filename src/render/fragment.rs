//! Parts of a document that are written before their turn has come: in memory while there is room for all of them, and
//! else each in a file without a name.

use std::fs::File;
use std::io::{self, Seek, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The bytes that all fragments of a document may have in memory.
const ALL: usize = 4 * 1024 * 1024;
/// The bytes that one of them may have there: a long one leaves room for others.
const ONE: usize = 512 * 1024;

/// The room for the fragments of a document, in bytes.
#[derive(Debug)]
pub struct Room(AtomicUsize);

impl Default for Room {
    fn default() -> Room {
        Room::of(ALL)
    }
}

impl Room {
    pub(super) fn of(bytes: usize) -> Room {
        Room(AtomicUsize::new(bytes))
    }

    fn take(&self, bytes: usize) -> bool {
        let left = |left: usize| left.checked_sub(bytes);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left).is_ok()
    }

    fn give(&self, bytes: usize) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// A part of a document.
#[derive(Debug)]
pub struct Fragment {
    room: Arc<Room>,
    make: fn() -> io::Result<File>,
    held: Vec<u8>,
    /// All of it, if there was no room.
    file: Option<File>,
}

impl Fragment {
    /// Nothing yet. `make` gives the file, if it needs one.
    pub fn of(room: &Arc<Room>, make: fn() -> io::Result<File>) -> Fragment {
        Fragment { room: Arc::clone(room), make, held: Vec::new(), file: None }
    }

    /// Drops what has been written.
    pub fn clear(&mut self) {
        self.room.give(self.held.len());
        (self.held, self.file) = (Vec::new(), None);
    }

    /// The text, if it is in memory.
    pub(super) fn text(&self) -> Option<&[u8]> {
        if self.file.is_some() { None } else { Some(&self.held) }
    }

    /// Passes the text on, and returns its length in bytes.
    pub fn pass(&mut self, out: &mut dyn Write) -> io::Result<u64> {
        match &mut self.file {
            Some(file) => {
                file.rewind()?;
                io::copy(file, out)
            }
            None => out.write_all(&self.held).map(|()| self.held.len() as u64),
        }
    }
}

impl Write for Fragment {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(file) = &mut self.file {
            return file.write(bytes);
        }
        if self.held.len() + bytes.len() <= ONE && self.room.take(bytes.len()) {
            self.held.reserve_exact(bytes.len());
            self.held.extend_from_slice(bytes);
            return Ok(bytes.len());
        }
        let mut file = (self.make)()?;
        file.write_all(&self.held)?;
        self.clear();
        self.file.insert(file).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Fragment {
    fn drop(&mut self) {
        self.room.give(self.held.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(fragment: &mut Fragment) -> Vec<u8> {
        let mut out = Vec::new();
        assert_eq!(fragment.pass(&mut out).unwrap(), out.len() as u64);
        out
    }

    #[test]
    fn what_has_no_room_in_memory_is_in_a_file() {
        for (room, pieces, in_memory) in [
            (100, &[40, 60][..], true),
            (100, &[40, 61], false),
            (100, &[101, 5], false),
            (usize::MAX, &[ONE], true),
            (usize::MAX, &[ONE, 1, 70_000], false),
            (0, &[], true),
        ] {
            let room = Arc::new(Room::of(room));
            let (before, mut fragment) = (room.0.load(Ordering::Relaxed), Fragment::of(&room, tempfile::tempfile));
            let mut whole = Vec::new();
            for (length, letter) in pieces.iter().zip(b'a'..) {
                let piece = vec![letter; *length];
                fragment.write_all(&piece).unwrap();
                whole.extend(piece);
            }
            let held = if in_memory { whole.len() } else { 0 };
            assert_eq!((fragment.text().is_some(), before - room.0.load(Ordering::Relaxed)), (in_memory, held));
            assert!(text(&mut fragment) == whole && text(&mut fragment) == whole, "{pieces:?}");
            fragment.clear();
            assert!(text(&mut fragment).is_empty());
            fragment.write_all(b"").unwrap();
            drop(fragment);
            assert_eq!(room.0.load(Ordering::Relaxed), before, "{pieces:?}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_made_is_an_error() {
        let room = Arc::new(Room::of(3));
        let mut fragment = Fragment::of(&room, || Err(io::ErrorKind::PermissionDenied.into()));
        fragment.write_all(b"abc").unwrap();
        assert_eq!(fragment.write_all(b"d").unwrap_err().kind(), io::ErrorKind::PermissionDenied);
    }
}
