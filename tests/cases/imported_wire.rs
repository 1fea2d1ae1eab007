//! What an imported document sends and reads: bodies of every kind, parameters in every style, and pages of every
//! convention. The documents are small ones in the words of OpenAPI.

use crate::support::cmd::{Outcome, World};
use crate::support::server::{Answer, Server};

/// A service with a body of every kind.
const BODIES: &str = r##"
openapi: 3.1.0
info: {title: Bodies}
servers: [{url: /v1}]
components:
  schemas:
    Rule:
      type: object
      properties:
        serial: {type: integer, readOnly: true}
        name: {type: string}
        secret: {type: string, writeOnly: true}
    Base: {type: object, required: [name], properties: {name: {type: string}}}
    Own: {allOf: [{$ref: "#/components/schemas/Base"}, {type: object, properties: {size: {type: integer, maximum: 9, default: 3}}}]}
paths:
  /form: {post: {requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {
    a: {type: string}, ids: {type: array, items: {type: integer}}, net: {type: object, properties: {ip: {type: string}}}}}}}}, responses: {"204": {}}}}
  /parts: {post: {requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, required: [file], properties: {
    note: {type: string}, file: {type: string, format: binary}}}}}}, responses: {"204": {}}}}
  /bytes/{id}: {put: {requestBody: {content: {application/octet-stream: {schema: {type: string, format: binary}}}}, responses: {"204": {}}}}
  /text: {post: {requestBody: {content: {text/plain: {}}}, responses: {"204": {}}}}
  /patch/{id}: {patch: {requestBody: {content: {application/json-patch+json: {schema: {type: array, items: {type: object, required: [op, path], properties: {
    op: {type: string, enum: [add, test]}, path: {type: string}, value: {}}}}}}}, responses: {"204": {}}}}
  /merge/{id}: {patch: {requestBody: {content: {application/merge-patch+json: {schema: {$ref: "#/components/schemas/Rule"}}}}, responses: {"204": {}}}}
  /rules: {put: {requestBody: {required: true, content: {application/json: {schema: {type: array, minItems: 1, items: {$ref: "#/components/schemas/Rule"}}}}}, responses: {"204": {}}}}
  /own/{name}:
    parameters: [{name: name, in: path, required: true, schema: {type: string}}, {name: X-Trace, in: header, schema: {type: string}}]
    post:
      deprecated: true
      parameters:
        - {name: tags, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: filter, in: query, style: deepObject, schema: {type: object, properties: {state: {type: string}}}}
        - {name: range, in: query, schema: {type: object, properties: {from: {type: integer}, to: {type: integer}}}}
        - {name: old, in: query, deprecated: true, schema: {type: boolean}}
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Own"}}}}
      responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Rule"}}}}}
  /encoded: {post: {requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {
    ids: {type: array, items: {type: integer}}, net: {type: object, properties: {ip: {type: string}}}}},
    encoding: {ids: {explode: false}, net: {contentType: application/json}}}}}, responses: {"204": {}}}}
  /typed: {post: {requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {
    net: {type: object, properties: {ip: {type: string}}}, note: {type: string}}},
    encoding: {note: {contentType: text/markdown}}}}}, responses: {"204": {}}}}
  /basket:
    get:
      parameters:
        - {name: sid, in: cookie, required: true, schema: {type: string}}
        - {name: lang, in: cookie, schema: {type: string}}
        - {name: labels, in: query, schema: {type: object, additionalProperties: {type: string}}}
      responses: {"204": {}}
  /beside: {post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Rule", required: [name]}}}}, responses: {"204": {}}}}
  /touch/{id}: {post: {requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {note: {type: string}}}}}}, responses: {"204": {}}}}
  /records: {post: {requestBody: {content: {application/json: {schema: {
    discriminator: {propertyName: type}, oneOf: [
      {type: object, required: [type, ip], properties: {type: {const: A}, ip: {type: string, format: ipv4}}},
      {type: object, required: [type, host], properties: {type: {const: CNAME}, host: {type: string}}}]}}}}, responses: {"204": {}}}}
"##;

/// An account at a server of an imported document.
fn account(document: &str, server: &Server) -> World {
    let world = World::new();
    world.put("api.yaml", document, 0o644);
    world.marsh().arg("import").arg(world.at("api.yaml")).args(["--name", "own"]).run().exits(0);
    let url = server.url("/v1");
    world.configure(&format!(
        "[profiles.o]\nprovider = \"own\"\nurl = \"{url}\"\nkey_command = \"printf k\"\nretries = 0\n"
    ));
    world
}

