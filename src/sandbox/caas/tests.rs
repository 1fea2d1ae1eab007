//! Tests for every method of the catalogue, and for requests that are not calls.

use std::collections::BTreeSet;
use std::time::Duration;

use super::organization::ORGANIZATION;
use super::state::networks::MAIN;
use super::state::servers::{WEB_1, WEB_2, WEB_3};
use super::state::{balancing, images};
use super::testing::{Organization, catalog, methods, request};
use super::{AREAS, tree};
use crate::kit::values::{map, texts};
use crate::{Options, Request, Service};
use model::{Field, Map, Param, Pattern, Type, Value};

/// A valid value for the parameter.
fn argument(param: &Param) -> Value {
    let text = match (param.name.as_str(), param.pattern) {
        (_, Some(Pattern::Ip)) => "192.0.2.190",
        (_, Some(Pattern::Email)) => "someone@example.com",
        ("network-id" | "networkId", _) => MAIN,
        ("server-id", _) => WEB_1,
        ("targetServerId", _) => WEB_2,
        ("image-id" | "imageId" | "sourceImageId", _) => images::LAMP,
        ("location" | "location-id" | "datacenterId", _) => "NA1",
        ("targetLocation", _) => "NA2",
        ("server-farm-id" | "serverFarmId" | "vipTargetId", _) => balancing::FARM,
        ("probe-id" | "probeId", _) => balancing::PROBE,
        ("rserver-id" | "realServerId", _) => balancing::REAL,
        ("persistence-profile-id", _) => balancing::PROFILE,
        ("vip-id", _) => balancing::VIP,
        ("backup-client-id", _) => "2f357232-bc95-4508-a491-d75b5682e925",
        ("files-account-username", _) => "archive1",
        ("ovfPackage" | "sourceOvfPackage", _) => "MyImage.mf",
        ("orgId", _) => ORGANIZATION,
        ("orderBy", _) => "id",
        ("password", _) => "Example-Pass-1",
        (name, _) if name.starts_with("user") => "user-1",
        _ => "",
    };
    match (&param.type_, param.choices.first()) {
        (Type::List(_), Some(choice)) => vec![choice.clone()].into(),
        (_, Some(choice)) => choice.clone(),
        (Type::List(inner), _) if **inner == Type::Dict => vec![fields(&param.fields).into()].into(),
        (Type::List(_), _) if param.name == "serverId" => texts([WEB_3, "45912c48-90fe-11e2-94d5-43b05675abcd"]),
        (Type::List(_), _) => texts([if text.is_empty() { "user-1" } else { text }]),
        (Type::Dict, _) => fields(&param.fields).into(),
        (Type::Boolean, _) => true.into(),
        (Type::Int, _) => param.min.unwrap_or(20_480).into(),
        (Type::Date, _) => "2011-07-01".into(),
        _ if text.is_empty() => "example1".into(),
        _ => text.into(),
    }
}

fn fields(fields: &[Field]) -> Map {
    let value = |field: &Field| match (&field.type_, field.choices.first()) {
        (_, Some(choice)) => choice.clone(),
        (Type::List(_), _) => texts(["someone@example.com"]),
        (Type::Int, _) => 80.into(),
        _ => balancing::REAL.into(),
    };
    fields.iter().map(|field| (field.name.as_str(), value(field))).collect()
}

#[test]
fn every_method_answers_in_its_shape_or_with_a_documented_reason() {
    for method in methods(&catalog()) {
        for only_required in [true, false] {
            let params = method.params.iter().filter(|param| param.required || !only_required);
            let args: Map = params.map(|param| (param.name.as_str(), argument(param))).collect();
            // An answer of another shape, or an undocumented reason, fails the test.
            Organization::new().reason(&method.name, args);
        }
    }
}

#[test]
fn every_method_has_a_handler() {
    let catalog = catalog();
    let handled: Vec<&str> =
        AREAS.iter().flat_map(|area| area.iter()).flat_map(|area| area.iter()).map(|(name, _)| *name).collect();
    let unique: BTreeSet<&str> = handled.iter().copied().collect();
    let known: BTreeSet<&str> = catalog.records().iter().map(|record| record.name).collect();
    assert_eq!((unique.len(), unique), (handled.len(), known));
}

