//! Whether a value that the provider shows is the one that was sent. Providers write some values in another way than they
//! were sent in: what may be the same is not counted as another.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::member::at;
use crate::Value;
use crate::instant::possible;
use crate::job::Condition;

/// How well a value is the one that is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It is another.
    No,
    /// It may be the same in another spelling.
    Nearly,
    /// It is the same.
    Yes,
}

impl Fit {
    /// `Nearly` if that is so.
    fn nearly(is_near: bool) -> Fit {
        if is_near { Fit::Nearly } else { Fit::No }
    }
}

/// How well what is at a path is what is looked for: of a list, each of its members must be there.
pub(super) fn fit(wanted: &Value, found: &[&Value]) -> Fit {
    let best = |wanted: &Value| found.iter().map(|found| same(wanted, found)).max().unwrap_or(Fit::No);
    let fit = match wanted {
        Value::List(all) => all.iter().map(best).min().unwrap_or(Fit::No),
        one => best(one),
    };
    fit.max(Fit::nearly(both_empty(wanted, found) || listed_otherwise(wanted, found)))
}

/// How well a member meets a condition. `Err` names a field that is missing.
pub(super) fn meets<'c>(condition: &'c Condition, member: &Value) -> Result<Fit, &'c str> {
    if condition.holds(member)? {
        return Ok(Fit::Yes);
    }
    let begins = |wanted: &Value, found: &Value| {
        let beginning = wanted.as_str().and_then(|text| text.strip_suffix('*'));
        beginning.is_some_and(|beginning| found.plain().to_lowercase().starts_with(&beginning.to_lowercase()))
    };
    let is_near = |(field, values): (&str, &[Value])| {
        let found = at(member, field);
        let is_one = |wanted: &Value| fit(wanted, &found) != Fit::No || found.iter().any(|found| begins(wanted, found));
        values.iter().any(is_one)
    };
    Ok(Fit::nearly(condition.wanted().all(is_near)))
}

/// Whether nothing was sent and nothing is there: an empty text, a null, an empty list and a missing field may be one.
fn both_empty(wanted: &Value, found: &[&Value]) -> bool {
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::Text(text) => text.trim().is_empty(),
        Value::List(members) => members.is_empty(),
        _ => false,
    };
    is_empty(wanted) && found.iter().all(|found| is_empty(found))
}

/// Whether it is the same list, in another order or with other separators: `80,443` and `443, 80`.
fn listed_otherwise(wanted: &Value, found: &[&Value]) -> bool {
    let there = words(found);
    match wanted {
        Value::List(members) => {
            let wanted = words(&members.iter().collect::<Vec<_>>());
            !wanted.is_empty() && wanted.iter().all(|word| there.contains(word))
        }
        one => {
            let wanted = words(&[one]);
            wanted.len() > 1 && wanted == there
        }
    }
}

/// The words of some plain values, sorted, each once.
fn words(values: &[&Value]) -> Vec<String> {
    let texts = values.iter().filter(|value| is_plain(value)).map(|value| bare(&value.plain()));
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    let words = texts.flat_map(|text| text.split(is_between).map(str::to_owned).collect::<Vec<_>>());
    let mut words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    words.sort();
    words.dedup();
    words
}

fn is_plain(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::List(_) | Value::Map(_) | Value::Secret(_))
}

fn same(wanted: &Value, found: &Value) -> Fit {
    if !is_plain(found) {
        return Fit::No;
    }
    let (one, other) = (wanted.plain(), found.plain());
    if one == other {
        return Fit::Yes;
    }
    if let Some(fit) = truths(wanted, found) {
        return fit;
    }
    if let (Some(one), Some(other)) = (Net::of(&one), Net::of(&other)) {
        return one.same(&other);
    }
    if let (Some(one), Some(other)) = (number(&one), number(&other)) {
        return Fit::nearly(one == other);
    }
    Fit::nearly(is_spelled_otherwise(&bare(&one), &bare(&other)) || may_be_same_time(wanted, found))
}

