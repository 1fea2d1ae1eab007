//! Conversations with the small cloud, and documents and requests of all kinds.

use std::time::Duration;

use proptest::prelude::*;

use super::testing::{CLOUD, cloud, surface};
use super::*;
use crate::kit::clock::testing::story;

fn service(key: Option<&str>) -> Described {
    Described::new(cloud(), key.map(str::to_owned), &Options { starts: story(), ..Options::default() })
}

/// A request with a key, as `VERB target`.
fn request(line: &str, body: &str) -> Request {
    let (verb, target) = line.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let kind = match body.chars().next() {
        Some('{') => "application/json",
        Some('[') => "application/json-patch+json",
        _ => "application/x-www-form-urlencoded",
    };
    Request {
        verb: verb.into(),
        path: path.into(),
        query: query.into(),
        authorization: Some("Bearer any".into()),
        content_type: (!body.is_empty()).then(|| kind.to_owned()),
        headers: vec![("host".into(), "h:80".into())],
        body: body.into(),
        ..Request::default()
    }
}

fn say(service: &mut Described, line: &str, body: &str) -> String {
    let response = service.respond(&request(line, body));
    let text = String::from_utf8(response.body).unwrap();
    format!("{} {text}", response.status).trim_end().to_owned()
}

/// One member of a JSON answer.
fn field(answer: &str, path: &str) -> String {
    let (_, text) = answer.split_once(' ').unwrap_or_default();
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    value.pointer(path).map(ToString::to_string).unwrap_or_default()
}

