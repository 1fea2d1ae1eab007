//! Moments in one form, however providers write them, so that they can be compared.
//!
//! The common form is ISO 8601: `2027-01-15` for a day, `2027-01-15T10:20:30Z` for a moment in UTC. What has an offset
//! is converted to UTC. A moment of which nobody says in which zone it is stays without one: `2027-01-15T00:00:00`.
//! As texts, all three can be compared with each other.

use super::date::{TIME, seconds};
use super::instant::shift;
use super::{Date, Field, Form, Method, Provider, Shape, Type, Value};

/// The limit for nested shapes, which may contain each other.
const DEEPEST: usize = 6;

/// Which values of a result are moments, and in which zone they are if they do not say so.
#[derive(Clone, Debug, Default)]
pub struct Common {
    plan: Plan,
    /// `Z`, or an offset such as `+01:00`.
    zone: Option<String>,
}

/// What of a value is a moment. Lists count as their members.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Plan {
    /// Only what comes as a date.
    #[default]
    Typed,
    /// The value itself, also if it comes as a text.
    Text,
    /// The value itself, a text with the day first.
    Written,
    /// The value itself, seconds since 1970.
    Epoch,
    /// Members of a dictionary, by their names.
    Members(Vec<(String, Plan)>),
    /// All members of a dictionary with free keys.
    Each(Box<Plan>),
}

impl Common {
    /// What the catalogue says about the result of a method.
    pub fn of(method: &Method, shapes: &[Shape], provider: &Provider) -> Common {
        Common { plan: Plan::of(&method.returns, &method.fields, shapes, 0), zone: provider.zone.clone() }
    }

    /// What of the result is a moment.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Puts all moments of a result into the common form.
    pub fn convert(&self, value: &mut Value) {
        self.convert_by(value, &self.plan);
    }

    fn convert_by(&self, value: &mut Value, plan: &Plan) {
        match value {
            Value::List(list) => list.iter_mut().for_each(|member| self.convert_by(member, plan)),
            Value::Map(map) => map.iter_mut().for_each(|(key, member)| self.convert_by(member, plan.member(key))),
            Value::Date(date) => {
                if let Some(common) = self.date(date.as_str()) {
                    *date = common;
                }
            }
            Value::Text(text) => {
                if let Some(date) = self.text(text, plan) {
                    *value = Value::Date(date);
                }
            }
            Value::Int(number) => {
                if let Some(date) = number_of(*number, plan) {
                    *value = Value::Date(date);
                }
            }
            _ => {}
        }
    }

    /// A text in the common form, if it is a moment by the plan and can be read as one.
    pub fn text(&self, text: &str, plan: &Plan) -> Option<Date> {
        match plan {
            Plan::Text => self.date(text),
            Plan::Written => self.date(Date::parse_written(text)?.as_str()),
            Plan::Epoch => number_of(text.parse().ok()?, plan),
            _ => None,
        }
    }

    /// The common form of what comes as a date. `None` if it cannot be read as one.
    pub fn date(&self, text: &str) -> Option<Date> {
        let text = text.trim();
        let zone = self.zone.as_deref().unwrap_or_default();
        if let Some(common) = compact(text) {
            // As XML-RPC has it, which is by far the most frequent.
            return if zone.is_empty() { Some(common) } else { self.date(common.as_str()) };
        }
        let timed = text.contains(TIME);
        let (since, offset) = seconds(text)?;
        let date = Date::parse(text)?;
        let (whole, part) = fraction(text, offset);
        let known = if offset.is_empty() { zone } else { offset };
        Some(match (timed, known) {
            (false, _) => Date::verbatim(date.to_spaced()),
            (true, "") => Date::verbatim(format!("{}{part}", spaced(whole)?)),
            (true, known) => {
                let utc = Date::of_unix(since.checked_sub(shift(known)?)?)?;
                Date::verbatim(format!("{}{part}Z", utc.as_str().trim_end_matches('Z')))
            }
        })
    }
}

/// A number of seconds as a moment, if it is one by the plan.
pub fn number_of(number: i64, plan: &Plan) -> Option<Date> {
    matches!(plan, Plan::Epoch).then(|| Date::of_unix(number)).flatten()
}

