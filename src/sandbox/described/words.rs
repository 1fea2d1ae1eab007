//! What the names of fields and the words of states mean: documents do not say it in another way.

use model::Value;

/// Parts of an answer that are about the answer, not the result.
const ASIDE: [&str; 9] = ["meta", "links", "pagination", "paging", "_links", "_meta", "page", "request_id", "metadata"];
/// Names of lists that are the result, whatever is beside them.
const LISTS: [&str; 11] =
    ["data", "items", "results", "result", "resources", "value", "entries", "records", "objects", "elements", "list"];
/// Names of fields that tell an object from others, in the order in which they are looked for.
const KEYS: [&str; 9] = ["id", "uuid", "slug", "login", "name", "key", "identifier", "number", "label"];
/// Names by which people call an object.
const LABELS: [&str; 9] = ["name", "label", "hostname", "domain", "slug", "title", "email", "username", "login"];
/// States of something that is still under way.
const UNDERWAY: [&str; 13] = [
    "running",
    "pending",
    "queued",
    "processing",
    "started",
    "scheduled",
    "waiting",
    "inprogress",
    "new",
    "creating",
    "initializing",
    "starting",
    "requested",
];
/// States of something that has ended well.
const DONE: [&str; 9] =
    ["success", "succeeded", "successful", "completed", "complete", "done", "finished", "ok", "ready"];
/// States that nothing begins with.
const BAD: [&str; 8] = ["error", "errored", "failed", "failure", "canceled", "cancelled", "unknown", "deleting"];

/// Whether a part of an answer is about the answer.
pub(super) fn is_aside(name: &str) -> bool {
    ASIDE.contains(&name)
}

/// Whether a list of that name is the result.
pub(super) fn is_list(name: &str) -> bool {
    LISTS.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether people call an object by that field.
pub(super) fn is_label(name: &str) -> bool {
    LABELS.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether an object can be called by that field, by people or by programs.
pub(super) fn is_name(name: &str) -> bool {
    is_label(name) || matches!(name.to_ascii_lowercase().as_str(), "id" | "uuid" | "guid")
}

/// Whether a field says in what state something is.
pub(super) fn is_state(name: &str) -> bool {
    matches!(name.to_ascii_lowercase().as_str(), "status" | "state")
}

/// Whether a field says what went wrong.
pub(super) fn is_failure(name: &str) -> bool {
    matches!(name.to_ascii_lowercase().as_str(), "error" | "errors" | "failure" | "fault" | "error_message")
}

/// Whether a field says when something was made.
pub(super) fn is_creation(name: &str) -> bool {
    let name = plain(name);
    ["created", "createdat", "createdon", "creationtimestamp", "creationdate", "datecreated", "started", "startedat"]
        .contains(&name.as_str())
}

/// The state among those that mean that something is under way.
pub(super) fn underway(states: &[Value]) -> Option<&Value> {
    states.iter().find(|state| among(state, &UNDERWAY))
}

/// The state among those that means that something has ended well.
pub(super) fn done(states: &[Value]) -> Option<&Value> {
    states.iter().find(|state| among(state, &DONE))
}

/// The state in which most things are: not one that passes, nor one that is bad.
pub(super) fn settled(states: &[Value]) -> Option<&Value> {
    let calm = |state: &&Value| among(state, &["running"]) || !among(state, &UNDERWAY) && !among(state, &BAD);
    done(states).or_else(|| states.iter().find(calm)).or(states.first())
}

fn among(state: &Value, words: &[&str]) -> bool {
    state.as_str().is_some_and(|word| words.contains(&plain(word).as_str()))
}

/// A name without its separators, in lower case.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The names that the field with the key of an object can have, if its parameter has that name.
pub(super) fn keys(param: &str) -> Vec<String> {
    let mut last = param.rsplit(['_', '-']).next().unwrap_or(param);
    // The last word of `serverId`.
    if last == param {
        let begins = last.char_indices().skip(1).filter(|(_, c)| c.is_ascii_uppercase()).last();
        last = begins.and_then(|(at, _)| last.get(at..)).unwrap_or(last);
    }
    let mut keys = vec![plain(param), plain(last)];
    keys.extend(KEYS.iter().map(|key| (*key).to_owned()));
    keys
}

/// A word for one of several: `server` for `servers`.
pub(super) fn single(word: &str) -> String {
    match word {
        _ if word.ends_with("ies") && word.len() > 4 => format!("{}y", word.trim_end_matches("ies")),
        _ if word.ends_with("sses") || word.ends_with("xes") => word.strip_suffix("es").unwrap_or(word).to_owned(),
        _ if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && word.len() > 3 => {
            word.strip_suffix('s').unwrap_or(word).to_owned()
        }
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_told_apart() {
        for (states, first, last, usual) in [
            ("running success error", Some("running"), Some("success"), "success"),
            ("in-progress completed errored", Some("in-progress"), Some("completed"), "completed"),
            ("running off starting", Some("running"), None, "running"),
            ("new active off", Some("new"), None, "active"),
            ("error failed", None, None, "error"),
        ] {
            let states: Vec<Value> = states.split(' ').map(Value::from).collect();
            let told = |state: Option<&Value>| state.and_then(Value::as_str).map(str::to_owned);
            assert_eq!(told(underway(&states)).as_deref(), first);
            assert_eq!(told(done(&states)).as_deref(), last);
            assert_eq!(told(settled(&states)).as_deref(), Some(usual));
        }
    }

    #[test]
    fn names_are_understood_in_every_spelling() {
        assert_eq!(keys("server_id")[..2], ["serverid", "id"]);
        assert_eq!(keys("jobName")[..2], ["jobname", "name"]);
        for (many, one) in
            [("servers", "server"), ("policies", "policy"), ("addresses", "address"), ("status", "status")]
        {
            assert_eq!(single(many), one);
        }
        assert!(is_creation("createdAt") && is_creation("created") && !is_creation("updated_at"));
        assert!(
            is_aside("meta")
                && is_list("Items")
                && is_label("Name")
                && is_name("ID")
                && !is_name("size")
                && is_state("Status")
                && is_failure("error")
        );
    }
}
