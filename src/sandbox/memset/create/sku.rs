//! The offers and their prices.

use super::super::fault::Fault;
use super::super::state::services::PUBLIC_CLOUD;
use crate::kit::values::{map, texts};
use model::Map;

/// What an order creates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A monthly Miniserver.
    Miniserver,
    /// An hourly Miniserver.
    HourlyMiniserver,
    /// A dedicated server.
    Fullserver,
    /// Storage.
    Memstore,
    /// An OpenStack project.
    Project,
}

impl Kind {
    /// The type of the service that it creates.
    pub(crate) fn service(self) -> &'static str {
        match self {
            Kind::Miniserver | Kind::HourlyMiniserver => "miniserver",
            Kind::Fullserver => "fullserver",
            Kind::Memstore => "cloudstorage",
            Kind::Project => "openstack",
        }
    }

    /// The type of the job that sets it up.
    pub(super) fn job(self) -> &'static str {
        match self {
            Kind::Miniserver | Kind::HourlyMiniserver => "SETUP-NEW-MINISERVER",
            Kind::Fullserver => "SETUP-NEW-FULLSERVER",
            Kind::Memstore => "SETUP-NEW-MEMSTORE",
            Kind::Project => "SETUP-NEW-OPENSTACK-PROJECT",
        }
    }

    /// The start of its services' names.
    pub(super) fn stem(self) -> &'static str {
        match self {
            Kind::Miniserver | Kind::HourlyMiniserver | Kind::Fullserver => "myserver",
            Kind::Memstore => "mystorage",
            Kind::Project => "myproject",
        }
    }
}

/// Something that can be ordered. Prices are in pennies, without VAT.
#[derive(Debug)]
pub(crate) struct Sku {
    /// The code to order it by.
    pub(crate) code: &'static str,
    /// Its description.
    pub(crate) description: &'static str,
    /// What it creates.
    pub(crate) kind: Kind,
    /// The monthly rent.
    pub(crate) monthly: i64,
    /// The hourly rent, in pounds.
    pub(crate) hourly: Option<&'static str>,
    /// Its memory, in MB; 0 if it is not a server.
    pub(crate) ram_mb: i64,
    /// Its disk, in GB.
    pub(crate) disk_gb: i64,
}

const fn sku(code: &'static str, description: &'static str, kind: Kind, monthly: i64, size: (i64, i64)) -> Sku {
    Sku { code, description, kind, monthly, hourly: None, ram_mb: size.0, disk_gb: size.1 }
}

/// Everything on offer. The document's tables are lost; these are the codes that its text names.
const OFFERED: &[Sku] = &[
    sku("MS01", "Classic Miniserver, 512 MB RAM", Kind::Miniserver, 1495, (512, 20)),
    sku("VPS001", "Standard Cloud VPS, 1 GB RAM", Kind::Miniserver, 500, (1024, 25)),
    sku("MSVM001", "Miniserver VM, 1 GB RAM", Kind::Miniserver, 750, (1024, 30)),
    sku("MSVM002", "Miniserver VM, 2 GB RAM", Kind::Miniserver, 1500, (2048, 60)),
    sku("MSVM004", "Miniserver VM, 4 GB RAM", Kind::Miniserver, 3000, (4096, 120)),
    Sku { hourly: Some("0.015"), ..sku("MSVH001", "Cloud compute, 1 GB RAM", Kind::HourlyMiniserver, 0, (1024, 30)) },
    Sku { hourly: Some("0.030"), ..sku("MSVH002", "Cloud compute, 2 GB RAM", Kind::HourlyMiniserver, 0, (2048, 60)) },
    sku("UFS20", "Dedicated server, four disks, 16 GB RAM", Kind::Fullserver, 14900, (16384, 1000)),
    sku("UFS29", "Dedicated server, two disks, 32 GB RAM", Kind::Fullserver, 19900, (32768, 2000)),
    sku("CLOUDF5", "Memstore, 5 GB free", Kind::Memstore, 0, (0, 5)),
    sku("CLOUD500", "Memstore, 500 GB", Kind::Memstore, 2000, (0, 500)),
    sku("OSPROJECT1", "OpenStack project", Kind::Project, 0, (0, 0)),
];

/// All offers.
pub(super) fn offered() -> impl Iterator<Item = &'static Sku> {
    OFFERED.iter()
}

/// The offer with that code, if it creates that kind of thing; `param` is the parameter that gave the code.
pub(crate) fn find(param: &str, code: &str, kind: Kind) -> Result<&'static Sku, Fault> {
    OFFERED.iter().find(|sku| sku.code == code && sku.kind == kind).ok_or_else(|| {
        let codes: Vec<&str> = OFFERED.iter().filter(|sku| sku.kind == kind).map(|sku| sku.code).collect();
        Fault::parameter(param, &format!("Please select a valid choice: {}.", codes.join(", ")))
    })
}

impl Sku {
    /// The form of `create.available`.
    pub(super) fn show(&self) -> Map {
        let defaults = match self.ram_mb {
            0 => Map::new(),
            ram_mb => map! { "ram_mb" => ram_mb, "disk_gb" => self.disk_gb },
        };
        map! {
            "sku" => self.code,
            "description" => self.description,
            "type" => self.kind.service(),
            "default_params" => defaults,
            "data_zones" => texts([PUBLIC_CLOUD]),
        }
    }
}
