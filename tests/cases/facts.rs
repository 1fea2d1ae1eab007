//! What the documents say beside names and types: aliases, deprecations, roles, meanings of codes, languages.

use marsh::registry::catalog::Catalog;
use marsh::registry::embedded;

use crate::support::KEY;
use crate::support::calls::Spoken;
use crate::support::cmd::World;
use crate::support::raw::{Peer, http};
use std::io::Write;

fn world(provider: &str, url: &str, more: &str) -> World {
    let world = World::new();
    let profile = format!("provider = \"{provider}\"\nurl = \"{url}\"\nuser = \"me\"\nkey_env = \"K\"\n{more}");
    world.configure(&format!("[profiles.it]\n{profile}"));
    world
}

#[test]
fn an_old_name_calls_the_method_under_its_new_one() {
    let spoken = Spoken::to("memset");
    let (_, body) = spoken.sent("server.set_penetration_patrol_alert_level name myserver1 alert_level 5");
    assert!(body.contains("<methodName>server.set_intrusion_detection_alert_level</methodName>"), "{body}");
}

#[test]
fn what_is_deprecated_is_said_once() {
    let peer = Peer::new(|request, stream| {
        let xml = if request.contains("/myaccount ") { "<Account><orgId>o</orgId></Account>" } else { "<Servers/>" };
        stream.write_all(&http("200 OK", "text/xml", xml))
    });
    let world = world("caas", &peer.url(), "");
    let run = world.marsh().env("K", KEY).stdin("server.list_simple\nserver.list_simple\n").run().exits(0);
    assert_eq!(run.stderr.matches("note: server.list_simple is deprecated: use server.list").count(), 1, "{run}");
    // A parameter, in a line that is only shown.
    let memset = World::new();
    memset.configure("[profiles.it]\nprovider = \"memset\"\n");
    let line = "server.reimage_from_stock_image name myserver1 os debian_buster_64";
    memset.marsh().line(&format!("{line} --dry-run")).run().exits(0).says_nothing();
    let run = memset.marsh().line(&format!("{line} os_bits 64 --dry-run")).run().exits(0);
    run.says("note: os_bits of server.reimage_from_stock_image is deprecated");
}

#[test]
fn a_code_has_the_meaning_that_it_has_at_the_method() {
    let peer = |code: &'static str| {
        Peer::new(move |request, stream| match request.contains("/myaccount ") {
            true => stream.write_all(&http("200 OK", "text/xml", "<Account><orgId>o</orgId></Account>")),
            false => {
                let said =
                    format!("<result>ERROR</result><resultDetail>No.</resultDetail><resultCode>{code}</resultCode>");
                stream.write_all(&http("400 No", "text/xml", format!("<Status>{said}</Status>")))
            }
        })
    };
    for (line, code, hint) in [
        ("server.start server-id s", "REASON_40", "The server is running already"),
        ("server.delete server-id s -y", "REASON_40", "The server must be stopped first"),
        ("server.update_vmware_tools server-id s", "REASON_820", "VMware Tools need no update"),
        ("server.shutdown server-id s", "REASON_392", "Another operation on the server is in progress"),
    ] {
        let peer = peer(code);
        let world = world("caas", &peer.url(), "");
        world.marsh().env("K", KEY).line(line).run().says(&format!("hint: {hint}"));
        let name = line.split(' ').next().unwrap();
        let shown = world.marsh().args(["help", name]).run().exits(0).stdout;
        let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(hint), "{name}: {flat}");
    }
    // A code that many methods share with different meanings has none that is false at any.
    let catalog = Catalog::open(embedded::find("caas").unwrap()).unwrap();
    let with = |code: &str| {
        let methods = catalog.records().iter().map(|record| catalog.method(record.name).unwrap().unwrap());
        let named = methods.filter(|method| method.errors.iter().any(|named| named.as_str() == code));
        named.filter(|method| !method.meanings.contains_key(code)).map(|method| method.name).collect::<Vec<_>>()
    };
    for code in ["REASON_40", "REASON_430", "REASON_550", "REASON_692", "REASON_820", "REASON_821"] {
        assert_eq!(with(code), [""; 0], "{code}");
    }
}

#[test]
fn roles_are_named_where_the_document_names_them() {
    let catalog = Catalog::open(embedded::find("caas").unwrap()).unwrap();
    for record in catalog.records() {
        let method = catalog.method(record.name).unwrap().unwrap();
        let wanted: &[&str] = match method.name.as_str() {
            "ovf_package.copy" => &["primary administrator", "create image"],
            "account.create" | "account.delete" | "account.make_primary" => &["primary administrator"],
            name if name.starts_with("report.") => &["primary administrator"],
            name if name.starts_with("backup.") => &["primary administrator", "backup"],
            _ => &[],
        };
        assert_eq!(method.roles, wanted, "{}", method.name);
    }
    let shown = World::new();
    shown.configure("[profiles.it]\nprovider = \"caas\"\n");
    let shown = shown.marsh().args(["help", "backup.get"]).run().exits(0).stdout;
    assert!(shown.contains("Needs one of the roles: primary administrator, backup."), "{shown}");
}

#[test]
fn messages_come_in_the_language_that_is_asked_for() {
    let peer = Peer::new(|_, stream| {
        let body = r#"{"success":false,"error":{"code":"x","description":{"en":"In English.","pl":"Po polsku."}}}"#;
        stream.write_all(&http("200 OK", "application/json", body))
    });
    for (setting, words) in
        [("", "In English."), ("language = \"pl\"\n", "Po polsku."), ("language = \"en\"\n", "In English.")]
    {
        let world = world("artnet", &peer.url(), setting);
        world.marsh().env("K", KEY).line("services.list").run().exits(4).says(words);
    }
    for (provider, language, words) in [
        ("artnet", "de", "Artnet has no messages in `de`; it has en, pl"),
        ("memset", "pl", "the messages of Memset come in one language"),
    ] {
        let world = world(provider, &peer.url(), &format!("language = \"{language}\"\n"));
        world.marsh().env("K", KEY).line("services.list").run().exits(2).says(words);
    }
}

#[test]
fn the_regions_are_listed_with_their_addresses() {
    let world = World::new();
    world.configure("[profiles.cloud]\nprovider = \"caas\"\n");
    let shown = world.marsh().args(["help", "cloud"]).run().exits(0).stdout;
    let catalog = Catalog::open(embedded::find("caas").unwrap()).unwrap();
    for region in &catalog.provider().regions {
        assert!(shown.contains(&region.name) && shown.contains(&region.host), "{}: {shown}", region.name);
    }
}
