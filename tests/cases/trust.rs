//! Servers of TLS: whom they must be vouched for by, and what is told of those that are not.

use rcgen::{BasicConstraints, ExtendedKeyUsagePurpose, IsCa, date_time_ymd};

use crate::support::KEY;
use crate::support::cmd::{Outcome, World};
use crate::support::raw;
use crate::support::tls::{Authority, Shown, Stranger, TlsServer, self_signed, usual};

/// The configuration's folder, from the folder to work in.
const FOLDER: &str = "../home/.config/marsh";

/// Calls a server, with this as the issuers to go by.
fn call(url: &str, issuers: &str) -> Outcome {
    let world = World::new();
    world.put("ca.pem", issuers, 0o600);
    let run = world.marsh().env("SSL_CERT_FILE", world.at("ca.pem"));
    run.args(["--retries", "2", "-k", KEY, "-u", url, "internal.noop"]).run()
}

/// A certificate, the host that it is shown for, the issuers to go by (itself where there are none), and what is told.
type Case = (Shown, &'static str, String, &'static [&'static str]);

fn cases() -> Vec<Case> {
    let [authority, other, renewed] = ["one", "other", "one"].map(Authority::new);
    let issued = |change: &dyn Fn(&mut rcgen::CertificateParams)| {
        let mut params = usual(&["localhost", "127.0.0.1"]);
        change(&mut params);
        authority.issue(params)
    };
    let of_an_issuer = {
        let mut params = usual(&["localhost"]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        self_signed(params)
    };
    vec![
        (issued(&|_| ()), "localhost", authority.pem.clone(), &[]),
        (
            issued(&|_| ()),
            "localhost",
            other.pem.clone(),
            &["an issuer that is not trusted here", "ca = \"FILE\"", "SSL_CERT_FILE"],
        ),
        (
            issued(&|_| ()),
            "localhost",
            renewed.pem.clone(),
            &["not signed by the trusted issuer of that name", "ca = \"FILE\""],
        ),
        (self_signed(usual(&["localhost"])), "localhost", other.pem.clone(), &["an issuer that is not trusted here"]),
        (
            issued(&|params| params.not_after = date_time_ymd(2020, 2, 29)),
            "localhost",
            authority.pem.clone(),
            &["its certificate expired on 2020-02-29, and here it is 20", "the clock of this machine"],
        ),
        (
            issued(&|params| params.not_before = date_time_ymd(2999, 1, 2)),
            "localhost",
            authority.pem.clone(),
            &["its certificate is not valid before 2999-01-02, and here it is 20"],
        ),
        (
            authority.issue(usual(&["api.example.com", "*.example.org"])),
            "localhost",
            authority.pem.clone(),
            &["is for api.example.com, *.example.org, and not for localhost"],
        ),
        (
            issued(&|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]),
            "127.0.0.1",
            authority.pem.clone(),
            &["not meant for a server"],
        ),
        (of_an_issuer, "localhost", String::new(), &["belongs to an issuer", "basicConstraints=CA:FALSE"]),
    ]
}

#[test]
fn a_bad_certificate_is_explained_in_plain_words() {
    for (shown, host, issuers, told) in cases() {
        let server = TlsServer::showing(&shown, false);
        let issuers = if issuers.is_empty() { shown.pem } else { issuers };
        let outcome = call(&server.url("https", host), &issuers);
        if told.is_empty() {
            outcome.exits(0).prints("5\n").says_nothing();
            continue;
        }
        let mut outcome = outcome.exits(6).prints("").says(&format!("cannot reach {host}:")).says("nothing was sent");
        for words in told {
            outcome.stderr = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
            outcome = outcome.says(words);
        }
        // A certificate gets no better by waiting.
        assert!(!outcome.stderr.contains("again"), "{outcome}");
        assert_eq!(server.calls(), 0);
    }
}

#[test]
fn who_vouches_for_a_service_is_said_by_a_variable_or_by_its_profile() {
    let authority = Authority::new("ours");
    let server = TlsServer::showing(&authority.issue(usual(&["localhost"])), false);
    let url = server.url("https", "localhost");
    let world = World::new();
    std::fs::create_dir(world.at("certs")).unwrap();
    world.put("certs/ours.pem", &authority.pem, 0o600);
    let noop = || world.marsh().args(["--retries", "0", "-k", KEY, "-u", &url, "internal.noop"]);
    noop().env("SSL_CERT_FILE", world.at("certs/ours.pem")).run().exits(0).prints("5\n");
    noop().env("SSL_CERT_DIR", world.at("certs")).run().exits(0).prints("5\n");
    noop().run().exits(6).says("an issuer that is not trusted here");

    let profile = |ca: &str| format!("[profiles.a]\nprovider = \"memset\"\nurl = \"{url}\"\nkey_env = \"K\"\n{ca}");
    world.configure(&profile("ca = \"ours.pem\"\n"));
    world.put(&format!("{FOLDER}/ours.pem"), &authority.pem, 0o600);
    world.put(&format!("{FOLDER}/other.pem"), &Authority::new("other").pem, 0o600);
    let own = |line: &str| world.marsh().env("K", KEY).line(line).run();
    own("internal.noop").exits(0).prints("5\n").says_nothing();
    // What the profile says counts more than a variable.
    let beside = world.marsh().env("K", KEY).env("SSL_CERT_FILE", world.at(&format!("{FOLDER}/other.pem")));
    beside.arg("internal.noop").run().exits(0).prints("5\n");
    let shown = own("internal.noop --as curl").exits(0).stdout;
    assert!(shown.contains(" --cacert ") && shown.contains("/ours.pem"), "{shown}");
    assert!(own("config explain ca").exits(0).stdout.contains("ca = ours.pem\n"));
    let doctor = own("doctor");
    assert!(doctor.stdout.contains("accepts the key") && doctor.stdout.contains("1 certificate in /"), "{doctor}");
    world.configure(&profile("ca = \"other.pem\"\n"));
    own("internal.noop").exits(6).says("an issuer that is not trusted here").says("hint: if the issuer is your own");
}

#[test]
fn a_login_takes_the_issuers_of_a_service() {
    let authority = Authority::new("ours");
    let server = TlsServer::showing(&authority.issue(usual(&["localhost"])), false);
    let world = World::new();
    world.put("ours.pem", &authority.pem, 0o600);
    let login = ["login", "--provider", "memset", "--name", "a", "--key-env", "K", "--ca", "ours.pem", "--url"];
    let run = world.marsh().env("K", KEY).args(login).arg(server.url("https", "localhost")).run();
    run.exits(0).says("accepts the key");
    world.marsh().within("..").env("K", KEY).arg("internal.noop").run().exits(0).prints("5\n");
}

#[test]
fn a_document_behind_an_authority_of_ones_own_is_imported_and_added() {
    let authority = Authority::new("ours");
    let server = TlsServer::showing(&authority.issue(usual(&["localhost"])), false);
    let url = server.url("https", "localhost").replace("/v1/xmlrpc/", "/openapi.json");
    let world = World::new();
    world.put("ours.pem", &authority.pem, 0o600);
    world.put("other.pem", &Authority::new("other").pem, 0o600);
    let import = |more: &[&str]| world.marsh().args(["import", &url, "--name", "small"]).args(more).run();
    import(&[]).exits(6).says("an issuer that is not trusted here");
    import(&["--ca", "other.pem"]).exits(6).says("an issuer that is not trusted here");
    import(&["--ca", "missing.pem"]).exits(1).says("missing.pem");
    assert_eq!(server.calls(), 0);
    let done = import(&["--ca", "ours.pem"]).exits(0).says("marsh login --provider small --ca ours.pem");
    assert!(done.stdout.contains("calls go to https://localhost:"), "{done}");
    let add = ["add", "own", &url, "--ca", "ours.pem", "--auth", "none"];
    world.marsh().args(add).run().exits(0).says("from its document https://localhost:");
    let again = world.marsh().line("-p own refresh").run().exits(0);
    assert_eq!(again.stdout.matches("0 added").count() + again.stderr.matches("0 added").count(), 1, "{again}");
}

#[test]
fn a_file_of_issuers_that_cannot_be_used_is_named_and_nothing_is_sent() {
    let server = TlsServer::showing(&Authority::new("ours").issue(usual(&["localhost"])), false);
    let url = server.url("https", "localhost");
    let world = World::new();
    world.put("none.pem", "no certificate\n", 0o600);
    std::fs::create_dir(world.at("none")).unwrap();
    for (variable, path, why) in [
        ("SSL_CERT_FILE", "missing.pem", "No such file"),
        ("SSL_CERT_FILE", "none.pem", "it contains no certificate"),
        ("SSL_CERT_FILE", "", "it is empty"),
        ("SSL_CERT_DIR", "missing", "No such file"),
        ("SSL_CERT_DIR", "none", "no file in it contains a PEM certificate"),
        ("SSL_CERT_DIR", "", "it is empty"),
    ] {
        let run = || world.marsh().env(variable, path);
        let outcome = run().args(["-k", KEY, "-u", &url, "internal.noop"]).run().exits(1).prints("");
        outcome.says(&format!("{variable}: ")).says(path).says(why).says("nothing was sent");
        let doctor = run().arg("doctor").run().exits(1);
        assert!(doctor.stdout.contains("failed   issuers      ") && doctor.stdout.contains(why), "{doctor}");
        // Where no certificate is looked at, it does not matter.
        run().line("--sandbox internal.version").run().exits(0);
    }
    for (ca, why) in [("missing.pem", "No such file"), ("none.pem", "it contains no certificate")] {
        world.configure(&format!(
            "[profiles.a]\nprovider = \"memset\"\nurl = \"{url}\"\nkey_env = \"K\"\nca = \"{ca}\"\n"
        ));
        world.put(&format!("{FOLDER}/none.pem"), "", 0o600);
        world.marsh().env("K", KEY).arg("internal.noop").run().exits(1).says("ca: ").says(ca).says(why);
        let doctor = world.marsh().env("K", KEY).line("doctor --offline").run().exits(1);
        assert!(doctor.stdout.contains("failed   a            ca: ") && doctor.stdout.contains(why), "{doctor}");
    }
    assert_eq!(server.calls(), 0);
}

#[test]
fn a_wrong_scheme_and_a_broken_setup_are_named() {
    let authority = Authority::new("ours");
    let tls = TlsServer::showing(&authority.issue(usual(&["localhost"])), false);
    call(&tls.url("http", "localhost"), &authority.pem).exits(5).says("write https:// in its address");
    let asking = TlsServer::asking(&authority.issue(usual(&["localhost"])), &authority);
    let refused = call(&asking.url("https", "localhost"), &authority.pem).prints("");
    assert!(refused.says("it asks for a client certificate").code >= 5 && asking.calls() == 0);
    // An alert: fatal, with the number of the reason.
    let alert = |number: u8| Stranger::saying([21, 3, 1, 0, 2, 2, number]);
    for (stranger, words) in [
        (Stranger::saying(raw::result("<int>5</int>")), "it does not answer in TLS (https)"),
        (Stranger::saying("SSH-2.0-OpenSSH_9.9\r\n"), "it does not answer in TLS (https)"),
        (alert(70), "it supports only versions of TLS older than 1.2"),
        (alert(40), "it and marsh support no TLS version and cipher in common"),
        (alert(112), "it has no site of that name"),
        (alert(80), "it broke off the TLS handshake (internal error)"),
        (Stranger::saying(""), "it closed the connection while TLS was being set up"),
        (Stranger::saying([22, 3, 3, 0, 200, 2]), "it closed the connection while TLS was being set up"),
    ] {
        let host = stranger.host();
        let outcome =
            World::new().marsh().args(["--retries", "0", "-k", KEY, "-u", &format!("https://{host}/v1/xmlrpc")]);
        let outcome = outcome.arg("internal.noop").run().exits(6).prints("");
        outcome.says(words).says(&format!("cannot reach {host}: ")).says("nothing was sent");
    }
}
