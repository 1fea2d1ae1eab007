//! Calls to simulated providers. Such a provider ends with its process, and then nobody can say what became of a call.

use history::{Call, Found, Journal, Millis};

use super::open::makes;
use crate::signals::{self, Running};

/// The beginning of the name of a session with simulated providers.
const MARK: &str = "sandbox-";

/// The name of a session that begins now. No other session has the same name.
pub fn session_name(simulated: bool) -> String {
    let mark = if simulated { MARK } else { "" };
    format!("{mark}{:x}-{}", history::now(), std::process::id())
}

/// Closes the calls whose simulated provider has ended, and returns the others.
pub(super) fn without_ended(journal: &Journal, calls: Vec<Call>) -> Vec<Call> {
    let now = history::now();
    let is_closed = |call: &Call| {
        let closes = || journal.reconcile(call.id, Found::CannotTell, "the sandbox has ended", None, now);
        has_ended(call, journal.session(), signals::running, now) && closes().is_ok()
    };
    calls.into_iter().filter(|call| !is_closed(call)).collect()
}

/// Whether the simulated provider of a call has ended; `session` is the present session.
fn has_ended(call: &Call, session: &str, look: impl Fn(u32) -> Option<Running>, now: Millis) -> bool {
    // In a container, each process may have the same number.
    let is_other = call.process != std::process::id();
    let still_runs = || is_other && look(call.process).is_some_and(|process| makes(process, call, now));
    call.session.starts_with(MARK) && call.session != session && !still_runs()
}

#[cfg(test)]
mod tests {
    use history::Outcome;

    use super::super::open::tests::call;
    use super::*;

    #[test]
    fn a_simulated_provider_ends_with_its_process() {
        let now = 1_700_000_100_000;
        let since = |begun| Some(Running { begun });
        for (session, process, ended) in [
            ("sandbox-1-2", None, true),
            ("sandbox-1-2", since(Some(now)), true),
            ("sandbox-1-2", since(Some(1_600_000_000_000)), false),
            ("sandbox-own", None, false),
            ("1-2", None, false),
        ] {
            let call = Call { session: session.into(), ..call(Outcome::Running, Some(0)) };
            assert_eq!(has_ended(&call, "sandbox-own", |_| process, now), ended, "{session} {process:?}");
        }
        let call = Call { session: "sandbox-1".into(), process: std::process::id(), ..call(Outcome::Unknown, None) };
        assert!(has_ended(&call, "2", |_| since(Some(1_600_000_000_000)), now), "this process with another name");
    }

    #[test]
    fn only_its_calls_are_closed() {
        let folder = tempfile::tempdir().unwrap();
        for session in ["sandbox-1", "2"] {
            let journal = Journal::at(folder.path().join("state"), session);
            journal.begin_changes(&[call(Outcome::Unknown, None).call]).unwrap();
        }
        let journal = Journal::at(folder.path().join("state"), session_name(true));
        let left = without_ended(&journal, journal.open_calls(None).unwrap());
        let [left] = left.as_slice() else { panic!("{left:?}") };
        assert_eq!((&*left.session, journal.open_calls(None).unwrap().len()), ("2", 1));
        assert!(session_name(true).starts_with(MARK) && !session_name(false).starts_with(MARK));
    }
}
