//! The content of a cell: exact for programs, readable for people.

use std::borrow::Cow;
use std::io;

use super::content::Content;
use super::guide::{Currency, Guide};
use super::json;
use super::path;
use super::sanitize::for_terminal;
use super::style::Style;
use model::secret::REDACTED;
use model::unit::money;
use model::{Date, Unit, Value, base64};

/// For programs: a scalar without quotes, and an empty cell for null. A list of words and numbers is separated by
/// commas, as spreadsheets expect; any other list, and a dictionary, is JSON.
pub(super) fn exact(value: &Value) -> io::Result<Cow<'_, str>> {
    Ok(match value {
        Value::List(list) if !list.is_empty() && list.iter().all(is_word) => {
            Cow::Owned(list.iter().map(scalar).collect::<Vec<_>>().join(", "))
        }
        Value::List(_) | Value::Map(_) => Cow::Owned(json::line(value, Style::default())?),
        scalar => self::scalar(scalar),
    })
}

/// For spreadsheets: dates in a form that they read, and nested values in words: members of a list separated by
/// semicolons, and what is inside them by commas. An empty list or dictionary is an empty cell.
pub(super) fn spreadsheet(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Date(date) => Cow::Owned(when(date).trim_end_matches('Z').to_owned()),
        Value::List(list) if is_nested(value) => Cow::Owned(list.iter().map(bare_flow).collect::<Vec<_>>().join("; ")),
        Value::Map(map) if is_nested(value) => {
            let members = map.iter().map(|(key, member)| format!("{key}: {}", flow(member, true)));
            Cow::Owned(members.collect::<Vec<_>>().join("; "))
        }
        Value::List(_) | Value::Map(_) => Cow::Owned(bare_flow(value)),
        other => scalar(other),
    }
}

/// A value on one line without brackets around it.
fn bare_flow(value: &Value) -> String {
    match value {
        Value::List(list) => list.iter().map(|member| flow(member, true)).collect::<Vec<_>>().join(", "),
        Value::Map(map) if map.is_empty() => String::new(),
        other => flow(other, false),
    }
}

/// A moment in the common form, as people and spreadsheets read it: `2027-01-15 10:20:30Z`. Midnight without a zone is
/// how services write a day.
fn when(date: &Date) -> String {
    let text = date.as_str();
    let is_common = text.get(4..5) == Some("-") && text.get(10..11) == Some("T");
    match text.strip_suffix("T00:00:00") {
        Some(day) if is_common => day.to_owned(),
        _ if is_common => text.replacen('T', " ", 1),
        _ => text.to_owned(),
    }
}

/// Whether a member of a list cannot be read as two, nor the list as JSON.
fn is_word(member: &Value) -> bool {
    match member {
        Value::Text(text) => !text.is_empty() && !text.contains([',', '\n']) && !text.starts_with(['[', '{', ' ']),
        other => matches!(other, Value::Int(_) | Value::Decimal(_) | Value::Bool(_) | Value::Date(_)),
    }
}

