//! The `_listapi` of a Koji hub (kojihub, `kojixmlrpc.py`): all methods with their arguments and documentation.

use super::help;
use super::text;
use crate::listed::{Listed, Parameter};
use model::{Type, Value};

/// The methods; `None` if the answer is not a list of dictionaries with names.
pub fn methods(answer: &Value) -> Option<Vec<Listed>> {
    let rows = answer.as_list()?.iter().map(|row| Some((row.get("name")?.as_str()?, row)));
    let rows = rows.collect::<Option<Vec<_>>>()?;
    Some(rows.into_iter().filter_map(|(name, row)| method(name, row)).take(text::METHODS).collect())
}

fn method(name: &str, row: &Value) -> Option<Listed> {
    let help = help::read(row.get("doc").and_then(Value::as_str).unwrap_or_default());
    let args = row.get("args").and_then(Value::as_list);
    // The second part of the specification is the name of what takes all further values.
    let further = row.get("argspec").and_then(Value::as_list).and_then(|spec| spec.get(1)?.as_str());
    let params = args.and_then(|args| {
        let own = args.iter().take(text::PARAMS).map(argument).collect::<Option<Vec<_>>>()?;
        let known = |own: Parameter| match help.params.iter().find(|said| said.name == own.name) {
            Some(said) if own.type_ == Type::Any => {
                Parameter { type_: said.type_.clone(), summary: said.summary.clone(), ..own }
            }
            Some(said) => Parameter { summary: said.summary.clone(), ..own },
            None => own,
        };
        let more = further.and_then(text::name).map(|name| Parameter {
            name,
            type_: Type::List(Box::new(Type::Any)),
            variadic: true,
            ..Parameter::default()
        });
        Some(own.into_iter().map(known).chain(more).collect())
    });
    Some(Listed { help: help.text, params, described: true, ..Listed::from(text::name(name)?) })
}

/// A name, or a name with its default.
fn argument(arg: &Value) -> Option<Parameter> {
    match arg {
        Value::Text(name) => Some(Parameter { name: text::name(name)?, required: true, ..Parameter::default() }),
        Value::List(pair) => match pair.as_slice() {
            [Value::Text(name), default] => {
                // A switch has no other type; a number or null may well have.
                let type_ = if matches!(default, Value::Bool(_)) { Type::Boolean } else { Type::Any };
                Some(Parameter { name: text::name(name)?, type_, ..Parameter::default() })
            }
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_have_their_arguments_and_defaults() {
        let answer = r#"[
            {"name":"getBuild","doc":"Return information about a build\n\n:param int buildInfo: which one","argdesc":"(buildInfo, strict=False)",
             "argspec":[["buildInfo","strict"],null,null,[false]],"args":["buildInfo",["strict",false]]},
            {"name":"host.getTask","doc":null,"args":[]},
            {"name":"multi","doc":null,"argspec":[["a"],"rest",null,null],"args":["a"]},
            {"name":"odd","args":[5]},
            {"name":"bad name","args":[]}
        ]"#;
        let methods = methods(&serde_json::from_str(answer).unwrap()).unwrap();
        let shown = |it: &Listed| {
            let param = |it: &Parameter| {
                format!(
                    "{}{}{} {}",
                    if it.variadic { "*" } else { "" },
                    it.name,
                    if it.required { "!" } else { "" },
                    it.type_
                )
            };
            it.params.as_ref().map(|all| all.iter().map(param).collect::<Vec<_>>().join(", "))
        };
        let all: Vec<_> = methods.iter().map(|it| (it.name.as_str(), shown(it))).collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            all,
            [
                ("getBuild", some("buildInfo! int, strict boolean")),
                ("host.getTask", some("")),
                ("multi", some("a! any, *rest list")),
                ("odd", None),
            ]
        );
        assert_eq!(methods[0].summary(), "Return information about a build");
    }
}
