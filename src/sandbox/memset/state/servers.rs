//! The servers of the account.

use super::monitoring::{Policy, Rule};
use super::snapshots::Snapshot;
use crate::kit::clock::Clock;

/// An address of a server.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    /// The IPv4 address.
    pub(crate) address: String,
    /// Its reverse map.
    pub(crate) reverse_map: String,
}

/// A server; its properties as a service are in the service with the same name.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// The service's name.
    pub(crate) name: String,
    /// Its SKU.
    pub(crate) sku: String,
    /// The installed system.
    pub(crate) os: String,
    /// Its addresses, the primary one first.
    pub(crate) addresses: Vec<Address>,
    /// `none`, `self_managed`, …
    pub(crate) firewall_type: String,
    /// The name of the rule group in use; set by firewalling.
    pub(crate) rule_group: Option<String>,
    /// `standard`, `infrastructure_only`, …
    pub(crate) support_level: String,
    /// `basic`, `advanced` or `managed`.
    pub(crate) monitoring_level: String,
    /// `none`, `basic` or `managed`.
    pub(crate) vulnscan: String,
    /// `none`, `basic`, `monitored` or `protected`.
    pub(crate) intrusion_detection: String,
    /// From 1 to 15; 0 without intrusion detection.
    pub(crate) alert_level: i64,
    /// Whether it has a backup service.
    pub(crate) backups: bool,
    /// Whether and how it is monitored.
    pub(crate) policy: Policy,
    /// What is monitored.
    pub(crate) rules: Vec<Rule>,
    /// Domains for which the provider's name servers are its slaves.
    pub(crate) slaved: Vec<String>,
}

impl Server {
    /// A server with one address and nothing extra.
    pub(crate) fn new(name: &str, sku: &str, os: &str, address: &str) -> Server {
        Server {
            name: name.into(),
            sku: sku.into(),
            os: os.into(),
            addresses: vec![Address { address: address.into(), reverse_map: host_name(name) }],
            firewall_type: "none".into(),
            rule_group: None,
            support_level: "standard".into(),
            monitoring_level: "basic".into(),
            vulnscan: "none".into(),
            intrusion_detection: "none".into(),
            alert_level: 0,
            backups: false,
            policy: Policy::default(),
            rules: Vec::new(),
            slaved: Vec::new(),
        }
    }
}

/// The host name of a server.
pub(crate) fn host_name(name: &str) -> String {
    format!("{name}.miniserver.example")
}

/// The servers of the account.
#[derive(Debug, Default)]
pub(crate) struct Servers {
    pub(crate) all: Vec<Server>,
    pub(crate) snapshots: Vec<Snapshot>,
}

impl Servers {
    /// The servers of a new sandbox.
    pub(crate) fn seed(clock: &Clock) -> Servers {
        let rows = [
            ("myserver1", "MSVM001", "debian_buster_64", 1),
            ("myserver2", "MSVM002", "ubuntu_bionic_64", 2),
            ("myserver3", "UFS20", "centos7_64", 3),
            ("brokenserver1", "MSVM001", "debian_stretch_64", 4),
            ("busyserver1", "MSVM001", "debian_stretch_64", 5),
            ("failingserver1", "MSVM001", "debian_stretch_64", 6),
            ("oldserver1", "MS01", "centos6_64", 7),
        ];
        let server = |(name, sku, os, host)| Server::new(name, sku, os, &format!("192.0.2.{host}"));
        let mut all: Vec<Server> = rows.into_iter().map(server).collect();
        if let Some(www) = all.first_mut() {
            www.firewall_type = "self_managed".into();
            www.rule_group = Some("mygroup-fw1".into());
            www.intrusion_detection = "basic".into();
            www.alert_level = 7;
            www.monitoring_level = "advanced".into();
            www.rules = vec![Rule::seed()];
            www.slaved = vec!["example.net".into(), "example.org".into()];
            www.addresses.extend([10, 11].map(|host| Address {
                address: format!("192.0.2.{host}"),
                reverse_map: format!("ip-192-0-2-{host}.miniserver.example"),
            }));
        }
        Servers { all, snapshots: vec![Snapshot::seed(clock)] }
    }

    /// The server of that name; its service says whether it is live.
    pub(crate) fn find(&self, name: &str) -> Option<&Server> {
        self.all.iter().find(|server| server.name == name)
    }

    /// The server of that name, to change it.
    pub(crate) fn find_mut(&mut self, name: &str) -> Option<&mut Server> {
        self.all.iter_mut().find(|server| server.name == name)
    }

    /// All servers in the order they were rented.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Server> {
        self.all.iter()
    }

    /// Adds a server.
    pub(crate) fn add(&mut self, server: Server) {
        self.all.push(server);
    }

    /// Whether a snapshot can be ordered as that system.
    pub(crate) fn has_snapshot(&self, os_option: &str) -> bool {
        self.snapshots.iter().any(|snapshot| snapshot.os_option() == os_option)
    }

    /// The first unused address; all are from the ranges reserved for documentation.
    pub(crate) fn free_address(&self) -> String {
        let taken = |text: &String| self.iter().flat_map(|s| &s.addresses).any(|known| known.address == *text);
        let free = (1..=254).map(|host| format!("198.51.100.{host}")).find(|address| !taken(address));
        free.unwrap_or_else(|| "203.0.113.1".into())
    }
}
