//! Several calls in one: `system.multicall` takes a list of calls, and answers with a list of their results.
//!
//! A result is in a list of one; a refusal is a struct with `faultCode` and `faultString`.

use model::escape::Escape;
use model::http::Body;
use model::{Arguments, Value};

use super::encode::{self, DECLARATION, EncodeError};
use crate::{DecodeError, Fault, Reply, broken_off};

/// One of the calls: the template of a credential that goes first, the name, the arguments.
pub type Inner<'c> = (Option<&'c str>, &'c str, &'c Arguments);

/// A call of the method that carries others, with these in it.
pub fn encode_multicall<'c>(carrier: &str, calls: impl IntoIterator<Item = Inner<'c>>) -> Result<Body, EncodeError> {
    let mut body = Body::default();
    body.push(DECLARATION);
    body.push("<methodCall><methodName>");
    encode::text(&mut body, carrier).map_err(|error| error.under("the method's name"))?;
    body.push("</methodName><params><param><value><array><data>");
    for (first, name, arguments) in calls {
        body.push("<value><struct><member><name>methodName</name><value>");
        encode::element(&mut body, "string", name).map_err(|error| error.under("the method's name"))?;
        body.push("</value></member><member><name>params</name><value><array><data>");
        if let Some(template) = first {
            body.push("<value><string>");
            body.credential(template, Escape::Xml);
            body.push("</string></value>");
        }
        match arguments {
            Arguments::Named(map) => {
                body.push("<value>");
                encode::structure(&mut body, map)?;
                body.push("</value>");
            }
            Arguments::Positional(values) => {
                for (index, value) in values.iter().enumerate() {
                    encode::value(&mut body, value).map_err(|error| error.under(&format!("argument {}", index + 1)))?;
                }
            }
        }
        body.push("</data></array></value></member></struct></value>");
    }
    body.push("</data></array></value></param></params></methodCall>\n");
    Ok(body)
}

/// The replies in the result of such a call, in the order of the calls. The error is that of the whole answer: nobody
/// knows what became of any of the calls.
pub(crate) fn replies(result: Value, calls: usize) -> Result<Vec<Result<Reply<Value>, DecodeError>>, DecodeError> {
    let Value::List(members) = result else {
        return Err(broken_off(&format!("it is {}, not a list of results", result.kind())));
    };
    if members.len() != calls {
        return Err(broken_off(&format!("it has {} results for {calls} calls", members.len())));
    }
    Ok(members.into_iter().map(reply).collect())
}

fn reply(member: Value) -> Result<Reply<Value>, DecodeError> {
    match member {
        Value::List(mut one) if one.len() == 1 => Ok(Reply::Value(one.pop().unwrap_or_default())),
        fault @ Value::Map(_) if fault.get("faultCode").is_some() => {
            Ok(Reply::Fault(Fault::read(fault, "faultCode", "faultString")))
        }
        other => Err(broken_off(&format!("the result of one of the calls is {}, not in a list of one", other.kind()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Map;

    #[test]
    fn each_call_is_written_as_if_it_were_alone() {
        let (named, values) =
            (Arguments::Named(Map::from_iter([("id", 5_i64)])), Arguments::Positional(vec!["a".into(), Value::Int(1)]));
        let body = encode_multicall("system.multicall", [(None, "a.b", &named), (Some("token:{key}"), "c.d", &values)]);
        let body = body.unwrap().preview();
        assert!(body.contains("<methodName>system.multicall</methodName><params><param><value><array><data><value>"));
        assert!(
            body.contains(
                "<name>methodName</name><value><string>a.b</string></value></member><member><name>params</name><value><array><data>\
                 <value><struct><member><name>id</name><value><int>5</int></value></member></struct></value></data></array>"
            ),
            "{body}"
        );
        assert!(body.contains("<value><string>a</string></value><value><int>1</int></value></data>"), "{body}");
        assert!(body.contains("<data><value><string>token:"), "{body}");
    }

    #[test]
    fn each_call_has_its_reply() {
        let value = |json: &str| -> Value { serde_json::from_str(json).unwrap() };
        let read = replies(value(r#"[[5],{"faultCode":3,"faultString":"No"},[[1,2]],7,[]]"#), 5).unwrap();
        assert_eq!(read[0].as_ref().ok(), Some(&Reply::Value(Value::Int(5))));
        let Ok(Reply::Fault(fault)) = &read[1] else { panic!("{read:?}") };
        assert_eq!(fault.words(), "No");
        assert_eq!(read[2].as_ref().ok(), Some(&Reply::Value(value("[1,2]"))));
        assert!(read[3].is_err() && read[4].is_err());
        for (json, calls) in [("[[5]]", 2), ("[[5],[6]]", 1), (r#"{"faultCode":1}"#, 1), ("null", 1)] {
            assert!(replies(value(json), calls).is_err(), "{json}");
        }
    }
}