/// How well two texts without their outer marks are the same.
fn is_spelled_otherwise(one: &str, other: &str) -> bool {
    let is_part = |short: &str, long: &str| {
        let folders = long.strip_suffix(short).is_some_and(|folders| folders.ends_with('/'));
        // A name in a zone, with and without that zone.
        let zone = long.strip_prefix(short).is_some_and(|zone| zone.starts_with('.'));
        !short.is_empty() && (folders || zone)
    };
    let is_coded = |one: &str, other: &str| !one.is_ascii() && other.contains("xn--");
    one == other
        || is_part(one, other)
        || is_part(other, one)
        || is_coded(one, other)
        || is_coded(other, one)
        || (!one.is_ascii() || !other.is_ascii()) && simple(one) == simple(other)
}

/// A text without what services write around it, and without what they write in different ways.
fn bare(text: &str) -> String {
    const ESCAPED: &[(&str, &str)] = &[("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    let text = ESCAPED.iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain));
    let text = text.trim().trim_matches(['"', '\'']).trim().trim_end_matches('.').to_lowercase();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text without the characters that a service may not be able to write, and without what it writes in their place.
fn simple(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii() && *c != '?').collect()
}

/// How well two values are the same where one is true or false; `None` where none is.
fn truths(wanted: &Value, found: &Value) -> Option<Fit> {
    let truth = |value: &Value| match value.plain().trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" | "enabled" | "y" => Some(true),
        "false" | "0" | "no" | "off" | "disabled" | "n" => Some(false),
        _ => None,
    };
    match (wanted, found) {
        (Value::Bool(one), Value::Bool(other)) => Some(if one == other { Fit::Yes } else { Fit::No }),
        // What such a word means is not known.
        (Value::Bool(one), other) => Some(Fit::nearly(truth(other).is_none_or(|other| *one == other))),
        (one, Value::Bool(other)) => Some(Fit::nearly(truth(one) == Some(*other))),
        _ => None,
    }
}

/// A number without zeros that do not count.
fn number(text: &str) -> Option<(bool, String, String)> {
    let text = text.trim();
    let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let are_digits = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
    (!whole.is_empty() && are_digits(whole) && are_digits(part)).then(|| {
        let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
        (is_negative && (whole, part) != ("", ""), whole.to_owned(), part.to_owned())
    })
}

/// An address, or a network that has it.
struct Net {
    address: IpAddr,
    /// The bits of the network; `None` for an address alone.
    bits: Option<u32>,
}

impl Net {
    /// `192.0.2.1`, `192.0.2.0/24`, `192.0.2.0/255.255.255.0`, `2001:db8::/32`.
    fn of(text: &str) -> Option<Net> {
        let (address, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(at, bits)| (at, Some(bits)));
        let address: IpAddr = address.trim_matches(['[', ']']).parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let of_mask = |mask: &str| mask.parse::<Ipv4Addr>().ok().map(|mask| mask.to_bits().leading_ones());
        let bits = match bits {
            Some(bits) => Some(bits.parse().ok().or_else(|| of_mask(bits)).filter(|bits| *bits <= most)?),
            None => None,
        };
        Some(Net { address: address.to_canonical(), bits })
    }

    fn same(&self, other: &Net) -> Fit {
        match (self.bits, other.bits) {
            (None, None) if self.address == other.address => Fit::Yes,
            _ => Fit::nearly(self.network() == other.network()),
        }
    }

    /// Its first address, and its bits.
    fn network(&self) -> (IpAddr, u32) {
        match self.address {
            IpAddr::V4(address) => {
                let bits = self.bits.map_or(32, |bits| bits.min(32));
                let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
                (Ipv4Addr::from_bits(address.to_bits() & mask).into(), bits)
            }
            IpAddr::V6(address) => {
                let bits = self.bits.map_or(128, |bits| bits.min(128));
                let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
                (Ipv6Addr::from_bits(address.to_bits() & mask).into(), bits)
            }
        }
    }
}

/// Whether both are moments that may be the same.
fn may_be_same_time(one: &Value, other: &Value) -> bool {
    let moments = possible(one).zip(possible(other));
    moments.is_some_and(|(one, other)| one.start() <= other.end() && other.start() <= one.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn values_are_the_same_nearly_or_not() {
        for (wanted, found, expected) in [
            (r#""a""#, r#"["b","a"]"#, Fit::Yes),
            ("5", r#"["5"]"#, Fit::Yes),
            ("true", "[true]", Fit::Yes),
            (r#""Example.com""#, r#"["example.com."]"#, Fit::Nearly),
            (r#"" a""#, r#"["a"]"#, Fit::Nearly),
            (r#""a.gz""#, r#"["images/a.gz"]"#, Fit::Nearly),
            (r#""/oec/x/network/5""#, "[5]", Fit::Nearly),
            (r#""a.gz""#, r#"["data.gz"]"#, Fit::No),
            (r#""a""#, "[]", Fit::No),
            (r#""a""#, r#"[null,{"a":1},["a"]]"#, Fit::No),
            (r#"["a","b"]"#, r#"["b","c","a"]"#, Fit::Yes),
            (r#"["a","b"]"#, r#"["b","c","A"]"#, Fit::Nearly),
            (r#"["a","b"]"#, r#"["b","c"]"#, Fit::No),
            ("[]", r#"["a"]"#, Fit::No),
        ] {
            let found = value(found);
            let found: Vec<&Value> = found.as_list().unwrap().iter().collect();
            assert_eq!(fit(&value(wanted), &found), expected, "{wanted} {found:?}");
        }
    }

    #[test]
    fn what_a_provider_may_write_in_another_way_is_not_another_value() {
        let both = [
            // Addresses.
            (r#""2001:db8::1""#, r#""2001:0DB8:0:0:0:0:0:1""#, Fit::Yes),
            (r#""[2001:db8::1]""#, r#""2001:db8::1""#, Fit::Yes),
            (r#""::ffff:192.0.2.1""#, r#""192.0.2.1""#, Fit::Yes),
            (r#""2001:db8::1""#, r#""2001:db8::2""#, Fit::No),
            (r#""192.0.2.1""#, r#""192.0.2.10""#, Fit::No),
            (r#""192.0.2.1""#, r#""192.0.2.1/32""#, Fit::Nearly),
            (r#""2001:db8::1""#, r#""2001:db8:0::1/128""#, Fit::Nearly),
            (r#""192.0.2.0/24""#, r#""192.0.2.0/255.255.255.0""#, Fit::Nearly),
            (r#""192.0.2.7/24""#, r#""192.0.2.0/24""#, Fit::Nearly),
            (r#""2001:db8::7/32""#, r#""2001:db8::/32""#, Fit::Nearly),
            (r#""0.0.0.0/0""#, r#""192.0.2.0/24""#, Fit::No),
            (r#""192.0.2.0/24""#, r#""192.0.2.0/25""#, Fit::No),
            // Lists in a text.
            (r#""80,443""#, r#""443, 80""#, Fit::Nearly),
            (r#""80 443""#, r#""80;443""#, Fit::Nearly),
            (r#""80,443""#, r#""80""#, Fit::No),
            (r#""80""#, r#""8080""#, Fit::No),
            // Numbers.
            ("5", r#""5.0""#, Fit::Nearly),
            ("5", r#""5.00""#, Fit::Nearly),
            (r#""007""#, "7", Fit::Nearly),
            (r#""0""#, r#""-0.0""#, Fit::Nearly),
            ("5", r#""5.5""#, Fit::No),
            ("5", r#""50""#, Fit::No),
            ("5", r#""-5""#, Fit::No),
            ("9007199254740993", "9007199254740992", Fit::No),
            // True and false.
            ("true", "1", Fit::Nearly),
            ("true", r#""Yes""#, Fit::Nearly),
            ("false", r#""off""#, Fit::Nearly),
            ("true", "0", Fit::No),
            ("true", "false", Fit::No),
            // Moments.
            (r#""2011-08-01T10:00:00Z""#, r#""2011-08-01T12:00:00+02:00""#, Fit::Nearly),
            (r#""2011-08-01T10:00:00Z""#, r#""2011-08-01 10:00:00""#, Fit::Nearly),
            (r#""2011-08-01T10:00:00Z""#, "1312192800", Fit::Nearly),
            (r#""2011-08-01T10:00:00Z""#, r#""2011-08-03T10:00:00Z""#, Fit::No),
            // Names and texts.
            (r#""www""#, r#""www.example.com.""#, Fit::Nearly),
            (r#""www""#, r#""wwwexample.com""#, Fit::No),
            (r#""v=spf1 -all""#, r#""\"v=spf1 -all\"""#, Fit::Nearly),
            (r#""a & b""#, r#""a &amp; b""#, Fit::Nearly),
            (r#""a\n b""#, r#""a b""#, Fit::Nearly),
            (r#""Ärger""#, r#""ärger""#, Fit::Nearly),
            (r#""Ärger""#, r#""?rger""#, Fit::Nearly),
            (r#""bücher.example""#, r#""xn--bcher-kva.example""#, Fit::Nearly),
            (r#""ä""#, r#""b""#, Fit::No),
        ];
        for (one, other, expected) in both {
            for (wanted, found) in [(one, other), (other, one)] {
                assert_eq!(fit(&value(wanted), &[&value(found)]), expected, "{wanted} {found}");
            }
        }
    }

    #[test]
    fn a_condition_is_met_nearly_by_another_spelling() {
        let condition: Condition = serde_json::from_str(r#"{"state":["UP","PENDING_*"],"on":[true]}"#).unwrap();
        for (member, expected) in [
            (r#"{"state":"UP","on":true}"#, Ok(Fit::Yes)),
            (r#"{"state":"PENDING_X","on":true}"#, Ok(Fit::Yes)),
            (r#"{"state":"up","on":true}"#, Ok(Fit::Nearly)),
            (r#"{"state":"pending_x","on":true}"#, Ok(Fit::Nearly)),
            (r#"{"state":"UP","on":"1"}"#, Ok(Fit::Nearly)),
            (r#"{"state":"UP","on":false}"#, Ok(Fit::No)),
            (r#"{"state":"DOWN","on":true}"#, Ok(Fit::No)),
            (r#"{"state":"UP"}"#, Err("on")),
        ] {
            assert_eq!(meets(&condition, &value(member)), expected, "{member}");
        }
    }

    #[test]
    fn nothing_and_lists_are_written_in_several_ways() {
        for (wanted, found, expected) in [
            (r#""""#, "[]", Fit::Nearly),
            (r#""""#, "[null]", Fit::Nearly),
            (r#"" ""#, r#"[""]"#, Fit::Nearly),
            ("null", "[]", Fit::Nearly),
            ("null", r#"[""]"#, Fit::Nearly),
            ("[]", "[]", Fit::Nearly),
            ("[]", "[null]", Fit::Nearly),
            (r#""""#, r#"["a"]"#, Fit::No),
            (r#""a""#, r#"[""]"#, Fit::No),
            ("0", "[]", Fit::No),
            ("false", "[]", Fit::No),
            (r#"["80","443"]"#, r#"["443,80"]"#, Fit::Nearly),
            (r#"["80","443"]"#, r#"["22, 443, 80"]"#, Fit::Nearly),
            (r#"["80","443"]"#, r#"["80, 22"]"#, Fit::No),
            (r#""80,443""#, "[443,80]", Fit::Nearly),
            (r#""80,443""#, "[443,80,22]", Fit::No),
            // What a word means is not known.
            ("true", r#"["ACTIVE"]"#, Fit::Nearly),
            (r#""ACTIVE""#, "[true]", Fit::No),
        ] {
            let list = value(found);
            let found: Vec<&Value> = list.as_list().unwrap().iter().collect();
            assert_eq!(fit(&value(wanted), &found), expected, "{wanted} {found:?}");
        }
    }
}
