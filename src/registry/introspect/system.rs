//! `system.listMethods` and its companions: names first, then one method after the other.

use super::help;
use super::signature::{self, Signature};
use super::text;
use crate::listed::{Listed, Parameter};
use model::{Map, Type, Value};

/// The names in a list of names; `None` for anything else, which shows nothing about the methods. Names that nobody
/// could type are left out.
pub fn names(answer: &Value) -> Option<Vec<Listed>> {
    let names = answer.as_list()?.iter().map(Value::as_str).collect::<Option<Vec<&str>>>()?;
    Some(names.into_iter().filter_map(text::name).take(text::METHODS).map(Listed::from).collect())
}

/// One request for the help and the types of methods, `None` for a service that has no such method: the argument of
/// `system.multicall`.
pub fn questions<'n>(names: impl Iterator<Item = &'n str>, asking: [Option<&str>; 2]) -> Value {
    let one = |method: &str, name: &str| {
        let params = Value::List(vec![name.into()]);
        Value::Map(Map::from_iter([("methodName", Value::from(method)), ("params", params)]))
    };
    let both = |name: &'n str| asking.into_iter().flatten().map(move |method| one(method, name)).collect::<Vec<_>>();
    Value::List(names.flat_map(both).collect())
}

/// The answers to such a request, in the order of the questions; `None` if there are not as many.
pub fn answers(answer: Value, questions: usize) -> Option<Vec<Value>> {
    let Value::List(answers) = answer else { return None };
    (answers.len() == questions).then(|| answers.into_iter().map(unwrapped).collect())
}

/// The answer to one question: a list with it, as the convention says, or the answer itself. A fault is no answer.
fn unwrapped(answer: Value) -> Value {
    match answer {
        Value::Map(_) => Value::Null,
        Value::List(mut one)
            if one.len() == 1 && one.iter().all(|it| matches!(it, Value::Text(_) | Value::List(_))) =>
        {
            one.pop().unwrap_or_default()
        }
        other => other,
    }
}

/// What the types of a signature belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// Values in their order: names can be made up, because they are not sent.
    ByPlace,
    /// Values with names: without names nothing is known.
    ByName,
    /// One dictionary: the signature says nothing about what is in it.
    AsStruct,
}

/// A method with its help and its types, each null if the service gave none.
pub fn described(name: &str, sent: Given, help: &Value, types: &Value) -> Listed {
    let help = help::read(help.as_str().unwrap_or_default());
    let signatures = signature::read(types);
    let unnamed = help.params.is_empty();
    let params = match (signatures.as_slice(), sent) {
        ([], _) | (_, Given::AsStruct) => Some(help.params).filter(|_| !unnamed),
        (signatures, Given::ByName) if unnamed && signatures.iter().any(|it| !it.params.is_empty()) => None,
        (signatures, _) => Some(typed(signatures, help.params)),
    };
    let returns = signature::common(signatures.iter().map(|signature| &signature.returns));
    Listed { help: help.text, params, returns, described: true, ..Listed::from(name) }
}