#[test]
fn what_is_made_is_there_until_it_is_removed() {
    let mut cloud = service(None);
    let one = r#"{"id":42,"name":"web","status":"running","image":{"id":1,"name":"debian"},"ipv4":"192.0.2.10","labels":{"example":"example"},"created":"2011-06-17T09:00:00Z"}"#;
    assert_eq!(say(&mut cloud, "GET /v1/servers/42", ""), format!(r#"200 {{"server":{one}}}"#));
    let list = say(&mut cloud, "GET /v1/servers?per_page=1", "");
    assert_eq!(
        list,
        format!(r#"200 {{"servers":[{one}],"meta":{{"pagination":{{"page":1,"next_page":2,"total_entries":3}}}}}}"#)
    );
    let made = say(&mut cloud, "POST /v1/servers", r#"{"name":"db","image":"alma","labels":{"env":"prod"}}"#);
    for (path, value) in [
        ("/server/id", "45"),
        ("/server/name", "\"db\""),
        ("/server/image/name", "\"alma\""),
        ("/server/labels", r#"{"env":"prod"}"#),
        ("/server/status", "\"running\""),
        ("/job/status", "\"running\""),
    ] {
        assert_eq!(field(&made, path), value, "{path} {made}");
    }
    assert!(made.starts_with("201 ") && field(&made, "/server/created").starts_with("\"2011-08-01T09:00:0"), "{made}");
    assert_eq!(field(&say(&mut cloud, "GET /v1/servers?page=2", ""), "/servers/1/name"), "\"db\"");
    assert_eq!(field(&say(&mut cloud, "GET /v1/servers?name=db", ""), "/meta/pagination/total_entries"), "1");
    assert_eq!(field(&say(&mut cloud, "PUT /v1/servers/45", r#"{"name":"db2"}"#), "/server/name"), "\"db2\"");
    let patched = say(&mut cloud, "PATCH /v1/servers/45", r#"[{"op":"replace","path":"/labels/env","value":"test"}]"#);
    assert_eq!(
        (field(&patched, "/server/labels/env"), field(&patched, "/server/name")),
        ("\"test\"".into(), "\"db2\"".into())
    );
    assert_eq!(say(&mut cloud, "DELETE /v1/servers/45", ""), "204");
    for line in ["GET /v1/servers/45", "DELETE /v1/servers/45", "POST /v1/servers/45/actions/reboot"] {
        assert!(say(&mut cloud, line, "").starts_with("404 "), "{line}");
    }
    assert_eq!(
        say(&mut cloud, "PUT /v1/servers/45", "{}"),
        r#"404 {"error":{"code":"not_found","message":"there is no server \"45\""}}"#
    );
}

#[test]
fn objects_below_others_end_with_them() {
    let mut cloud = service(None);
    assert_eq!(say(&mut cloud, "POST /v1/zones", "name=a.example&ttl=300"), r#"201 {"name":"a.example","ttl":300}"#);
    assert!(say(&mut cloud, "POST /v1/zones", "name=a.example").starts_with("409 "));
    let record = say(&mut cloud, "POST /v1/zones/a.example/records", r#"{"type":"AAAA","value":"2001:db8::1"}"#);
    assert_eq!(record, r#"201 {"id":4,"zone":"a.example","type":"AAAA","value":"2001:db8::1"}"#);
    let records = say(&mut cloud, "GET /v1/zones/a.example/records", "");
    assert_eq!((field(&records, "/data/3/id"), field(&records, "/has_more")), ("4".into(), "false".into()));
    assert_eq!(field(&say(&mut cloud, "GET /v1/zones/zone-1/records", ""), "/data/3/id"), "");
    assert_eq!(say(&mut cloud, "GET /v1/zones/a.example/export", ""), "200 a zone");
    assert_eq!(say(&mut cloud, "DELETE /v1/zones/a.example", ""), "204");
    assert!(say(&mut cloud, "GET /v1/zones/a.example/records", "").starts_with("404 "));
    assert!(say(&mut cloud, "GET /v1/zones/nosuch", "").starts_with("404 "));
}

#[test]
fn a_job_is_under_way_until_its_time_is_over() {
    let mut cloud = service(None);
    let started = say(&mut cloud, "POST /v1/servers/42/actions/reboot", "");
    assert_eq!(started, r#"201 {"job":{"id":1001,"status":"running","progress":0,"error":null}}"#);
    assert_eq!(field(&say(&mut cloud, "GET /v1/jobs/1001", ""), "/job/status"), "\"running\"");
    assert_eq!(field(&say(&mut cloud, "GET /v1/jobs", ""), "/jobs/3/id"), "1001");
    cloud.advance(Duration::from_secs(3));
    assert_eq!(
        say(&mut cloud, "GET /v1/jobs/1001", ""),
        r#"200 {"job":{"id":1001,"status":"success","progress":100,"error":null}}"#
    );
    assert!(say(&mut cloud, "GET /v1/jobs/1002", "").starts_with("404 "));
}

#[test]
fn single_things_are_remembered_too() {
    let mut cloud = service(None);
    assert_eq!(say(&mut cloud, "GET /v1/settings", ""), r#"200 {"mail":true,"note":"An example of a setting"}"#);
    assert_eq!(
        say(&mut cloud, "PATCH /v1/settings", r#"{"mail":false}"#),
        r#"200 {"mail":false,"note":"An example of a setting"}"#
    );
    assert_eq!(say(&mut cloud, "GET /v1/settings", ""), r#"200 {"mail":false,"note":"An example of a setting"}"#);
}

#[test]
fn refusals_are_those_of_the_document() {
    let mut cloud = service(Some("k3y"));
    let refused = |service: &mut Described, line: &str, body: &str, key: &str| {
        let response =
            service.respond(&Request { authorization: Some(format!("Bearer {key}")), ..request(line, body) });
        let text = String::from_utf8(response.body).unwrap();
        (response.status, field(&format!("x {text}"), "/error/message").trim_matches('"').to_owned(), response.headers)
    };
    for (line, body, key, status, words) in [
        ("GET /v1/servers", "", "other", 401, "the credentials are missing or wrong"),
        ("GET /v1/servers?page=x", "", "k3y", 400, "page must be a whole number"),
        ("POST /v1/servers", r#"{"name":"a"}"#, "k3y", 422, "image is required"),
        ("POST /v1/servers", r#"{"name":"","image":"x"}"#, "k3y", 422, "name must have at least 1 characters"),
        ("POST /v1/servers", "x=1", "k3y", 415, "the body must be application/json"),
        ("PATCH /v1/servers/42", r#"[{"op":"remove","path":"/no"}]"#, "k3y", 400, "there is nothing at /no"),
        ("GET /v1/nothing", "", "k3y", 404, "the document has no path /v1/nothing"),
        ("DELETE /v1/servers", "", "k3y", 405, "DELETE is not possible here, only GET, POST"),
    ] {
        let (found, message, headers) = refused(&mut cloud, line, body, key);
        assert_eq!((found, message.as_str()), (status, words), "{line} {body}");
        assert_eq!(headers.iter().any(|(name, _)| *name == "allow"), status == 405);
    }
    // Nobody need say who asks where the document does not want it.
    let response = cloud.respond(&Request { authorization: None, ..request("GET /v1/search?q=a", "") });
    assert_eq!((response.status, response.body.len()), (200, 0));
}

#[test]
fn the_same_document_gives_the_same_answers() {
    let lines =
        ["GET /v1/servers", "GET /v1/jobs", "GET /v1/zones", "GET /v1/zones/zone-2/records", "GET /v1/servers/43"];
    let all = || lines.map(|line| say(&mut service(None), line, ""));
    assert_eq!(all(), all());
}

#[test]
fn more_objects_make_more_pages() {
    let mut cloud = Described::new(cloud(), None, &Options { more_servers: 4, ..Options::default() });
    let mut page = 1;
    let mut seen = Vec::new();
    loop {
        let answer = say(&mut cloud, &format!("GET /v1/servers?page={page}&per_page=3"), "");
        seen.extend((0..3).map(|nth| field(&answer, &format!("/servers/{nth}/id"))).filter(|id| !id.is_empty()));
        match field(&answer, "/meta/pagination/next_page").parse() {
            Ok(next) => page = next,
            Err(_) => break,
        }
    }
    assert_eq!(seen, ["42", "43", "44", "45", "46", "47", "48"]);
    let response = cloud.respond(&request("GET /v1/servers?per_page=3", ""));
    assert_eq!(response.headers, [("link", "<http://h:80/v1/servers?per_page=3&page=2>; rel=\"next\"".to_owned())]);
}

/// A step of a path: one that the document has, or any.
fn step() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "v1", "servers", "zones", "records", "jobs", "settings", "42", "zone-1", "actions", "reboot", "1001",
            "%2F", ""
        ])
        .prop_map(str::to_owned),
        "[a-z0-9%{}.~ é/-]{0,6}",
    ]
}

/// JSON of any kind, with names that the document has.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        "[a-z/é]{0,6}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let name = prop::sample::select(vec![
            "name", "image", "id", "op", "path", "value", "from", "metadata", "labels", "type",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec((name, inner), 0..5).prop_map(|pairs| serde_json::Value::Object(
                pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
            )),
        ]
    })
}

proptest! {
    // Each case reads the document again.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_that_a_client_sends_panics(
        calls in prop::collection::vec((
            prop::sample::select(vec!["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "X"]),
            prop::collection::vec(step(), 0..6), "[a-z_=&0-9%\\[\\]]{0,20}", any_json(), any::<bool>()), 1..6)
    ) {
        let mut cloud = service(None);
        for (verb, steps, query, body, listed) in calls {
            let body = body.to_string().into_bytes();
            let kind = if listed { "application/json-patch+json" } else { "application/json" };
            let line = format!("{verb} /v1/{}", steps.join("/").replace('?', ""));
            let response = cloud.respond(&Request { query, body, content_type: Some(kind.into()), ..request(&line, "") });
            prop_assert!((200..600).contains(&response.status));
        }
    }

    #[test]
    fn no_bytes_panic(path: String, query: String, body: Vec<u8>, kind: String) {
        let request = Request { verb: "POST".into(), path, query, body, content_type: Some(kind), ..Request::default() };
        prop_assert!(service(None).respond(&request).status >= 200);
    }

    #[test]
    fn no_schema_panics(schema in any_schema()) {
        let text = CLOUD.replace(r##""schema": {"$ref": "#/components/schemas/Record"}"##, &format!(r#""schema": {schema}"#));
        let mut own = Described::new(surface(&text), None, &Options::default());
        for line in ["POST /v1/zones/zone-1/records", "GET /v1/zones/zone-1/records"] {
            let response = own.respond(&request(line, r#"{"id":1,"name":"x"}"#));
            prop_assert!((200..600).contains(&response.status));
        }
    }
}

/// Schemas of all kinds, also those that are wrong.
fn any_schema() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        prop::sample::select(vec![
            r#"{"type":"integer","minimum":9223372036854775807,"exclusiveMinimum":true}"#,
            r#"{"type":"string","pattern":"^[a-z]{9}$","minLength":5000}"#,
            r##"{"$ref":"#/components/schemas/Server"}"##,
            r#"{"type":"array"}"#,
            r#"{"enum":[]}"#,
            r#"{"type":["null"]}"#,
            r#"{"type":"number","example":{}}"#,
            "{}",
        ])
        .prop_map(|text| serde_json::from_str(text).unwrap()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..3);
        prop_oneof![
            (prop::sample::select(vec!["allOf", "oneOf", "anyOf"]), list).prop_map(|(key, list)| serde_json::json!({ key: list })),
            inner.clone().prop_map(|inner| serde_json::json!({"type": "array", "items": inner, "minItems": 3})),
            (inner.clone(), any::<bool>()).prop_map(|(inner, needed)| serde_json::json!({"type": "object", "required": if needed { vec!["id"] } else { vec![] },
                "properties": {"id": inner, "status": {"enum": ["running", "done", 5]}}, "additionalProperties": inner})),
        ]
    })
}
