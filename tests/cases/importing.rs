//! A service becomes a provider by its document alone: imported from a file or an address, listed, explained, called,
//! asked about, and kept from a read-only account.

use serde_json::Value;

use crate::support::cmd::World;
use crate::support::server::{Answer, Server};

/// A small cloud, in the words of OpenAPI.
const CLOUD: &str = r##"
openapi: 3.0.3
info: {title: Small Cloud, version: "1.2"}
servers: [{url: /v1}]
security: [{token: []}]
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
  schemas:
    Server:
      type: object
      required: [id, name]
      properties:
        id: {type: integer, readOnly: true}
        name: {type: string, description: Name of the server. It is unique.}
        status: {type: string, enum: [running, "off"]}
        root_password: {type: string}
paths:
  /servers:
    get:
      operationId: list_servers
      summary: List all servers.
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: per_page, in: query, schema: {type: integer, maximum: 50}}
      responses:
        "200":
          content:
            application/json:
              schema:
                type: object
                properties:
                  servers: {type: array, items: {$ref: "#/components/schemas/Server"}}
                  meta: {type: object}
    post:
      summary: Create a server
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [name, image]
              properties:
                name: {type: string}
                image: {type: string}
                location: {type: string, enum: [fsn, hel]}
                labels: {type: object, additionalProperties: {type: string}}
      responses:
        "201": {content: {application/json: {schema: {type: object, properties: {server: {$ref: "#/components/schemas/Server"}, action: {type: object}}}}}}
  /servers/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses: {"200": {content: {application/json: {schema: {type: object, properties: {server: {$ref: "#/components/schemas/Server"}}}}}}}
    delete: {responses: {"204": {}}}
  /servers/{id}/actions/rebuild:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    post: {responses: {"201": {}}}
  /servers/{id}/picture:
    parameters: [{name: id, in: path, required: true, style: matrix, schema: {type: integer}}]
    put:
      requestBody: {required: true, content: {image/gif: {}}}
      responses: {"204": {}}
"##;

fn json(body: &str) -> Answer {
    Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}").as_bytes())
}

/// The small cloud, imported from a file, with an account at a server.
fn imported(server: &Server, more: &str) -> World {
    let world = World::new();
    world.put("cloud.yaml", CLOUD, 0o644);
    world.marsh().arg("import").arg(world.at("cloud.yaml")).args(["--name", "small"]).run().exits(0);
    let url = server.url("/v1");
    world.configure(&format!(
        "[profiles.s]\nprovider = \"small\"\nurl = \"{url}\"\nkey_command = \"printf k3y\"\n{more}"
    ));
    world
}

#[test]
fn an_import_says_what_became_of_each_operation() {
    let world = World::new();
    world.put("cloud.yaml", CLOUD, 0o644);
    let import = |more: &[&str]| {
        world.marsh().arg("import").arg(world.at("cloud.yaml")).args(["--name", "small"]).args(more).run()
    };
    let told = import(&["--dry-run"]).exits(0).says("nothing was saved");
    for line in [
        "small: Small Cloud 1.2, 6 operations\n",
        "  5 methods: 2 only read, 2 lose something, 1 may cost money\n",
        "the document names none, only /v1/…",
        "the key is sent as `Authorization: Bearer KEY`",
        "  1 cannot be called:\n    PUT /servers/{id}/picture: its path has id with marks before the value\n",
        "destroy   servers.rebuild (POST /servers/{id}/actions/rebuild): the word `rebuild` in its path\n",
        "billable  servers.create (POST /servers): its values `image` and `location`\n",
    ] {
        assert!(told.stdout.contains(line), "{line}\n{}", told.stdout);
    }
    world
        .marsh()
        .line("--provider small -u http://127.0.0.1:9 methods")
        .run()
        .exits(2)
        .says("there is no catalogue `small`");
    import(&[]).exits(0).says("marsh login --provider small --url https://HOST");
    import(&[]).exits(10).says("small was imported before");
    import(&["--yes"]).exits(0);
    let rows = import(&["--yes", "-o", "json"]).exits(0);
    let rows: Value = serde_json::from_str(&rows.stdout).unwrap();
    let names: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["servers.list", "servers.create", "servers.get", "servers.delete", "servers.rebuild"]);
}

