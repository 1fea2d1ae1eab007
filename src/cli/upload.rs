//! A file that will be sent as it is: its length, and the digest by which the journal knows its content. The content is
//! never in memory as a whole.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use model::Upload;
use ring::digest::{Context, SHA256};

/// How much is read at once.
const PIECE: usize = 64 * 1024;

/// What identifies a file; the error says why it cannot be sent.
pub(super) fn read(path: &Path) -> Result<Upload, String> {
    let mut file = File::open(path).map_err(|error| error.to_string())?;
    if !file.metadata().map_err(|error| error.to_string())?.is_file() {
        return Err("it is not a file; a pipe can be given as (file)-".into());
    }
    let (mut hash, mut size, mut piece) = (Context::new(&SHA256), 0, vec![0; PIECE]);
    loop {
        let read = file.read(&mut piece).map_err(|error| error.to_string())?;
        let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        hash.update(bytes);
        size += read as u64;
    }
    let path = path.to_str().ok_or("its path is not UTF-8")?.to_owned();
    let digest = hash.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Upload { path, size, digest })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a file for a test")]
    fn a_file_is_identified_and_a_folder_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.img");
        std::fs::write(&path, "abc").unwrap();
        let file = read(&path).unwrap();
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((file.size, file.digest.as_str(), file.name()), (3, digest, "a.img"));
        assert!(read(folder.path()).unwrap_err().contains("not a file"));
        assert!(read(&folder.path().join("none")).is_err());
    }
}
