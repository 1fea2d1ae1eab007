//! JSON over HTTPS: the method in the path, arguments as fields or as JSON in one field, errors by HTTP status.

use super::account::Memset;
use super::fault::{Code, Fault};
use super::handler::Reply;
use crate::kit::values::map;
use crate::{Request, Response, auth, form};
use codec::{Limits, json};
use model::http::Body;
use model::method::Passing;
use model::{Map, Method, Type, Value, base64};

/// The field with all arguments as JSON.
const PARAMETERS: &str = "parameters";
/// The field that may contain the key.
const KEY: &str = "api_key";

impl Memset {
    /// Answers a request to the address of a method, which may be followed by a name.
    pub(super) fn json(&mut self, request: &Request, call: &str) -> Response {
        let (status, value) = match self.json_reply(request, call) {
            Ok(value) => (200, value),
            Err(fault) => self.json_error(&fault),
        };
        Response::new(status, "application/json", text(&value).into_bytes())
    }

    fn json_reply(&mut self, request: &Request, call: &str) -> Reply {
        let (name, service) = call.split_once('/').map_or((call, None), |(name, rest)| (name, Some(rest)));
        let name = form::decode(name);
        let method = self.method(&name).unwrap_or_else(|_| Method::discovered(&name));
        let mut arguments = Map::new();
        if let Some(service) = service {
            arguments.insert("name", form::decode(service));
        }
        let body = if request.is_form() { String::from_utf8_lossy(&request.body) } else { Default::default() };
        for (field, given) in form::pairs(&request.query).chain(form::pairs(&body)) {
            let wanted = method.param(&field).map_or(&Type::Any, |param| &param.type_);
            arguments.insert(field, typed(wanted, given));
        }
        if let Some(packed) = arguments.remove(PARAMETERS) {
            for (name, value) in unpacked(&packed)? {
                arguments.insert(name, value);
            }
        }
        let key = arguments.remove(KEY).and_then(|key| key.as_str().map(str::to_owned));
        let user = request.authorization.as_deref().and_then(auth::user).or(key);
        self.call(user.as_deref(), &name, in_order(&method, arguments))
    }

    /// The status of an error in the documented table, and the dictionary that describes it.
    fn json_error(&self, fault: &Fault) -> (u16, Value) {
        let code = fault.code as i64;
        let known = self.catalog.provider().error(&code.into());
        let name = known.and_then(|error| error.name.as_deref()).unwrap_or_default();
        let body = map! { "error_type" => name, "error_code" => code, "error" => fault.message.as_str() };
        (known.and_then(|error| error.http).unwrap_or(500), body.into())
    }
}

/// A field's text converted to the parameter's type. A text that does not fit is kept, and refused as such; lists and
/// dictionaries cannot be sent as fields.
fn typed(wanted: &Type, given: String) -> Value {
    let read = match wanted {
        Type::Int | Type::Float => Value::number(&given),
        Type::Boolean => match given.to_lowercase().as_str() {
            "1" | "true" => Some(true.into()),
            "0" | "false" => Some(false.into()),
            _ => None,
        },
        Type::Bytes => base64::decode(&given).map(Value::Bytes),
        _ => None,
    };
    read.unwrap_or(Value::Text(given))
}

fn unpacked(packed: &Value) -> Result<Map, Fault> {
    let read = json::read(packed.as_str().unwrap_or_default().as_bytes(), None, Limits::default());
    match read {
        Ok(Value::Map(map)) => Ok(map),
        Ok(_) => Err(Fault::parameter(PARAMETERS, "Give the parameters as one dictionary.")),
        Err(error) => Err(Fault::new(Code::BadParameters, format!("{PARAMETERS}: {error}"))),
    }
}

/// Named arguments as the values of a call.
pub(super) fn in_order(method: &Method, mut arguments: Map) -> Vec<Value> {
    match method.passing() {
        Passing::Named | Passing::Struct => vec![arguments.into()],
        Passing::Positional => method.params.iter().map_while(|param| arguments.remove(&param.name)).collect(),
    }
}

/// A value in the form of the JSON transports.
pub(super) fn text(value: &Value) -> String {
    let mut body = Body::default();
    json::write(&dated(value.clone()), &mut body);
    body.preview()
}

