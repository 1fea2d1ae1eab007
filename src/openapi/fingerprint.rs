//! What of an operation a review depends on, as one short text: its verb, its path, its parameters and its body. Words that
//! only describe it do not count.

use super::kinds::Kinds;
use super::operation::{Content, Operation};
use super::schema::Schema;

/// How deep the body is looked at.
const DEEPEST: usize = 4;

/// The hash of an operation.
pub(crate) fn fingerprint(operation: &Operation<'_>) -> String {
    let mut hash = Hash::default();
    hash.add(operation.verb.as_str());
    hash.add(operation.path);
    let mut params: Vec<String> = operation
        .params
        .iter()
        .map(|param| format!("{} {:?} {} {}", param.name, param.place, param.required, param.schema.is_some()))
        .collect();
    params.sort();
    params.iter().for_each(|param| hash.add(param));
    for param in operation.params.iter().filter_map(|param| param.schema) {
        schema(&Schema::of(param), &mut hash, 1);
    }
    for media in operation.body.iter().flat_map(|body| &body.media) {
        hash.add(&media.kind);
        match &media.content {
            Content::Schema(node) => schema(&Schema::of(*node), &mut hash, DEEPEST),
            Content::Fields(fields) => fields.iter().for_each(|field| hash.add(field.name)),
            Content::Anything => hash.add("*"),
        }
    }
    format!("{:016x}", hash.0)
}

fn schema(it: &Schema<'_>, hash: &mut Hash, left: usize) {
    let Kinds { string, integer, number, boolean, object, array } = it.kinds;
    hash.add(&format!("{:?}", [string, integer, number, boolean, object, array]));
    it.choices.iter().for_each(|choice| hash.add(&choice.plain()));
    if left == 0 {
        return;
    }
    if let Some(items) = it.items {
        schema(&Schema::of(items), hash, left - 1);
    }
    let mut properties: Vec<_> = it.properties.iter().collect();
    properties.sort_by_key(|property| property.name);
    for property in properties {
        hash.add(property.name);
        schema(&property.schema(), hash, left - 1);
    }
}

/// FNV-1a with 64 bits: it notices what has changed, and need not withstand anybody.
struct Hash(u64);

impl Default for Hash {
    fn default() -> Hash {
        Hash(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front;
    use crate::library::Library;

    fn of(keys: &str) -> String {
        let text = format!(r#"{{"openapi":"3.0.0","paths":{{"/a":{{"post":{{{keys}}}}}}}}}"#);
        let library = Library::of(serde_json::from_str(&text).unwrap());
        fingerprint(&front::read(&library).unwrap().operations[0])
    }

    #[test]
    fn words_do_not_count_and_what_is_sent_does() {
        let body =
            |schema: &str| format!(r#""requestBody":{{"content":{{"application/json":{{"schema":{schema}}}}}}}"#);
        let usual = of(&body(r#"{"properties":{"a":{"type":"string"},"b":{"enum":["x"]}}}"#));
        assert_eq!(usual.len(), 16);
        let reworded = body(
            r#"{"description":"D","properties":{"b":{"enum":["x"],"example":"x"},"a":{"type":"string","title":"A"}}}"#,
        );
        assert_eq!(of(&format!(r#""summary":"S",{reworded}"#)), usual);
        for changed in [
            body(r#"{"properties":{"a":{"type":"integer"},"b":{"enum":["x"]}}}"#),
            body(r#"{"properties":{"a":{"type":"string"},"b":{"enum":["x","y"]}}}"#),
            body(r#"{"properties":{"a":{"type":"string"}}}"#),
            format!(
                r#""parameters":[{{"name":"q","in":"query"}}],{}"#,
                body(r#"{"properties":{"a":{"type":"string"},"b":{"enum":["x"]}}}"#)
            ),
        ] {
            assert_ne!(of(&changed), usual, "{changed}");
        }
    }
}