/// What is known of a column, and the values of the same row in other columns.
pub(super) type Known<'k, 'v> = (&'k Guide, &'k dyn Fn(&str) -> Option<&'v Value>);

/// For people: times instead of seconds, units, lists without brackets. With `lines`, nested members are written below each
/// other; without it, everything is on one line.
pub(super) fn readable(value: &Value, column: &str, known: Known<'_, '_>, lines: bool) -> String {
    let between = match (is_nested(value), lines) {
        (false, _) => ", ",
        (true, true) => "\n",
        (true, false) => "; ",
    };
    let text = match value {
        Value::List(list) if !list.is_empty() => {
            list.iter().map(|member| flow(member, false)).collect::<Vec<_>>().join(between)
        }
        Value::Map(map) if !map.is_empty() => {
            map.iter().map(|(key, member)| format!("{key}: {}", flow(member, true))).collect::<Vec<_>>().join(between)
        }
        scalar => measured(scalar, column, known).unwrap_or_else(|| flow(scalar, false)),
    };
    let text = for_terminal(&text);
    if lines { text.replace('\t', " ") } else { text.replace('\n', r"\n").replace('\t', r"\t") }
}

/// The value of a column of a row as people read it, on one line. `None` if the row does not have it, or if it is secret.
pub fn cell(row: &Value, column: &str, guide: &Guide) -> Option<String> {
    let value = path::cell(row, column).filter(|_| !guide.is_secret(column))?;
    let beside = |other: &str| path::cell(row, other);
    (!holds_secret(value)).then(|| readable(value, column, (guide, &beside), false))
}

/// The content of a cell of a table, on one line. On a screen it may be shortened; elsewhere it is complete.
pub(super) fn content(value: &Value, column: &str, known: Known<'_, '_>, on_screen: bool) -> Content {
    if !on_screen {
        return Content::Whole(readable(value, column, known, false));
    }
    let (guide, _) = known;
    let text = |value: &Value| one_line(&flow(value, true));
    match value {
        Value::List(list) if list.is_empty() => Content::Whole("[]".into()),
        Value::Map(map) if map.is_empty() => Content::Whole("{}".into()),
        Value::Bytes(bytes) => Content::Nested(scalar(value).into_owned(), format!("{} bytes", bytes.len())),
        Value::List(list) if is_nested(value) => Content::Nested(whole(value, column, known), counted(list.len())),
        Value::Map(map) if is_nested(value) => Content::Nested(whole(value, column, known), counted(map.len())),
        Value::List(list) => Content::Members(list.iter().map(text).collect()),
        Value::Map(map) => Content::Members(
            map.iter().map(|(key, member)| one_line(&format!("{key}: {}", flow(member, true)))).collect(),
        ),
        Value::Text(said) if !guide.is_secret(column) && measured(value, column, known).is_none() => {
            let line = one_line(said);
            match guide.unit(column) {
                Some(Unit::Text) => Content::Text(line),
                _ if line.contains(' ') => Content::Words(line),
                _ => Content::Whole(line),
            }
        }
        other => Content::Whole(whole(other, column, known)),
    }
}

fn whole(value: &Value, column: &str, known: Known<'_, '_>) -> String {
    one_line(&readable(value, column, known, true).replace('\n', "; "))
}

fn one_line(text: &str) -> String {
    for_terminal(text).replace(['\n', '\t'], " ")
}

fn counted(members: usize) -> String {
    if members == 1 { "1 item".into() } else { format!("{members} items") }
}

/// A value as people write it: a time instead of seconds, a sum with its currency, a number with its unit. `None` for
/// any other value.
fn measured(value: &Value, column: &str, (guide, beside): Known<'_, '_>) -> Option<String> {
    if guide.is_empty(column, value) {
        return Some(String::new());
    }
    if guide.is_epoch(column) {
        return time(value);
    }
    if let Value::Text(text) = value
        && guide.is_date(column)
    {
        return Some(when(&Date::verbatim(text)));
    }
    match (guide.unit(column)?, guide.currency(column)) {
        (Unit::Money, Some(Currency::Fixed(currency))) => money(value, currency),
        (Unit::Money, Some(Currency::Column(name))) => {
            money(value, beside(name).and_then(Value::as_str).unwrap_or_default())
        }
        (unit, _) => unit.shown(value),
    }
}

/// Whether a secret is anywhere in a value.
pub(super) fn holds_secret(value: &Value) -> bool {
    match value {
        Value::Secret(_) => true,
        Value::List(list) => list.iter().any(holds_secret),
        Value::Map(map) => map.iter().any(|(_, member)| holds_secret(member)),
        _ => false,
    }
}

/// Whether a value has members that themselves have members.
pub(super) fn is_nested(value: &Value) -> bool {
    let has_members = |value: &Value| matches!(value, Value::List(_) | Value::Map(_));
    match value {
        Value::List(list) => list.iter().any(has_members),
        Value::Map(map) => map.iter().any(|(_, member)| has_members(member)),
        _ => false,
    }
}

/// The time for a number of seconds since 1970.
fn time(seconds: &Value) -> Option<String> {
    let number = seconds.as_int().or_else(|| seconds.as_str()?.parse().ok())?;
    Date::of_unix(number).map(|date| date.to_spaced())
}

/// A value on one line: `id: 7, ports: [80, 443]`.
fn flow(value: &Value, inside: bool) -> String {
    match value {
        Value::List(list) if list.is_empty() => "[]".into(),
        Value::Map(map) if map.is_empty() => "{}".into(),
        Value::List(list) => {
            let members: Vec<_> = list.iter().map(|member| flow(member, true)).collect();
            let text = members.join(", ");
            format!("[{text}]")
        }
        Value::Map(map) => {
            let members: Vec<_> = map.iter().map(|(key, member)| format!("{key}: {}", flow(member, true))).collect();
            let text = members.join(", ");
            if inside { format!("{{{text}}}") } else { text }
        }
        Value::Date(date) => when(date),
        other => scalar(other).into_owned(),
    }
}

/// A value without members, unchanged.
pub(super) fn scalar(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Text(text) => Cow::Borrowed(text),
        Value::Date(date) => Cow::Borrowed(date.as_str()),
        Value::Decimal(number) => Cow::Borrowed(number.as_str()),
        Value::Bool(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
        Value::Secret(_) => Cow::Borrowed(REDACTED),
        Value::Int(number) => Cow::Owned(number.to_string()),
        Value::Bytes(bytes) => Cow::Owned(base64::encode(bytes)),
        Value::File(file) => Cow::Borrowed(&file.path),
        Value::Null | Value::List(_) | Value::Map(_) => Cow::Borrowed(""),
    }
}

#[cfg(test)]
mod tests {
    use super::super::guide::tests::guide;
    use super::*;
    use model::{Date, Secret};

    fn alone(_: &str) -> Option<&'static Value> {
        None
    }

    #[test]
    fn a_date_that_a_filter_made_a_text_is_still_written_for_people() {
        let method = serde_json::from_str::<model::Method>(
            r#"{"name":"a.b","returns":"list:dict","fields":[{"name":"day","type":"date"},{"name":"text","type":"string"}]}"#,
        );
        let guide = Guide::of(&method.unwrap(), &[]);
        for (column, value, shown) in [
            ("day", "2027-01-15T00:00:00", "2027-01-15"),
            ("day", "2027-01-15T10:20:30Z", "2027-01-15 10:20:30Z"),
            ("day", "soon", "soon"),
            ("text", "2027-01-15T00:00:00", "2027-01-15T00:00:00"),
        ] {
            assert_eq!(readable(&Value::from(value), column, (&guide, &|_| None), false), shown, "{column} {value}");
        }
    }

    #[test]
    fn cells_are_exact_for_programs_and_readable_for_people() {
        let known = guide(r#"{"name":"node.list","returns":"list:@node"}"#);
        for (value, exact_text, line, lines) in [
            (Value::Null, "", "", ""),
            (Value::Bool(true), "true", "true", "true"),
            (Value::number("12.30").unwrap(), "12.30", "12.30", "12.30"),
            (
                Value::number("12345678901234567890123").unwrap(),
                "12345678901234567890123",
                "12345678901234567890123",
                "12345678901234567890123",
            ),
            (Value::from("a\tb\nc\x1b"), "a\tb\nc\x1b", r"a\tb\nc\u{1b}", "a b\nc\\u{1b}"),
            (Value::Date(Date::verbatim("2012-12-01")), "2012-12-01", "2012-12-01", "2012-12-01"),
            (Value::Secret(Secret::new("canary")), "(redacted)", "(redacted)", "(redacted)"),
            (Value::Bytes(b"you".to_vec()), "eW91", "eW91", "eW91"),
            (serde_json::from_str("[]").unwrap(), "[]", "[]", "[]"),
            (serde_json::from_str("{}").unwrap(), "{}", "{}", "{}"),
            (serde_json::from_str(r#"["a b",1,2.50]"#).unwrap(), "a b, 1, 2.50", "a b, 1, 2.50", "a b, 1, 2.50"),
            (serde_json::from_str(r#"["a,b"]"#).unwrap(), r#"["a,b"]"#, "a,b", "a,b"),
            (serde_json::from_str(r#"["a",1,null]"#).unwrap(), r#"["a",1,null]"#, "a, 1, ", "a, 1, "),
            (
                serde_json::from_str(r#"[{"id":1,"ip":["x"]},{"in":{"a":2}}]"#).unwrap(),
                r#"[{"id":1,"ip":["x"]},{"in":{"a":2}}]"#,
                "id: 1, ip: [x]; in: {a: 2}",
                "id: 1, ip: [x]\nin: {a: 2}",
            ),
            (
                serde_json::from_str(r#"{"p":{"q":1},"r":2}"#).unwrap(),
                r#"{"p":{"q":1},"r":2}"#,
                "p: {q: 1}; r: 2",
                "p: {q: 1}\nr: 2",
            ),
        ] {
            assert_eq!(exact(&value).unwrap(), exact_text);
            assert_eq!(readable(&value, "id", (&known, &alone), false), line);
            assert_eq!(readable(&value, "id", (&known, &alone), true), lines);
        }
    }

    #[test]
    fn cells_know_what_may_be_shortened() {
        let known = guide(r#"{"name":"node.list","returns":"list:@node"}"#);
        for (json, column, content_is) in [
            (r#""one two""#, "id", Content::Words("one two".into())),
            (r#""one\ntwo""#, "id", Content::Words("one two".into())),
            (r#""192.0.2.1""#, "id", Content::Whole("192.0.2.1".into())),
            (r#""a b""#, "key", Content::Whole("a b".into())),
            (r#"["a","b"]"#, "id", Content::Members(vec!["a".into(), "b".into()])),
            (r#"{"a":1}"#, "id", Content::Members(vec!["a: 1".into()])),
            (r#"[{"a":1},{"b":2}]"#, "id", Content::Nested("a: 1; b: 2".into(), "2 items".into())),
            ("[]", "id", Content::Whole("[]".into())),
            ("12.50", "id", Content::Whole("12.50".into())),
            ("0", "born", Content::Whole("1970-01-01 00:00:00Z".into())),
        ] {
            let value: Value = serde_json::from_str(json).unwrap();
            assert_eq!(content(&value, column, (&known, &alone), true), content_is, "{json}");
        }
        let bytes = content(&Value::Bytes(vec![0; 30]), "id", (&known, &alone), true);
        assert_eq!(bytes.in_width(10), "30 bytes");
    }

    #[test]
    fn seconds_are_shown_as_times_if_the_catalogue_says_so() {
        let known = guide(r#"{"name":"node.list","returns":"list:@node"}"#);
        for (value, column, shown) in [
            (Value::Int(1_330_837_567), "born", "2012-03-04 05:06:07Z"),
            (Value::from("1330837567"), "up.born", "2012-03-04 05:06:07Z"),
            (Value::Int(1_330_837_567), "id", "1330837567"),
            (Value::from("soon"), "born", "soon"),
            (Value::Int(i64::MAX), "born", "9223372036854775807"),
        ] {
            assert_eq!(readable(&value, column, (&known, &alone), false), shown);
        }
    }
}
