//! `JSONRPC.Introspect` of Kodi: methods with schemas of its own kind, and the permission that each needs.

use super::schema::{self, members};
use super::text;
use crate::listed::{Listed, Parameter};
use model::{Effect, Map, Value};

/// The methods; `None` if the answer is not such a description.
pub fn methods(answer: &Value) -> Option<Vec<Listed>> {
    let methods = members(answer.get("methods"))?;
    let nothing = Map::new();
    let types = members(answer.get("types")).unwrap_or(&nothing);
    let all = methods.iter().filter_map(|(name, method)| one(name, members(Some(method))?, types));
    Some(all.take(text::METHODS).collect())
}

fn one(name: &str, method: &Map, types: &Map) -> Option<Listed> {
    let find = |name: &str| types.get(name);
    let params = method.get("params").and_then(Value::as_list);
    let params = params.map(|all| all.iter().take(text::PARAMS).map(|it| param(it, types)).collect::<Option<Vec<_>>>());
    let description = method.get("description").and_then(Value::as_str).unwrap_or_default();
    Some(Listed {
        help: text::lines(description),
        params: params.flatten(),
        returns: method.get("returns").map(|it| schema::read(it, &find).0).unwrap_or_default(),
        effect: method.get("permission").map(effect),
        described: true,
        ..Listed::from(text::name(name)?)
    })
}

/// What a method that needs a permission, or one of several, may do at worst. Anything but reading changes something.
fn effect(permission: &Value) -> Effect {
    match permission {
        Value::Text(word) => match word.as_str() {
            "ReadData" => Effect::Read,
            "RemoveData" => Effect::Destroy,
            _ => Effect::Change,
        },
        Value::List(words) => words.iter().map(effect).max().unwrap_or_default(),
        _ => Effect::Change,
    }
}

fn param(param: &Value, types: &Map) -> Option<Parameter> {
    let find = |name: &str| types.get(name);
    let name = text::name(param.get("name")?.as_str()?)?;
    let said = |key: &str| param.get(key).and_then(Value::as_str).unwrap_or_default();
    let (type_, choices) = schema::read(param, &find);
    Some(Parameter {
        name,
        type_,
        takes: Vec::new(),
        required: param.get("required") == Some(&Value::Bool(true)),
        summary: text::line(said("description")).trim_end_matches('.').to_owned(),
        choices,
        variadic: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_effects_and_parameters_have_types() {
        let answer = r#"{
            "description":"JSON-RPC API of Kodi","id":"http://xbmc.org/jsonrpc/ServiceDescription.json","version":"12.3.0",
            "methods":{
                "Application.SetMute":{"description":"Toggle mute/unmute","permission":"ControlPlayback","type":"method",
                    "params":[{"$ref":"Global.Toggle","name":"mute","required":true}],"returns":{"type":"boolean"}},
                "Application.GetProperties":{"permission":"ReadData","params":[{"name":"properties","required":true,"type":"array","items":{"type":"string"}}],
                    "returns":{"$ref":"Application.Property.Value"}},
                "VideoLibrary.RemoveMovie":{"permission":"RemoveData","params":[],"returns":{"type":"string"}},
                "AudioLibrary.Clean":{"permission":"RemoveData","params":[],"returns":{"type":"string"}},
                "Files.Get":{"permission":["ReadData","WriteFile"],"params":[]},
                "Odd.None":{"params":5}
            },
            "types":{"Global.Toggle":{"id":"Global.Toggle","type":"string","enums":["toggle","on"]},
                     "Application.Property.Value":{"type":"object"}}
        }"#;
        let all = methods(&serde_json::from_str(answer).unwrap()).unwrap();
        let shown: Vec<(String, Effect)> = all.iter().map(|it| (it.name.clone(), it.method().effect)).collect();
        let expected = [
            ("Application.SetMute", Effect::Change),
            ("Application.GetProperties", Effect::Read),
            ("VideoLibrary.RemoveMovie", Effect::Destroy),
            ("AudioLibrary.Clean", Effect::Destroy),
            ("Files.Get", Effect::Change),
            ("Odd.None", Effect::Change),
        ];
        let expected: Vec<(String, Effect)> = expected.map(|(name, effect)| (name.to_owned(), effect)).to_vec();
        assert_eq!(shown, expected);
        let mute = &all[0].params.as_ref().unwrap()[0];
        assert_eq!((mute.type_.to_string().as_str(), mute.choices.len(), mute.required), ("string", 2, true));
        assert_eq!(all[1].returns.to_string(), "dict");
    }
}