#[test]
fn an_imported_provider_is_listed_explained_and_called() {
    let body = r#"{"servers":[{"id":42,"name":"web","status":"running","root_password":"s3cret"}],"meta":{}}"#;
    let one = r#"{"server":{"id":42,"name":"web"}}"#;
    let server = Server::answering([json(body), json(one), json(one)]);
    let world = imported(&server, "");
    let line = |text: &str| world.marsh().line(text).run();
    let methods = line("methods").exits(0).stdout;
    assert!(methods.contains("servers.list") && methods.contains("List all servers"), "{methods}");
    assert!(line("search rebuild").exits(0).stdout.contains("servers.rebuild"));
    let help = line("help servers.create").exits(0).stdout;
    for part in ["name", "image", "location", "fsn, hel", "Nobody has reviewed the effect"] {
        assert!(help.contains(part), "{part}\n{help}");
    }
    assert_eq!(line("servers.list -q .[0].name").exits(0).stdout, "\"web\"\n");
    // The document's own name is an alias, and the object is taken out of its envelope.
    assert_eq!(line("servers.get id 42 -q .name").exits(0).stdout, "\"web\"\n");
    line("-y servers.create name web image debian location hel labels.env prod").exits(0);
    line("servers.create name web image debian location mars --dry-run").exits(2).says("fsn, hel");
    let requests = server.requests();
    let starts: Vec<&str> = requests.iter().map(|request| request.start()).collect();
    assert_eq!(starts, ["GET /v1/servers HTTP/1.1", "GET /v1/servers/42 HTTP/1.1", "POST /v1/servers HTTP/1.1"]);
    assert!(requests.iter().all(|request| request.header("authorization") == Some("Bearer k3y")));
    let sent: Value = serde_json::from_str(requests[2].text().split("\r\n\r\n").last().unwrap()).unwrap();
    assert_eq!(
        sent,
        serde_json::json!({"name": "web", "image": "debian", "location": "hel", "labels": {"env": "prod"}})
    );
}

