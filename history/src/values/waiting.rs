//! The file beside the database in which sightings wait.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use super::sighting::Sighting;
use crate::database::Place;
use crate::error::{Error, Result};
use crate::private;

/// When this many bytes are waiting, the next write moves them into the database.
const MANY: u64 = 256 * 1024;
/// And no more than these where the database cannot take them.
const TOO_MANY: u64 = 16 * MANY;

pub(crate) fn path(place: &Place) -> PathBuf {
    place.folder.join("journal.seen")
}

pub(super) fn is_any(place: &Place) -> bool {
    fs::metadata(path(place)).is_ok_and(|found| found.len() > 0)
}

/// Adds sightings. Says whether so much waits that it should be taken in.
pub(super) fn append(place: &Place, sightings: &[Cow<'_, Sighting>]) -> Result<bool> {
    let mut file = private::to_append(&place.folder, &path(place))?;
    // Nobody takes the file in meanwhile.
    file.lock()?;
    let waits = file.metadata()?.len();
    if waits > TOO_MANY {
        return Err(Error::Full);
    }
    let mut lines = Vec::new();
    for sighting in sightings {
        // In front, so that a line which broke off takes no other with it.
        lines.push(b'\n');
        serde_json::to_writer(&mut lines, &**sighting).map_err(|error| Error::Database(error.to_string()))?;
    }
    file.write_all(&lines)?;
    Ok(waits + lines.len() as u64 > MANY)
}

/// Hands over all that waits, in order, and empties the file when it was taken.
pub(super) fn take_in(place: &Place, take: impl FnOnce(&[Sighting]) -> Result<()>) -> Result<()> {
    let mut file = File::options().read(true).write(true).open(path(place))?;
    file.lock()?;
    let mut content = Vec::new();
    file.read_to_end(&mut content)?;
    // A line that broke off with its process is nothing that can be read.
    let lines = content.split(|byte| *byte == b'\n');
    let sightings: Vec<Sighting> = lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
    take(&sightings)?;
    Ok(file.set_len(0)?)
}
