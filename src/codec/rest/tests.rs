//! A made-up service, called and answered.

use std::collections::BTreeMap;
use std::sync::Arc;

mod forms;

use proptest::prelude::*;

use super::{EncodeError, encode};
use crate::Limits;
use crate::decode_value;
use crate::{Outcome, Reply, Service};
use model::escape::Escape;
use model::http::{Head, Part, Request};
use model::{Arguments, Call, Map, Method, Provider, Secret, Value};

const FAULTS: [&str; 4] = [
    "null",
    r#"{"style":"status-xml","success":"result","code":"code","message":["detail"]}"#,
    r#"{"style":"success-json","success":"success","code":"error.code","message":["error.words"],"warnings":"left"}"#,
    r#"{"style":"errors-json","message":["errors","error"]}"#,
];

fn provider(fault: &str) -> Provider {
    let auth = r#"{"scheme":"fields","fields":{"login":"me","pw":"<{key}>"}}"#;
    let json = format!(
        r#"{{"id":"p","title":"P","host":"https://p.example","transport":[{{"name":"rest","protocol":"rest","path":""}}],
            "auth":{auth},"fault":{fault},"xml":{{"namespaces":{{"n":"urn:n"}}}},
            "paging":{{"style":"number","page":"page","size":"size","total":"total"}}}}"#
    );
    serde_json::from_str(&json).unwrap()
}

