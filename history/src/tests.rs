//! What the tests beside the modules share: a journal on real files.

pub(crate) use crate::*;
pub(crate) use std::fs;
pub(crate) use std::os::unix::fs::PermissionsExt;
pub(crate) use std::path::Path;
pub(crate) use std::time::Duration;
pub(crate) use tempfile::TempDir;

/// A journal in a folder of its own that is not there yet.
pub(crate) fn fresh() -> (TempDir, Journal) {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::at(folder.path().join("state"), "one");
    (folder, journal)
}

/// The journal of another session in the same place.
pub(crate) fn other(journal: &Journal) -> Journal {
    Journal::at(journal.folder(), "other")
}

impl Journal {
    /// Records one read.
    pub(crate) fn record_read(&self, call: &NewCall, attempts: u32, finish: &Finish) -> Result<()> {
        self.record_reads(&[(call.clone(), attempts, finish.clone())])
    }

    /// Keeps what one answer showed.
    pub(crate) fn record_sighting(&self, sighting: &Sighting) -> Result<()> {
        self.record_sightings(&[std::borrow::Cow::Borrowed(sighting)])
    }
}

pub(crate) fn account(profile: &str, id: Option<&str>) -> Account {
    Account { provider: "p".into(), host: "h:443".into(), profile: Some(profile.into()), id: id.map(str::to_owned) }
}

pub(crate) fn new_call(profile: &str, request: &str) -> NewCall {
    NewCall {
        begun: 1000,
        line: None,
        account: account(profile, None),
        method: "thing.create".into(),
        text: format!("thing.create name {request}"),
        effect: "create".into(),
        request: request.into(),
        key: None,
        output: None,
        before: None,
    }
}

/// Puts one change on record.
pub(crate) fn begin(journal: &Journal, call: &NewCall) -> Result<CallId> {
    Ok(journal.begin_changes(std::slice::from_ref(call))?.remove(0))
}

/// The provider has begun a job for a call.
pub(crate) fn running(journal: &Journal, id: CallId, job: &str) {
    let finish = Finish { job: Some(job.to_owned()), ..Finish::new(Outcome::Running, 0, Duration::ZERO) };
    journal.finish(id, &finish).unwrap();
}

pub(crate) fn done() -> Finish {
    Finish::new(Outcome::Done, 0, Duration::from_millis(12))
}

pub(crate) fn bits(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

pub(crate) fn set_bits(path: &Path, bits: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(bits)).unwrap();
}

/// A connection that does with the file what no journal would.
pub(crate) fn raw(journal: &Journal) -> rusqlite::Connection {
    rusqlite::Connection::open(journal.path()).unwrap()
}

pub(crate) fn ids(calls: &[Call]) -> Vec<i64> {
    calls.iter().map(|call| call.id.0).collect()
}

/// What a new session can recall, the newest last.
pub(crate) fn load(journal: &Journal, most: usize) -> Vec<String> {
    let mut lines = Journal::at(journal.folder(), "reader").recall(None, most).unwrap().own;
    lines.reverse();
    lines
}

pub(crate) fn append(journal: &Journal, line: &str) -> Appended {
    journal.append(1, None, line, &[]).unwrap()
}

/// The files of this crate, without the tests in files of their own.
pub(crate) fn sources() -> Vec<(String, String)> {
    let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let paths = files.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    paths.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect()
}

#[test]
fn comments_are_in_plain_words() {
    let stiff = ["stands", "tells", "told", "whoever", "takes back", "for ever", "all the same"];
    let stiff = |line: &&str| stiff.iter().any(|words| line.contains(words));
    for (path, text) in sources() {
        let comments = text.lines().filter(|line| line.trim_start().starts_with("//"));
        let found: Vec<&str> = comments.filter(stiff).collect();
        assert!(found.is_empty(), "{path}: {found:#?}");
    }
}
