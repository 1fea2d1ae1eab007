//! Proxies that variables name: used as they say, named when they cannot be reached, refused when they make no sense.

use crate::support::KEY;
use crate::support::cmd::{Run, World};
use crate::support::raw::Peer;
use crate::support::server::{Answer, Server};
use crate::support::tls::{Authority, Stranger, TlsServer, usual};

/// A service that is not on this machine, and nowhere else either.
const AWAY: &str = "https://api.example.invalid/v1/xmlrpc/";
/// All of this machine, by an address that is not the one for it.
const HERE: &str = "0.0.0.0";
const PASSWORD: &str = "canary-7";

fn noop(world: &World, url: &str) -> Run {
    world.marsh().args(["-v", "--retries", "0", "-k", KEY, "-u", url, "internal.noop"])
}

#[test]
fn a_proxy_that_makes_no_sense_is_named_and_nothing_is_sent() {
    let world = World::new();
    let service = Server::answering([Answer::value("<int>5</int>")]);
    let here = service.url("/v1/xmlrpc").replace("127.0.0.1", HERE).replace("%s:@", "");
    for (value, why) in [
        (format!("http://u:{PASSWORD}#b@127.0.0.1:9"), "its password contains `#`; write %23"),
        (format!("http://u:{PASSWORD}/b@127.0.0.1:9"), "its password contains `/`; write %2F"),
        (format!("socks5://u:{PASSWORD}@127.0.0.1:9"), "marsh does not support SOCKS proxies"),
        ("htp://127.0.0.1:9".into(), "write http://HOST:PORT"),
        ("http//127.0.0.1:9".into(), "write http://HOST:PORT"),
        ("garbage".into(), "it names no port"),
    ] {
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            let outcome = noop(&world, AWAY).env(name, &value).run().exits(2).prints("").says("nothing was sent");
            let outcome = outcome.says(&format!("marsh: {name}: ")).says(why);
            assert!(!outcome.stderr.contains(PASSWORD) && !outcome.stderr.contains("example"), "{outcome}");
        }
        let http = noop(&world, &here).args(["--dry-run"]).env("http_proxy", &value).run();
        http.exits(0);
        let plain = world.marsh().args(["--plain-http", HERE, "-k", KEY, "-u", &here, "internal.noop"]);
        plain.env("HTTP_PROXY", &value).run().exits(2).says("marsh: HTTP_PROXY: ").says(why);
        let doctor = world.marsh().arg("doctor").env("HTTPS_PROXY", &value).run().exits(1);
        assert!(
            doctor.stdout.contains("failed   proxy        HTTPS_PROXY: ") && doctor.stdout.contains(why),
            "{doctor}"
        );
        assert!(!doctor.stdout.contains(PASSWORD), "{doctor}");
    }
    let spared = noop(&world, AWAY).env("HTTPS_PROXY", "http://127.0.0.1:1").env("NO_PROXY", "10.*").run();
    spared.exits(2).says("NO_PROXY: `10.*` in it is not a host").says("192.168.0.0/16");
    assert!(service.requests().is_empty());
}

