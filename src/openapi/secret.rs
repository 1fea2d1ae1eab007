//! Which values are secret: documents hardly ever say so, so it is known by the name.

use super::schema::Schema;
use super::words::parts;

/// Words that make a name that of a secret, wherever they are in it.
const WORDS: [&str; 13] = [
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "secret",
    "secrets",
    "kubeconfig",
    "userdata",
    "privatekey",
    "credential",
    "credentials",
    "psk",
    "otp",
];
/// The same for words that follow each other.
const PHRASES: [&str; 9] = [
    "user_data",
    "private_key",
    "api_key",
    "access_key",
    "secret_key",
    "auth_key",
    "client_key",
    "encryption_key",
    "shared_key",
];
/// What is before `token` where it only marks a place in a list.
const PLACES: [&str; 8] = ["next", "page", "continue", "continuation", "previous", "sync", "cursor", "starting"];
/// What is behind any of these words where the value only describes the secret.
const ABOUT: [&str; 22] = [
    "id",
    "ids",
    "name",
    "names",
    "fingerprint",
    "url",
    "uri",
    "type",
    "policy",
    "length",
    "expires",
    "expiry",
    "at",
    "required",
    "enabled",
    "count",
    "hint",
    "version",
    "public",
    "created",
    "updated",
    "ttl",
];

/// Whether the value of that name is a password or a key. `beside` are the names beside it.
pub(crate) fn is_secret<'n>(name: &str, schema: &Schema<'_>, beside: impl Iterator<Item = &'n str>) -> bool {
    let kinds = schema.kinds;
    if schema.format == "password" {
        return true;
    }
    let beside: Vec<&str> = beside.collect();
    if is_address_with_password(name, beside.iter().copied()) {
        return true;
    }
    let single = (kinds.string || kinds.none() || kinds.array && listed_texts(schema)) && !schema.is_record();
    if !single || !schema.choices.is_empty() || ["date", "date-time", "uri"].contains(&schema.format) {
        return false;
    }
    let words = parts(name);
    let last = words.last().map(String::as_str).unwrap_or_default();
    let public = words.iter().any(|word| word == "public" || word == "ssh" || word == "pub");
    if public || ABOUT.contains(&last) {
        return false;
    }
    let joined = words.join("_");
    words.iter().any(|word| WORDS.contains(&word.as_str()))
        || PHRASES.iter().any(|phrase| joined.contains(phrase))
        || is_token(&words)
        || joined == "auth"
        || match joined.as_str() {
            "key" => is_bare_key(schema, beside.into_iter()),
            "connection_string" | "connection_uri" | "dsn" => true,
            _ => false,
        }
}

/// Whether a value is an address with a password in it: it stands beside that password.
fn is_address_with_password<'n>(name: &str, mut beside: impl Iterator<Item = &'n str>) -> bool {
    ["uri", "url"].contains(&name) && beside.any(|name| name == "password")
}

fn listed_texts(schema: &Schema<'_>) -> bool {
    schema.items.is_some_and(|items| Schema::of(items).kinds.string)
}

/// A token, unless it marks a place in a list.
fn is_token(words: &[String]) -> bool {
    let before = |nth: usize| nth.checked_sub(1).and_then(|nth| words.get(nth)).map(String::as_str).unwrap_or_default();
    let mut places = words.iter().enumerate().filter(|(_, word)| ["token", "tokens"].contains(&word.as_str()));
    places.any(|(nth, _)| !PLACES.contains(&before(nth)))
}

/// A name that is nothing but `key`: the key of a pair, a public key, or a secret.
fn is_bare_key<'n>(schema: &Schema<'_>, mut beside: impl Iterator<Item = &'n str>) -> bool {
    let said = schema.description.to_lowercase();
    let public = ["public", "ssh", "label", "tag"].iter().any(|word| said.contains(word));
    !public && !beside.any(|name| ["value", "values", "public_key", "fingerprint", "read_only"].contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Library;
    use crate::node::Node;

    fn secret(name: &str, schema: &str, beside: &[&str]) -> bool {
        let library = Library::of(serde_json::from_str(schema).unwrap());
        is_secret(name, &Schema::of(Node::root(&library).unwrap()), beside.iter().copied())
    }

    #[test]
    fn secrets_are_known_by_name() {
        for (name, is) in [
            ("root_password", true),
            ("rootPassword", true),
            ("token", true),
            ("access_token", true),
            ("secret", true),
            ("secret_access_key", true),
            ("private_key", true),
            ("privatekey", true),
            ("kubeconfig", true),
            ("user_data", true),
            ("apiKey", true),
            ("key", true),
            ("next_token", false),
            ("page_token", false),
            ("token_id", false),
            ("secret_name", false),
            ("public_key", false),
            ("ssh_keys", false),
            ("password_expires", false),
            ("keyboard", false),
            ("name", false),
            ("", false),
        ] {
            assert_eq!(secret(name, r#"{"type":"string"}"#, &[]), is, "{name}");
        }
    }

    #[test]
    fn the_kind_of_a_value_counts_too() {
        for (name, schema, beside, is) in [
            ("password", r#"{"type":"boolean"}"#, &[][..], false),
            ("secret", r#"{"type":"object","properties":{"id":{}}}"#, &[], false),
            ("secrets", r#"{"type":"array","items":{"type":"string"}}"#, &[], true),
            ("secrets", r#"{"type":"array","items":{"type":"object"}}"#, &[], false),
            ("token", r#"{"enum":["a","b"]}"#, &[], false),
            ("pin", r#"{"type":"string","format":"password"}"#, &[], true),
            ("key", r#"{"type":"string"}"#, &["value"], false),
            ("uri", r#"{"type":"string"}"#, &["host", "password"], true),
            ("uri", r#"{"type":"string"}"#, &["host"], false),
            ("auth", r#"{"type":"string"}"#, &[], true),
            ("auth", r#"{"type":"boolean"}"#, &[], false),
            ("key", r#"{"type":"string","description":"An armored SSH key"}"#, &[], false),
        ] {
            assert_eq!(secret(name, schema, beside), is, "{name} {schema}");
        }
    }
}