/// The parameters of all signatures, with the names of the help if it has one for each.
fn typed(signatures: &[Signature], named: Vec<Parameter>) -> Vec<Parameter> {
    let most = signatures.iter().map(|signature| signature.params.len()).max().unwrap_or_default();
    let given = named.len() >= most;
    let at = |nth: usize| {
        let own = named.get(nth).filter(|_| given);
        let types = || signatures.iter().filter_map(|signature| signature.params.get(nth));
        let type_ = match signature::common(types()) {
            Type::Any => own.map(|own| own.type_.clone()).unwrap_or_default(),
            type_ => type_,
        };
        let takes = if type_ == Type::Any { signature::alternatives(types()) } else { Vec::new() };
        match own {
            // A list that takes all further values has the type of a member in no signature.
            Some(own) if own.variadic => own.clone(),
            Some(own) => Parameter { type_, takes, ..own.clone() },
            None => Parameter { name: format!("arg{}", nth + 1), type_, takes, ..Parameter::default() },
        }
    };
    let all = if given { named.len() } else { most };
    (0..all).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    fn shown(listed: &Listed) -> String {
        let param = |it: &Parameter| format!("{} {}", it.name, it.type_);
        match &listed.params {
            None => "unknown".into(),
            Some(params) => params.iter().map(param).collect::<Vec<_>>().join(", "),
        }
    }

    #[test]
    fn names_are_read_and_those_nobody_could_type_are_left_out() {
        let names = |json: &str| names(&value(json)).map(|all| all.into_iter().map(|it| it.name).collect::<Vec<_>>());
        assert_eq!(names(r#"["a.b","", "c d","e"]"#), Some(vec!["a.b".into(), "e".into()]));
        assert_eq!(names("[]"), Some(vec![]));
        for wrong in ["{}", "null", r#""a.b""#, r#"["a",5]"#] {
            assert_eq!(names(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn help_and_types_come_in_one_request_wrapped_or_bare() {
        let asked = questions(["a", "b"].into_iter(), [Some("h"), Some("s")]);
        assert_eq!(asked.as_list().map(<[Value]>::len), Some(4));
        assert_eq!(asked.as_list().unwrap()[2], value(r#"{"methodName":"h","params":["b"]}"#));
        let wrapped =
            value(r#"[["Help."],[["int","int"]],{"faultCode":1,"faultString":"no"},["signatures not supported"]]"#);
        let bare = value(r#"["Help.",["int","int"],{"faultCode":1},"signatures not supported"]"#);
        for answer in [wrapped, bare] {
            let found = answers(answer, 4).unwrap();
            assert_eq!((&found[0], &found[2]), (&"Help.".into(), &Value::Null));
            assert_eq!(shown(&described("a", Given::ByPlace, &found[0], &found[1])), "arg1 int");
            assert_eq!(shown(&described("a", Given::ByPlace, &found[2], &found[3])), "unknown");
        }
        assert_eq!((answers(value("[1]"), 2), answers(value("{}"), 0)), (None, None));
    }

    #[test]
    fn names_come_from_the_help_and_types_from_the_signature() {
        let javadoc = "Start a process\n\n@param string name Process name\n@param boolean wait Wait for it\n@return boolean result";
        for (help, types, params) in [
            (javadoc, r#"["boolean","string","boolean"]"#, "name string, wait boolean"),
            (javadoc, r#"[["boolean","string","boolean"]]"#, "name string, wait boolean"),
            (javadoc, r#"[["boolean","string"],["boolean","string","int"]]"#, "name string, wait int"),
            (javadoc, "null", "name string, wait boolean"),
            (javadoc, r#""signatures not supported""#, "name string, wait boolean"),
            (javadoc, r#"["boolean","string","boolean","int"]"#, "arg1 string, arg2 boolean, arg3 int"),
            ("How it goes", r#"["struct"]"#, ""),
            ("Adds", r#"[["int","int","int"],["double","double","double"]]"#, "arg1 any, arg2 any"),
            ("Adds", "null", "unknown"),
            ("", "[]", "unknown"),
        ] {
            let listed = described("a.b", Given::ByPlace, &help.into(), &value(types));
            assert_eq!(shown(&listed), params, "{help} {types}");
            assert!(listed.described && !listed.method().summary.contains('@'));
        }
    }

    #[test]
    fn types_belong_to_names_only_where_there_are_names() {
        let help = "Adds\n\n:param a: one\n:param int b: two";
        for (sent, help, types, params) in [
            (Given::ByName, help, r#"[["int","string","int"]]"#, "a string, b int"),
            (Given::ByName, "Adds", r#"[["int","string","int"]]"#, "unknown"),
            (Given::ByName, "Now", r#"[["int"]]"#, ""),
            (Given::AsStruct, help, r#"[["struct","struct"]]"#, "a any, b int"),
            (Given::AsStruct, "Adds", r#"[["struct","struct"]]"#, "unknown"),
        ] {
            assert_eq!(shown(&described("a.b", sent, &help.into(), &value(types))), params, "{sent:?} {types}");
        }
    }
}