impl Plan {
    fn of(declared: &Type, own: &[Field], shapes: &[Shape], depth: usize) -> Plan {
        match declared {
            Type::List(inner) => Plan::of(inner, own, shapes, depth),
            Type::Date => Plan::Text,
            Type::MapOf(inner) => match Plan::of(inner, own, shapes, depth) {
                Plan::Typed => Plan::Typed,
                plan => Plan::Each(Box::new(plan)),
            },
            _ if depth > DEEPEST => Plan::Typed,
            _ => {
                let shape = declared.shape().and_then(|name| shapes.iter().find(|shape| shape.name == name));
                let fields = shape.map_or(own, |shape| &shape.fields);
                let of = |field: &Field| match field.form {
                    Some(Form::Epoch) => Plan::Epoch,
                    Some(Form::Written) => Plan::Written,
                    _ => Plan::of(&field.type_, &field.fields, shapes, depth + 1),
                };
                let members = fields.iter().map(|field| (field.name.clone(), of(field)));
                let members: Vec<_> = members.filter(|(_, plan)| *plan != Plan::Typed).collect();
                if members.is_empty() { Plan::Typed } else { Plan::Members(members) }
            }
        }
    }

    /// The plan for a member of a dictionary.
    pub fn member(&self, key: &str) -> &Plan {
        match self {
            Plan::Members(members) => {
                members.iter().find(|(name, _)| name == key).map_or(&Plan::Typed, |(_, plan)| plan)
            }
            Plan::Each(plan) => plan,
            _ => &Plan::Typed,
        }
    }
}

/// `yyyymmddThh:mm:ss` as `yyyy-mm-ddThh:mm:ss`, without a full parser.
fn compact(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let is = |place: usize, what: u8| bytes.get(place) == Some(&what);
    if bytes.len() != 17 || !is(8, b'T') || !is(11, b':') || !is(14, b':') {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u8>().ok().filter(|_| text.is_ascii());
    let (month, day) = (number(4, 6)?, number(6, 8)?);
    // Rare days are left to the calendar.
    let plain =
        (1..=12).contains(&month) && (1..=28).contains(&day) && text.get(..4)?.bytes().all(|b| b.is_ascii_digit());
    let timed = number(9, 11)? < 24 && number(12, 14)? < 60 && number(15, 17)? < 60;
    let unsigned = bytes.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'T' | b':'));
    (plain && timed && unsigned).then(|| {
        let [year, month, day, time] = [0..4, 4..6, 6..8, 8..17].map(|part| text.get(part).unwrap_or_default());
        Date::verbatim(format!("{year}-{month}-{day}{time}"))
    })
}

/// A date and time without its fraction and offset, and the fraction: `.250`, or nothing if it is zero.
fn fraction<'t>(text: &'t str, offset: &str) -> (&'t str, &'t str) {
    let text = text.get(..text.len() - offset.len()).unwrap_or(text);
    match text.split_once('.') {
        Some((whole, part)) if part.bytes().all(|byte| byte == b'0') => (whole, ""),
        Some((whole, _)) => (whole, text.get(whole.len()..).unwrap_or_default()),
        None => (text, ""),
    }
}