fn method(rest: &str) -> Method {
    serde_json::from_str(&format!(r#"{{"name":"thing.do",{rest}}}"#)).unwrap()
}

fn with<T>(provider: &Provider, done: impl FnOnce(&Service<'_>) -> T) -> T {
    let variables = BTreeMap::from([("org".to_owned(), "o%2F1".to_owned())]);
    let transport = provider.default_transport().unwrap();
    let (url, auth, shapes) = ("https://p.example/", &provider.auth, &[][..]);
    done(&Service { transport, url, provider, auth, shapes, variables: &variables })
}

fn called(definition: &str, arguments: Map) -> Result<Request, EncodeError> {
    let call = Call { method: Arc::new(method(definition)), arguments: Arguments::Named(arguments) };
    with(&provider("null"), |service| encode(service, &call))
}

fn arguments(json: &str) -> Map {
    serde_json::from_str(json).unwrap()
}

#[test]
fn known_values_are_filled_in() {
    let definition = r#""route":{"verb":"POST","path":"/x"},"sends":{"as":"json"},
        "params":[{"name":"owner","variable":"org"},{"name":"net","template":"/base/{org}/net/{}"},{"name":"image","template":"/base/image/{}"}]"#;
    for (given, body) in [
        ("{}", r#"{"owner":"o/1"}"#),
        (r#"{"owner":"me"}"#, r#"{"owner":"me"}"#),
        (r#"{"owner":"me","net":"n1"}"#, r#"{"owner":"me","net":"/base/o%2F1/net/n1"}"#),
        (r#"{"owner":"me","net":"/other/n1"}"#, r#"{"owner":"me","net":"/other/n1"}"#),
        (r#"{"owner":"me","image":"/{org}/own"}"#, r#"{"owner":"me","image":"/o%2F1/own"}"#),
        (r#"{"owner":"me","image":"i1"}"#, r#"{"owner":"me","image":"/base/image/i1"}"#),
        (r#"{"owner":"me","image":null}"#, r#"{"owner":"me","image":null}"#),
    ] {
        let preview = called(definition, arguments(given)).unwrap().body.preview();
        assert_eq!(arguments(&preview), arguments(body), "{given}");
    }
    let unknown =
        r#""route":{"verb":"POST","path":"/x"},"sends":{"as":"json"},"params":[{"name":"a","variable":"no"}]"#;
    assert_eq!(called(unknown, Map::new()), Err(EncodeError::Missing { name: "no".into() }));
}

#[test]
fn the_address_has_every_value_in_its_place() {
    let route = |path: &str| format!(r#""route":{{"verb":"GET","path":"{path}","query":["go"]}}"#);
    let picked = r#""route":{"verb":"PUT","path":"/d","by":{"param":"kind","paths":{"a":"/a/{id}"}}}"#;
    for (definition, given, address) in [
        (route("/things"), "{}", "GET https://p.example/things?go"),
        (route("/{org}/{id}.json"), r#"{"id":"é/x"}"#, "GET https://p.example/o%2F1/%C3%A9%2Fx.json?go"),
        (
            route("/{id}"),
            r#"{"id":7,"x":[1,"a b"],"y":null}"#,
            "GET https://p.example/7?go&x%5B0%5D=1&x%5B1%5D=a%20b&y=",
        ),
        (picked.to_owned(), r#"{"id":7,"kind":"a"}"#, "PUT https://p.example/a/7"),
        (picked.to_owned(), "{}", "PUT https://p.example/d"),
    ] {
        let params = r#""params":[{"name":"kind"},{"name":"id"}]"#;
        let request = called(&format!("{definition},{params}"), arguments(given)).unwrap();
        assert_eq!(format!("{} {}", request.verb, request.url), address);
    }
}

#[test]
fn values_travel_in_headers_joined_and_as_the_whole_body() {
    let definition = r#""route":{"verb":"PATCH","path":"/x"},"sends":{"as":"json","whole":"ops","media":"application/json-patch+json"},
        "params":[{"name":"ops"},{"name":"match","wire":"If-Match","place":"header"},
                  {"name":"fields","place":"query","join":","}]"#;
    let given = r#"{"ops":[{"op":"remove","path":"/a"}],"match":"\"v1\"","fields":["id","na me"]}"#;
    let request = called(definition, arguments(given)).unwrap();
    let headers = [("accept", "*/*"), ("content-type", "application/json-patch+json"), ("if-match", "\"v1\"")];
    assert_eq!(request.headers, headers.map(|(name, value)| (name.into(), value.to_owned())));
    assert_eq!(request.url, "https://p.example/x?fields=id%2Cna%20me");
    assert_eq!(request.body.preview(), r#"[{"op":"remove","path":"/a"}]"#);

    let name = |name: &str| name.to_owned();
    for (given, error) in [
        (r#"{"match":"a\r\nx: y"}"#, EncodeError::Header { name: name("match") }),
        (r#"{"match":{"a":1}}"#, EncodeError::Header { name: name("match") }),
        (r#"{"fields":["a,b"]}"#, EncodeError::Joined { name: name("fields") }),
    ] {
        assert_eq!(called(definition, arguments(given)), Err(error), "{given}");
    }
    let secret = Map::from_iter([("match", Value::Secret(Secret::new("canary")))]);
    assert_eq!(called(definition, secret), Err(EncodeError::Secret { name: name("match") }));
}

#[test]
fn values_that_an_address_cannot_hold_are_refused() {
    let secret = || Map::from_iter([("id", Value::Secret(Secret::new("canary")))]);
    let path = r#""route":{"verb":"GET","path":"/{id}"},"params":[{"name":"id"}]"#;
    let query = r#""route":{"verb":"GET","path":"/"},"params":[{"name":"id"}]"#;
    let picked = r#""route":{"verb":"GET","path":"/","by":{"param":"id","paths":{"a":"/a"}}},"params":[{"name":"id"}]"#;
    let name = || "id".to_owned();
    for (definition, given, error) in [
        (path, Map::new(), EncodeError::Missing { name: name() }),
        (path, arguments(r#"{"id":""}"#), EncodeError::Segment { name: name(), value: String::new() }),
        (path, arguments(r#"{"id":"."}"#), EncodeError::Segment { name: name(), value: ".".into() }),
        (path, arguments(r#"{"id":{}}"#), EncodeError::Nested { name: name(), kind: "dict" }),
        (path, secret(), EncodeError::Secret { name: name() }),
        (query, secret(), EncodeError::Secret { name: name() }),
        (picked, arguments(r#"{"id":"b"}"#), EncodeError::NoPath { name: name(), value: "b".into() }),
        (r#""params":[]"#, Map::new(), EncodeError::NoRoute { method: "thing.do".into() }),
    ] {
        assert_eq!(called(definition, given), Err(error), "{definition}");
    }
}

#[test]
fn documents_are_built_from_paths() {
    let definition = r#""route":{"verb":"POST","path":"/"},
        "sends":{"as":"xml","root":"Root","namespace":"n","fixed":{"kind":"k"}},
        "params":[{"name":"low","wire":"range/@low"},{"name":"high","wire":"range/high"},{"name":"id","wire":"@id"},
            {"name":"tags","type":"list","wire":"tags/tag"},{"name":"box","type":"dict",
             "fields":[{"name":"size","type":"int","wire":"@size"}]},{"name":"range","type":"string"}]"#;
    let given =
        r#"{"box":{"size":1,"text":"<&>"},"tags":["a","b"],"high":9,"low":1,"id":"\"q\"","range":"r","free":true}"#;
    let request = called(definition, arguments(given)).unwrap();
    assert_eq!(
        request.body.preview().split_once('\n').unwrap().1,
        "<Root xmlns=\"urn:n\" id=\"&quot;q&quot;\"><kind>k</kind><range low=\"1\"><high>9</high></range>\
         <tags><tag>a</tag><tag>b</tag></tags><box size=\"1\"><text>&lt;&amp;&gt;</text></box><range>r</range>\
         <free>true</free></Root>"
    );
    for (given, error) in [
        (r#"{"a b":1}"#, "\"a b\" cannot be the name of an XML element"),
        (r#"{"id":[1]}"#, "@id is a list, and only a single value is possible there"),
        (r#"{"high":"\u0007"}"#, "high contains the character U+0007, which XML cannot carry"),
    ] {
        assert_eq!(called(definition, arguments(given)).unwrap_err().to_string(), error);
    }
}

#[test]
fn secrets_and_the_key_are_placed_but_not_read() {
    let secret = Secret::new("canary & key");
    for (sends, escape) in [
        (r#"{"as":"form"}"#, Escape::Form),
        (r#"{"as":"json","wrap":"box"}"#, Escape::Json),
        (r#"{"as":"xml","root":"R"}"#, Escape::Xml),
    ] {
        let definition = format!(r#""route":{{"verb":"POST","path":"/"}},"sends":{sends},"params":[{{"name":"pw"}}]"#);
        let request = called(&definition, Map::from_iter([("pw", Value::Secret(secret.clone()))])).unwrap();
        assert!(request.body.parts().contains(&Part::Sealed(secret.clone(), vec![escape])), "{sends}");
        assert_eq!(request.body.parts().contains(&Part::Key(vec![Escape::Form])), escape == Escape::Form, "{sends}");
    }
    let form = called(r#""route":{"verb":"POST","path":"/"},"sends":{"as":"form","fixed":{"a":1}}"#, Map::new());
    assert_eq!(form.unwrap().body.preview(), "login=me&pw=%3C(redacted)%3E&a=1");
}

/// What an answer under a fault rule means: JSON, perhaps with `~` and a warning; `!` and the words of a refusal; or
/// `?` and those of an error.
#[test]
fn elements_marked_always_are_written_without_a_value() {
    let definition = r#""route":{"verb":"POST","path":"/"},"sends":{"as":"xml","root":"R"},"params":[
        {"name":"name","type":"string"},
        {"name":"ip","type":"string","wire":"from/ip","always":true},
        {"name":"mask","type":"string","wire":"from/mask"},
        {"name":"to","type":"string","wire":"to/inner/ip","always":true},
        {"name":"kind","type":"string"}]"#;
    for (given, body) in [
        (r#"{"kind":"x","name":"a"}"#, "<name>a</name><from/><to><inner/></to><kind>x</kind>"),
        (r#"{"ip":"1","to":"2"}"#, "<from><ip>1</ip></from><to><inner><ip>2</ip></inner></to>"),
        (r#"{"mask":"3","z":"4"}"#, "<from><mask>3</mask></from><to><inner/></to><z>4</z>"),
        ("{}", "<from/><to><inner/></to>"),
    ] {
        let request = called(definition, arguments(given)).unwrap().body.preview();
        assert!(request.ends_with(&format!("<R>{body}</R>")), "{given}: {request}");
    }
}

fn answered(fault: &str, definition: &str, status: u16, body: &[u8]) -> String {
    let (provider, head) = (provider(fault), Head { status, ..Head::default() });
    let method = method(definition);
    match with(&provider, |service| decode_value(service, &method, &head, body, Limits::default())) {
        Ok(Outcome { reply: Reply::Value(value), aside }) => {
            let remarks = aside.remarks.iter().map(ToString::to_string);
            let said: String = aside.warning.into_iter().chain(remarks).map(|words| format!(" ~ {words}")).collect();
            serde_json::to_string(&value).unwrap() + &said
        }
        Ok(Outcome { reply: Reply::Fault(fault), .. }) => {
            format!("! {} {}", fault.code.as_ref().map_or("-", |code| code.as_str()), fault.words())
        }
        Err(error) => format!("? {error}"),
    }
}

#[test]
fn the_result_is_found_inside_the_answer() {
    let dict = r#""returns":"dict","answers":{"as":"json","at":"a.b","unwrap":["x","y"]}"#;
    let list = r#""returns":"list:dict","answers":{"as":"json","list":"rows","unwrap":"x"}"#;
    for (definition, body, value) in [
        (dict, r#"{"a":{"b":{"x":{"n":1}}}}"#, r#"{"n":1}"#),
        (dict, r#"{"a":{"b":[{"y":{"n":1}}]}}"#, r#"{"n":1}"#),
        (dict, r#"{"a":{"b":{"x":"text"}}}"#, r#"{"x":"text"}"#),
        (dict, r#"{"a":{"b":{"x":{},"z":1}}}"#, r#"{"x":{},"z":1}"#),
        (list, r#"{"rows":[{"x":{"n":1}},{"n":2},3]}"#, r#"[{"n":1},{"n":2},3]"#),
        (list, r#"{"rows":[]}"#, "[]"),
        (list, r#"[{"rows":[{"x":{"n":1}}]}]"#, r#"[{"n":1}]"#),
        (list, r#"[{"rows":[1]},{"rows":[2]}]"#, r#"[{"rows":[1]},{"rows":[2]}]"#),
        (list, r#"{"rows":{"0":{"n":1},"2":{"x":{"n":3}}}}"#, r#"[{"n":1},{"n":3}]"#),
        (list, r#"[{"x":{"n":12345678901234567890123}}]"#, r#"[{"n":12345678901234567890123}]"#),
        (r#""returns":"none","answers":{"as":"json"}"#, "{}", "null"),
        (r#""returns":"none","answers":{"as":"json"}"#, "", "null"),
        (r#""returns":"none","answers":{"as":"none"}"#, "whatever", "null"),
        (r#""returns":"string","answers":{"as":"text"}"#, "\u{feff}é", r#""é""#),
        (r#""answers":{"as":"any"}"#, r#" [1,{"n":2}]"#, r#"[1,{"n":2}]"#),
        (r#""answers":{"as":"any"}"#, r#"{"n":2}"#, r#"{"n":2}"#),
        (r#""answers":{"as":"any"}"#, "[words]", r#""[words]""#),
        (r#""answers":{"as":"any"}"#, "<r>1</r>", r#""<r>1</r>""#),
        (r#""answers":{"as":"any"}"#, "5", r#""5""#),
        (r#""answers":{"as":"any"}"#, "", r#""""#),
        (
            r#""returns":"dict","answers":{"as":"xml","at":"in/er"}"#,
            "<r><in><er><n>1</n></er></in></r>",
            r#"{"n":"1"}"#,
        ),
    ] {
        assert_eq!(answered(FAULTS[0], definition, 200, body.as_bytes()), value, "{body}");
    }
}

#[test]
fn a_change_that_the_status_says_was_made_needs_no_body() {
    let change = r#""returns":"dict","fields":[{"name":"id","type":"int"}],"answers":{"as":"json"}"#;
    let read = r#""returns":"dict","effect":"read","answers":{"as":"json"}"#;
    let empty = "? the answer cannot be read: the message is not JSON but empty";
    let unsaid = "? the answer cannot be read: it does not say whether the call worked: success is missing";
    for (fault, definition, status, value) in [
        (FAULTS[0], change, 202, "null"),
        (FAULTS[3], change, 204, "null"),
        (FAULTS[3], change, 201, "null"),
        (FAULTS[3], change, 200, empty),
        (FAULTS[3], read, 204, empty),
        // Where every answer says whether it worked, one that does not is none.
        (FAULTS[2], change, 204, unsaid),
    ] {
        assert_eq!(answered(fault, definition, status, b""), value, "{fault} {definition} {status}");
    }
}

/// The error of an answer that is not what was promised.
fn unlike(wanted: &str, found: &str) -> String {
    format!("? the answer cannot be read: {wanted} was expected, and {found} came")
}

#[test]
fn json_that_was_not_promised_is_refused() {
    let dict = r#""effect":"read","returns":"dict","answers":{"as":"json","at":"a.b","unwrap":["x"]},
        "fields":[{"name":"n","type":"int"},{"name":"m","type":"int"}]"#;
    let list = r#""returns":"list:dict","answers":{"as":"json","list":"rows","unwrap":"x"},
        "fields":[{"name":"n","type":"int"},{"name":"m","type":"int"}]"#;
    let bare = r#""returns":"list","answers":{"as":"json"}"#;
    let record = r#""effect":"read","returns":"dict","answers":{"as":"json","unwrap":"x"},
        "fields":[{"name":"n","type":"int"},{"name":"m","type":"int"}]"#;
    let empty = "? the answer cannot be read: the message is not JSON but empty".to_owned();
    for (definition, body, meaning) in [
        (dict, r#"{"n":1}"#, r#"{"n":1}"#.to_owned()),
        (dict, r#"{"a":{}}"#, unlike("`a.b`", "nothing")),
        (dict, "{}", unlike("`a.b`", "nothing")),
        (dict, r#"{"a":{"b":[]}}"#, unlike("a dictionary", "a list")),
        (dict, r#"{"a":{"b":"down"}}"#, unlike("a dictionary", "`down`")),
        (dict, r#"{"a":{"b":null}}"#, unlike("a dictionary", "nothing (null)")),
        (dict, "", empty.clone()),
        (list, r#"{"message":"down"}"#, unlike("`rows`", "`message`")),
        (list, "{}", unlike("`rows`", "nothing")),
        (list, r#"{"rows":null}"#, unlike("a list of dictionaries", "nothing (null)")),
        (list, r#"{"rows":"down"}"#, unlike("a list of dictionaries", "`down`")),
        (list, r#"{"rows":{"n":1}}"#, unlike("a list of dictionaries", "a dictionary with `n`")),
        (list, r#"{"rows":["down"]}"#, unlike("a dictionary", "`down`")),
        (list, r#""down""#, unlike("`rows`", "`down`")),
        (list, "", empty.clone()),
        (bare, "{}", unlike("a list", "an empty dictionary")),
        (bare, "null", unlike("a list", "nothing (null)")),
        (bare, "", empty.clone()),
        (record, r#"{"x":{"n":1}}"#, r#"{"n":1}"#.to_owned()),
        (record, "{}", "{}".to_owned()),
        (record, r#"{"message":"maintenance"}"#, unlike("a dictionary with `n` and the like", "`message`")),
        (record, r#"{"x":"down"}"#, unlike("a dictionary with `n` and the like", "`x`")),
        (record, r#"[{"n":1}]"#, r#"{"n":1}"#.to_owned()),
        (record, "[]", unlike("a dictionary", "a list")),
        (record, "true", unlike("a dictionary", "`true`")),
        (record, "", empty),
    ] {
        assert_eq!(answered(FAULTS[0], definition, 200, body.as_bytes()), meaning, "{body}");
    }
    // The answer of a changing call is checked less strictly.
    let change = record.replace(r#""effect":"read","#, "");
    assert_eq!(answered(FAULTS[0], &change, 200, br#"{"job":7}"#), r#"{"job":7}"#);
}

#[test]
fn xml_that_was_not_promised_is_refused() {
    let list = r#""returns":"list:dict","answers":{"as":"xml","root":["Rows","rows"],"list":["row","Row"],
        "beside":{"name":"rows"}},"fields":[{"name":"n","type":"int"}]"#;
    let record = r#""effect":"read","returns":"dict","answers":{"as":"xml","root":"Row"},
        "fields":[{"name":"n","type":"int"},{"name":"id","type":"string","wire":"@id"}]"#;
    let word = r#""returns":"boolean","answers":{"as":"xml","root":"Exists"}"#;
    let roots = "<Rows> or <rows>";
    let members = "<row> or <Row> in <Rows>";
    for (definition, body, meaning) in [
        (list, "<Rows/>", "[]".to_owned()),
        (list, "<rows a='1'>\n</rows>", "[]".to_owned()),
        (list, "<x:Rows xmlns:x='u'><x:Row><x:n>1</x:n></x:Row><x:row/></x:Rows>", r#"[{"n":1},{}]"#.to_owned()),
        (list, "<Rows><name>ALL</name><row><n>1</n></row></Rows>", r#"[{"n":1,"rows":"ALL"}]"#.to_owned()),
        (list, "<Rows><name>ALL</name></Rows>", "[]".to_owned()),
        (
            list,
            "<Rows><row/><more/></Rows>",
            "[{}] ~ the result leaves out what the answer has outside the list: <more>".to_owned(),
        ),
        (list, "<Foo><row/></Foo>", unlike(roots, "<Foo>")),
        (list, "<error>database down</error>", unlike(roots, "<error>")),
        (list, "<Envelope><Body><Fault>down</Fault></Body></Envelope>", unlike(roots, "<Envelope>")),
        (list, "<Rows><raw/></Rows>", unlike(members, "<raw>")),
        (list, "<Rows>down</Rows>", unlike(members, "text")),
        (list, "<Status><result>SUCCESS</result></Status>", unlike(roots, "<Status>")),
        (list, "", "? the answer cannot be read: the message is not XML but empty".to_owned()),
        (record, "<Row/>", "{}".to_owned()),
        (record, "<Row id='7'/>", r#"{"id":"7"}"#.to_owned()),
        (record, "<Row><n>1</n><m>2</m></Row>", r#"{"n":1,"m":"2"}"#.to_owned()),
        (record, "<Row>down</Row>", unlike("<n> and the like in <Row>", "text")),
        (record, "<Row><Fault/></Row>", unlike("<n> and the like in <Row>", "<Fault>")),
        (record, "<error>down</error>", unlike("<Row>", "<error>")),
        (word, "<Exists>true</Exists>", "true".to_owned()),
        (word, "<Exists><a>1</a></Exists>", unlike("a single value", "a dictionary with `a`")),
    ] {
        assert_eq!(answered(FAULTS[1], definition, 200, body.as_bytes()), meaning, "{body}");
    }
}

#[test]
fn other_formats_are_neither_empty_nor_pages() {
    let page = "<html><title>Down</title></html>";
    let not =
        |wanted: &str, found: &str| format!("? the answer cannot be read: the message is not {wanted} but {found}");
    for (answers, returns, body, meaning) in [
        ("csv", "list:dict", "", not("CSV", "empty")),
        ("csv", "list:dict", "\n", not("CSV", "empty")),
        ("csv", "list:dict", page, not("CSV", "an HTML page")),
        ("csv", "list:dict", "A,B\n3,\"x", {
            "? the answer cannot be read: not well-formed CSV: the quote that is opened in line 2 is never closed"
                .into()
        }),
        ("pdf", "bytes", "", not("PDF", "empty")),
        ("none", "none", "", "null".into()),
        ("none", "none", "ok", "null".into()),
        ("none", "none", page, not("JSON", "an HTML page")),
        ("text", "string", "", "\"\"".into()),
    ] {
        let definition = format!(r#""returns":"{returns}","answers":{{"as":"{answers}"}}"#);
        assert_eq!(answered(FAULTS[0], &definition, 200, body.as_bytes()), meaning, "{answers} {body}");
    }
}

#[test]
fn an_outcome_that_is_given_twice_is_refused() {
    let list = r#""returns":"list","answers":{"as":"json","list":"rows"}"#;
    let record = r#""returns":"dict","answers":{"as":"json"},"fields":[{"name":"from","type":"int","twin":"to"}]"#;
    let status = r#""returns":"dict","answers":{"as":"status"}"#;
    let twice =
        |name: &str| format!("? the answer cannot be read: it has `{name}` twice, and nobody knows which is meant");
    for (rule, definition, body, meaning) in [
        (2, list, r#"{"success":false,"success":true,"rows":[]}"#, twice("success")),
        (2, list, r#"{"success":true,"success":true,"rows":[]}"#, twice("success")),
        (2, list, r#"{"success":true,"rows":[],"rows":[1]}"#, twice("rows")),
        (2, list, r#"{"success":true,"error":{},"error":{},"rows":[]}"#, twice("error")),
        (2, list, r#"{"success":true,"x":1,"x":2,"rows":[3]}"#, {
            "[3] ~ a dictionary of the answer has `x` twice; the last one counts".into()
        }),
        (0, record, r#"{"from":1,"a":[{"x":1,"x":2}]}"#, {
            r#"{"from":1,"a":[{"x":2}]} ~ a dictionary of the answer has `x` twice; the last one counts"#.into()
        }),
        (0, record, r#"{"a":{"from":1,"from":2}}"#, r#"{"a":{"from":1,"to":2}}"#.into()),
        (0, record, r#"{"from":1,"from":2}"#, r#"{"from":1,"to":2}"#.into()),
        (1, status, "<Status><result>ERROR</result><result>SUCCESS</result></Status>", {
            "? the answer cannot be read: it does not say whether the call worked: result is missing".into()
        }),
    ] {
        assert_eq!(answered(FAULTS[rule], definition, 200, body.as_bytes()), meaning, "{body}");
    }
}

#[test]
fn a_refusal_is_recognized_by_the_providers_rule() {
    let json = r#""returns":"dict","fields":[{"name":"error","type":"string"}],"answers":{"as":"json"}"#;
    let xml = r#""returns":"dict","answers":{"as":"status"}"#;
    let untold = |field: &str| {
        format!("? the answer cannot be read: it does not say whether the call worked: {field} is missing")
    };
    for (rule, definition, status, body, meaning) in [
        (0, json, 200, r#"{"success":false}"#, r#"{"success":false}"#),
        (0, json, 400, r#"{"error":"No"}"#, r#"? the server answered HTTP 400 (bad request)"#),
        (1, xml, 200, "<Status><result>ERROR</result><code>E1</code></Status>", "! E1 "),
        (1, xml, 500, "<Status><result>FATAL</result><detail>No</detail></Status>", "! - No"),
        (1, xml, 200, "<Status><code>E1</code></Status>", &untold("result")),
        (1, xml, 200, "<Other><result>ERROR</result></Other>", &unlike("<Status>", "<Other>")),
        (2, json, 200, r#"{"success":true,"n":1}"#, r#"{"n":1}"#),
        (2, json, 200, r#"{"success":true,"left":[]}"#, r#"{"left":[]}"#),
        (2, json, 200, r#"{"success":true,"left":[{"a":1}]}"#, r#"{"left":[{"a":1}]} ~ a: 1"#),
        (2, json, 500, r#"{"success":false,"error":{"code":"e","words":""},"at":3}"#, "! e at: 3"),
        (2, json, 200, r#"{"success":"maybe"}"#, &untold("success")),
        (2, json, 200, "[]", &untold("success")),
        (3, json, 422, r#"{"errors":[["a","b"]]}"#, "! 422 a: b"),
        (3, json, 422, r#"{"errors":[]}"#, "? the server answered HTTP 422"),
        (3, json, 200, r#"{"error":"a field of the result"}"#, r#"{"error":"a field of the result"}"#),
        (3, json, 200, r#"{"errors":{"base":["a","b"]}}"#, "! - base: a; b"),
        (3, json, 200, "false", "! - false"),
    ] {
        assert_eq!(answered(FAULTS[rule], definition, status, body.as_bytes()), meaning, "{body}");
    }
}

proptest! {
    #[test]
    fn no_answer_makes_the_decoder_panic(
        rule in 0..FAULTS.len(),
        form in prop::sample::select(vec!["json", "xml", "status", "csv", "pdf", "png", "text", "none"]),
        status in prop::sample::select(vec![200_u16, 204, 404, 422, 500]),
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "[<>/a-c=' {}\\[\\]\":,1-3\n\u{e9}]{0,60}".prop_map(String::into_bytes),
            "<Status>(<result>[A-Z]{0,3}</result>)?(<a b='[a-z]'/>)?</Status>".prop_map(String::into_bytes),
        ],
    ) {
        let fields = r#""fields":[{"name":"a","type":"list:int","wire":"a/@b"},{"name":"b","type":"dict"}]"#;
        let definition = format!(r#""returns":"list:dict",{fields},"answers":{{"as":"{form}","list":"a","unwrap":"b"}}"#);
        answered(FAULTS[rule], &definition, status, &body);
    }

    #[test]
    fn no_value_makes_the_encoder_panic(name in "\\PC{0,8}", text in ".{0,20}", nested in any::<bool>()) {
        let value = if nested { Value::List(vec![Map::from_iter([(name.clone(), text.as_str())]).into()]) } else { text.into() };
        for sends in ["", r#""sends":{"as":"form"},"#, r#""sends":{"as":"json"},"#, r#""sends":{"as":"xml","root":"R"},"#] {
            let definition = format!(r#"{sends}"route":{{"verb":"POST","path":"/{{x}}"}},"params":[{{"name":"x","place":"query"}}]"#);
            if let Ok(request) = called(&definition, Map::from_iter([("x", value.clone()), (&*name, value.clone())])) {
                prop_assert!(request.url.is_ascii());
            }
        }
    }
}
