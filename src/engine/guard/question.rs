//! The question before a call that destroys, costs or changes something.

use super::gate::{Gate, Pending, consequence, does};
use super::look::{Reading, Seen};
use super::object::Object;
use super::price;
use crate::engine::accounts::roster::Accounts;
use crate::engine::call::shown::shown;
use crate::engine::state::console::is_yes;
use crate::engine::state::error::CallError;
use crate::render::{sanitize, text};
use model::secret::REDACTED;
use model::{Arguments, Call, Effect, Effects, Method, Param, Type, Value};

/// How many characters of an argument are shown.
const LONGEST: usize = 200;
/// How many characters of the end of a key are shown, and the least: a shorter key has too few to spare.
const END: usize = 8;
const SHORTEST_END: usize = 4;

/// A question, ready to be asked.
#[derive(Debug)]
pub(super) struct Question {
    /// The lines above it.
    pub(super) lines: Vec<String>,
    /// The question itself.
    pub(super) asked: String,
    /// The answer that allows the call.
    pub(super) wanted: Answer,
}

/// The answer that allows a call.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Yes, in one letter or three.
    Yes,
    /// Exactly this word, so that nobody types it by habit.
    Word(String),
}

impl Answer {
    /// Whether a typed text is this answer.
    pub(super) fn is_met_by(&self, typed: &str) -> bool {
        match self {
            Answer::Yes => is_yes(typed),
            Answer::Word(word) => typed.trim() == word.trim(),
        }
    }

    fn question(&self) -> String {
        match self {
            Answer::Yes => "Continue? [y/N] ".into(),
            Answer::Word(word) => format!("Type {word} to confirm: "),
        }
    }
}

/// The most calls that one question shows.
const SHOWN: usize = 20;

/// The question about one call, with everything that is known about it.
pub(super) fn of_one(gate: &mut Gate<'_>, pending: &Pending<'_>) -> Result<Question, CallError> {
    let Pending { profile, call, .. } = *pending;
    let (method, effects) = (&call.method, call.effects());
    let seen = Reading::new().object(gate, pending)?;
    let mut rows =
        vec![("provider".to_owned(), title(gate.accounts, profile)), ("profile".to_owned(), profile.to_owned())];
    rows.extend(arguments(call));
    if effects.has(Effect::Billable) {
        rows.extend(price::lines(gate, pending)?.into_iter().map(|price| ("price".to_owned(), price)));
    }
    let object = seen.as_ref().and_then(Seen::object);
    let mut lines = vec![headline(method)];
    lines.extend(table(&rows));
    // The provider may have written anything.
    let foreign = |line: String| gate.accounts.redactor.foreign(&line).into_owned();
    lines.extend(seen.iter().map(Seen::told).map(foreign));
    lines.extend(object.iter().flat_map(|object| table(&object.rows)).map(foreign));
    lines.extend(consequences(method, effects));
    lines.extend(own_key(gate.accounts, profile, call));
    if method.new_key.is_some() {
        lines.push("The old key stops working at once.".into());
    }
    let wanted = match effects.has(Effect::Destroy) {
        true => {
            let name = object.and_then(|object| object.name.clone()).filter(|_| is_named_by_id(call));
            lines.extend(object.and_then(Object::warning).filter(|_| is_named_by_id(call)).map(foreign));
            Answer::Word(typeable(gate.accounts, [name, self::object(call)], profile))
        }
        false => Answer::Yes,
    };
    Ok(redacted(gate.accounts, lines, wanted))
}

