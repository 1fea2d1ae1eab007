//! Tests of the whole service: every method over its wire format, logins, unknown addresses.

use std::collections::BTreeSet;

use super::{AREAS, USER, VpsNet};
use crate::kit::rest::{Routes, json};
use crate::kit::testing::{request_of, sample_of};
use crate::kit::values::{list, map};
use crate::{Options, Request, Response, Service};
use model::Effect;
use model::base64;

fn service(options: Options) -> VpsNet {
    VpsNet::new(&options).unwrap()
}

fn login() -> Option<String> {
    let key = Options::default().key;
    Some(format!("Basic {}", base64::encode(format!("{USER}:{key}").as_bytes())))
}

fn request(verb: &str, target: &str, body: &str) -> Request {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Request {
        verb: verb.into(),
        path: path.into(),
        query: query.into(),
        authorization: login(),
        body: body.as_bytes().to_vec(),
        ..Request::default()
    }
}

fn text(response: &Response) -> String {
    String::from_utf8(response.body.clone()).unwrap()
}

#[test]
fn every_method_answers_over_its_wire() {
    let catalog = service(Options::default()).catalog;
    for record in catalog.records() {
        let method = catalog.method(record.name).unwrap().unwrap();
        for only_required in [true, false] {
            let params = method.params.iter().filter(|param| param.required || !only_required);
            let args = params.map(|param| (param.name.as_str(), sample_of(param, catalog.shapes()))).collect();
            let (verb, target, body) = request_of(&method, &args);
            let mut service = service(Options::default());
            let response = service.respond(&request(&verb, &target, &body));
            assert!([200, 403, 404, 422].contains(&response.status), "{} {target} {}", method.name, response.status);
            assert_eq!(service.requests()[0].0, method.name, "{verb} {target}");
            assert!(
                method.effect != Effect::Read || method.params.iter().any(|p| p.required) || response.status == 200
            );
            let dropped = response.status == 422 && text(&response).contains("No such parameter");
            assert!(!dropped, "{}: {}", method.name, text(&response));
        }
    }
}

#[test]
fn every_handler_has_a_method() {
    let catalog = service(Options::default()).catalog;
    let mut seen = BTreeSet::new();
    for (name, _) in AREAS.iter().flat_map(|area| area.iter()) {
        assert!(catalog.has(name), "{name} is no method");
        assert!(seen.insert(name), "{name} has two handlers");
    }
    assert_eq!(seen.len(), Routes::of(&catalog).map(|_| catalog.records().len()).unwrap());
}