/// A date and time without an offset as `yyyy-mm-ddThh:mm:ss`.
fn spaced(text: &str) -> Option<String> {
    Some(Date::parse(text)?.to_spaced().replace(' ', "T"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn common(zone: Option<&str>) -> Common {
        Common { plan: Plan::Typed, zone: zone.map(str::to_owned) }
    }

    #[test]
    fn every_spelling_becomes_one() {
        for (text, bare, zoned) in [
            ("20270115T00:00:00", "2027-01-15T00:00:00", "2027-01-15T00:00:00Z"),
            ("20270131T10:20:30", "2027-01-31T10:20:30", "2027-01-31T10:20:30Z"),
            ("2027-01-15 10:20:30", "2027-01-15T10:20:30", "2027-01-15T10:20:30Z"),
            ("2027-01-15 10:20", "2027-01-15T10:20:00", "2027-01-15T10:20:00Z"),
            ("2027-01-15T10:20:30.250", "2027-01-15T10:20:30.250", "2027-01-15T10:20:30.250Z"),
            ("2027-01-15", "2027-01-15", "2027-01-15"),
            ("20270115", "2027-01-15", "2027-01-15"),
            ("2026-10-09T10:43:31.000Z", "2026-10-09T10:43:31Z", "2026-10-09T10:43:31Z"),
            ("2026-08-25T07:09:19-04:00", "2026-08-25T11:09:19Z", "2026-08-25T11:09:19Z"),
            ("20260825T23:09:19+0100", "2026-08-25T22:09:19Z", "2026-08-25T22:09:19Z"),
            (" 2027-01-15 ", "2027-01-15", "2027-01-15"),
        ] {
            let of = |zone| common(zone).date(text).map(|date| date.to_string());
            assert_eq!((of(None).as_deref(), of(Some("Z")).as_deref()), (Some(bare), Some(zoned)), "{text}");
        }
        assert_eq!(common(Some("+01:00")).date("20270115T00:30:00").unwrap().as_str(), "2027-01-14T23:30:00Z");
        for (text, common) in [
            ("01/02/2013", Some("2013-02-01")),
            ("25/10/2013 09:05", Some("2013-10-25T09:05:00")),
            ("2016-09-11 23:59:37", Some("2016-09-11T23:59:37")),
            ("30-Jun-2007", Some("2007-06-30")),
            ("1 sept 2010", Some("2010-09-01")),
            (" 11 Sep 2010 ", Some("2010-09-11")),
            ("13/13/2013", None),
            ("30/02/2013", None),
            ("1/2/13", None),
            ("TOTAL for 2013", None),
            ("1 may-be 2013", None),
            ("", None),
        ] {
            let found = self::common(None).text(text, &Plan::Written).map(|date| date.to_string());
            assert_eq!(found.as_deref(), common, "{text}");
        }
        for text in [
            "",
            "soon",
            "2026-10",
            "20270132T00:00:00",
            "2027-02-30T00:00:00",
            "20270115T24:00:00",
            "+0270115T00:00:00",
        ] {
            assert_eq!(common(None).date(text), None, "{text}");
        }
    }

    #[test]
    fn moments_are_found_where_the_catalogue_has_them() {
        let shapes: Vec<Shape> = serde_json::from_str(
            r#"[{"name":"s","fields":[{"name":"made","type":"date"},{"name":"ends","type":"int","form":"epoch"},
                {"name":"name","type":"string"},{"name":"in","type":"list:@s"},{"name":"by","type":"map:@s"},
                {"name":"days","type":"list:date"}]}]"#,
        )
        .unwrap();
        let method: Method = serde_json::from_str(r#"{"name":"a","returns":"list:@s"}"#).unwrap();
        let common = Common::of(&method, &shapes, &Provider::default());
        let mut value: Value = serde_json::from_str(
            r#"[{"made":"2027-01-15 10:00:00","ends":0,"name":"2027-01-15 10:00:00","in":[{"made":"20270115"}],
                "by":{"x":{"ends":"86400"}},"days":["20270115"],"other":5},{"made":"soon","ends":null}]"#,
        )
        .unwrap();
        if let Value::List(rows) = &mut value
            && let Some(Value::Map(row)) = rows.first_mut()
        {
            row.insert("typed", Value::Date(Date::verbatim("20270115T00:00:00")));
        }
        common.convert(&mut value);
        let shown = r#"[{"made":"2027-01-15T10:00:00","ends":"1970-01-01T00:00:00Z","name":"2027-01-15 10:00:00","#
            .to_owned()
            + r#""in":[{"made":"2027-01-15"}],"by":{"x":{"ends":"1970-01-02T00:00:00Z"}},"days":["2027-01-15"],"other":5,"#
            + r#""typed":"2027-01-15T00:00:00"},{"made":"soon","ends":null}]"#;
        assert_eq!(serde_json::to_string(&value).unwrap(), shown);
        assert_eq!(Common::of(&Method::default(), &shapes, &Provider::default()).plan(), &Plan::Typed);
        assert_eq!(common.plan().member("nothing"), &Plan::Typed);
    }

    proptest! {
        #[test]
        fn the_short_way_and_the_long_one_agree(text in "[0-9]{4}[01][0-9][0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]") {
            if let Some(short) = compact(&text) {
                let long = Date::parse(&text).map(|date| date.to_spaced().replace(' ', "T"));
                prop_assert_eq!(Some(short.as_str()), long.as_deref());
            }
        }

        #[test]
        fn moments_with_a_zone_are_in_the_order_of_time(
            one in 0i64..4_000_000_000, two in 0i64..4_000_000_000, hours in -11i64..12,
        ) {
            let written = |at: i64, hours: i64| {
                let local = Date::of_unix(at + hours * 3600).unwrap();
                let sign = if hours < 0 { '-' } else { '+' };
                format!("{}{sign}{:02}:00", local.as_str().trim_end_matches('Z'), hours.abs())
            };
            let common = common(None);
            let (first, second) = (common.date(&written(one, hours)).unwrap(), common.date(&written(two, 0)).unwrap());
            prop_assert_eq!(first.as_str().cmp(second.as_str()), one.cmp(&two));
        }
    }
}
