//! The account's subnetworks.

use crate::kit::values::map;
use model::Map;

/// A subnetwork of the account. The details of services and the lists here show the same ones.
#[derive(Clone, Debug)]
pub(crate) struct Subnetwork {
    pub(crate) id: i64,
    pub(crate) ip: String,
    pub(crate) mask: &'static str,
    pub(crate) short: &'static str,
    pub(crate) version: &'static str,
}

/// The subnetwork of the servers.
pub(crate) const SERVERS: i64 = 321;

/// The subnetwork of the additional addresses in a new sandbox.
pub(crate) const ADDITIONAL: i64 = 323;

/// The id of the first ordered subnetwork.
pub(crate) const ORDERED: i64 = 400;

/// The subnetworks of a new sandbox.
pub(crate) fn seed() -> Vec<Subnetwork> {
    let rows = [
        (SERVERS, "192.0.2.0", "255.255.255.0", "/24", "IPv4"),
        (322, "2001:db8::", "ffff:ffff:ffff:ffff::", "/64", "IPv6"),
        (ADDITIONAL, "203.0.113.64", "255.255.255.248", "/29", "IPv4"),
    ];
    rows.map(|(id, ip, mask, short, version)| Subnetwork { id, ip: ip.into(), mask, short, version }).into()
}

impl Subnetwork {
    /// The subnetwork in the form of service details.
    pub(crate) fn show(&self) -> Map {
        map! {
            "id" => self.id,
            "ip" => self.ip.as_str(),
            "mask" => self.mask,
            "mask_short" => self.short,
            "type" => self.version,
        }
    }
}