/// Midnights become days: JSON gives days without a time, while XML-RPC has a time with every date.
pub(super) fn dated(value: Value) -> Value {
    match value {
        Value::Date(date) => {
            let spaced = date.to_spaced();
            spaced.strip_suffix(" 00:00:00").unwrap_or(&spaced).into()
        }
        Value::List(list) => list.into_iter().map(dated).collect::<Vec<_>>().into(),
        Value::Map(map) => map.into_iter().map(|(key, value)| (key, dated(value))).collect::<Map>().into(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::memset;
    use super::*;
    use crate::{Options, Service};

    const KEY: &str = crate::DEFAULT_KEY;

    fn ask(verb: &str, address: &str, body: &str) -> (u16, Value) {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let request = Request {
            verb: verb.into(),
            path: format!("/v1/json/{path}"),
            query: query.into(),
            content_type: Some("application/x-www-form-urlencoded; charset=utf-8".into()),
            body: body.into(),
            ..Request::default()
        };
        let response = memset(Options::default()).respond(&request);
        (response.status, json::read(response.body.as_slice(), None, Limits::default()).unwrap_or_default())
    }

    #[test]
    fn arguments_come_as_fields_in_the_path_or_as_json() {
        for (verb, address, body) in [
            ("GET", "service.info/myserver1/?api_key={key}", ""),
            ("GET", "service.info/myserver1?api_key={key}", ""),
            ("GET", "service.info?name=myserver1&api_key={key}", ""),
            ("POST", "service.info", "name=myserver1&api_key={key}"),
            ("POST", "service%2einfo/myserver%31", "api_key={key}"),
            ("POST", "service.info/", r#"parameters={"name":"myserver1","api_key":"{key}"}"#),
            ("POST", "service.info?api_key={key}", "parameters=%7B%22name%22%3A%22myserver1%22%7D"),
        ] {
            let (status, value) = ask(verb, &address.replace("{key}", KEY), &body.replace("{key}", KEY));
            assert_eq!((status, value.get("name")), (200, Some(&"myserver1".into())), "{verb} {address} {body}");
        }
        let (_, value) = ask("GET", &format!("service.info/myserver1?api_key={KEY}"), "");
        assert_eq!(value.get("start_date").and_then(Value::as_str).map(str::len), Some("2010-12-01".len()));
    }

    #[test]
    fn fields_are_read_as_the_type_of_their_parameter() {
        let echo = |fields: &str| ask("POST", "internal.echo", &format!("api_key={KEY}&{fields}"));
        for (fields, name, value) in [
            ("boolean=True", "boolean", true.into()),
            ("boolean=0", "boolean", false.into()),
            ("integer=-5", "integer", Value::Int(-5)),
            ("float=1.50", "float", Value::number("1.50").unwrap()),
            ("string=12", "string", "12".into()),
            ("date=2011-06-17+10%3A20%3A30", "date", "2011-06-17 10:20:30".into()),
            ("date=20110617T00:00:00", "date", "2011-06-17".into()),
            (r#"parameters={"list":[1,{}],"boolean":true}"#, "list", vec![1.into(), Map::new().into()].into()),
        ] {
            let (status, echoed) = echo(fields);
            assert_eq!((status, echoed.get(name)), (200, Some(&value)), "{fields}");
        }
        for fields in ["boolean=2", "integer=1.5", "list=a,b", "date=June", "parameters=[]", "parameters={", "odd=1"] {
            let (status, fault) = echo(fields);
            assert_eq!((status, fault.get("error_code")), (400, Some(&7.into())), "{fields}");
        }
        let help = ask("GET", &format!("system.methodHelp?method_name=system.listMethods&api_key={KEY}"), "");
        assert_eq!(help, (200, "List all the public methods".into()));
    }

    #[test]
    fn errors_have_the_status_of_the_documented_table() {
        for (address, status, kind, code) in [
            ("service.info/nosuch?api_key={key}", 404, "ApiErrorDoesNotExist", 3),
            ("service.info?api_key={key}", 400, "ApiErrorBadParameters", 7),
            ("no.such?api_key={key}", 400, "ApiErrorMethodNotFound", 5),
            ("server.reboot/oldserver1?api_key={key}", 412, "ApiErrorPreconditionFailed", 9),
            ("server.reboot/busyserver1?api_key={key}", 503, "ApiErrorServiceTemporarilyUnavailable", 11),
            ("server.reboot/brokenserver1?api_key={key}", 500, "ApiErrorInternalError", 2),
            ("service.list?api_key=wrong", 403, "ApiErrorForbidden", 4),
            ("service.list", 401, "ApiErrorNotAuthorized", 10),
        ] {
            let (told, fault) = ask("GET", &address.replace("{key}", KEY), "");
            assert_eq!(told, status, "{address}");
            let keys: Vec<&str> = fault.as_map().unwrap().keys().collect();
            assert_eq!(keys, ["error_type", "error_code", "error"]);
            assert_eq!((fault.get("error_type"), fault.get("error_code")), (Some(&kind.into()), Some(&code.into())));
        }
        assert_eq!(ask("PUT", "service.list", "").0, 405);
    }
}
