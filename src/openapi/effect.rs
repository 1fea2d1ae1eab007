//! What an operation does to the account, as far as its document lets that be seen. Nothing of it is reviewed.

use std::collections::BTreeMap;

use model::route::Verb;
use model::{Effect, Map, Value};
use registry::listed::LOSSES;

use super::operation::{Operation, Parameter};
use super::schema::Schema;
use super::words::parts;

/// Words that lose something in addition to those of any name: documents use them for single operations and values.
const MORE_LOSSES: [&str; 4] = ["cancel", "import", "replace", "poweroff"];
/// A name of two of them: it replaces all that there was.
const SET_RULES: &str = "set_rules";
/// Words with which the summary of a reading operation begins.
const READS: [&str; 17] = [
    "get", "list", "retrieve", "show", "return", "read", "fetch", "check", "find", "search", "download", "view",
    "describe", "display", "query", "watch", "export",
];
/// Parameters of the query that say what is done.
const DOES: [&str; 5] = ["action", "method", "op", "api", "cmd"];
/// Parameters of a body that say the same, also `type` where the path ends with one of the words after them.
const ACTS: [&str; 8] = ["action", "op", "operation", "command", "cmd", "change", "changetype", "event"];
const ACTIONS: [&str; 6] = ["action", "actions", "operation", "operations", "command", "commands"];
/// Words with which an action begins that loses nothing. What else such a parameter takes is not known to be harmless.
const HARMLESS: [&str; 27] = [
    "add", "append", "approve", "attach", "boot", "check", "create", "enable", "extend", "get", "insert", "list",
    "notify", "open", "ping", "publish", "read", "reboot", "rename", "reopen", "restart", "resume", "show", "shutdown",
    "snapshot", "start", "test",
];
/// The same for names of several words.
const HARMLESS_NAMES: [&str; 4] = ["power_on", "poweron", "turn_on", "shut_down"];
/// Words for what is ordered, and for where.
const ORDERED: [&str; 8] = ["plan", "type", "size", "flavor", "flavour", "offer", "image", "sku"];
const WHERE: [&str; 3] = ["region", "location", "datacenter"];
/// How deep in a body values are looked for that decide what is done.
const DEEPEST: usize = 3;
/// Words of calls that move money, without an `s` at the end.
const MONEY: [&str; 9] = ["buy", "charge", "checkout", "order", "pay", "payment", "payout", "purchase", "refund"];

/// The effect of an operation, and what it was derived from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Judged {
    pub(crate) effect: Effect,
    /// Values with which it is only a change: paths into the body, each with those of its values that lose nothing.
    pub(crate) harmless: BTreeMap<String, Vec<Value>>,
    /// Worded to follow "because of".
    pub(crate) because: String,
    /// A person should look at it.
    pub(crate) guessed: bool,
}

impl Judged {
    fn of(effect: Effect, because: impl Into<String>) -> Judged {
        Judged { effect, harmless: BTreeMap::new(), because: because.into(), guessed: false }
    }

    fn guess(effect: Effect, because: impl Into<String>) -> Judged {
        Judged { guessed: true, ..Judged::of(effect, because) }
    }
}

/// What an operation does. `creates`: it makes a new member of a collection.
pub(crate) fn judged(operation: &Operation<'_>, scopes: &[&str], creates: bool) -> Judged {
    let scope = scopes.iter().map(|scope| (class(scope), *scope)).max_by_key(|(class, _)| *class);
    if let Some((Class::Deletes, scope)) = scope {
        return Judged::of(Effect::Destroy, format!("the permission `{scope}`"));
    }
    if operation.verb == Verb::Delete {
        return Judged::of(Effect::Destroy, "its verb DELETE");
    }
    if let Some(found) = losing_word(operation) {
        return Judged::guess(Effect::Destroy, found);
    }
    if let Some(judged) = by_value(operation) {
        return judged;
    }
    let changes = scope.filter(|(class, _)| *class == Class::Writes);
    if asks(operation) && changes.is_none() && !chooses_what_is_done(operation) {
        return Judged::of(Effect::Read, format!("its verb {}", operation.verb.as_str()));
    }
    if let Some(found) = cost(operation, creates) {
        return Judged::guess(Effect::Billable, found);
    }
    match changes {
        Some((_, scope)) => Judged::of(Effect::Change, format!("the permission `{scope}`")),
        None => Judged::of(Effect::Change, format!("its verb {}", operation.verb.as_str())),
    }
}

/// What a permission allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Other,
    Writes,
    Deletes,
}

/// What the last word of a permission says. One to read says nothing: a service may lie a little about it.
fn class(scope: &str) -> Class {
    let last = scope.rsplit([':', '.', '/']).next().unwrap_or(scope).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| last == *word || parts(&last).iter().any(|part| part == word));
    match () {
        () if has(&["delete", "remove", "destroy"]) => Class::Deletes,
        () if has(&["write", "create", "update", "edit", "manage", "admin", "modify"]) => Class::Writes,
        () => Class::Other,
    }
}

