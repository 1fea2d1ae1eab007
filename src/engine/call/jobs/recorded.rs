//! Jobs of other sessions: what a call in the journal began, and how to follow it.

use history::{Call, CallId, Outcome};

use super::watch::Watch;
use crate::engine::accounts::roster::Accounts;
use crate::engine::call::read_back::read_back;
use model::Map;
use registry::Source;

/// A job that a recorded call began.
#[derive(Debug)]
pub(crate) struct Recorded {
    /// The profile by which its account can be reached.
    pub(crate) profile: String,
    pub(crate) watch: Watch,
    /// The number of the call in the journal.
    pub(crate) call: CallId,
    /// When the call began, in milliseconds since 1970.
    pub(crate) begun: history::Millis,
}

/// The job with this id: the newest of the current account, or else the newest unfinished one of another account.
/// Running jobs come before ended ones.
pub(crate) fn find(accounts: &Accounts, id: &str) -> Option<Recorded> {
    let here = accounts.registry.here().profile();
    let is_running = |call: &Call| call.outcome == Outcome::Running;
    let mut found = Vec::new();
    for call in accounts.ledger.calls_of_job(id) {
        let Some(profile) = accounts.profile_of(&call.call.account) else { continue };
        let Some(source) = accounts.registry.source(profile) else { continue };
        if (profile == here || is_running(&call))
            && let Some(watch) = watch(source, &call)
        {
            let rank = (profile == here, is_running(&call));
            let job = Recorded { profile: profile.to_owned(), watch, call: call.id, begun: call.call.begun };
            found.push((rank, job));
        }
    }
    // The last of those with the highest rank is the newest.
    found.into_iter().max_by_key(|(rank, _)| *rank).map(|(_, job)| job)
}

/// How to follow what a recorded call began; `None` if it began nothing with an id, or its method is gone.
pub(crate) fn watch(source: &Source, call: &Call) -> Option<Watch> {
    let id = call.job.as_deref()?;
    let (method, given) = match read_back(source, call) {
        Some(read) => read,
        // Its values may have been secret or too long to be kept. Most jobs are found by their id alone.
        None => (source.method(&call.call.method)?.ok()?, Map::new()),
    };
    Watch::begun(source, &method, &given, Some(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bind::{Nowhere, Rules, bind};
    use crate::engine::call::entry;
    use crate::engine::state::open::tests::call;
    use registry::catalog::Catalog;

    const CATALOG: &str = r#"
id = "own"
title = "Our Own"
document = "wiki"
host = "https://api.example.com"
auth = { scheme = "basic", user = "{key}" }
transport = [{ name = "xmlrpc", protocol = "xmlrpc", path = "/rpc" }]
job = [
  { name = "job", method = "job.show", parameter = "id", id = "id", status = "state", running = { state = ["busy"] } },
  { name = "thing", method = "thing.show", parameter = "id", id = "id", status = "state", running = { state = ["busy"] } },
]
[[method]]
name = "job.show"
doc = 1
summary = "Show a job"
effect = "read"
example = "job.show id 1"
returns = "dict"
fields = [
  { name = "id", type = "string", summary = "Id" },
  { name = "state", type = "string", summary = "State" },
]
params = [{ name = "id", type = "string", required = true, summary = "Id" }]
[[method]]
name = "thing.show"
doc = 1
summary = "Show a thing"
effect = "read"
example = "thing.show id 1"
returns = "dict"
fields = [
  { name = "id", type = "string", summary = "Id" },
  { name = "state", type = "string", summary = "State" },
]
params = [
  { name = "id", type = "string", required = true, summary = "Id" },
  { name = "zone", type = "string", summary = "Zone" },
]
[[method]]
name = "thing.start"
doc = 1
summary = "Start a thing"
effect = "change"
example = "thing.start note x"
job = "."
returns = "dict"
fields = [
  { name = "id", type = "string", summary = "Id" },
  { name = "state", type = "string", summary = "State" },
]
params = [{ name = "note", type = "string", summary = "Note" }]
[[method]]
name = "thing.stop"
doc = 1
summary = "Stop a thing"
effect = "change"
example = "thing.stop thing x zone z"
job = { rule = "thing", id = "thing", with = { zone = "zone" } }
returns = "dict"
fields = [
  { name = "id", type = "string", summary = "Id" },
  { name = "state", type = "string", summary = "State" },
]
params = [
  { name = "thing", type = "string", required = true, summary = "Id" },
  { name = "zone", type = "string", required = true, summary = "Zone" },
]
"#;

    /// The line that shows what a recorded call began. `kept` is its text in the journal.
    fn line(typed: &str, kept: &str, job: Option<&str>) -> Option<String> {
        let source = Source::new("p", Catalog::parse("own", CATALOG).unwrap());
        let parsed = lang::parse(typed).unwrap().remove(0);
        let mut row = Call { job: job.map(str::to_owned), ..call(Outcome::Running, Some(0)) };
        (row.call.method, row.call.text) = (parsed.head.text(), kept.to_owned());
        if let Some(Ok(method)) = source.method(&row.call.method) {
            let rules = Rules { shapes: source.shapes(), ..Rules::default() };
            row.call.request = entry::request(&bind(&method, &parsed, rules, &mut Nowhere).unwrap());
        }
        watch(&source, &row).map(|watch| watch.line())
    }

    #[test]
    fn the_job_of_a_recorded_call_is_followed_by_the_rule_of_its_method() {
        let (start, stop) = ("thing.start note x", "thing.stop thing t zone z");
        for (typed, kept, job, expected) in [
            (start, start, Some("j"), Some("job.show id j --wait")),
            (stop, stop, Some("t"), Some("thing.show id t zone z --wait")),
            // A value was not kept: it matters only where the rule needs it.
            (start, "thing.start note '(redacted)'", Some("j"), Some("job.show id j --wait")),
            (stop, "thing.stop thing '(redacted)' zone z", Some("t"), None),
            (start, start, None, None),
            ("thing.show id t", "thing.show id t", Some("t"), None),
            ("gone.method", "gone.method", Some("t"), None),
        ] {
            assert_eq!(line(typed, kept, job).as_deref(), expected, "{kept}");
        }
    }
}