/// One question about several calls: a row for each, and its object below it. If some of them destroy something, their
/// number must be typed.
pub(super) fn of_several(gate: &mut Gate<'_>, pending: &[Pending<'_>]) -> Result<Question, CallError> {
    let row = |pending: &Pending<'_>| {
        let Pending { profile, call, .. } = pending;
        let object = object(call).map(|object| format!(" {object}")).unwrap_or_default();
        let method = &call.method;
        format!("  {profile}:{}{object}: {} ({})", method.name, method.summary, does(call))
    };
    let mut lines = vec![format!("{} calls:", pending.len())];
    let (mut reading, mut looked) = (Reading::new(), false);
    for pending in pending.iter().take(SHOWN) {
        lines.push(row(pending));
        let seen = reading.object(gate, pending)?;
        looked |= seen.is_some();
        let told = seen.map(|seen| format!("    {}", seen.in_short()));
        lines.extend(told.map(|line| gate.accounts.redactor.foreign(&line).into_owned()));
        lines.extend(own_key(gate.accounts, pending.profile, pending.call).map(|line| format!("    {line}")));
    }
    if let Some(more) = pending.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        lines.push(format!("  … and {more} more{}", if looked { ", which were not looked at" } else { "" }));
    }
    let with = |effect| pending.iter().filter(move |pending| pending.call.effects().has(effect));
    let billable: Vec<&Pending<'_>> = with(Effect::Billable).collect();
    if !billable.is_empty() {
        let name = |pending: &Pending<'_>| {
            let object = object(pending.call).map(|object| format!(" {object}")).unwrap_or_default();
            format!("{}:{}{object}", pending.profile, pending.call.method.name)
        };
        let prices = price::of_several(gate, &billable, name)?;
        // The provider may have written anything.
        lines.extend(prices.iter().map(|line| gate.accounts.redactor.foreign(&format!("  {line}")).into_owned()));
    }
    lines.extend(charges(with(Effect::Billable)));
    let destroy = with(Effect::Destroy).count();
    let wanted = match destroy {
        0 => Answer::Yes,
        count => {
            lines.push(format!("{count} of them cannot be undone."));
            Answer::Word(count.to_string())
        }
    };
    Ok(redacted(gate.accounts, lines, wanted))
}

/// The charges that the document names for some calls, each once with the number of its calls.
fn charges<'p>(pending: impl Iterator<Item = &'p Pending<'p>>) -> Vec<String> {
    let mut found: Vec<(&str, &str, usize)> = Vec::new();
    for Method { name, charge, .. } in pending.map(|pending| &*pending.call.method) {
        let Some(charge) = charge else { continue };
        match found.iter_mut().find(|(known, said, _)| known == name && said == charge) {
            Some((_, _, count)) => *count += 1,
            None => found.push((name, charge, 1)),
        }
    }
    let told = |(name, charge, count): &(&str, &str, usize)| match count {
        1 => format!("  {name}: {charge}"),
        count => format!("  {name}, {count} times: {charge}"),
    };
    found.iter().take(SHOWN).map(told).collect()
}

/// What the call does: one line for each effect, with what the catalogue says about it.
fn consequences(method: &Method, effects: Effects) -> Vec<String> {
    let told = |effect: Effect| match effect {
        Effect::Destroy => match &method.loses {
            Some(what) => format!("This cannot be undone. You will lose: {what}."),
            None => "This cannot be undone.".into(),
        },
        Effect::Billable => match &method.charge {
            Some(charge) => format!("This may cost money: {charge}."),
            None => "This may cost money.".into(),
        },
        other => format!("This {}.", consequence(other)),
    };
    effects.iter().map(told).chain(method.caution.clone()).collect()
}

/// Names and values in two columns.
fn table(rows: &[(String, String)]) -> Vec<String> {
    let width = rows.iter().map(|(name, _)| text::width(name)).max().unwrap_or(0);
    rows.iter()
        .map(|(name, value)| format!("  {name}{}  {value}", text::blanks(width.saturating_sub(text::width(name)))))
        .collect()
}

fn redacted(accounts: &Accounts, lines: Vec<String>, wanted: Answer) -> Question {
    let lines = lines.iter().map(|line| accounts.redactor.apply(line).into_owned()).collect();
    Question { lines, asked: wanted.question(), wanted }
}

fn headline(method: &Method) -> String {
    match method.summary.as_str() {
        "" => method.name.clone(),
        summary => format!("{}: {summary}", method.name),
    }
}

fn title(accounts: &Accounts, profile: &str) -> String {
    accounts.registry.source(profile).map_or_else(String::new, |source| source.provider().title.clone())
}

/// The arguments by name, cut to fit.
fn arguments(call: &Call) -> Vec<(String, String)> {
    let names = call.method.params.iter().map(|param| param.name.as_str()).chain(std::iter::repeat("value"));
    let row = |(name, value): (&str, &Value)| {
        let text = match (end_of_key(&call.method, name, value), value) {
            (Some(end), _) => format!("…{end}"),
            (None, Value::Secret(_)) => REDACTED.to_owned(),
            (None, value) => shown(value, LONGEST),
        };
        (name.to_owned(), text)
    };
    match &call.arguments {
        Arguments::Named(map) => map.iter().map(row).collect(),
        Arguments::Positional(values) => names.zip(values).map(row).collect(),
    }
}