#[test]
fn this_machine_is_never_spoken_to_through_a_proxy() {
    let service = Server::answering((0..2).map(|_| Answer::value("<int>5</int>")));
    let authority = Authority::new("ours");
    let tls = TlsServer::showing(&authority.issue(usual(&["localhost"])), false);
    let world = World::new();
    world.put("ca.pem", &authority.pem, 0o600);
    for url in [service.url("/v1/xmlrpc"), tls.url("https", "localhost")] {
        let run = noop(&world, &url).env("SSL_CERT_FILE", world.at("ca.pem"));
        let run = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"]
            .iter()
            .fold(run, |run, name| run.env(name, "garbage!"));
        run.run().exits(0).prints("5\n");
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_named_and_not_the_service() {
    let world = World::new();
    let refusing = |status: &str| Stranger::saying(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"));
    let dead = "http://127.0.0.1:1".to_owned();
    let no_strangers: Option<Stranger> = None;
    let with =
        |stranger: Stranger, scheme: &str| (format!("{scheme}://u:{PASSWORD}@{}", stranger.host()), Some(stranger));
    for ((proxy, stranger), why, advice) in [
        ((dead, no_strangers), "Connection refused", "check HTTPS_PROXY, and that the proxy is running"),
        (
            with(refusing("407 Proxy Authentication Required"), "http"),
            "asks for a user name and a password",
            "write them into HTTPS_PROXY",
        ),
        (with(refusing("403 Forbidden"), "http"), "refused to connect to api.example.invalid:443", "NO_PROXY"),
        (with(refusing("502 Bad Gateway"), "http"), "refused to connect to api.example.invalid:443", "NO_PROXY"),
        (with(Stranger::saying("hello\r\n\r\n"), "http"), "refused to connect to", "NO_PROXY"),
        (with(Stranger::saying(""), "http"), "closed the connection instead of connecting", ""),
        (with(refusing("400 Bad Request"), "https"), "does not answer in TLS", "write http:// in HTTPS_PROXY"),
        (with(Stranger::saying(""), "https"), "closed the connection while TLS was being set up", "HTTPS_PROXY"),
    ] {
        let host = proxy.rsplit(['@', '/']).next().unwrap().to_owned();
        let mut outcome = noop(&world, AWAY).env("HTTPS_PROXY", &proxy).run().exits(6).prints("");
        outcome.stderr = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        let outcome = outcome.says(&format!("cannot reach the proxy {host} (HTTPS_PROXY): ")).says(why).says(advice);
        assert!(!outcome.stderr.contains(PASSWORD), "{outcome}");
        assert!(!outcome.stderr.contains("cannot reach api.example"), "{outcome}");
        drop(stranger);
    }
}

#[test]
fn a_refusal_by_a_proxy_is_not_repeated_and_a_dead_one_is() {
    let world = World::new();
    let peer = Peer::saying("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    let call = |proxy: &str| {
        let run = world.marsh().args(["-v", "--retries", "1", "-k", KEY, "-u", AWAY, "internal.noop"]);
        run.env("HTTPS_PROXY", proxy).run().exits(6)
    };
    let refused = call(&format!("http://u:{PASSWORD}@{}", peer.host()));
    let attempts = |stderr: &str| stderr.matches("< nothing: cannot reach the proxy 127.0.0.1:").count();
    assert_eq!(attempts(&refused.stderr), 1, "{refused}");
    let received = peer.received();
    assert!(
        received.len() == 1 && received[0].starts_with("CONNECT api.example.invalid:443 HTTP/1.1\r\n"),
        "{received:?}"
    );
    // `u:canary-7`
    assert!(received[0].contains("proxy-authorization: Basic dTpjYW5hcnktNw==\r\n"), "{received:?}");
    let dead = call("http://127.0.0.1:1");
    assert_eq!(attempts(&dead.stderr), 2, "{dead}");
}

#[test]
fn a_proxy_opens_the_way_to_the_service() {
    let authority = Authority::new("ours");
    let world = World::new();
    world.put("ca.pem", &authority.pem, 0o600);
    let through = |name: &str| {
        let server = TlsServer::showing(&authority.issue(usual(&[name])), true);
        let proxy = server.url("http", "127.0.0.1").replace("/v1/xmlrpc/", "/");
        let run = noop(&world, AWAY).env("SSL_CERT_FILE", world.at("ca.pem")).env("https_proxy", &proxy);
        (run.run(), proxy.trim_start_matches("http://").trim_end_matches('/').to_owned())
    };
    through("api.example.invalid").0.exits(0).prints("5\n");
    // Beyond the proxy it is the service that is not as it should be.
    let (outcome, proxy) = through("other.example");
    let mut outcome = outcome.exits(6);
    outcome.stderr = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    let named =
        format!("cannot reach api.example.invalid:443 through the proxy {proxy} (https_proxy): its certificate is for");
    outcome.says(&named);
}

#[test]
fn plain_http_goes_through_a_proxy_unless_the_host_is_spared() {
    let world = World::new();
    let proxy = Server::answering([Answer::value("<int>5</int>")]);
    let url = "http://api.example.invalid/v1/xmlrpc/";
    let call = |url: &str, host: &str| {
        world.marsh().args(["--retries", "0", "--plain-http", host, "-k", KEY, "-u", url, "internal.noop"])
    };
    let named = format!("http://u:{PASSWORD}@{}", proxy.address);
    call(url, "api.example.invalid").env("HTTP_PROXY", &named).run().exits(0).prints("5\n");
    let request = &proxy.requests()[0];
    assert_eq!(request.start(), "POST http://api.example.invalid/v1/xmlrpc/ HTTP/1.1");
    assert_eq!(request.header("proxy-authorization"), Some("Basic dTpjYW5hcnktNw=="));
    let dead = call(url, "api.example.invalid").env("HTTP_PROXY", "http://127.0.0.1:1").run().exits(6);
    dead.says("cannot reach the proxy 127.0.0.1:1 (HTTP_PROXY): Connection refused");

    let service = Server::answering((0..3).map(|_| Answer::value("<int>5</int>")));
    let here = service.url("/v1/xmlrpc").replace("127.0.0.1", HERE);
    for list in ["0.0.0.0", "a.example, 0.0.0.0/8", "*"] {
        let spared = call(&here, HERE).env("HTTP_PROXY", "http://127.0.0.1:1").env("no_proxy", list);
        spared.run().exits(0).prints("5\n");
    }
    call(&here, HERE).env("HTTP_PROXY", "http://127.0.0.1:1").run().exits(6).says("cannot reach the proxy");
}
