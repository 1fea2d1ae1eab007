//! The check of the journal.

use history::{Health, Journal, Mend};

use super::check::{Check, State};
use crate::engine::{advice, unread};
use model::{Class, moment};

/// What the check is called.
const ABOUT: &str = "journal";

/// Looks over the whole journal, and says what to do about what it finds. One that was never written is not made.
pub(super) fn check(journal: &Journal) -> Check {
    match journal.check() {
        Ok(health) => of_health(&health, journal),
        Err(error) => Check::failed(ABOUT, &unread(journal, "it cannot be read", error)),
    }
}

fn of_health(health: &Health, journal: &Journal) -> Check {
    if health.files.is_empty() {
        return Check::ok(ABOUT, "nothing is recorded yet");
    }
    if let Some(damage) = health.damage.first() {
        let advice = advice(&Mend::SetAside(journal.path()));
        let check = Check::warning(ABOUT, format!("it is damaged: {damage}"), advice);
        return Check { state: State::Failed(Class::Local), ..check };
    }
    let size: u64 = health.files.iter().map(|file| file.size).sum();
    let last = health.last_durable.map_or_else(String::new, |(call, begun)| {
        format!(", last change on record: call {call} of {}", moment::iso(begun))
    });
    let sound = if health.format == 0 { "no database yet" } else { "sound" };
    let (lines, calls) = (health.lines, health.calls);
    let found =
        format!("{sound}, {lines} lines, {calls} calls, {} open, {} KiB{last}", health.open, size.div_ceil(1024));
    let advice: Vec<String> = health.mends(journal).iter().map(advice).collect();
    match advice.is_empty() {
        true => Check::ok(ABOUT, found),
        false => Check::warning(ABOUT, found, advice.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use history::{Account, NewCall};

    use super::*;

    fn change() -> NewCall {
        NewCall {
            begun: 1,
            line: None,
            account: Account { provider: "p".into(), host: "h:443".into(), profile: None, id: None },
            method: "a.delete".into(),
            text: "a.delete".into(),
            effect: "destroy".into(),
            request: "r".into(),
            key: None,
            output: None,
            before: None,
        }
    }

    #[test]
    fn a_journal_is_sound_or_there_is_advice() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::at(folder.path().join("state"), "s");
        assert_eq!(check(&journal).found, "nothing is recorded yet");
        assert!(!journal.path().exists());
        journal.append(1, None, "a.list", &[]).unwrap();
        let found = check(&journal);
        assert!(found.found.starts_with("sound, 1 lines, 0 calls, 0 open, "), "{found:?}");
        assert_eq!((found.state, found.advice), (State::Ok, None));
        journal.begin_changes(&[change()]).unwrap();
        let found = check(&journal);
        assert!(found.advice.as_ref().is_some_and(|advice| advice.ends_with("`marsh pending` lists it")), "{found:?}");
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::at(folder.path(), "s");
        let mut file = std::fs::File::create(journal.path()).unwrap();
        std::io::Write::write_all(&mut file, "no journal ".repeat(999).as_bytes()).unwrap();
        let found = check(&journal);
        assert!(found.is_failed(), "{found:?}");
        assert!(found.advice.as_ref().is_some_and(|advice| advice.starts_with("move ")), "{found:?}");
    }
}