#[test]
fn effects_of_a_document_are_asked_about_and_its_reads_are_believed_only_if_the_user_says_so() {
    let server = Server::answering([json(r#"{"servers":[]}"#)]);
    let world = imported(&server, "");
    for line in ["servers.delete id 42", "servers.rebuild id 42", "servers.create name a image b"] {
        world.marsh().line(line).run().exits(10);
    }
    let closed = imported(&server, "read_only = true\n");
    closed
        .marsh()
        .line("servers.list")
        .run()
        .exits(10)
        .says("only the document of the provider calls servers.list a read");
    let help = closed.marsh().line("help servers.list").run().exits(0).stdout;
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("nobody has reviewed this read"), "{help}");
    assert_eq!(server.requests().len(), 0);
    let believing = imported(&server, "read_only = \"document\"\n");
    believing.marsh().line("servers.list").run().exits(0).prints("[]\n");
    believing.marsh().line("-y servers.delete id 42").run().exits(10).says("s is read-only");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_document_at_an_address_is_fetched_with_its_files_from_its_own_host_alone() {
    let yaml = |text: &str| Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: text/plain\n\n{text}").as_bytes());
    let main = "swagger: '2.0'\ninfo: {title: T}\nbasePath: /api\npaths: {$ref: 'parts/all.yaml'}";
    let part = "/things:\n  get: {responses: {200: {schema: {type: array, items: {type: string}}}}}";
    let server = Server::answering([yaml(main), yaml(part), json(r#"["a"]"#)]);
    let world = World::new();
    let import = |url: &str| world.marsh().args(["import", url, "--name", "things", "--yes"]).run();
    let told = import(&server.url("/docs/api.yaml")).exits(0).says("marsh login --provider things");
    assert!(told.stdout.contains(&format!("calls go to http://{}/api\n", server.address)), "{}", told.stdout);
    world.configure("[profiles.t]\nprovider = \"things\"\n");
    world.marsh().line("things.list -o jsonl").run().exits(0).prints("\"a\"\n");
    let starts: Vec<String> = server.requests().iter().map(|request| request.start().to_owned()).collect();
    let wanted = ["GET /docs/api.yaml HTTP/1.1", "GET /docs/parts/all.yaml HTTP/1.1", "GET /api/things HTTP/1.1"];
    assert_eq!(starts, wanted);
    for reference in ["http://127.0.0.1:9/x", "file:///etc/passwd"] {
        let evil = Server::answering([yaml(&format!("openapi: 3.0.0\npaths: {{$ref: '{reference}'}}"))]);
        import(&evil.url("/api.yaml")).exits(2).says("which is not beside the document");
    }
}

#[test]
fn what_a_person_has_reviewed_is_used_as_long_as_the_operation_is_the_same() {
    let world = World::new();
    world.put("cloud.yaml", CLOUD, 0o644);
    let import = |more: &[&str]| {
        let name = ["--name", "small", "--yes", "--overlay"];
        world.marsh().arg("import").arg(world.at("cloud.yaml")).args(name).arg(world.at("own.toml")).args(more).run()
    };
    world.put("own.toml", "title = \"Small\"", 0o644);
    let rows: Value = serde_json::from_str(&import(&["-o", "json"]).exits(0).stdout).unwrap();
    let hash = |operation: &str| {
        let row = rows.as_array().unwrap().iter().find(|row| row["operation"] == operation).unwrap();
        row["hash"].as_str().unwrap().to_owned()
    };
    let (list, rebuild) = (hash("GET /servers"), hash("POST /servers/{id}/actions/rebuild"));
    let overlay = format!(
        "title = \"Small\"\n[[operation]]\nat = \"GET /servers\"\nhash = \"{list}\"\neffect = \"read\"\n\
         [[operation]]\nat = \"POST /servers/{{id}}/actions/rebuild\"\nhash = \"{rebuild}\"\neffect = \"destroy\"\n\
         loses = \"everything on its disk\"\n[[operation]]\nat = \"POST /servers\"\nhash = \"0000000000000000\"\neffect = \"read\"\n"
    );
    world.put("own.toml", &overlay, 0o644);
    let told = import(&[]).exits(0);
    for line in ["  2 methods reviewed by a person\n", "changed or gone since:\n    POST /servers\n"] {
        assert!(told.stdout.contains(line), "{line}\n{}", told.stdout);
    }
    let server = Server::answering([json(r#"{"servers":[]}"#)]);
    let url = server.url("/v1");
    world.configure(&format!(
        "[profiles.s]\nprovider = \"small\"\nurl = \"{url}\"\nkey_command = \"printf k\"\nread_only = true\n"
    ));
    world.marsh().line("servers.list").run().exits(0).prints("[]\n");
    world.marsh().line("servers.get id 1").run().exits(10).says("only the document of the provider");
    assert!(world.marsh().line("help servers.rebuild").run().stdout.contains("everything on its disk"));
    world.put("own.toml", "[[operation]]\nat = 5", 0o644);
    import(&[]).exits(2).says("each operation says where it is");
}

#[test]
fn what_is_no_document_is_refused_and_nothing_is_replaced() {
    let world = World::new();
    for (text, said) in [
        ("<html></html>", "it is a web page or XML"),
        ("{\"openapi\":", "it is not valid JSON"),
        ("info: {}", "this is not an OpenAPI or Swagger document"),
        ("openapi: 5.0.0", "OpenAPI 5.0.0 is not supported"),
        ("openapi: 3.0.0\npaths: {}", "describes no operation that can be called"),
    ] {
        world.put("bad.yaml", text, 0o644);
        world.marsh().arg("import").arg(world.at("bad.yaml")).args(["--name", "bad"]).run().exits(2).says(said);
    }
    world.marsh().args(["import", "gone.yaml", "--name", "bad"]).run().exits(2).says("cannot be read");
    world
        .marsh()
        .args(["import", "x", "--name", "memset"])
        .run()
        .exits(2)
        .says("the program has a provider of that name");
}
