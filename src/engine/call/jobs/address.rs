//! The id of work that an answer gives as an address: `/v1/jobs/17` in its header `Location`, or in a field. The work is
//! read by its id, at the address of the method for it, so that no key follows a link to another place.

use crate::engine::call::onward::there;
use model::escape::unpercent;
use model::http::split;
use model::job::at;
use model::{Begins, Method, Value};
use registry::Source;

/// The address that an answer gives, with the value of the header that the method names.
fn given<'a>(begins: &Begins, header: Option<&'a str>, result: Option<&'a Value>) -> Option<&'a str> {
    let link = begins.link.as_ref().and_then(|path| at(result?, path)?.as_str());
    link.or(header).map(str::trim).filter(|address| !address.is_empty())
}

/// The id of the work that a method began, from an answer to a request at `asked`. `Err` says why an address names none.
pub(crate) fn named(
    source: &Source,
    method: &Method,
    asked: &str,
    (header, result): (Option<&str>, Option<&Value>),
) -> Result<Option<String>, String> {
    let Some(begins) = &method.job else { return Ok(None) };
    let Some(address) = given(begins, header, result) else { return Ok(None) };
    let Some(rule) = source.provider().job_rule(begins) else { return Ok(None) };
    let Some(Ok(reading)) = source.method(&rule.method) else { return Ok(None) };
    let wire = rule.parameter.as_ref().and_then(|name| reading.param(name)).map(|param| param.wire_name().to_owned());
    let (Some(route), Some(wire)) = (&reading.route, wire) else { return Ok(None) };
    let place = there(asked, address).map_err(|(here, there)| {
        format!(
            "what {} began is said to be at {there}, and the key belongs to {here}, so it is not followed",
            method.name
        )
    })?;
    match id_in(&place, &route.path, &wire) {
        Some(id) => Ok(Some(id)),
        // A service may give the id alone in the same place.
        None if !address.contains(['/', '?', '#']) => Ok(Some(address.to_owned())),
        None => {
            Err(format!("what {} began is said to be at {place}, which is no address of {}", method.name, reading.name))
        }
    }
}

/// The part of an address that a route has a place for. Whatever is before the route in it does not matter: the id is
/// used at the account's own address.
fn id_in(place: &str, route: &str, name: &str) -> Option<String> {
    let path = split(place).1.split(['?', '#']).next().unwrap_or_default();
    let (mut found, mut parts) = (None, path.trim_end_matches('/').rsplit('/'));
    let wanted = format!("{{{name}}}");
    for step in route.trim_matches('/').rsplit('/') {
        let part = parts.next().filter(|part| !part.is_empty())?;
        match step.starts_with('{') && step.ends_with('}') {
            true if step == wanted => found = Some(unpercent(part)?),
            true => {}
            false if step == part => {}
            false => return None,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::catalog::Catalog;

    #[test]
    fn an_id_is_the_part_of_an_address_that_the_route_leaves_open() {
        for (place, route, id) in [
            ("https://h/v1/jobs/17", "/jobs/{id}", Some("17")),
            ("https://h/v1/jobs/17/", "/jobs/{id}", Some("17")),
            ("https://h/v1/jobs/17?wait=1", "/jobs/{id}", Some("17")),
            ("https://h/v1/jobs/a%2Fb", "/jobs/{id}", Some("a/b")),
            ("https://h/v2/other/jobs/17", "/jobs/{id}", Some("17")),
            ("https://h/nodes/n1/jobs/17/status", "/nodes/{node}/jobs/{id}/status", Some("17")),
            ("https://h/v1/tasks/17", "/jobs/{id}", None),
            ("https://h/v1/jobs", "/jobs/{id}", None),
            ("https://h/v1/jobs/17/log", "/jobs/{id}", None),
            ("https://h/17", "/jobs/{id}", None),
            ("https://h", "/jobs/{id}", None),
            ("https://h/v1/jobs/%", "/jobs/{id}", None),
            ("https://h/v1/jobs/17", "/jobs", None),
        ] {
            assert_eq!(id_in(place, route, "id").as_deref(), id, "{place} {route}");
        }
    }

    const CATALOG: &str = r#"
id = "own"
host = "https://api.example.com"
transport = [{ name = "rest", protocol = "rest", path = "/v1" }]
job = [{ name = "job", method = "job.get", parameter = "number", id = "id", status = "state", running = { state = ["busy"] } }]
[[method]]
name = "job.get"
effect = "read"
returns = "dict"
fields = [{ name = "id", type = "string" }, { name = "state", type = "string" }]
params = [{ name = "number", type = "string", wire = "id", required = true }]
route = { verb = "GET", path = "/jobs/{id}" }
answers = { as = "json" }
[[method]]
name = "by.header"
effect = "change"
returns = "none"
route = { verb = "POST", path = "/things" }
answers = { as = "none" }
job = { header = "Location" }
[[method]]
name = "by.link"
effect = "change"
returns = "dict"
fields = [{ name = "links", type = "dict", fields = [{ name = "job", type = "string" }] }]
route = { verb = "POST", path = "/things" }
answers = { as = "json" }
job = { link = "links.job" }
"#;

    #[test]
    fn an_address_of_the_same_place_names_the_work() {
        let source = Source::new("p", Catalog::parse("own", CATALOG).unwrap());
        let asked = "https://api.example.com/v1/things";
        let elsewhere = "and the key belongs to https://api.example.com, so it is not followed";
        for (address, expected) in [
            ("https://api.example.com/v1/jobs/17", Ok("17")),
            ("/v1/jobs/17", Ok("17")),
            ("jobs/17", Ok("17")),
            ("./jobs/17", Ok("17")),
            ("//api.example.com/v1/jobs/17", Ok("17")),
            ("17", Ok("17")),
            (" ", Ok("")),
            ("https://other.example/v1/jobs/17", Err(elsewhere)),
            ("//other.example/v1/jobs/17", Err(elsewhere)),
            ("http://api.example.com/v1/jobs/17", Err(elsewhere)),
            ("https://me:pw@api.example.com/v1/jobs/17", Err(elsewhere)),
            ("/v1/things/5", Err("which is no address of job.get")),
        ] {
            for method in ["by.header", "by.link"] {
                let method = source.method(method).unwrap().unwrap();
                let result = serde_json::from_value(serde_json::json!({ "links": { "job": address } })).unwrap();
                let header = method.job.as_ref().is_some_and(|begins| begins.header.is_some());
                let answer = if header { (Some(address), None) } else { (None, Some(&result)) };
                match (named(&source, &method, asked, answer), expected) {
                    (Ok(id), Ok(expected)) => assert_eq!(id.unwrap_or_default(), expected, "{address}"),
                    (Err(said), Err(expected)) => {
                        assert!(said.ends_with(expected) && !said.contains("pw"), "{address}: {said}");
                    }
                    (found, _) => panic!("{address}: {found:?}"),
                }
            }
        }
        let other = source.method("job.get").unwrap().unwrap();
        assert_eq!(named(&source, &other, asked, (Some("/v1/jobs/17"), None)), Ok(None));
    }
}
