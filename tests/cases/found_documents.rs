//! The document of a service is found by itself, with few questions to its own host, and with a key where it needs one.

use crate::support::cmd::World;
use crate::support::keys::{ENTER, Terminal};
use crate::support::server::{Answer, Server};

use super::canary::{KEY, is_clean};

const DOCUMENT: &str = r#"{"openapi":"3.0.3","info":{"title":"Zones of a host"},"paths":{"/zones":{"get":{"responses":{"200":{}}},
    "delete":{"responses":{"204":{}}}}},"components":{"securitySchemes":{"k":{"type":"apiKey","in":"header","name":"X-API-Key"}}}}"#;

fn answer(head: &str, body: &str) -> Answer {
    Answer::http(format!("HTTP/1.1 {head}\n\n{body}").as_bytes())
}

fn document() -> Answer {
    answer("200 OK\nContent-Type: application/json", DOCUMENT)
}

fn missing() -> Answer {
    answer("404 Not Found", "")
}

fn base(server: &Server) -> String {
    format!("http://{}/", server.address)
}

fn starts(server: &Server) -> Vec<String> {
    let path = |start: &str| start.split(' ').nth(1).unwrap_or_default().to_owned();
    server.requests().iter().map(|request| path(request.start())).collect()
}

#[test]
fn a_document_is_found_where_the_service_says_and_then_where_it_usually_is() {
    let page = |link: &str| answer(&format!("200 OK\nContent-Type: text/html{link}"), "<html></html>");
    let list = r#"{"linkset":[{"anchor":"/","service-desc":[{"href":"/own/api.json"}]}]}"#;
    let elsewhere = "\nLink: <http://127.0.0.1:9/x>; rel=\"service-desc\"";
    for (answers, asked) in [
        (vec![document()], vec!["/"]),
        (
            vec![page("\nLink: </docs>; rel=\"service-doc\", </d/api>; rel=\"service-desc\""), document()],
            vec!["/", "/d/api"],
        ),
        (vec![missing(), answer("200 OK", list), document()], vec!["/", "/.well-known/api-catalog", "/own/api.json"]),
        // An address on another port of this machine is not asked.
        (
            vec![page(elsewhere), missing(), missing(), missing(), document()],
            vec!["/", "/.well-known/api-catalog", "/openapi.json", "/openapi.yaml", "/swagger.json"],
        ),
    ] {
        let server = Server::answering(answers);
        let world = World::new();
        let told = world.marsh().args(["-v", "import", &base(&server), "--name", "zones"]).run().exits(0);
        assert_eq!(starts(&server), asked);
        for path in asked {
            assert!(told.stderr.contains(&format!("> GET http://{}{path} (0 bytes)", server.address)), "{told}");
        }
        assert!(told.stdout.contains(&format!("calls go to http://{}", server.address)), "{told}");
    }
}

#[test]
fn where_there_is_no_document_few_places_are_asked_and_the_error_says_so() {
    let server = Server::answering(std::iter::repeat_with(missing).take(40));
    let world = World::new();
    let import = |url: &str| world.marsh().args(["import", url, "--name", "zones"]).run();
    import(&base(&server)).exits(2).says("answered HTTP 404; no document of an API is there");
    let asked = server.requests().len();
    assert!((10..20).contains(&asked), "{asked}");
    // An address that names a file is the only place.
    import(&format!("{}api.yaml", base(&server))).exits(2).says("api.yaml answered HTTP 404");
    assert!(server.requests().len() <= asked + 2);
}

#[test]
fn a_document_that_has_moved_is_followed_on_its_own_host_only() {
    let to = |place: &str| answer(&format!("302 Found\nLocation: {place}"), "");
    let world = World::new();
    world.put("key", KEY, 0o600);
    let key = format!("@{}", world.at("key").display());
    let import = |url: &str| {
        world.marsh().args(["-k", &key, "--auth", "header:X-API-Key", "import", url, "--name", "zones", "--yes"]).run()
    };
    let server = Server::answering([to("/v2"), to("v2/api.json"), document()]);
    let base_url = base(&server);
    let told = import(&base_url).exits(0).says(&format!("its document is {base_url}v2/api.json"));
    assert_eq!(starts(&server), ["/", "/v2", "/v2/api.json"], "{told}");
    assert!(server.requests().iter().all(|request| request.header("x-api-key") == Some(KEY)));
    // Another host is named, and gets neither the key nor a request.
    let other = Server::answering([document()]);
    let away = format!("http://{}/api.json", other.address);
    for (path, answers) in [("", vec![to(&away)]), ("api.json", vec![to(&away), to(&away)])] {
        let server = Server::answering(answers.into_iter().chain(std::iter::repeat_with(missing).take(40)));
        let told = import(&format!("{}{path}", base(&server))).exits(2);
        told.says(&format!("answered HTTP 302: it redirects to {away}, which marsh does not follow by itself"));
    }
    assert!(other.requests().is_empty());
    // A circle ends.
    let server = Server::answering(std::iter::repeat_with(|| to("/api.json")).take(40));
    import(&format!("{}api.json", base(&server))).exits(2).says("it redirects to http://");
    assert_eq!(server.requests().len(), 12);
}