/// The end of a secret that identifies an object, such as one of several keys: it shows which one is meant.
fn end_of_key(method: &Method, name: &str, value: &Value) -> Option<String> {
    let Value::Secret(secret) = value else { return None };
    method.param(name).filter(|param| names_an_object(param))?;
    Some(secret.tail(END)).filter(|end| end.chars().count() >= SHORTEST_END)
}

/// The object of the call: the value of the parameter that names it.
fn object(call: &Call) -> Option<String> {
    let param = naming(call)?;
    match call.argument(&param.name)? {
        value @ (Value::Text(_) | Value::Int(_)) => Some(value.plain()),
        secret => end_of_key(&call.method, &param.name, secret),
    }
}

/// The parameter that names the object of a call.
fn naming(call: &Call) -> Option<&Param> {
    let method = &call.method;
    let declared = method.object.as_deref().and_then(|name| method.param(name));
    declared.or_else(|| method.params.iter().find(|param| names_an_object(param)))
}

/// Whether the line names what is shown by an id, which says nothing to people, and not by a name. The end of a key is shown
/// as it is.
fn is_named_by_id(call: &Call) -> bool {
    let (Some(param), Some(rule)) = (naming(call), call.method.showing()) else { return false };
    let by = if rule.find.is_empty() { &rule.with } else { &rule.find };
    let is_id = !param.secret && param.name.to_ascii_lowercase().ends_with("id");
    is_id && by.values().any(|name| *name == param.name)
}

/// A warning if the object is the key that the account itself uses.
fn own_key(accounts: &Accounts, profile: &str, call: &Call) -> Option<String> {
    let Value::Secret(key) = call.argument(&naming(call)?.name)? else { return None };
    let own = accounts.get(profile)?.target.credential.as_ref()?;
    (own.secret == *key).then(|| format!("{profile} uses this key itself: after the call it can no longer be used."))
}

/// Whether a parameter is an id or a name that can be shown.
fn names_an_object(param: &Param) -> bool {
    let name = param.name.to_ascii_lowercase();
    let scalar = matches!(param.type_, Type::String | Type::Int | Type::Any);
    let names = ["id", "name", "domain"].iter().any(|end| name.ends_with(end));
    param.required && scalar && names && !param.confirm && param.choices.is_empty()
}

