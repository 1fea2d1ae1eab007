//! system.*: the service's description of itself, generated from the catalogue.

use std::fmt::Write as _;

use super::account::Memset;
use super::convention::{MULTICALL, is_conventional};
use super::fault::{Code, Fault};
use super::handler::Reply;
use crate::kit::args::Args;
use crate::kit::values::{map, texts};
use model::method::Passing;
use model::{Map, Method, Param, Type, Value};

impl Memset {
    /// Answers a call of a `system.` method.
    pub(super) fn introspect(&mut self, key: &str, name: &str, args: &Args) -> Reply {
        let described = args.text("method_name");
        match name {
            MULTICALL => Ok(self.multicall(key, args)),
            "system.listMethods" => Ok(texts(self.names())),
            "system.methodHelp" => Ok(help(&self.method(described)?).into()),
            "system.methodSignature" => Ok(signatures(&self.method(described)?)),
            _ => Err(Fault::unknown_method(name)),
        }
    }

    /// The names of all methods.
    fn names(&self) -> impl Iterator<Item = &str> {
        let all = self.catalog.records().iter().map(|record| record.name).chain([MULTICALL]);
        all.filter(|name| self.introspection || !is_conventional(name))
    }

    /// Each member is a list with one result, or a dictionary with a fault.
    fn multicall(&mut self, key: &str, args: &Args) -> Value {
        let run = |call: &Map| match self.called(key, call) {
            Ok(value) => Value::List(vec![value]),
            Err(fault) => map! { "faultCode" => fault.code as i64, "faultString" => fault.message }.into(),
        };
        Value::List(args.maps("calls").map(run).collect())
    }

    fn called(&mut self, key: &str, call: &Map) -> Reply {
        let params = call.get("params").and_then(Value::as_list).unwrap_or_default();
        match call.get("methodName").and_then(Value::as_str) {
            None => Err(Fault::parameter("methodName", "This field is required.")),
            Some(MULTICALL) => Err(Fault::new(Code::ApiError, "A multicall cannot be part of a multicall")),
            Some(name) => self.perform(key, name, params.to_vec()),
        }
    }
}

/// The help text, in the field-list notation of the published pages. Some methods have none, and some have markup in
/// theirs, which clients must handle.
fn help(method: &Method) -> String {
    let marked = match method.name.as_str() {
        "system.listMethods" => return "List all the public methods".into(),
        "internal.noop" => return String::new(),
        "service.cancel" => "<b>Warning:</b> a cancelled service cannot be had back.\n\n",
        _ => "",
    };
    let mut text = format!("{}.\n\n{marked}", method.summary);
    for param in &method.params {
        // Writing to a string cannot fail.
        let _ = writeln!(text, ":param {}: ({}) {}.{}", param.name, type_words(param), param.summary, limits(param));
    }
    if let Some(returns) = &method.returns_summary {
        let _ = writeln!(text, ":returns: {returns}");
    }
    text.trim_end().to_owned()
}

fn type_words(param: &Param) -> String {
    let word = match &param.type_ {
        Type::Int => "Integer",
        Type::Float => "Float",
        Type::Boolean => "Boolean",
        Type::Date => "Date",
        Type::List(_) => "List",
        Type::Dict | Type::MapOf(_) | Type::Shape(_) => "Dictionary",
        Type::Any | Type::None | Type::String | Type::Bytes => "String",
    };
    if param.required { word.into() } else { format!("{word}, Optional") }
}

fn limits(param: &Param) -> String {
    let word = |choice: &Value| match choice {
        Value::Int(number) => number.to_string(),
        other => format!("'{}'", other.as_str().unwrap_or_default()),
    };
    let choices: Vec<String> = param.choices.iter().map(word).collect();
    let mut text = String::new();
    if !choices.is_empty() {
        let _ = write!(text, " Acceptable values: {}.", choices.join(", "));
    }
    if let Some(max) = param.max_length {
        let _ = write!(text, " Ensure this value has at most {max} characters.");
    }
    text
}

