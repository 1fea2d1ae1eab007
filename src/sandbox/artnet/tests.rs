//! Tests of the whole service: every method over its wire format, logins, unknown commands.

use std::collections::BTreeSet;

use super::shelf::RESERVED;
use super::world::USER;
use super::{AREAS, Artnet, ruleset, seed, shelf, subclass, subnetwork};
use crate::kit::rest::json;
use crate::kit::table::NOBODY;
use crate::kit::testing::sample_of;
use crate::kit::values::map;
use crate::{Options, Request, Service};
use model::{Code, Map, Value};

fn service() -> Artnet {
    Artnet::new(&Options::default()).unwrap()
}

fn post(service: &mut Artnet, path: &str, body: &str) -> Value {
    let body = body.as_bytes().to_vec();
    let response = service.respond(&Request { verb: "POST".into(), path: path.into(), body, ..Request::default() });
    assert_eq!(response.status, 200);
    json::read(&response.body).unwrap()
}

fn with_login(fields: &str) -> String {
    format!("id={USER}&api_key={}&{fields}", Options::default().key)
}

fn code(answer: &Value) -> String {
    answer.get("error").and_then(|error| error.get("code")).map(Value::plain).unwrap_or_default()
}

/// A value as it is sent in a form.
fn fields(name: &str, value: &Value) -> String {
    match value {
        Value::List(members) => {
            let members = (0..).zip(members).map(|(at, member)| fields(&format!("{name}[{at}]"), member));
            members.collect::<Vec<_>>().join("&")
        }
        Value::Map(map) => {
            map.iter().map(|(key, member)| fields(&format!("{name}[{key}]"), member)).collect::<Vec<_>>().join("&")
        }
        value => format!("{name}={}", value.as_str().map_or_else(|| value.plain(), str::to_owned)),
    }
}

#[test]
fn every_method_answers_over_its_wire() {
    let catalog = service().catalog;
    for record in catalog.records() {
        let method = catalog.method(record.name).unwrap().unwrap();
        for only_required in [true, false] {
            let params = method.params.iter().filter(|param| param.required || !only_required);
            let args: Map = params.map(|param| (param.name.as_str(), sample_of(param, catalog.shapes()))).collect();
            let form: Vec<String> = args.iter().map(|(name, value)| fields(name, value)).collect();
            let path = format!("/api{}", method.route.as_ref().unwrap().path);
            let mut service = service();
            let answer = post(&mut service, &path, &with_login(&form.join("&")));
            assert_eq!(service.requests()[0].0, method.name);
            let code = code(&answer);
            assert_eq!(answer.get("success"), Some(&code.is_empty().into()), "{} {answer:?}", method.name);
            let known = code.is_empty() || catalog.provider().error(&Code::from(code.as_str())).is_some();
            assert!(known && code != "unknown-command", "{} {code} {args:?}", method.name);
            // These two need a real value; for all others a made-up word reaches the handler.
            let wants_more = ["customer.change-language", "domain.edit-dns-servers"].contains(&record.name);
            assert!(code != "incorrect-param-value" || wants_more, "{} {args:?}", method.name);
        }
    }
}

#[test]
fn every_handler_has_a_method() {
    let catalog = service().catalog;
    let mut seen = BTreeSet::new();
    for (name, _) in AREAS.iter().flat_map(|area| area.iter()) {
        assert!(catalog.has(name), "{name} is no method");
        assert!(seen.insert(name), "{name} has two handlers");
    }
}

#[test]
fn answers_come_as_the_document_shows_them() {
    for path in ["/api/services/details", "/panel/api/services/details"] {
        let answer = post(&mut service(), path, &with_login("service_id=12345"));
        assert_eq!(answer.as_map().unwrap().keys().collect::<Vec<_>>(), ["service", "success"]);
        let service = answer.get("service").unwrap();
        assert_eq!(service.get("type"), Some(&"dedicated".into()));
        assert_eq!(service.get("custom_description"), Some(&Value::Null));
        assert_eq!(service.get("payment_details").unwrap().get("price_brutto").unwrap().plain(), "648.21");
    }
    let unknown = post(&mut service(), "/api/services/frobnicate", &with_login(""));
    let words = map! { "pl" => "Nieznane polecenie", "en" => "There is no command of that name" };
    let error = map! { "code" => "unknown-command", "description" => words };
    assert_eq!(unknown, map! { "success" => false, "error" => error }.into());
    let done = post(&mut service(), "/api/vps/power-off", &with_login("service_id=12347&confirm=confirm"));
    assert_eq!(done, map! { "success" => true }.into());
}

