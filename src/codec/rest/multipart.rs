//! Bodies in parts (RFC 7578): values as text, files as they are.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::given::Given;
use super::json;
use super::leaf::{Leaf, flatten};
use model::escape::Escape;
use model::http::Body;
use model::{Map, Value};

/// Writes the constant fields and the values of a call, and returns the media type with the body. `types` has the media
/// types of some parts, by the names of their parameters.
pub(super) fn write(types: &BTreeMap<String, String>, fixed: &Map, given: &[&Given<'_>]) -> (String, Body) {
    let boundary = boundary(given);
    let mut parts = Parts { body: Body::default(), boundary: &boundary };
    fixed.iter().for_each(|(name, value)| parts.add((name, None), value, false));
    for given in given {
        let media = types.get(&*given.name).map(String::as_str);
        parts.add((&given.wire, media), given.value, given.repeats());
    }
    parts.body.push(&format!("--{boundary}--\r\n"));
    (format!("multipart/form-data; boundary={boundary}"), parts.body)
}

/// What is between the parts: the same for the same values, so that a request can be shown before it is sent, and in
/// none of them. Files are not looked through: 64 bits of a hash are in none by chance.
fn boundary(given: &[&Given<'_>]) -> String {
    let mut attempt = 0_u32;
    loop {
        let mut hasher = DefaultHasher::new();
        attempt.hash(&mut hasher);
        given.iter().for_each(|given| feed(given.value, &mut hasher));
        let boundary = format!("marsh-{:016x}", hasher.finish());
        if !given.iter().any(|given| contains(given.value, &boundary)) {
            return boundary;
        }
        attempt += 1;
    }
}

fn feed(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::File(file) => file.digest.hash(hasher),
        Value::Bytes(bytes) => bytes.hash(hasher),
        Value::List(list) => list.iter().for_each(|member| feed(member, hasher)),
        Value::Map(map) => map.iter().for_each(|(_, member)| feed(member, hasher)),
        Value::Secret(_) => {}
        single => single.plain().hash(hasher),
    }
}

fn contains(value: &Value, boundary: &str) -> bool {
    match value {
        Value::Text(text) => text.contains(boundary),
        Value::Bytes(bytes) => bytes.windows(boundary.len()).any(|window| window == boundary.as_bytes()),
        Value::List(list) => list.iter().any(|member| contains(member, boundary)),
        Value::Map(map) => map.iter().any(|(_, member)| contains(member, boundary)),
        _ => false,
    }
}

struct Parts<'p> {
    body: Body,
    boundary: &'p str,
}

impl Parts<'_> {
    /// Adds the parts of a value: one, or for lists and dictionaries those of a form.
    fn add(&mut self, (name, media): (&str, Option<&str>), value: &Value, repeats: bool) {
        match value {
            Value::File(file) => {
                self.head(name, Some(file.name()), Some(media.unwrap_or(BYTES)));
                self.body.file(file);
                self.body.push("\r\n");
            }
            Value::Bytes(bytes) => {
                self.head(name, Some(name), Some(media.unwrap_or(BYTES)));
                self.body.bytes(bytes);
                self.body.push("\r\n");
            }
            Value::List(list) if list.iter().any(|member| matches!(member, Value::File(_) | Value::Bytes(_))) => {
                for (index, member) in list.iter().enumerate() {
                    let name = if repeats { name.to_owned() } else { format!("{name}[{index}]") };
                    self.add((&name, media), member, false);
                }
            }
            Value::List(list) if repeats && media.is_some_and(is_json) => {
                list.iter().for_each(|member| self.json(name, media, member));
            }
            Value::List(_) | Value::Map(_) if media.is_some_and(is_json) => self.json(name, media, value),
            value => flatten(name, value, repeats).into_iter().for_each(|(name, leaf)| self.text(&name, &leaf, media)),
        }
    }

    /// A value as JSON, whatever is in it.
    fn json(&mut self, name: &str, media: Option<&str>, value: &Value) {
        self.head(name, None, media);
        self.body.nest(json::write_whole(value), Escape::Nothing);
        self.body.push("\r\n");
    }

    fn text(&mut self, name: &str, leaf: &Leaf<'_>, media: Option<&str>) {
        self.head(name, None, media);
        match leaf {
            Leaf::Plain(text) => self.body.push(text),
            Leaf::Sealed(secret) => self.body.seal(secret, Escape::Nothing),
        }
        self.body.push("\r\n");
    }

    /// The head of a part, with the name of its file and its media type.
    fn head(&mut self, name: &str, file: Option<&str>, media: Option<&str>) {
        let boundary = self.boundary;
        self.body.push(&format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(name)));
        if let Some(file) = file {
            self.body.push(&format!("; filename=\"{}\"", quoted(file)));
        }
        if let Some(media) = media {
            self.body.push(&format!("\r\nContent-Type: {media}"));
        }
        self.body.push("\r\n\r\n");
    }
}