fn run(world: &World, line: &str) -> Outcome {
    world.marsh().line(line).run()
}

fn done() -> Answer {
    Answer::http(b"HTTP/1.1 204 No Content\n\n")
}

fn json(headers: &str, body: &str) -> Answer {
    Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n{headers}\n{body}").as_bytes())
}

#[test]
fn bodies_have_the_form_that_the_document_gives_them() {
    for (line, request, media) in [
        (
            "form.create a x ids 1,2 net.ip 192.0.2.1",
            "POST /v1/form a=x&ids=1&ids=2&net%5Bip%5D=192.0.2.1",
            "application/x-www-form-urlencoded",
        ),
        ("bytes.update id 7 body (file)disk.img", "PUT /v1/bytes/7 abc", "application/octet-stream"),
        ("text.create body words", "POST /v1/text words", "text/plain"),
        (
            "patch.update id 7 body[0].op add body[0].path /a body[0].value 1",
            r#"PATCH /v1/patch/7 [{"op":"add","path":"/a","value":"1"}]"#,
            "application/json-patch+json",
        ),
        ("merge.update id 7 name a", r#"PATCH /v1/merge/7 {"name":"a"}"#, "application/merge-patch+json"),
        (r#"rules.update body (json)[{"serial":7,"name":"a"}]"#, r#"PUT /v1/rules [{"name":"a"}]"#, "application/json"),
        (
            "own.update name a body_name b tags x,y filter.state up from 1 to 2 X-Trace t",
            r#"POST /v1/own/a?tags=x,y&filter%5Bstate%5D=up&from=1&to=2 {"name":"b"}"#,
            "application/json",
        ),
        ("touch.update id 7", "POST /v1/touch/7 {}", "application/json"),
        (
            r#"encoded.create ids 1,2 net {"ip":"x"}"#,
            "POST /v1/encoded ids=1,2&net=%7B%22ip%22%3A%22x%22%7D",
            "application/x-www-form-urlencoded",
        ),
        ("records.create type A ip 192.0.2.1", r#"POST /v1/records {"type":"A","ip":"192.0.2.1"}"#, "application/json"),
    ] {
        let server = Server::answering([if line.starts_with("own") { json("", "{}") } else { done() }]);
        let world = account(BODIES, &server);
        world.put("disk.img", "abc", 0o644);
        run(&world, &format!("{line} --yes")).exits(0);
        let requests = server.requests();
        let sent = format!("{} {}", requests[0].start().trim_end_matches(" HTTP/1.1"), requests[0].text());
        let sent = sent.replace("%2C", ",");
        assert_eq!((sent.as_str(), requests[0].header("content-type")), (request, Some(media)), "{line}");
        assert_eq!(requests[0].header("x-trace"), line.contains("X-Trace").then_some("t"));
    }
}

#[test]
fn parts_cookies_and_free_keys_are_written_as_the_document_says() {
    let server = Server::answering([done(), done(), done()]);
    let world = account(BODIES, &server);
    run(&world, "typed.create net.ip 192.0.2.1 note x --yes").exits(0);
    run(&world, "basket.get sid a=b lang de labels.a 1 labels.b 2").exits(0);
    run(&world, "basket.get lang de").exits(2).says("sid");
    run(&world, "basket.get sid a;admin=1").exits(2).says("sid is sent as a cookie, which is one text without blanks");
    let requests = server.requests();
    let parts = requests[0].text();
    for part in [
        "name=\"net\"\r\nContent-Type: application/json\r\n\r\n{\"ip\":\"192.0.2.1\"}\r\n",
        "name=\"note\"\r\nContent-Type: text/markdown\r\n\r\nx\r\n",
    ] {
        assert!(parts.contains(part), "{parts}");
    }
    let basket = &requests[1];
    assert_eq!(
        (basket.start(), basket.header("cookie")),
        ("GET /v1/basket?a=1&b=2 HTTP/1.1", Some("sid=a=b; lang=de"))
    );
    assert_eq!(requests.len(), 2);
}

#[test]
fn a_file_is_a_part_that_is_read_while_it_is_sent() {
    let server = Server::answering([done()]);
    let world = account(BODIES, &server);
    let content: Vec<u8> = (0..200_000_u32).map(|at| at as u8).collect();
    std::fs::write(world.at("disk.img"), &content).unwrap();
    run(&world, "parts.create note x file (file)disk.img --yes").exits(0);
    let request = &server.requests()[0];
    assert!(request.header("content-type").unwrap().starts_with("multipart/form-data; boundary="));
    assert!(request.body.windows(content.len()).any(|window| window == content));
    assert!(world.calls()[0].call.text.contains(" # disk.img: 200000 bytes, sha256 "));
}

#[test]
fn what_a_document_forbids_is_not_sent() {
    let server = Server::answering([json("", r#"{"name":"n","secret":"s"}"#)]);
    let world = account(BODIES, &server);
    for (line, said) in [
        ("parts.create note x", "file"),
        // Said beside a reference.
        ("beside.create", "name"),
        ("bytes.update id 7 body disk.img", "(file)PATH"),
        ("rules.update body []", "body"),
        ("merge.update id 7 serial 5", "serial"),
        ("patch.update id 7 body[0].op drop body[0].path /a", "add, test"),
        ("own.update name a body_name b size 10", "9"),
        ("own.update name a", "body_name"),
        ("records.create type A host x", "ip"),
        ("records.create type MX", "A, CNAME"),
    ] {
        run(&world, line).says(said).exits(2);
    }
    assert_eq!(server.requests().len(), 0);
    // What is deprecated works, and is told.
    run(&world, "own.update name a body_name b old true")
        .exits(0)
        .says("own.update is deprecated")
        .says("old of own.update is deprecated");
    let help = run(&world, "help own.update").stdout;
    for part in ["default 3", "at most 9", "deprecated"] {
        assert!(help.contains(part), "{part}\n{help}");
    }
    let fields = run(&world, "help records.create").stdout;
    assert!(fields.contains("ip must be given when type is A"), "{fields}");
    assert!(!help.contains("secret"), "what is only written is not in a result\n{help}");
}

/// Lists of every convention.
const LISTS: &str = r##"
openapi: 3.0.0
info: {title: Lists}
servers: [{url: /v1}]
components:
  schemas:
    Thing: {type: object, properties: {id: {type: integer}}}
    Things: {type: array, items: {$ref: "#/components/schemas/Thing"}}
  parameters:
    page: {name: page, in: query, schema: {type: integer}}
    size: {name: per_page, in: query, schema: {type: integer, maximum: 2}}
    limit: {name: limit, in: query, schema: {type: integer, maximum: 2}}
paths:
  /number: {get: {parameters: [{$ref: "#/components/parameters/page"}, {$ref: "#/components/parameters/size"}], responses: {"200": {content: {application/json: {schema: {
    type: object, properties: {things: {$ref: "#/components/schemas/Things"}, meta: {type: object, properties: {total: {type: integer}}}}}}}}}}}
  /plain: {get: {parameters: [{$ref: "#/components/parameters/page"}, {$ref: "#/components/parameters/size"}], responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Things"}}}}}}}
  /offset: {get: {parameters: [{name: offset, in: query, schema: {type: integer}}, {$ref: "#/components/parameters/limit"}], responses: {"200": {content: {application/json: {schema: {
    type: object, properties: {count: {type: integer}, next: {type: string, format: uri, nullable: true}, results: {$ref: "#/components/schemas/Things"}}}}}}}}}
  /address: {get: {responses: {"200": {content: {application/json: {schema: {
    type: object, properties: {things: {$ref: "#/components/schemas/Things"}, links: {type: object, properties: {pages: {type: object, properties: {next: {type: string}}}}}}}}}}}}}
  /link: {get: {parameters: [{$ref: "#/components/parameters/page"}, {$ref: "#/components/parameters/size"}], responses: {"200": {
    headers: {Link: {schema: {type: string}}}, content: {application/json: {schema: {$ref: "#/components/schemas/Things"}}}}}}}
  /cursor: {get: {parameters: [{name: cursor, in: query, schema: {type: string}}, {$ref: "#/components/parameters/limit"}], responses: {"200": {content: {application/json: {schema: {
    type: object, properties: {next_cursor: {type: string}, things: {$ref: "#/components/schemas/Things"}}}}}}}}}
  /last: {get: {parameters: [{name: starting_after, in: query, schema: {type: string}}, {$ref: "#/components/parameters/limit"}], responses: {"200": {content: {application/json: {schema: {
    type: object, properties: {has_more: {type: boolean}, url: {type: string}, data: {$ref: "#/components/schemas/Things"}}}}}}}}}
  /one: {get: {responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Things"}}}}}}}
"##;

/// What answers a list, page by page, and what is asked for.
fn conventions() -> Vec<(&'static str, Vec<Answer>, Vec<&'static str>)> {
    let things = |ids: &[u32]| ids.iter().map(|id| format!(r#"{{"id":{id}}}"#)).collect::<Vec<_>>().join(",");
    let (one, two) = (things(&[1, 2]), things(&[3]));
    let plain = |headers: &str, text: String| json(headers, &text);
    vec![
        (
            "number.list",
            vec![
                plain("", format!(r#"{{"things":[{one}],"meta":{{"total":3}}}}"#)),
                plain("", format!(r#"{{"things":[{two}],"meta":{{"total":3}}}}"#)),
            ],
            vec!["/v1/number?page=1&per_page=2", "/v1/number?page=2&per_page=2"],
        ),
        (
            "plain.list",
            vec![plain("", format!("[{one}]")), plain("", format!("[{two}]"))],
            vec!["/v1/plain?page=1&per_page=2", "/v1/plain?page=2&per_page=2"],
        ),
        (
            "offset.list",
            vec![
                plain("", format!(r#"{{"count":3,"next":"http://elsewhere.example/","results":[{one}]}}"#)),
                plain("", format!(r#"{{"count":3,"next":null,"results":[{two}]}}"#)),
            ],
            vec!["/v1/offset?offset=0&limit=2", "/v1/offset?offset=2&limit=2"],
        ),
        (
            "address.list",
            vec![
                plain("", format!(r#"{{"things":[{one}],"links":{{"pages":{{"next":"/v1/address?page=2"}}}}}}"#)),
                plain("", format!(r#"{{"things":[{two}],"links":{{}}}}"#)),
            ],
            vec!["/v1/address", "/v1/address?page=2"],
        ),
        (
            "link.list",
            vec![
                plain("Link: </v1/link?page=2&per_page=2>; rel=\"next\"\n", format!("[{one}]")),
                plain("", format!("[{two}]")),
            ],
            vec!["/v1/link?per_page=2", "/v1/link?page=2&per_page=2"],
        ),
        (
            "cursor.list",
            vec![
                plain("", format!(r#"{{"next_cursor":"c2","things":[{one}]}}"#)),
                plain("", format!(r#"{{"next_cursor":"","things":[{two}]}}"#)),
            ],
            vec!["/v1/cursor?limit=2", "/v1/cursor?cursor=c2&limit=2"],
        ),
        (
            "last.list",
            vec![
                plain("", format!(r#"{{"has_more":true,"data":[{one}]}}"#)),
                plain("", format!(r#"{{"has_more":false,"data":[{two}]}}"#)),
            ],
            vec!["/v1/last?limit=2", "/v1/last?starting_after=2&limit=2"],
        ),
    ]
}

#[test]
fn every_convention_of_pages_is_read_to_its_end() {
    for (line, answers, wanted) in conventions() {
        let server = Server::answering(answers);
        let world = account(LISTS, &server);
        run(&world, &format!("{line} --all -o jsonl")).prints("{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n").exits(0);
        let asked: Vec<String> = server
            .requests()
            .iter()
            .map(|it| it.start().trim_start_matches("GET ").trim_end_matches(" HTTP/1.1").to_owned())
            .collect();
        assert_eq!(asked, wanted, "{line}");
        let help = run(&world, &format!("help {line}")).stdout;
        assert!(help.contains("The list comes in pages: --all reads all of them"), "{help}");
    }
    let server = Server::answering([]);
    run(&account(LISTS, &server), "one.list --all").says("one.list does not answer in pages").exits(2);
}

#[test]
fn a_list_without_an_end_ends_with_a_word() {
    for (line, answers, _) in conventions() {
        // The first page again and again.
        let server = Server::answering(vec![answers[0].clone(); 4]);
        let world = account(LISTS, &server);
        let outcome = run(&world, &format!("{line} --all -o jsonl"));
        assert!(outcome.stdout.starts_with("{\"id\":1}\n{\"id\":2}\n"), "{outcome}");
        assert!(server.requests().len() <= 3, "{line}: {}", server.requests().len());
        let told =
            ["the service reports 3 members but returned 2", "the last page contained nothing new", "was read before"];
        assert!(told.iter().any(|said| outcome.stderr.contains(said)), "{line}: {outcome}");
    }
}