fn loses(word: &str) -> bool {
    LOSSES.contains(&word) || MORE_LOSSES.contains(&word)
}

/// The word in the path, the id or the summary of an operation that says that something is lost.
fn losing_word(operation: &Operation<'_>) -> Option<String> {
    if says_that_it_reads(operation) {
        return None;
    }
    let named = named(operation, |words| {
        let found = words.iter().find(|word| loses(word)).map(String::as_str);
        found.or_else(|| words.join("_").contains(SET_RULES).then_some(SET_RULES))
    });
    // `format` in a sentence is nearly always a noun. Sentences say what a call does as often as what to do: `Deletes it`.
    let says = |word: &String| !word.starts_with("format") && loses(word.strip_suffix('s').unwrap_or(word));
    let spoken = || parts(operation.summary).into_iter().find(says);
    named.or_else(|| spoken().map(|word| format!("the word `{word}` in its summary")))
}

/// Whether an operation has a verb of reading. A body that it may have is never sent.
fn asks(operation: &Operation<'_>) -> bool {
    let bare = operation.body.as_ref().is_none_or(|body| !body.required);
    matches!(operation.verb, Verb::Get | Verb::Head | Verb::Options) && bare
}

/// Whether a GET begins by saying that it reads: what else the sentence names is what is read about.
fn says_that_it_reads(operation: &Operation<'_>) -> bool {
    let begins = |text: &str| {
        let first = parts(text).into_iter().next().unwrap_or_default();
        READS.contains(&first.as_str()) || first.strip_suffix('s').is_some_and(|word| READS.contains(&word))
    };
    let said = if operation.summary.is_empty() { operation.description } else { operation.summary };
    asks(operation) && (begins(said) || begins(operation.id) && !parts(said).iter().any(|word| loses(word)))
}

/// The effect of an operation that some values of a parameter decide.
fn by_value(operation: &Operation<'_>) -> Option<Judged> {
    let mut found: BTreeMap<String, Choices> = BTreeMap::new();
    for media in operation.body.iter().flat_map(|body| &body.media) {
        if let Some(schema) = media.content.schema() {
            let last = operation.last_name().unwrap_or_default();
            let acts = |name: &str| {
                let name = name.to_lowercase();
                ACTS.contains(&name.as_str()) || name == "type" && ACTIONS.contains(&last)
            };
            losing_values(&schema, "", DEEPEST, &acts, &mut found);
        }
    }
    for Parameter { name, schema, .. } in &operation.params {
        let acts = DOES.contains(&name.to_lowercase().as_str());
        let choices = schema.map(|node| Choices::of(&Schema::of(node), acts));
        if let Some(choices) = choices.filter(|choices| !choices.losing.is_empty()) {
            found.insert((*name).to_owned(), choices);
        }
    }
    let (path, choices) = found.iter().next()?;
    let shown: Vec<String> = choices.losing.iter().take(3).map(|value| format!("`{}`", value.plain())).collect();
    let because = format!("values of {path}: {}", shown.join(", "));
    let harmless = found.into_iter().map(|(path, choices)| (path, choices.harmless)).collect();
    let reads = operation.verb == Verb::Get;
    (!reads).then(|| Judged { harmless, ..Judged::guess(Effect::Destroy, because) })
}

fn losing_values(
    schema: &Schema<'_>,
    path: &str,
    left: usize,
    acts: &dyn Fn(&str) -> bool,
    found: &mut BTreeMap<String, Choices>,
) {
    for property in &schema.properties {
        let inner = property.schema();
        if inner.read_only {
            continue;
        }
        let path = if path.is_empty() { property.name.to_owned() } else { format!("{path}.{}", property.name) };
        let choices = Choices::of(&inner, acts(property.name));
        if !choices.losing.is_empty() {
            found.insert(path.clone(), choices);
        }
        if left > 0 {
            let member = inner.items.map(Schema::of);
            losing_values(member.as_ref().unwrap_or(&inner), &path, left - 1, acts, found);
        }
    }
}

/// The allowed values of a parameter.
#[derive(Debug, Default)]
struct Choices {
    /// Those that have a word of a loss in them.
    losing: Vec<Value>,
    /// All others. A service may know more values, or the same in other letters: these alone are no loss.
    harmless: Vec<Value>,
}