/// The first of these words that can be typed as it is shown, or else the profile's name.
fn typeable(accounts: &Accounts, words: [Option<String>; 2], profile: &str) -> String {
    let plain =
        |word: &String| !word.trim().is_empty() && !word.chars().any(|c| c.is_control() || sanitize::is_hidden(c));
    let is_open = |word: &String| {
        let redactor = &accounts.redactor;
        redactor.find(word).is_empty() && redactor.foreign(word) == word.as_str()
    };
    let word = words.into_iter().flatten().find(|word| plain(word) && is_open(word));
    word.unwrap_or_else(|| profile.to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn call(method: &str, arguments: &str) -> Call {
        let method: Method = serde_json::from_str(method).unwrap();
        Call { method: Arc::new(method), arguments: Arguments::Named(serde_json::from_str(arguments).unwrap()) }
    }

    #[test]
    fn the_object_is_the_first_that_is_named_or_the_one_that_the_catalogue_says() {
        let param = |name: &str, more: &str| format!(r#"{{"name":"{name}","type":"string","required":true{more}}}"#);
        for (params, object, arguments, named) in [
            (vec![param("name", "")], None, r#"{"name":"web1"}"#, Some("web1")),
            (vec![param("kind", ""), param("zone_id", "")], None, r#"{"kind":"x","zone_id":"z1"}"#, Some("z1")),
            (
                vec![param("net-id", ""), param("rule-id", "")],
                Some("rule-id"),
                r#"{"net-id":"n","rule-id":"r"}"#,
                Some("r"),
            ),
            (vec![param("id", r#","secret":true"#)], None, r#"{"id":"k"}"#, Some("k")),
            (vec![param("amount", "")], None, r#"{"amount":"5"}"#, None),
            (vec![param("id", "")], None, r#"{"id":[1]}"#, None),
            (vec![], None, r#"{"id":"free"}"#, None),
        ] {
            let object = object.map(|name| format!(r#","object":"{name}""#)).unwrap_or_default();
            let method = format!(r#"{{"name":"a.b","params":[{}]{object}}}"#, params.join(","));
            assert_eq!(super::object(&call(&method, arguments)).as_deref(), named, "{method}");
        }
    }

    #[test]
    fn a_name_is_asked_for_only_where_the_line_gives_the_id_of_what_is_shown() {
        let param = |name: &str, more: &str| format!(r#"{{"name":"{name}","type":"string","required":true{more}}}"#);
        for (params, rule, expected) in [
            (vec![param("id", "")], r#""shows":{"method":"a.list","find":{"id":"id"}}"#, true),
            (vec![param("zone-id", "")], r#""shows":{"method":"a.get","with":{"x":"zone-id"}}"#, true),
            (vec![param("id", "")], r#""reconcile":{"method":"a.list","find":{"id":"id"},"expect":"absent"}"#, true),
            (vec![param("id", "")], r#""reconcile":{"method":"a.list","find":{"id":"id"}}"#, false),
            (vec![param("name", "")], r#""shows":{"method":"a.get","with":{"name":"name"}}"#, false),
            (vec![param("id", r#","secret":true"#)], r#""shows":{"method":"a.get","with":{"id":"id"}}"#, false),
            // What is shown is another object than the one that is named.
            (
                vec![param("server-id", ""), param("id", "")],
                r#""shows":{"method":"a.list","with":{"s":"server-id"},"find":{"id":"id"}}"#,
                false,
            ),
        ] {
            let method = format!(r#"{{"name":"a.b","params":[{}],{rule}}}"#, params.join(","));
            assert_eq!(is_named_by_id(&call(&method, "{}")), expected, "{method}");
        }
    }

    #[test]
    fn a_key_is_shown_by_its_last_digits() {
        let params = r#"[{"name":"id","type":"string","required":true,"secret":true},
            {"name":"password","type":"string","required":true,"secret":true}]"#;
        let mut call = call(&format!(r#"{{"name":"a.b","params":{params}}}"#), r#"{"id":"","password":""}"#);
        for (key, end) in [("0123456789abcdef01234567a32a1fe9", Some("a32a1fe9")), ("0123456789abcde", None)] {
            let Arguments::Named(map) = &mut call.arguments else { panic!("named") };
            map.insert("id", Value::Secret(model::Secret::new(key)));
            map.insert("password", Value::Secret(model::Secret::new(key)));
            assert_eq!(super::object(&call).as_deref(), end);
            let shown = end.map_or(REDACTED.to_owned(), |end| format!("…{end}"));
            assert_eq!(arguments(&call), [("id".into(), shown), ("password".into(), REDACTED.into())]);
        }
    }

    #[test]
    fn a_charge_is_told_once_for_all_its_calls() {
        let one = call(r#"{"name":"a.b","charge":"paid by the month"}"#, "{}");
        let other = call(r#"{"name":"a.c","charge":"paid at once"}"#, "{}");
        let free = call(r#"{"name":"a.d"}"#, "{}");
        let of = |call| Pending { profile: "p", call, agreed: false, again: false, head: model::Span::new(0, 1) };
        let all = [of(&one), of(&other), of(&free), of(&one), of(&one)];
        assert_eq!(charges(all.iter()), ["  a.b, 3 times: paid by the month", "  a.c: paid at once"]);
    }

    #[test]
    fn only_the_right_answer_lets_through() {
        let word = || Answer::Word("web1".into());
        for (wanted, typed, through) in [
            (Answer::Yes, "y", true),
            (Answer::Yes, " YES ", true),
            (Answer::Yes, "", false),
            (Answer::Yes, "yep", false),
            (Answer::Yes, "n", false),
            (word(), "web1", true),
            (word(), " web1 ", true),
            (word(), "web", false),
            (word(), "WEB1", false),
            (word(), "y", false),
            (word(), "", false),
        ] {
            assert_eq!(wanted.is_met_by(typed), through, "{typed}");
        }
    }

    #[test]
    fn arguments_are_shown_on_a_line_and_secrets_are_not() {
        let mut call = call(r#"{"name":"a.b"}"#, r#"{"a":"x","b":[1,{"c":null}],"long":""}"#);
        let Arguments::Named(map) = &mut call.arguments else { panic!("named") };
        map.insert("long", "é".repeat(300));
        map.insert("pw", Value::Secret(model::Secret::new("canary")));
        let rows: Vec<String> = arguments(&call).into_iter().map(|(name, value)| format!("{name} {value}")).collect();
        let long = format!("long {}…", "é".repeat(200));
        assert_eq!(rows, ["a x", r#"b [ 1, { "c": null } ]"#, &long, "pw (redacted)"]);
    }
}
