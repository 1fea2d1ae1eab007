//! Finds the method for an address: several share one, and are distinguished by what is given.

use std::cmp::Reverse;

use super::intake::Given;
use model::Method;
use registry::catalog::Catalog;

/// All methods, with the segments of their paths.
pub(super) struct Routes(Vec<Entry>);

struct Entry {
    segments: Vec<String>,
    method: Method,
}

/// The result for a request: a method, and the values in its path.
pub(super) struct Hit<'r> {
    /// The method.
    pub(super) method: &'r Method,
    /// The names and values of the placeholders in its path.
    pub(super) captured: Vec<(String, String)>,
}

impl Routes {
    /// The methods of a catalogue that have an address.
    pub(super) fn of(catalog: &Catalog) -> Routes {
        let methods = catalog.records().iter().filter_map(|record| catalog.method(record.name)?.ok());
        let entry = |method: Method| {
            let path = &method.route.as_ref()?.path;
            Some(Entry { segments: segments(path).map(str::to_owned).collect(), method })
        };
        Routes(methods.filter_map(entry).collect())
    }

    /// The method for a request. Words in a path take precedence over placeholders; after that, the method that knows
    /// more of the given parameters.
    pub(super) fn find(&self, verb: &str, path: &str, given: &Given) -> Option<Hit<'_>> {
        let here: Vec<&str> = segments(path).collect();
        let fits = self.0.iter().filter(|entry| entry.fits(verb, &here, given));
        let rank = |entry: &&Entry| {
            let literal: Vec<bool> = entry.segments.iter().map(|segment| !is_placeholder(segment)).collect();
            let words = entry.method.route.as_ref().map_or(0, |route| route.query.len());
            let known = entry.method.params.iter().filter(|param| given.has(param)).count();
            let required = entry.method.params.iter().filter(|param| param.required).count();
            (literal, words, known, Reverse(required))
        };
        let entry = fits.max_by_key(rank)?;
        let pairs = entry.segments.iter().zip(here).filter(|(segment, _)| is_placeholder(segment));
        let captured = pairs.map(|(name, value)| (name.trim_matches(['{', '}']).to_owned(), value.to_owned()));
        Some(Hit { method: &entry.method, captured: captured.collect() })
    }
}

impl Entry {
    fn fits(&self, verb: &str, here: &[&str], given: &Given) -> bool {
        let Some(route) = &self.method.route else { return false };
        let same = |(segment, value): (&String, &&str)| is_placeholder(segment) || segment == value;
        route.verb.as_str() == verb
            && self.segments.len() == here.len()
            && self.segments.iter().zip(here).all(same)
            && route.query.iter().all(|word| given.query.iter().any(|(name, _)| name == word))
    }
}

/// Clients write two slashes in a row where they join paths.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn is_placeholder(segment: &str) -> bool {
    segment.starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caas::testing::catalog;

    #[test]
    fn methods_at_one_address_are_distinguished() {
        let catalog = catalog();
        let routes = Routes::of(&catalog);
        for (verb, path, query, body, name) in [
            ("GET", "/myaccount", "", "", "account.me"),
            ("GET", "/o/server/1", "", "", "server.get"),
            ("GET", "/o/server/1", "start", "", "server.start"),
            ("GET", "/o/server/1", "clone=x", "", "server.clone"),
            ("GET", "/o/server/1", "clone=x&desc=y", "", "server.clone"),
            ("GET", "//o//server/1", "addLocalStorage&amount=5", "", "server.add_storage"),
            ("POST", "/o/server/1", "", "name=x", "server.update"),
            ("POST", "/o/server/1", "", "privateIp=192.0.2.9", "server.notify_private_ip"),
            ("GET", "/o/server/deployed", "", "", "server.list_deployed"),
            ("GET", "/base/image/NA1", "", "", "image.list_base_in_location"),
            ("GET", "/o/image/1", "", "", "image.get"),
            ("GET", "/o/image/deployed", "", "", "image.list_deployed"),
            ("GET", "/opsource/image/web", "", "", "image.list_web"),
            ("GET", "/partner/image", "", "", "image.list_partner"),
            ("POST", "/o/server/1/backup/client/2/restore", "", "<R><asAtDate/></R>", "backup.restore"),
            (
                "POST",
                "/o/server/1/backup/client/2/restore",
                "",
                "<R><targetServerId>3</targetServerId></R>",
                "backup.restore_out_of_place",
            ),
        ] {
            let given = Given::read(query, body.as_bytes()).unwrap();
            let hit = routes.find(verb, path, &given).unwrap_or_else(|| panic!("{path}?{query} {body}"));
            assert_eq!(hit.method.name, name, "{path}?{query} {body}");
        }
        for (verb, path) in [("GET", "/o/nothing"), ("DELETE", "/o/server/1"), ("GET", "/")] {
            assert!(routes.find(verb, path, &Given::default()).is_none(), "{path}");
        }
    }
}
