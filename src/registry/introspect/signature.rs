//! `system.methodSignature`: the types of a result and of the parameters, in every form in which services send them.

use super::text;
use model::{Type, Value};

/// One way to call a method.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// The type of the result.
    pub returns: Type,
    /// The types of the parameters, in order.
    pub params: Vec<Type>,
}

/// How deep lists may be inside each other.
const DEEPEST: usize = 4;
/// The most signatures of a method.
const MOST: usize = 50;

/// The signatures in an answer: a list of lists, as the convention says, one flat list, or one text with the types in
/// it. Anything else, such as a sentence, is none.
pub fn read(answer: &Value) -> Vec<Signature> {
    let mut found = Vec::new();
    gather(answer, DEEPEST, &mut found);
    found
}

fn gather(answer: &Value, depth: usize, found: &mut Vec<Signature>) {
    match answer {
        Value::Text(text) => found.extend(one(text.split([',', ' ', '\n']).filter(|word| !word.is_empty()))),
        Value::List(list) if list.iter().all(|it| matches!(it, Value::Text(_))) => {
            found.extend(one(list.iter().filter_map(Value::as_str)));
        }
        Value::List(list) if depth > 0 => list.iter().take(MOST).for_each(|it| gather(it, depth - 1, found)),
        _ => {}
    }
}

/// A signature; `None` if the words are no types. The types of parameters may be unknown to this program, but not all of
/// the words may be.
fn one<'w>(words: impl Iterator<Item = &'w str>) -> Option<Signature> {
    let words: Vec<&str> = words.take(text::PARAMS + 1).collect();
    let known = words.iter().any(|word| named(word).is_some());
    let like_types = words.iter().all(|word| !word.contains(char::is_whitespace) && word.len() <= 64);
    let types = words.iter().map(|word| named(word).unwrap_or_default());
    // A sentence in a text may contain a word that is a type by chance.
    let sentence = words.iter().any(|word| word.ends_with(['.', ':']));
    let mut types = types.collect::<Vec<_>>().into_iter();
    (known && like_types && !sentence)
        .then(|| Signature { returns: types.next().unwrap_or_default(), params: types.collect() })
}

/// The type of that name, in the words of XML-RPC, PHP, Python and Java.
pub(super) fn named(word: &str) -> Option<Type> {
    let word = word.trim_matches(['{', '}', '<', '>', '(', ')']).to_ascii_lowercase();
    let list = || Type::List(Box::new(Type::Any));
    Some(match word.as_str() {
        "int" | "i1" | "i2" | "i4" | "i8" | "integer" | "long" => Type::Int,
        "boolean" | "bool" => Type::Boolean,
        "string" | "str" | "text" => Type::String,
        "double" | "float" | "number" => Type::Float,
        "datetime.iso8601" | "datetime" | "date" | "$date" => Type::Date,
        "base64" | "binary" | "bytes" => Type::Bytes,
        "array" | "list" | "tuple" | "set" => list(),
        "struct" | "dict" | "hash" | "map" | "object" => Type::Dict,
        "nil" | "null" | "none" | "void" => Type::None,
        "any" | "mixed" => Type::Any,
        word => match word.strip_suffix("[]").or_else(|| word.strip_prefix("array[")?.strip_suffix(']')) {
            Some(member) => Type::List(Box::new(named(member).unwrap_or_default())),
            None => return None,
        },
    })
}

/// The type that all have in common.
pub(super) fn common<'t>(mut types: impl Iterator<Item = &'t Type>) -> Type {
    let Some(first) = types.next() else { return Type::Any };
    if types.all(|other| other == first) { first.clone() } else { Type::Any }
}

/// The types of a value that may be one of several, in the order in which a word without a type is tried. None where one
/// of them is text: every word is text, so nothing would be tried after it.
pub(super) fn alternatives<'t>(types: impl Iterator<Item = &'t Type>) -> Vec<Type> {
    let types: Vec<&Type> = types.collect();
    let scalars = [Type::Int, Type::Float, Type::Boolean];
    if types.iter().all(|it| scalars.contains(it)) {
        scalars.into_iter().filter(|it| types.contains(&it)).collect()
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_several_types_is_read_as_the_first_that_fits() {
        use Type::{Boolean, Date, Float, Int, String};
        for (types, tried) in [
            (vec![Float, Int], vec![Int, Float]),
            (vec![Boolean, Int, Int], vec![Int, Boolean]),
            (vec![Int, String], vec![]),
            (vec![Int, Date], vec![]),
            (vec![], vec![]),
        ] {
            assert_eq!(alternatives(types.iter()), tried, "{types:?}");
        }
    }

    fn shown(json: &str) -> Vec<String> {
        let answer: Value = serde_json::from_str(json).unwrap();
        let one = |it: &Signature| {
            let params = it.params.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            format!("({params}) {}", it.returns)
        };
        read(&answer).iter().map(one).collect()
    }

    #[test]
    fn signatures_are_read_in_all_their_forms() {
        for (json, signatures) in [
            (r#"[["int","int","string"]]"#, &["(int, string) int"][..]),
            (r#"[["string"],["string","struct"]]"#, &["() string", "(dict) string"]),
            (r#"["boolean","string","boolean"]"#, &["(string, boolean) boolean"]),
            (r#"[[["array","base64"]]]"#, &["(bytes) list"]),
            (r#""array, string int""#, &["(string, int) list"]),
            (r#""signatures not supported""#, &[]),
            (r#""none/array""#, &[]),
            (r#"["undef"]"#, &[]),
            (r#"["undef","int"]"#, &["(int) any"]),
            (
                r#"["dateTime.iso8601","i4","nil","string[]","array[int]"]"#,
                &["(int, none, list:string, list:int) date"],
            ),
            (r#""Returns: a list of names.""#, &[]),
            ("[]", &[]),
            ("5", &[]),
            ("[[5]]", &[]),
            (r#"{"int":"int"}"#, &[]),
        ] {
            assert_eq!(shown(json), signatures, "{json}");
        }
    }

    #[test]
    fn a_hostile_signature_ends() {
        let deep = format!("{}\"int\"{}", "[".repeat(60), "]".repeat(60));
        assert_eq!(shown(&deep).len(), 0);
        let wide = format!("[{}\"int\"]", "\"int\",".repeat(5_000));
        assert_eq!(shown(&wide)[0].matches("int").count(), text::PARAMS + 1);
        let many = format!("[{}[\"int\"]]", "[\"int\"],".repeat(5_000));
        assert_eq!(shown(&many).len(), MOST);
    }

    #[test]
    fn what_differs_could_be_anything() {
        assert_eq!(common([Type::Int, Type::Int].iter()), Type::Int);
        assert_eq!(common([Type::Int, Type::Date].iter()), Type::Any);
        assert_eq!(common([].iter()), Type::Any);
    }
}
