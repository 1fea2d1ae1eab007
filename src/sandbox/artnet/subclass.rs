//! The parts of subnetworks, each with its records.

use std::collections::BTreeMap;

use super::subnetwork::{ADDITIONAL, SERVERS};
use crate::kit::values::{map, text};
use model::Map;

/// A part of a subnetwork, with its records by origin.
#[derive(Clone, Debug)]
pub(crate) struct Subclass {
    pub(crate) subnetwork: i64,
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) serial: i64,
    pub(crate) records: BTreeMap<String, String>,
}

/// The subclass of all additional addresses.
pub(crate) const ADDITIONAL_CLASS: &str = "203.0.113";

/// The subclasses of a new sandbox.
pub(crate) fn seed() -> Vec<Subclass> {
    let with = |subclass: Subclass, origin: &str, ptr: &str| Subclass {
        records: BTreeMap::from([(origin.to_owned(), ptr.to_owned())]),
        ..subclass
    };
    vec![
        with(Subclass::of(SERVERS, "192.0.2", "IPv4"), "10", "www.example.com"),
        with(Subclass::of(322, "2001:db8:0:0", "IPv6"), "0:0:0:10", "www.example.com"),
        Subclass::of(ADDITIONAL, ADDITIONAL_CLASS, "IPv4"),
    ]
}

impl Subclass {
    /// A part without records.
    pub(crate) fn of(subnetwork: i64, name: &'static str, version: &'static str) -> Subclass {
        Subclass { subnetwork, name, version, serial: 2_016_121_401, records: BTreeMap::new() }
    }

    pub(crate) fn address(&self, origin: &str) -> String {
        let separator = if self.version == "IPv4" { "." } else { ":" };
        format!("{}{separator}{origin}", self.name)
    }

    pub(crate) fn holds(&self, origin: &str) -> bool {
        self.address(origin).parse::<std::net::IpAddr>().is_ok()
    }

    fn warning(&self, origin: &str, task: &str, code: &str, (pl, en): (&str, &str)) -> Map {
        let description = map! { "pl" => pl, "en" => en };
        let address = self.address(origin);
        map! { "origin" => origin, "address" => address, "task" => task, "code" => code, "description" => description }
    }

    /// Sets or deletes one record; returns a warning if that is not possible.
    pub(crate) fn edit(&mut self, record: &Map) -> Option<Map> {
        let origin = text(record, "origin");
        if text(record, "delete") == "delete" {
            let words = ("Rekord nie istnieje", "There is no such record");
            return match self.records.remove(origin) {
                Some(_) => None,
                None => Some(self.warning(origin, "delete", "record-not-found", words)),
            };
        }
        let ptr = text(record, "ptr");
        if !ptr.contains('.') || ptr.contains(|c: char| !c.is_ascii_alphanumeric() && !"-._".contains(c)) {
            let words = ("Niepoprawna nazwa hosta", "Not a valid host name");
            return Some(self.warning(origin, "edit", "invalid-ptr", words));
        }
        self.records.insert(origin.to_owned(), ptr.to_owned());
        None
    }
}