#[test]
fn required_parameters_must_be_given() {
    let catalog = catalog();
    for method in methods(&catalog) {
        for left_out in method.params.iter().filter(|p| p.required && method.place(p) != model::route::Place::Path) {
            let others = method.params.iter().filter(|param| param.required && param.name != left_out.name);
            let args: Map = others.map(|param| (param.name.as_str(), argument(param))).collect();
            // Without it, the address is that of another method.
            if matches!(left_out.name.as_str(), "newImageName" | "privateIp" | "targetServerId") {
                continue;
            }
            assert_eq!(Organization::new().reason(&method.name, args), 320, "{} {}", method.name, left_out.name);
        }
    }
}

fn get(path: &str) -> Request {
    Request { verb: "GET".into(), path: path.into(), ..Request::default() }
}

#[test]
fn other_requests_get_a_page_or_a_status() {
    for (path, user, status, is_page) in [
        ("/oec/0.9/myaccount", "sandbox", 200, false),
        ("/oec/0.9//myaccount/", "sandbox", 200, false),
        ("/oec/0.9/myaccount", "somebody", 401, true),
        ("/oec/0.9/nothing/at/all", "sandbox", 404, true),
        ("/oec/1.0/myaccount", "sandbox", 404, true),
        ("/oec/0.9/another-organization/server", "sandbox", 403, false),
    ] {
        let mut org = Organization::new();
        org.login.0 = user.into();
        let response = org.send(get(path));
        let is_html = response.body.starts_with(b"<html>");
        assert_eq!((response.status, is_html), (status, is_page), "{path} {user}");
    }
    let mut org = Organization::new();
    assert_eq!(org.service.respond(&get("/oec/0.9/myaccount")).status, 401);
}

#[test]
fn in_maintenance_every_address_says_so() {
    let mut org = Organization::of(&Options { maintenance: true, ..Options::default() });
    for path in ["/oec/0.9/myaccount", "/oec/0.9/nothing"] {
        let response = org.send(get(path));
        let status = tree::parse(&String::from_utf8(response.body).unwrap()).unwrap();
        let code: Vec<&str> = status.all("resultCode").map(|code| code.text.as_str()).collect();
        assert_eq!((response.status, code), (503, vec!["REASON_5"]), "{path}");
    }
}

#[test]
fn pages_give_their_counts() {
    let catalog = catalog();
    let method = catalog.method("server.list").unwrap().unwrap();
    let mut org = Organization::new();
    let response = org.send(request(&method, &map! { "pageSize" => 3, "pageNumber" => 99 }));
    let root = tree::parse(&String::from_utf8(response.body).unwrap()).unwrap();
    let counts = ["totalCount", "pageCount", "pageNumber", "pageSize"].map(|name| root.attribute(name).unwrap());
    assert_eq!(counts, ["7", "1", "3", "3"]);
}

#[test]
fn prefixes_change_and_runs_repeat() {
    let run = || {
        let mut org = Organization::new();
        let mut bodies: Vec<String> =
            (0..8).map(|_| String::from_utf8(org.send(get("/oec/0.9/myaccount")).body).unwrap()).collect();
        org.service.advance(Duration::from_secs(60));
        let made = org.get("network.create", map! { "name" => "New", "location" => "NA1" });
        bodies.push(format!("{:?}", made.get("id")));
        bodies
    };
    let (one, other) = (run(), run());
    assert_eq!(one, other);
    let roots: BTreeSet<&str> = one[..8].iter().map(|body| body.split(" xmlns").next().unwrap()).collect();
    assert!(roots.len() > 3, "{roots:?}");
}

#[test]
fn calls_are_logged_by_method() {
    let mut org = Organization::new();
    org.reason("server.start", map! { "server-id" => WEB_1 });
    let calls = org.service.requests();
    assert_eq!(calls, [("server.start".to_owned(), format!("{{\"server-id\":\"{WEB_1}\"}}"))]);
}
