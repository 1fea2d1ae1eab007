//! The services of the account.

use super::super::fault::{Code, Fault};
use crate::kit::args::Args;
use crate::kit::clock::Clock;
use crate::kit::values::{date, decimal, map, texts};
use model::Map;

/// The kinds of service that are servers.
pub(crate) const SERVERS: &[&str] = &["miniserver", "fullserver"];

/// The kind of service that is a Miniserver.
pub(crate) const MINISERVERS: &[&str] = &["miniserver"];

/// The kind of service that is storage.
pub(crate) const STORAGE: &[&str] = &["cloudstorage"];

/// How a service reacts to calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// Normally.
    Sound,
    /// Every call about it is refused as busy.
    Busy,
    /// Every call about it fails.
    Broken,
    /// Its jobs fail.
    Failing,
}

/// A service of the account.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    /// The provider's name for it.
    pub(crate) name: String,
    /// `ONHOLD` until it is set up, `LIVE`, `CANCELLED`.
    pub(crate) status: &'static str,
    /// The customer's name for it; may be empty.
    pub(crate) nickname: String,
    /// `miniserver`, `fullserver`, `cloudstorage`, …
    pub(crate) kind: &'static str,
    /// First day.
    pub(crate) start: String,
    /// Last day.
    pub(crate) expiry: String,
    /// The digits of the monthly price with VAT, and of the VAT in it.
    pub(crate) price: (String, String),
    /// `reading` or `dunsfold`.
    pub(crate) network_zone: String,
    /// Where its data is.
    pub(crate) data_zone: String,
    /// How it reacts to calls.
    pub(crate) health: Health,
}

/// The data zone of regular accounts.
pub(crate) const PUBLIC_CLOUD: &str = "Memset Public Cloud";

/// A data zone that cannot be copied to from the other.
const OTHER_CLOUD: &str = "Example Community Cloud";

impl Service {
    /// The form of `service.info`.
    pub(crate) fn show(&self) -> Map {
        map! {
            "name" => self.name.as_str(),
            "status" => self.status,
            "nickname" => self.nickname.as_str(),
            "start_date" => date(&self.start),
            "expiry_date" => date(&self.expiry),
            "renewal_price_amount" => decimal(&self.price.0),
            "renewal_price_currency" => "GBP",
            "renewal_price_vat" => decimal(&self.price.1),
            "type" => self.kind,
            "network_zones" => texts([&self.network_zone]),
            "data_zone" => self.data_zone.as_str(),
        }
    }

    /// Whether it is still rented.
    pub(crate) fn is_live(&self) -> bool {
        self.status == "LIVE"
    }
}

/// All services of the account.
#[derive(Debug, Default)]
pub(crate) struct Services {
    pub(crate) all: Vec<Service>,
}

impl Services {
    /// The services of a new sandbox. The first two are those of the examples in the provider's document.
    pub(crate) fn seed(clock: &Clock) -> Services {
        let summer = ("20110617T00:00:00", "20110917T00:00:00");
        let rows = [
            ("mystorage1", "", "cloudstorage", ("20110617T00:00:00", "20111112T00:00:00"), ("24.0", "4.0")),
            ("myserver1", "www", "miniserver", summer, ("21.60", "4.34")),
            ("myserver2", "mail", "miniserver", summer, ("21.60", "4.34")),
            ("myserver3", "db", "fullserver", ("20100301T00:00:00", "20120301T00:00:00"), ("178.80", "29.80")),
            ("msstore1", "backups", "cloudstorage", summer, ("12.00", "2.00")),
            ("mylb1", "", "loadbalancer", summer, ("60.00", "10.00")),
            ("mycluster1", "", "cluster", summer, ("120.00", "20.00")),
            ("myvlan1", "", "vlan", summer, ("6.00", "1.00")),
            ("myvlan2", "", "vlan", summer, ("6.00", "1.00")),
            ("myproject1", "", "openstack", summer, ("0.00", "0.00")),
            ("brokenserver1", "", "miniserver", summer, ("21.60", "4.34")),
            ("busyserver1", "", "miniserver", summer, ("21.60", "4.34")),
            ("failingserver1", "", "miniserver", summer, ("21.60", "4.34")),
            ("oldserver1", "", "miniserver", ("20090101T00:00:00", "20110101T00:00:00"), ("35.88", "5.98")),
        ];
        let service = |(name, nickname, kind, days, price): (&str, &str, _, (&str, &str), (&str, &str))| Service {
            name: name.into(),
            status: if name == "oldserver1" { "CANCELLED" } else { "LIVE" },
            nickname: nickname.into(),
            kind,
            start: clock.moved(days.0),
            expiry: clock.moved(days.1),
            price: (price.0.into(), price.1.into()),
            network_zone: if ["myserver3", "myvlan2"].contains(&name) { "dunsfold" } else { "reading" }.into(),
            data_zone: if name == "msstore1" { OTHER_CLOUD } else { PUBLIC_CLOUD }.into(),
            health: match name {
                "brokenserver1" => Health::Broken,
                "busyserver1" => Health::Busy,
                "failingserver1" => Health::Failing,
                _ => Health::Sound,
            },
        };
        Services { all: rows.into_iter().map(service).collect() }
    }