#[test]
fn a_key_for_the_document_goes_to_its_host_and_is_never_seen() {
    let locked = || answer("401 Unauthorized\nWWW-Authenticate: X-API-Key realm=\"x\"", "");
    let part = r#"{"openapi":"3.0.3","info":{"title":"T"},"paths":{"$ref":"OTHER/paths.json"}}"#;
    let other = Server::answering([answer("200 OK", r#"{"/a":{"get":{"responses":{"200":{}}}}}"#)]);
    let part = part.replace("OTHER", &format!("http://{}", other.address));
    let server = Server::answering([locked(), answer("200 OK", &part), locked(), document()]);
    let world = World::new();
    world.put("key", KEY, 0o600);
    let url = format!("http://{}/api.json", server.address);
    let with = |way: &[&str]| {
        let key = format!("@{}", world.at("key").display());
        let allowed = other.address.to_string();
        let run = world.marsh().args(["-v", "-k", &key]).args(way);
        run.args(["import", &url, "--name", "zones", "--yes", "--allow", &allowed]).run()
    };
    let bare = world.marsh().args(["import", &url, "--name", "zones"]).run().exits(2);
    assert!(bare.stderr.contains("answered HTTP 401 and asks for a key (x-api-key)"), "{bare}");
    assert!(bare.stderr.contains("-k @FILE gives a key"), "{bare}");
    let told = with(&["--auth", "header:X-API-Key"]).exits(0);
    is_clean("an import", &told);
    // The other host gets no key, although the user allows it.
    assert!(other.requests().iter().all(|request| request.header("x-api-key").is_none()));
    assert_eq!(server.requests()[1].header("x-api-key"), Some(KEY));
    let refused = with(&["--auth", "query:key"]).exits(2);
    is_clean("a refused import", &refused);
    assert!(refused.stderr.contains("the key was sent and not accepted"), "{refused}");
    // A variable may have the key of another service.
    world.marsh().env("MARSH_KEY", KEY).args(["import", &url, "--name", "zones", "--yes"]).run().exits(0);
    assert_eq!(server.requests()[3].header("authorization"), None);
    for (path, bytes) in world.everything().into_iter().filter(|(path, _)| !path.ends_with("key")) {
        assert!(!String::from_utf8_lossy(&bytes).contains(KEY), "{}", path.display());
    }
}

#[test]
fn the_key_of_the_account_fetches_the_document_again() {
    let locked = || answer("401 Unauthorized\nWWW-Authenticate: X-API-Key realm=\"x\"", "");
    let server = Server::answering([document(), locked(), document()]);
    let world = World::new();
    world.put("key", KEY, 0o600);
    let key = format!("@{}", world.at("key").display());
    let url = format!("http://{}/api.json", server.address);
    let run = world.marsh().args(["-k", &key, "--auth", "header:X-API-Key"]);
    run.args(["import", &url, "--name", "zones"]).run().exits(0);
    let account = |key: &str| {
        let file = world.at("key").display().to_string();
        world.configure(&format!("[profiles.z]\nprovider = \"zones\"\nkey_file = \"{file}\"\n{key}"));
    };
    account("");
    world.marsh().line("refresh").run().exits(2).says("the key was sent and not accepted");
    let told = world.marsh().args(["-v"]).line("refresh").run().exits(0);
    is_clean("a refresh", &told);
    assert!(server.requests().iter().all(|request| request.header("x-api-key") == Some(KEY)));
    // An account at another host keeps its key from the document's host.
    let away = Server::answering([]);
    account(&format!("url = \"http://{}\"\n", away.address));
    let asked = server.requests().len();
    world.marsh().line("refresh").run();
    assert!(server.requests().len() > asked);
    assert!(server.requests().iter().skip(asked).all(|request| request.header("x-api-key").is_none()));
}

#[test]
fn a_person_is_asked_for_the_key_of_a_document() {
    let locked = || answer("401 Unauthorized\nWWW-Authenticate: X-API-Key realm=\"x\"", "");
    let server = Server::answering([locked(), document()]);
    let world = World::new();
    let url = format!("http://{}/api.json", server.address);
    let mut terminal = Terminal::open(world.marsh().args(["import", &url, "--name", "zones"]));
    terminal.see("asks for a key (x-api-key)");
    terminal.see_after(ENTER, "Key (not shown):", "the way is that of the challenge");
    terminal.see_after(&format!("{KEY}{ENTER}"), "zones is a provider now", "the key opens it");
    assert!(!terminal.contents().contains(KEY));
    assert_eq!(terminal.code(), 0);
    assert_eq!(server.requests()[1].header("x-api-key"), Some(KEY));
}