/// The media type of a file of which nothing is known.
const BYTES: &str = "application/octet-stream";

/// Whether lists and dictionaries of this media type are JSON.
fn is_json(media: &str) -> bool {
    let kind = media.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json") || kind.to_ascii_lowercase().ends_with("+json")
}

/// A name between quotes, as browsers write it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use model::route::Place;
    use model::{Secret, Upload};

    fn of<'c>((name, value): (&'c str, &'c Value)) -> Given<'c> {
        Given { name: name.into(), wire: name.into(), param: None, value, place: Place::Body }
    }

    fn written(fixed: &Map, values: &Map) -> (String, String) {
        let given: Vec<Given<'_>> = values.iter().map(of).collect();
        let types = [("photo", "image/png"), ("meta", "application/json"), ("note", "text/markdown; charset=utf-8")];
        let types = types.into_iter().map(|(name, media)| (name.to_owned(), media.to_owned())).collect();
        let (media, body) = write(&types, fixed, &given.iter().collect::<Vec<_>>());
        let boundary = media.strip_prefix("multipart/form-data; boundary=").unwrap().to_owned();
        (body.preview(), boundary)
    }

    #[test]
    fn values_and_files_are_parts() {
        let file = Upload { path: "/tmp/a \"b\".img".into(), size: 5, digest: "ab".into() };
        let values = Map::from_iter([
            ("label", Value::from("two\nlines")),
            ("tags", Value::List(vec!["x".into()])),
            ("image", Value::File(Box::new(file))),
            ("raw", Value::Bytes(vec![0, 255])),
            ("password", Value::Secret(Secret::new("canary"))),
            ("photo", Value::List(vec![Value::Bytes(vec![1])])),
            ("meta", Value::Map(Map::from_iter([("a", Value::from(1)), ("b", Value::Secret(Secret::new("canary")))]))),
            ("note", Value::from("*x*")),
        ]);
        let (body, boundary) = written(&Map::from_iter([("kind", "disk")]), &values);
        let head = |rest: &str| format!("--B\r\nContent-Disposition: form-data; name={rest}\r\n\r\n");
        let file = |rest: &str| head(&format!("{rest}\r\nContent-Type: application/octet-stream"));
        let parts = [
            head("\"kind\"") + "disk",
            head("\"label\"") + "two\nlines",
            head("\"tags[0]\"") + "x",
            file("\"image\"; filename=\"a %22b%22.img\"") + "(a \"b\".img: 5 bytes, sha256 ab)",
            file("\"raw\"; filename=\"raw\"") + "(2 bytes)",
            head("\"password\"") + "(redacted)",
            head("\"photo[0]\"; filename=\"photo[0]\"\r\nContent-Type: image/png") + "(1 bytes)",
            head("\"meta\"\r\nContent-Type: application/json") + "{\"a\":1,\"b\":\"(redacted)\"}",
            head("\"note\"\r\nContent-Type: text/markdown; charset=utf-8") + "*x*",
        ];
        assert_eq!(body.replace(&boundary, "B"), parts.join("\r\n") + "\r\n--B--\r\n");
    }

    proptest! {
        #[test]
        fn the_parts_can_be_told_apart(values in proptest::collection::vec("[ -~\r\n]{0,30}", 1..5)) {
            let map: Map = values.iter().enumerate().map(|(nth, value)| (format!("v{nth}"), value.as_str())).collect();
            let (body, boundary) = written(&Map::new(), &map);
            let mark = format!("--{boundary}");
            let parts: Vec<&str> = body.split(&mark).skip(1).collect();
            prop_assert_eq!(parts.last(), Some(&"--\r\n"));
            let read: Vec<&str> = parts.iter().filter_map(|part| part.split_once("\r\n\r\n")?.1.strip_suffix("\r\n")).collect();
            prop_assert_eq!(read, values.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_boundary_is_in_no_value() {
        let once = written(&Map::new(), &Map::from_iter([("a", "x")])).1;
        let (body, boundary) = written(&Map::new(), &Map::from_iter([("a", format!("x{once}"))]));
        assert_eq!(body.matches(&boundary).count(), 2);
    }
}