#[test]
fn some_errors_have_words_in_one_language_only() {
    for (path, form, languages) in [
        ("/api/vps/power-off", "service_id=12358&confirm=confirm", vec!["pl"]),
        ("/api/ip-blackholing/disable", "ip=192.0.2.66", vec!["pl"]),
        ("/api/ip-blackholing/disable", "ip=192.0.2.67", vec!["en"]),
        ("/api/services/details", "service_id=1", vec!["pl", "en"]),
    ] {
        let answer = post(&mut service(), path, &with_login(form));
        let words = answer.get("error").unwrap().get("description").unwrap().as_map().unwrap();
        assert_eq!(words.keys().collect::<Vec<_>>(), languages, "{path}");
    }
}

#[test]
fn nested_fields_reach_their_handler() {
    let rule = |policy: &str| {
        let side = |name: &str| {
            let port = format!("rules[in][0][{name}][port]");
            format!(
                "rules[in][0][{name}][ip]=192.0.2.0&rules[in][0][{name}][mask_short]=24&{port}[begin]=&{port}[end]="
            )
        };
        format!(
            "ruleset_id=12&rules[in][0][policy]={policy}&rules[in][0][protocol]=&{}&{}",
            side("source"),
            side("destination")
        )
    };
    let mut service = service();
    assert_eq!(code(&post(&mut service, "/api/firewall/save", &with_login(&rule("DROP")))), "");
    assert_eq!(code(&post(&mut service, "/api/firewall/save", &with_login(&rule("REJECT")))), "rules-syntax-error");
    let bad = rule("DROP").replace("protocol]=", "protocol]=x");
    let answer = post(&mut service, "/api/firewall/save", &with_login(&bad));
    let details = answer.get("error").unwrap().get("errors_details").unwrap().as_list().unwrap();
    assert_eq!(details[0].get("rule"), Some(&Value::Int(0)));
    let saved = post(&mut service, "/api/firewall/details", &with_login("ruleset_id=12"));
    let rules = saved.get("ruleset_details").unwrap().get("rules").unwrap().get("in").unwrap().as_list().unwrap();
    assert_eq!((rules.len(), rules[0].get("policy")), (1, Some(&"DROP".into())));
}

#[test]
fn a_new_key_invalidates_the_old_one() {
    let mut service = service();
    let old = with_login("");
    let new = post(&mut service, "/api/customer/regenerate-api-key", &old).get("api_key").unwrap().plain();
    assert_eq!(code(&post(&mut service, "/api/customer/details", &old)), "authorization-failed");
    assert_eq!(service.account("http://127.0.0.1:1").key, new);
    let fields = format!("id={USER}&api_key={new}");
    assert_eq!(code(&post(&mut service, "/api/customer/details", &fields)), "");
}

#[test]
fn a_wrong_login_is_refused_and_not_logged() {
    for fields in ["", "id=19052", "id=1&api_key=x", "id=19052&api_key=x", "id[a]=19052&api_key=x"] {
        let mut service = service();
        assert_eq!(code(&post(&mut service, "/api/customer/details", fields)), "authorization-failed", "{fields}");
        assert!(service.requests().is_empty());
    }
    let get = service().respond(&Request { verb: "GET".into(), path: "/api/vps/list".into(), ..Request::default() });
    assert_eq!(get.status, 405);
}

#[test]
fn only_paths_below_its_roots_are_claimed() {
    for (path, claimed) in
        [("/api/vps/list", true), ("/panel/api/vps/list", true), ("/apis/vps", false), ("/v1/xmlrpc", false)]
    {
        assert_eq!(service().claims(path), claimed, "{path}");
    }
}

#[test]
fn the_parts_of_a_new_account_fit_together() {
    let world = seed::account(&Options::default());
    for service in ruleset::seed().iter().flat_map(|ruleset| ruleset.services) {
        assert!(world.services.find(NOBODY, *service).is_some(), "{service}");
    }
    let subnetworks = subnetwork::seed();
    for part in subclass::seed() {
        let of = |whole: &&subnetwork::Subnetwork| (whole.id, whole.version) == (part.subnetwork, part.version);
        assert!(subnetworks.iter().any(|whole| of(&whole)), "{part:?}");
        assert!(part.records.keys().all(|origin| part.holds(origin)), "{part:?}");
    }
}

#[test]
fn a_reservation_expires() {
    let mut offers = shelf::seed();
    let reserved = |offers: &[shelf::Offer]| offers.iter().filter(|offer| offer.reserved.is_some()).count();
    assert_eq!(reserved(&offers), 1);
    offers.iter_mut().for_each(|offer| offer.settle(RESERVED));
    assert_eq!(reserved(&offers), 0);
}
