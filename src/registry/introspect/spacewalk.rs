//! `api.getApiCallList` of Spacewalk and its kin (Uyuni, SUSE Manager, Satellite 5): a dictionary of namespaces, each a
//! dictionary of methods with the types of their parameters.

use std::collections::BTreeMap;

use super::signature::{self, Signature};
use super::text;
use crate::listed::{Listed, Parameter};
use model::{Type, Value};

/// The parameter that the session puts in front.
const SESSION: &str = "sessionKey";

/// The methods; `None` if the answer is not a dictionary of dictionaries. Entries of the same name are ways to call the
/// same method.
pub fn methods(answer: &Value) -> Option<Vec<Listed>> {
    let Value::Map(namespaces) = answer else { return None };
    let mut found: BTreeMap<String, Vec<Signature>> = BTreeMap::new();
    for (namespace, entries) in namespaces.iter() {
        let Value::Map(entries) = entries else { return None };
        for (_, entry) in entries.iter() {
            let own = entry.get("name").and_then(Value::as_str)?;
            let Some(name) = text::name(&format!("{namespace}.{own}")) else { continue };
            if found.len() < text::METHODS {
                found.entry(name).or_default().push(signature(entry));
            }
        }
    }
    Some(found.into_iter().map(|(name, signatures)| method(&name, &signatures)).collect())
}

fn signature(entry: &Value) -> Signature {
    let types = entry.get("parameters").and_then(Value::as_list).unwrap_or_default();
    let types = types.iter().filter_map(Value::as_str).filter(|word| *word != SESSION);
    let of = |word: &str| signature::named(word).unwrap_or_default();
    Signature {
        returns: entry.get("return").and_then(Value::as_str).map(of).unwrap_or_default(),
        params: types.take(text::PARAMS).map(of).collect(),
    }
}

fn method(name: &str, signatures: &[Signature]) -> Listed {
    let most = signatures.iter().map(|it| it.params.len()).max().unwrap_or_default();
    let least = signatures.iter().map(|it| it.params.len()).min().unwrap_or_default();
    let one = |nth: usize| {
        let type_: Type = signature::common(signatures.iter().filter_map(|it| it.params.get(nth)));
        Parameter { name: format!("arg{}", nth + 1), type_, required: nth < least, ..Parameter::default() }
    };
    let returns = signature::common(signatures.iter().map(|it| &it.returns));
    Listed { params: Some((0..most).map(one).collect()), returns, described: true, ..Listed::from(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_become_names_and_the_session_is_no_parameter() {
        let answer = r#"{
            "system":{
                "system.deleteSystem_string_int":{"name":"deleteSystem","parameters":["sessionKey","int"],"exceptions":[],"return":"int"},
                "system.getName_string_int":{"name":"getName","parameters":["sessionKey","int"],"return":"struct"},
                "system.getName_string_int_string":{"name":"getName","parameters":["sessionKey","int","string"],"return":"struct"}},
            "api":{"api.getVersion":{"name":"getVersion","parameters":[],"return":"string"}}
        }"#;
        let methods = methods(&serde_json::from_str(answer).unwrap()).unwrap();
        let shown = |it: &Listed| {
            let param = |it: &Parameter| format!("{}{} {}", it.name, if it.required { "!" } else { "" }, it.type_);
            let params = it.params.iter().flatten().map(param).collect::<Vec<_>>().join(", ");
            format!("{}({params}) {}", it.name, it.returns)
        };
        assert_eq!(
            methods.iter().map(shown).collect::<Vec<_>>(),
            [
                "api.getVersion() string",
                "system.deleteSystem(arg1! int) int",
                "system.getName(arg1! int, arg2 string) dict"
            ]
        );
    }
}