    /// The services of an account that a partner manages.
    pub(crate) fn seed_managed(clock: &Clock) -> Services {
        Services { all: Services::seed(clock).all.into_iter().filter(|service| service.name == "mystorage1").collect() }
    }

    /// All services in the order they were rented.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Service> {
        self.all.iter()
    }

    /// The service of that name.
    pub(crate) fn find(&self, name: &str) -> Result<&Service, Fault> {
        self.all.iter().find(|service| service.name == name).ok_or_else(|| Fault::missing("service", "name", name))
    }

    /// The service of that name, to change it.
    pub(crate) fn find_mut(&mut self, name: &str) -> Option<&mut Service> {
        self.all.iter_mut().find(|service| service.name == name)
    }

    /// The service of that name, if it has one of these kinds: other kinds do not support the method.
    pub(crate) fn find_of(&self, name: &str, kinds: &[&str]) -> Result<&Service, Fault> {
        let service = self.find(name)?;
        if !kinds.contains(&service.kind) {
            let message = format!("The service '{name}' is a {}, which does not offer this method", service.kind);
            return Err(Fault::new(Code::MethodNotFound, message));
        }
        Ok(service)
    }

    /// The service of that name, if it is still rented.
    pub(crate) fn live(&self, name: &str) -> Result<&Service, Fault> {
        let service = self.find(name)?;
        if !service.is_live() {
            return Err(Fault::state(format!("The service '{name}' is {}", service.status)));
        }
        Ok(service)
    }

    /// The live service of that name, if it has one of these kinds.
    pub(crate) fn live_of(&self, name: &str, kinds: &[&str]) -> Result<&Service, Fault> {
        self.find_of(name, kinds)?;
        self.live(name)
    }

    /// Adds a service.
    pub(crate) fn add(&mut self, service: Service) {
        self.all.push(service);
    }

    /// The first free name of that form: `myserver4`.
    pub(crate) fn free_name(&self, stem: &str) -> String {
        let taken = |name: &String| self.all.iter().any(|service| service.name == *name);
        (1..).map(|number| format!("{stem}{number}")).find(|name| !taken(name)).unwrap_or_default()
    }

    /// Whether jobs on that service fail.
    pub(crate) fn fails_jobs(&self, name: &str) -> bool {
        self.find(name).is_ok_and(|service| service.health == Health::Failing)
    }

    /// Refuses a call about a service that is broken or in maintenance.
    pub(crate) fn answers(&self, args: &Args) -> Result<(), Fault> {
        let names = |param: &str| ["name", "host", "load_balancer"].contains(&param) || param.ends_with("_name");
        let named = args.iter().filter(|(param, _)| names(param));
        for service in named.filter_map(|(_, value)| self.find(value.as_str()?).ok()) {
            match service.health {
                Health::Broken => return Err(Fault::new(Code::InternalError, "Internal error")),
                Health::Busy => {
                    let message = format!("The service '{}' is in maintenance, please try again later", service.name);
                    return Err(Fault::new(Code::ServiceTemporarilyUnavailable, message));
                }
                Health::Sound | Health::Failing => {}
            }
        }
        Ok(())
    }
}
