//! Texts made up from a format, a pattern or the name of a field.

use openapi::Schema;

use super::pattern;
use super::words;
use crate::kit::random::Random;

/// What is known about the object that values are made up for.
#[derive(Clone, Debug)]
pub(super) struct About {
    /// The number of the object among those of its kind.
    pub(super) number: i64,
    /// A word for objects of its kind.
    pub(super) word: String,
    /// The time that dates show.
    pub(super) moment: String,
}

/// A text for a field.
pub(super) fn text(schema: &Schema, name: &str, about: &About) -> String {
    if !schema.pattern.is_empty()
        && schema.format.is_empty()
        && let Some(text) = pattern::example(&schema.pattern, about.number)
    {
        return text;
    }
    of_length(schema, formatted(&schema.format, about).unwrap_or_else(|| named(name, about)))
}

/// A text of that format.
pub(super) fn formatted(format: &str, about: &About) -> Option<String> {
    let last = about.number.rem_euclid(200).saturating_add(9);
    Some(match format {
        "date-time" => about.moment.clone(),
        "date" => about.moment.get(..10).unwrap_or_default().to_owned(),
        "time" => about.moment.get(11..).unwrap_or_default().to_owned(),
        "uuid" => uuid(&format!("{} {}", about.word, about.number)),
        "ipv4" | "ip" => format!("192.0.2.{last}"),
        "ipv6" => format!("2001:db8::{last:x}"),
        "email" | "idn-email" => "admin@example.com".to_owned(),
        "uri" | "url" | "iri" | "uri-reference" => format!("https://example.com/{}/{}", about.word, about.number),
        "hostname" | "idn-hostname" => format!("{}-{}.example.com", about.word, about.number),
        "byte" => "ZXhhbXBsZQ==".to_owned(),
        "password" => "an-example-password".to_owned(),
        _ => return None,
    })
}

/// An identifier of that form, the same for the same text.
pub(super) fn uuid(of: &str) -> String {
    let digits = Random::of(of).id();
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default().to_owned();
    // Version 4, variant 1.
    format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

fn named(name: &str, about: &About) -> String {
    let About { number, word, .. } = about;
    let plain = words::plain(name);
    let ends = |ends: &[&str]| ends.iter().any(|end| plain.ends_with(end));
    let format = match () {
        () if ends(&["url", "uri", "href", "link"]) => "uri",
        () if ends(&["email"]) => "email",
        () if plain == "ip" || ends(&["ipaddress", "ipv4", "ip4"]) => "ipv4",
        () if ends(&["ipv6"]) => "ipv6",
        () if ends(&["hostname", "fqdn", "domain", "host"]) => "hostname",
        () if ends(&["password", "secret"]) => "password",
        () if ends(&["uuid", "guid"]) => "uuid",
        () if words::is_creation(name) => "date-time",
        () => "",
    };
    if let Some(text) = formatted(format, about) {
        return text;
    }
    match plain.as_str() {
        "id" | "name" | "slug" | "login" | "label" | "username" | "title" | "identifier" => format!("{word}-{number}"),
        "description" | "comment" | "note" | "summary" => format!("An example of a {word}"),
        "currency" => "EUR".to_owned(),
        "country" => "DE".to_owned(),
        "version" => "1.0".to_owned(),
        "error" | "message" => String::new(),
        _ => "example".to_owned(),
    }
}

/// A text of an allowed length.
fn of_length(schema: &Schema, text: String) -> String {
    let least = schema.shortest.unwrap_or_default().min(4096);
    let long = text.chars().chain(std::iter::repeat_n('x', least.saturating_sub(text.chars().count())));
    long.take(schema.longest.unwrap_or(usize::MAX).max(least)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::about;
    use super::*;

    #[test]
    fn texts_follow_format_name_and_length() {
        for (format, name, lengths, made) in [
            ("date-time", "x", (None, None), "2011-08-01T09:00:00Z"),
            ("date", "x", (None, None), "2011-08-01"),
            ("ipv4", "x", (None, None), "192.0.2.10"),
            ("ipv6", "x", (None, None), "2001:db8::a"),
            ("uri", "x", (None, None), "https://example.com/thing/1"),
            ("", "avatar_url", (None, None), "https://example.com/thing/1"),
            ("", "name", (None, None), "thing-1"),
            ("", "contactEmail", (None, None), "admin@example.com"),
            ("", "other", (None, Some(3)), "exa"),
            ("", "other", (Some(9), None), "examplexx"),
            ("strange", "created_at", (None, None), "2011-08-01T09:00:00Z"),
        ] {
            let schema = Schema { format: format.into(), shortest: lengths.0, longest: lengths.1, ..Schema::default() };
            assert_eq!(text(&schema, name, &about()), made, "{format} {name}");
        }
        let schema = Schema { pattern: "^[a-z]{3}$".into(), ..Schema::default() };
        assert_eq!(text(&schema, "name", &about()), "bbb");
        assert_eq!((uuid("a"), uuid("a").len(), uuid("a") == uuid("b")), (uuid("a"), 36, false));
    }
}