impl Choices {
    /// `acts`: they say what is done.
    fn of(schema: &Schema<'_>, acts: bool) -> Choices {
        let member = schema.items.map(Schema::of);
        let choices = schema.choices.iter().chain(member.iter().flat_map(|member| &member.choices));
        let loses_some = |text: &str| {
            let words = parts(text);
            let known = words.first().is_some_and(|word| HARMLESS.contains(&word.as_str()))
                || HARMLESS_NAMES.contains(&words.join("_").as_str());
            words.iter().any(|word| loses(word)) || acts && !known
        };
        let (losing, harmless) = choices.cloned().partition(|value: &Value| value.as_str().is_some_and(loses_some));
        Choices { losing, harmless }
    }
}

/// Whether a parameter of the query says what is done.
fn chooses_what_is_done(operation: &Operation<'_>) -> bool {
    let chooses = |param: &Parameter<'_>| {
        DOES.contains(&param.name.to_lowercase().as_str())
            && param.schema.is_some_and(|node| !Schema::of(node).choices.is_empty())
    };
    operation.params.iter().any(chooses)
}

/// What says that an operation costs money.
fn cost(operation: &Operation<'_>, creates: bool) -> Option<String> {
    let charge = |key: &str| key.starts_with("x-") && key.ends_with("charge");
    let charged = operation.node.value().as_map().into_iter().flat_map(Map::iter);
    if let Some((key, _)) = charged.into_iter().find(|(key, value)| charge(key) && **value != Value::Bool(false)) {
        return Some(format!("`{key}` in its document"));
    }
    if operation.answers.iter().any(|answer| answer.status == "402") {
        return Some("the answer 402 (payment required)".to_owned());
    }
    if let Some(found) = money_word(operation) {
        return Some(found);
    }
    let body = operation.body.as_ref().filter(|_| creates && operation.verb == Verb::Post)?;
    let schema = body.media.iter().find_map(|media| media.content.schema())?;
    let has = |words: &[&'static str]| words.iter().find(|word| schema.property(word).is_some()).copied();
    let (ordered, place) = (has(&ORDERED)?, has(&WHERE)?);
    Some(format!("its values `{ordered}` and `{place}`"))
}

/// The word in the path or the id of a POST that says that money moves.
fn money_word(operation: &Operation<'_>) -> Option<String> {
    if operation.verb != Verb::Post {
        return None;
    }
    let moves = |word: &&String| MONEY.contains(&word.strip_suffix('s').unwrap_or(word));
    named(operation, |words| words.iter().find(moves).map(String::as_str))
}

/// The word that a rule finds in the path or the id of an operation, and where.
fn named(operation: &Operation<'_>, rule: impl Fn(&[String]) -> Option<&str>) -> Option<String> {
    let last = operation.last_name().unwrap_or_default();
    [(last, "path"), (operation.id, "id")].into_iter().find_map(|(name, place)| {
        let words = parts(name);
        rule(&words).map(|word| format!("the word `{word}` in its {place}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front;
    use crate::library::Library;

    /// The effect of `VERB /path`, with these keys, and what it was derived from.
    fn of(line: &str, keys: &str, scopes: &[&str]) -> Judged {
        let (verb, path) = line.split_once(' ').unwrap();
        let text = format!(r#"{{"openapi":"3.0.0","paths":{{"{path}":{{"{}":{{{keys}}}}}}}}}"#, verb.to_lowercase());
        let library = Library::of(serde_json::from_str(&text).unwrap());
        let api = front::read(&library).unwrap();
        judged(&api.operations[0], scopes, true)
    }

    #[test]
    fn the_first_rule_that_holds_decides() {
        use Effect::{Billable, Change, Destroy, Read};
        for (line, keys, scopes, effect, because, guessed) in [
            ("GET /a", "", &[][..], Read, "its verb GET", false),
            ("GET /a", "", &["a:read"], Read, "its verb GET", false),
            ("GET /a", r#""requestBody":{"content":{}}"#, &[], Read, "its verb GET", false),
            ("GET /a/kubeconfig", "", &["a:read_write"], Change, "the permission `a:read_write`", false),
            ("POST /a/{id}", "", &["a:delete"], Destroy, "the permission `a:delete`", false),
            ("DELETE /a/{id}", "", &["a:read_only"], Destroy, "its verb DELETE", false),
            ("POST /a", "", &["a:read_only"], Change, "its verb POST", false),
            ("POST /a", "", &["a:create"], Change, "the permission `a:create`", false),
            ("POST /s/{id}/actions/rebuild", "", &["s:update"], Destroy, "the word `rebuild` in its path", true),
            ("POST /s/{id}/actions/reset_password", "", &[], Destroy, "the word `reset` in its path", true),
            ("POST /f/{id}/actions/set_rules", "", &[], Destroy, "the word `set_rules` in its path", true),
            ("POST /m", r#""operationId":"removeMember""#, &[], Destroy, "the word `remove` in its id", true),
            ("POST /m", r#""summary":"Revoke a token.""#, &[], Destroy, "the word `revoke` in its summary", true),
            ("POST /m", r#""summary":"Deletes a member""#, &[], Destroy, "the word `deletes` in its summary", true),
            (
                "PATCH /z/{id}",
                r#""summary":"Creates/modifies/deletes RRsets""#,
                &[],
                Destroy,
                "the word `deletes` in its summary",
                true,
            ),
            ("POST /m", r#""summary":"Lists the formats""#, &[], Change, "its verb POST", false),
            ("POST /m", r#""summary":"Set the format""#, &[], Change, "its verb POST", false),
            ("GET /delete/{id}", "", &[], Destroy, "the word `delete` in its path", true),
            ("GET /x", r#""summary":"Delete all""#, &[], Destroy, "the word `delete` in its summary", true),
            ("GET /import", r#""summary":"Gets an import""#, &[], Read, "its verb GET", false),
            ("GET /restore", r#""operationId":"get_restore""#, &[], Read, "its verb GET", false),
            (
                "GET /restore",
                r#""operationId":"get_restore","summary":"Restore it""#,
                &[],
                Destroy,
                "the word `restore` in its path",
                true,
            ),
            (
                "GET /api",
                r#""parameters":[{"name":"method","in":"query","schema":{"enum":["list","stop"]}}]"#,
                &[],
                Change,
                "its verb GET",
                false,
            ),
            ("POST /a", r#""x-linode-charge":true"#, &[], Billable, "`x-linode-charge` in its document", true),
            ("POST /a", r#""responses":{"402":{}}"#, &[], Billable, "the answer 402", true),
            ("POST /v1/refunds", "", &[], Billable, "the word `refunds` in its path", true),
            ("POST /domains/{id}/purchase", "", &[], Billable, "the word `purchase` in its path", true),
            ("POST /v1/x", r#""operationId":"PayInvoice""#, &[], Billable, "the word `pay` in its id", true),
            ("GET /v1/payments", "", &[], Read, "its verb GET", false),
            ("PUT /charges/{id}", "", &[], Change, "its verb PUT", false),
            ("POST /borders", "", &[], Change, "its verb POST", false),
            (
                "POST /servers",
                r#""requestBody":{"content":{"application/json":{"schema":{"properties":{"image":{},"location":{}}}}}}"#,
                &[],
                Billable,
                "its values `image` and `location`",
                true,
            ),
            ("PUT /a", "", &[], Change, "its verb PUT", false),
        ] {
            let found = of(line, keys, scopes);
            assert_eq!((found.effect, found.guessed), (effect, guessed), "{line} {keys} {}", found.because);
            assert!(found.because.starts_with(because), "{line} {keys}: {}", found.because);
        }
    }

    #[test]
    fn some_values_decide_what_is_lost() {
        let body =
            |schema: &str| format!(r#""requestBody":{{"content":{{"application/json":{{"schema":{schema}}}}}}}"#);
        let top = of("POST /a", &body(r#"{"properties":{"type":{"enum":["reboot","rebuild"]}}}"#), &[]);
        assert_eq!((top.effect, top.because.as_str()), (Effect::Destroy, "values of type: `rebuild`"));
        assert_eq!(top.harmless, BTreeMap::from([("type".to_owned(), vec![Value::from("reboot")])]));
        let deep = r#"{"properties":{"rrsets":{"type":"array","items":{"properties":{"changetype":{"enum":["REPLACE","DELETE"]}}}}}}"#;
        let deep = of("PATCH /z", &body(deep), &[]);
        assert_eq!(deep.harmless.keys().collect::<Vec<_>>(), ["rrsets.changetype"]);
        assert!(deep.harmless["rrsets.changetype"].is_empty(), "either takes something away");
        let droplet = r#"{"properties":{"type":{"enum":["power_on","shutdown","power_off","disable_backups","resize","rename"]}}}"#;
        let droplet = of("POST /droplets/{id}/actions", &body(droplet), &[]);
        assert_eq!(droplet.effect, Effect::Destroy);
        let known: Vec<&str> = droplet.harmless["type"].iter().filter_map(Value::as_str).collect();
        assert_eq!(known, ["power_on", "shutdown", "rename"]);
        let kind = of("POST /a", &body(r#"{"properties":{"type":{"enum":["A","AAAA"]}}}"#), &[]);
        assert_eq!(kind.effect, Effect::Change, "a type that is no action");
        let harmless = of("POST /a", &body(r#"{"properties":{"action":{"enum":["start","restart"]}}}"#), &[]);
        assert_eq!(harmless.effect, Effect::Change);
        let shown = of("PATCH /z", &body(r#"{"properties":{"state":{"readOnly":true,"enum":["delete"]}}}"#), &[]);
        assert_eq!(shown.effect, Effect::Change);
    }
}
