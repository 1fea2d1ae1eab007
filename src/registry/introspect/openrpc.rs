//! The document of `rpc.discover` (OpenRPC 1.3 and 1.4): methods with JSON schemas.

use super::schema::{self, followed, members};
use super::text;
use crate::listed::{Listed, Parameter};
use model::Value;
use model::method::Passing;

/// How many references lead from one to the next at most.
const DEEPEST: usize = 12;

/// The methods; `None` if the answer is not such a document.
pub fn methods(answer: &Value) -> Option<Vec<Listed>> {
    members(Some(answer))?.get("openrpc")?.as_str()?;
    let methods = answer.get("methods")?.as_list()?;
    Some(methods.iter().filter_map(|method| one(method, answer)).take(text::METHODS).collect())
}

fn one(method: &Value, document: &Value) -> Option<Listed> {
    let find = |pointer: &str| schema::at(document, pointer);
    let method = followed(method, &find, DEEPEST)?;
    let said = |key: &str| method.get(key).and_then(Value::as_str).unwrap_or_default();
    let help = match (said("summary"), said("description")) {
        ("", description) => text::lines(description),
        (summary, description) => format!("{}\n\n{}", text::line(summary), text::lines(description)).trim().to_owned(),
    };
    let params = method.get("params").and_then(Value::as_list);
    let params =
        params.map(|all| all.iter().take(text::PARAMS).map(|it| param(it, document)).collect::<Option<Vec<_>>>());
    let passing = match said("paramStructure") {
        "by-position" => Some(Passing::Positional),
        "by-name" | "either" => Some(Passing::Named),
        // By default either is accepted, and names cannot be mistaken.
        _ => Some(Passing::Named),
    };
    let result = method.get("result").and_then(|result| followed(result, &find, DEEPEST)?.get("schema"));
    Some(Listed {
        help,
        params: params.flatten(),
        returns: result.map(|result| schema::read(result, &find).0).unwrap_or_default(),
        passing,
        deprecated: method.get("deprecated") == Some(&Value::Bool(true)),
        described: true,
        ..Listed::from(text::name(said("name"))?)
    })
}

fn param(param: &Value, document: &Value) -> Option<Parameter> {
    let find = |pointer: &str| schema::at(document, pointer);
    let param = followed(param, &find, DEEPEST)?;
    let said = |key: &str| param.get(key).and_then(Value::as_str).unwrap_or_default();
    let (type_, choices) = param.get("schema").map(|it| schema::read(it, &find)).unwrap_or_default();
    let summary = if said("summary").is_empty() { said("description") } else { said("summary") };
    Some(Parameter {
        name: text::name(said("name"))?,
        type_,
        takes: Vec::new(),
        required: param.get("required") == Some(&Value::Bool(true)),
        summary: text::line(summary).trim_end_matches('.').to_owned(),
        choices,
        variadic: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Type;

    #[test]
    fn the_petstore_of_the_specification_is_read() {
        let document = r##"{
            "openrpc":"1.2.6","info":{"version":"1.0.0","title":"Petstore"},
            "methods":[
                {"name":"list_pets","summary":"List all pets","tags":[{"name":"pets"}],
                 "params":[{"name":"limit","description":"How many items to return at one time (max 100)","required":false,
                            "schema":{"type":"integer","minimum":1}}],
                 "result":{"name":"pets","schema":{"$ref":"#/components/schemas/Pets"}}},
                {"name":"create_pet","paramStructure":"by-position",
                 "params":[{"$ref":"#/components/contentDescriptors/Name"},
                           {"name":"kind","schema":{"type":"string","enum":["cat","dog"]}}],
                 "result":{"$ref":"#/components/contentDescriptors/PetId"},"deprecated":true},
                {"name":"no_params","result":{"name":"x","schema":true}},
                {"params":[]}, 5
            ],
            "components":{
                "contentDescriptors":{"Name":{"name":"newPetName","required":true,"schema":{"type":"string"}},
                                      "PetId":{"name":"petId","schema":{"$ref":"#/components/schemas/PetId"}}},
                "schemas":{"PetId":{"type":"integer"},"Pets":{"type":"array","items":{"$ref":"#/components/schemas/Pet"}},
                           "Pet":{"type":"object"}}}
        }"##;
        let all = methods(&serde_json::from_str(document).unwrap()).unwrap();
        let names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["list_pets", "create_pet", "no_params"]);
        let (list, create) = (&all[0], &all[1]);
        assert_eq!((list.summary(), list.returns.to_string().as_str()), ("List all pets", "list:dict"));
        assert_eq!(list.params.as_ref().unwrap()[0].type_, Type::Int);
        let given = create.params.as_ref().unwrap();
        assert_eq!((given[0].name.as_str(), given[0].required, given[1].choices.len()), ("newPetName", true, 2));
        assert_eq!((&create.returns, create.passing, create.deprecated), (&Type::Int, Some(Passing::Positional), true));
        assert_eq!((list.passing, all[2].params.is_none()), (Some(Passing::Named), true));
        assert!(all.iter().all(|it| it.described && it.method().effect == model::Effect::Change));
    }

    #[test]
    fn a_document_without_its_version_is_none() {
        for text in [r#"{"methods":[]}"#, r#"{"openrpc":5,"methods":[]}"#, r#"{"openrpc":"1.3.0"}"#] {
            assert_eq!(methods(&serde_json::from_str(text).unwrap()), None, "{text}");
        }
    }
}