#[test]
fn objects_come_in_their_wrappers() {
    for (verb, target, body, start) in [
        ("GET", "/virtual_machines.api10json", "", r#"[{"virtual_machine":{"id":1384,"#),
        ("GET", "/virtual_machines/1384.api10json", "null", r#"{"virtual_machine":{"id":1384,"#),
        ("POST", "/virtual_machines/1384/reboot.api10json", "", r#"{"virtual_machine":{"id":1384,"#),
        ("GET", "/nodes.api10json?type=storage", "", r#"[{"storage_node":{"id":61,"virtual_machine_id":null,"#),
        ("GET", "/domains/51/records.api10json", "", r#"[{"domain_record":{"id":2315958,"ttl":86400,"#),
        ("GET", "/domains/51/records.api10json?new", "", r#"[{"id":2315958,"ttl":86400,"#),
        ("GET", "/available_clouds.api10json", "", r#"[{"cloud":{"label":"#),
        ("GET", "/clouds/3.api10json", "", r#"{"label":"#),
        ("GET", "/available_templates.api10json", "", r#"{"template_groups":[{"name":"#),
        ("GET", "/managed_services.api10json", "", r#"{"managed_services":[{"#),
        ("GET", "/profile.api10json", "", r#"{"user":{"id":1001,"#),
        ("GET", "/tickets/979.api10json", "", r#"{"replies":[{"#),
        ("GET", "/domains/dns_hosts.api10json", "", r#"[{"host":"dns1.vps.net","ip":"198.51.100.4"},"#),
        (
            "POST",
            "/domains.api10json",
            r#"{"domain":{"name":"example.com","custom_template":"","ip_address":"192.0.2.1"}}"#,
            "false",
        ),
        ("POST", "/ips.api10json", r#"{"quantity":1,"virtual_machine_id":1384}"#, r#"[{"ip_address":{"id":16,"#),
        ("PUT", "/domains/51/records/2315960.api10json", r#"{"domain_record":{"ttl":900}}"#, "null"),
    ] {
        let response = service(Options::default()).respond(&request(verb, target, body));
        assert_eq!(response.status, 200, "{target}");
        assert!(text(&response).starts_with(start), "{target} {}", text(&response));
    }
}

#[test]
fn refusals_have_the_form_that_clients_expect() {
    let bare = r#"{"virtual_machine":{"label":"x"}}"#;
    for (verb, target, body, status, answer) in [
        ("POST", "/virtual_machines.api10json", bare, 422, r#"{"errors":[["fqdn","This field is required."]]}"#),
        ("POST", "/virtual_machines.api10json", "[1]", 422, r#"{"errors":[["base","The body is no JSON object"]]}"#),
        (
            "PUT",
            "/domains/51/records/update_records.api10json",
            r#"{"domain_records":[{"domain_record":{}}]}"#,
            422,
            r#"{"error":"type can't be blank"}"#,
        ),
        ("DELETE", "/nodes/51.api10json", "", 403, ""),
        ("DELETE", "/nodes/58.api10json", "", 200, ""),
        ("DELETE", "/tickets/979.api10json", "null", 200, ""),
    ] {
        let response = service(Options::default()).respond(&request(verb, target, body));
        assert_eq!((response.status, text(&response).as_str()), (status, answer), "{target}");
    }
    for target in ["/nothing.api10json", "/virtual_machines/1.api10json", "/invoices/1.pdf"] {
        assert_eq!(service(Options::default()).respond(&request("GET", target, "")).status, 404, "{target}");
    }
}

#[test]
fn a_wrong_login_is_refused_as_the_options_say() {
    for refused_login in [403, 404, 406] {
        let mut service = service(Options { refused_login, ..Options::default() });
        for authorization in
            [None, Some("Basic !".to_owned()), Some(format!("Basic {}", base64::encode(b"admin@example.com:x")))]
        {
            let request = Request { authorization, ..request("GET", "/profile.api10json", "") };
            let response = service.respond(&request);
            assert_eq!((response.status, response.body.len()), (refused_login, 0));
        }
        assert!(service.requests().is_empty());
    }
}

#[test]
fn an_invoice_can_be_fetched_in_pieces() {
    let mut service = service(Options::default());
    assert!(service.claims("/invoices/9130.pdf") && !service.claims("/v1/xmlrpc"));
    let whole = service.respond(&request("GET", "/invoices/9130.pdf", ""));
    let rest = service.respond(&Request { range: Some("bytes=5-".into()), ..request("GET", "/invoices/9130.pdf", "") });
    assert_eq!((whole.status, &*whole.content_type, rest.status), (200, "application/pdf", 206));
    assert_eq!(whole.body[5..], rest.body);
}

#[test]
fn quotes_do_not_matter() {
    let record = map! { "type" => "a", "host" => "www", "data" => "192.0.2.1", "ttl" => "900" };
    let body = json::write(&map! { "domain_record" => record }.into());
    let mut service = service(Options::default());
    let response =
        service.respond(&request("POST", "/domains/51/records.api10json", &String::from_utf8(body).unwrap()));
    assert_eq!(response.status, 200);
    let body = json::write(&map! { "domain_records" => list([]) }.into());
    let path = "/domains/51/records/update_records.api10json";
    let response = service.respond(&request("PUT", path, &String::from_utf8(body).unwrap()));
    assert_eq!(text(&response), r#"{"message":"0 records were updated"}"#);
}