/// A list with one signature: the type of the result, then those of the parameters.
fn signatures(method: &Method) -> Value {
    let mut signature = vec![wire_type(&method.returns)];
    match method.passing() {
        Passing::Named | Passing::Struct if method.params.is_empty() => {}
        Passing::Named | Passing::Struct => signature.push("struct"),
        Passing::Positional => signature.extend(method.params.iter().map(|param| wire_type(&param.type_))),
    }
    Value::List(vec![texts(signature)])
}

fn wire_type(declared: &Type) -> &'static str {
    match declared {
        Type::Int => "int",
        Type::Float => "double",
        Type::Boolean => "boolean",
        Type::Date => "dateTime.iso8601",
        Type::Bytes => "base64",
        Type::List(_) => "array",
        Type::None | Type::Dict | Type::MapOf(_) | Type::Shape(_) => "struct",
        Type::Any | Type::String => "string",
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::memset;
    use super::*;
    use crate::Options;

    fn ask(memset: &mut Memset, method: &str, argument: &str) -> Reply {
        let key = Options::default().key;
        memset.call(Some(&key), method, vec![argument.into()])
    }

    #[test]
    fn help_is_made_from_the_catalogue() {
        let mut memset = memset(Options::default());
        for (method, start) in [
            ("system.listMethods", "List all the public methods"),
            ("service.list", "List the services of the account.\n\n:param type: (String, Optional) "),
            (
                "service.info",
                "Show one service.\n\n:param name: (String) Name of the service. Ensure this value has at",
            ),
            ("service.cancel", "Cancel a service.\n\n<b>Warning:</b> "),
        ] {
            let help = ask(&mut memset, "system.methodHelp", method).unwrap();
            assert!(help.as_str().unwrap().starts_with(start), "{help:?}");
        }
        assert_eq!(ask(&mut memset, "system.methodHelp", "internal.noop"), Ok("".into()));
        assert_eq!(ask(&mut memset, "system.methodHelp", "no.such").unwrap_err().code, Code::MethodNotFound);
    }

    #[test]
    fn signatures_name_wire_types() {
        let mut memset = memset(Options::default());
        for (method, types) in [
            ("service.list", vec!["array", "struct"]),
            ("internal.noop", vec!["struct"]),
            ("system.methodHelp", vec!["string", "string"]),
        ] {
            let signatures = ask(&mut memset, "system.methodSignature", method);
            assert_eq!(signatures, Ok(Value::List(vec![texts(types)])), "{method}");
        }
    }

    #[test]
    fn several_calls_run_in_one() {
        let call = |name: &str, params: Vec<Value>| Value::Map(map! { "methodName" => name, "params" => params });
        let calls = vec![
            call("internal.version", vec![]),
            call("service.info", vec![Value::Map(map! { "name" => "nosuch" })]),
            call("system.multicall", vec![]),
            map! { "params" => Vec::<Value>::new() }.into(),
        ];
        let key = Options::default().key;
        let results = memset(Options::default()).call(Some(&key), "system.multicall", vec![calls.into()]).unwrap();
        let results = results.as_list().unwrap();
        assert_eq!(results[0].as_list().map(<[Value]>::len), Some(1));
        let codes: Vec<i64> = results[1..].iter().map(|r| r.get("faultCode").unwrap().as_int().unwrap()).collect();
        assert_eq!(codes, [3, 1, 7]);
    }

    #[test]
    fn undocumented_methods_can_be_switched_off() {
        for (introspection, code) in [(true, 0), (false, 5)] {
            let mut memset = memset(Options { introspection, ..Options::default() });
            let names = ask(&mut memset, "system.listMethods", "").unwrap_err();
            assert_eq!(names.code, Code::BadParameters);
            let key = Options::default().key;
            let names = memset.call(Some(&key), "system.listMethods", vec![]).unwrap();
            assert_eq!(names.as_list().unwrap().contains(&"system.multicall".into()), introspection);
            let signature = ask(&mut memset, "system.methodSignature", "service.list");
            assert_eq!(signature.map_or_else(|fault| fault.code as i64, |_| 0), code);
        }
    }
}
