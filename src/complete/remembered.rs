//! Values that were seen in earlier answers or given in earlier lines.

use std::collections::HashSet;
use std::time::Duration;

use super::candidate::Candidate;
use super::context::Context;
use super::params;
use super::typed::{Typed, begins};
use model::{Method, Param, Parents, Remembered, Sought, Type, Value, period, typed_kind};
use registry::Source;

/// An id that is longer than this is shown by its beginning where it has a name …
const LONG: usize = 20;
/// … of so many characters.
const BEGINNING: usize = 6;
/// So many values that were typed before are offered.
const TYPED: usize = 20;

/// The values that the parameter of that name, or the place inside it, can be given.
/// Those that were seen in what the rest of the line names come alone.
pub(super) fn at(
    word: &Typed,
    (method, name): (&Method, &str),
    source: &Source,
    within: &[Parents],
    context: &Context<'_>,
) -> Vec<Candidate> {
    let Some(wanted) = Wanted::at(name, method, source) else { return Vec::new() };
    let look = |sought: Sought<'_>| context.seen.values(source.profile(), Sought { within, ..sought });
    wanted.candidates(word, &look)
}

/// The candidates for the answer to a question for a parameter: its choices, then what was seen. `look` looks up the
/// values of a kind that begin with a text.
pub fn answers(
    typed: &str,
    (method, param): (&str, &Param),
    look: &dyn Fn(Sought<'_>) -> Vec<Remembered>,
) -> Vec<Candidate> {
    let word = Typed::of(typed);
    let booleans = [Value::Bool(true), Value::Bool(false)];
    let choices = if param.type_ == Type::Boolean { &booleans[..] } else { &param.choices };
    let texts = choices.iter().map(Value::plain).filter(|text| word.begins(text));
    let mut found: Vec<Candidate> = texts.map(|text| Candidate::new(word.spell(&text, true), "")).collect();
    found.extend(Wanted::of(method, param).candidates(&word, look));
    found
}

fn sought<'s>(kind: &'s str, begun: &'s str) -> Sought<'s> {
    Sought { kind, begun, within: &[] }
}

/// What can come at a place: objects of these kinds, or what was given there before.
struct Wanted {
    kinds: Vec<String>,
    typed: Option<String>,
    /// Members of a list follow each other between commas.
    listed: bool,
}

impl Wanted {
    fn of(method: &str, param: &Param) -> Wanted {
        let typed = (param.names.is_empty() && param.choices.is_empty()).then(|| typed_kind(method, &param.name));
        let kinds = if param.secret { Vec::new() } else { param.names.clone() };
        let listed = matches!(param.type_, Type::List(_));
        Wanted { kinds, typed: typed.filter(|_| !param.secret && param.type_ != Type::Boolean), listed }
    }

    fn at(name: &str, method: &Method, source: &Source) -> Option<Wanted> {
        if let Some(param) = method.param(name) {
            return Some(Wanted::of(&method.name, param));
        }
        // The member of a list is what the list has: `names[0]`.
        let place = name.split_once('[').filter(|(_, rest)| rest.ends_with(']') && !rest.contains('.'));
        if let Some(param) = place.and_then(|(list, _)| method.param(list)) {
            return Some(Wanted { listed: false, ..Wanted::of(&method.name, param) });
        }
        let (outer, key) = name.rsplit_once('.')?;
        let key = key.split('[').next().unwrap_or(key);
        let fields = params::at(outer, method, Some(source))?.fields();
        let field = fields.iter().find(|field| field.name == key && !field.secret)?;
        let listed = matches!(field.type_, Type::List(_)) && !name.ends_with(']');
        Some(Wanted { kinds: field.names.clone(), typed: None, listed })
    }

    fn candidates(&self, word: &Typed, look: &dyn Fn(Sought<'_>) -> Vec<Remembered>) -> Vec<Candidate> {
        let begun = match self.listed {
            true => word.text.rsplit_once(',').map_or(&*word.text, |(_, last)| last),
            false => &*word.text,
        };
        let front = word.text.strip_suffix(begun).unwrap_or_default();
        let mut seen = HashSet::new();
        let mut all: Vec<Remembered> = self.kinds.iter().flat_map(|kind| look(sought(kind, begun))).collect();
        let given = self.typed.iter().flat_map(|kind| look(sought(kind, begun)));
        // A value of another parameter's that only contains the text would be a surprise.
        all.extend(given.filter(|one| begins(&one.key, begun)).take(TYPED));
        all.retain(|one| seen.insert(one.key.clone()));
        let ids: Vec<String> = all.iter().map(short).collect();
        let widest = ids.iter().map(|id| id.chars().count()).max().unwrap_or_default();
        let candidate = |(one, id): (&Remembered, &String)| {
            let insert = word.spell(&format!("{front}{}", one.key), true);
            let age = age(one.age);
            let by_name = !begins(&one.key, begun) && !one.label.is_empty();
            let (name, summary) = match one.label.is_empty() {
                true => (None, age),
                false => (Some(one.label.clone()), format!("{id:widest$}  {age}")),
            };
            let found = Candidate { name, by_name, ..Candidate::new(insert, summary) };
            if self.listed { found.open() } else { found }
        };
        all.iter().zip(&ids).map(candidate).collect()
    }
}

/// An id beside a name: all of a short one.
fn short(one: &Remembered) -> String {
    match one.key.chars().count() {
        0..=LONG => one.key.clone(),
        _ => one.key.chars().take(BEGINNING).chain(['…']).collect(),
    }
}

/// How long ago something was seen, for people.
fn age(age: Duration) -> String {
    if age.as_secs() < 60 { "now".into() } else { period::brief(age, 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_shown_in_one_unit() {
        for (seconds, shown) in [(0, "now"), (59, "now"), (60, "1 min"), (7200, "2 h"), (172_800, "2 d")] {
            assert_eq!(age(Duration::from_secs(seconds)), shown, "{seconds}");
        }
    }

    fn looked_up(Sought { kind, begun, .. }: Sought<'_>) -> Vec<Remembered> {
        let one = |key: &str, label: &str| Remembered { key: key.into(), label: label.into(), age: Duration::ZERO };
        let all = match kind {
            "zone" => vec![one("d9085f001122334455667788", "shop.example"), one("41", "parked"), one("a b", "")],
            "=m.new p" => vec![one("red", ""), one("blue", "")],
            _ => Vec::new(),
        };
        all.into_iter().filter(|it| begins(&it.key, begun) || begins(&it.label, begun)).collect()
    }

    #[test]
    fn a_question_offers_choices_and_what_was_seen() {
        for (param, typed, expected) in [
            (r#""type":"string","names":"zone""#, "", &["d9085f001122334455667788", "41", "'a b'"][..]),
            (r#""type":"string","names":"zone""#, "sho", &["d9085f001122334455667788"]),
            (r#""type":"string","names":"zone""#, "'a", &["'a b'"]),
            (r#""type":"list:string","names":"zone""#, "41,sh", &["41,d9085f001122334455667788"]),
            (r#""type":"string""#, "r", &["red"]),
            (r#""type":"string","choices":["red","blue"]"#, "b", &["blue"]),
            (r#""type":"boolean""#, "t", &["true"]),
            (r#""type":"string","secret":true"#, "", &[]),
        ] {
            let param: Param = serde_json::from_str(&format!(r#"{{"name":"p",{param}}}"#)).unwrap();
            let found = answers(typed, ("m.new", &param), &looked_up);
            let found: Vec<&str> = found.iter().map(|one| one.insert.as_str()).collect();
            assert_eq!(found, expected, "{typed}");
        }
    }

    #[test]
    fn a_name_is_shown_with_the_beginning_of_the_id_and_its_age() {
        let param: Param = serde_json::from_str(r#"{"name":"p","type":"string","names":"zone"}"#).unwrap();
        let rows: Vec<String> = answers("", ("m.new", &param), &looked_up)
            .iter()
            .map(|one| format!("{} | {}", one.shown(), one.summary))
            .collect();
        assert_eq!(rows, ["shop.example | d9085f…  now", "parked | 41       now", "'a b' | now"]);
    }
}
