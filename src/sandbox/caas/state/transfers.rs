//! Packages, and transfers to and from them.

use super::super::fault::Fault;
use super::super::progress::Progress;
use super::super::shelf::text;
use crate::kit::clock::Clock;
use crate::kit::values::{date, map};
use model::Map;

/// The most transfers of a kind that may run at the same time.
const AT_ONCE: usize = 2;

/// A running transfer: the id, the fields that lists show, and its progress.
#[derive(Debug)]
pub(crate) struct Transfer {
    pub(crate) id: String,
    /// The field that only transfers of this kind have.
    pub(crate) kind: &'static str,
    pub(crate) shown: Map,
    pub(crate) progress: Progress,
}

/// Packages, and transfers to and from them.
#[derive(Debug)]
pub(crate) struct Transfers {
    pub(crate) packages: Vec<Map>,
    pub(crate) running: Vec<Transfer>,
    pub(crate) exported: Vec<Map>,
    pub(crate) copied: Vec<Map>,
}

impl Transfers {
    /// The packages of a new sandbox.
    pub(crate) fn seed(clock: &Clock) -> Transfers {
        let made = |day: &str| clock.moved(&format!("{day}T08:00:00.000Z"));
        let packages = vec![
            package("MyImage.mf", [made("2011-07-25"), made("2011-08-08")], "VALID"),
            package("OldImage.mf", [made("2011-06-01"), made("2011-06-15")], "EXPIRED"),
        ];
        Transfers { packages, running: Vec::new(), exported: Vec::new(), copied: Vec::new() }
    }

    pub(crate) fn room(&self, kind: &str) -> Result<(), Fault> {
        match self.running.iter().filter(|transfer| transfer.kind == kind).count() < AT_ONCE {
            true => Ok(()),
            false => Err(Fault::new(430, format!("No more than {AT_ONCE} may run at once"))),
        }
    }

    pub(crate) fn prefix_is_free(&self, prefix: &str) -> Result<(), Fault> {
        let name = format!("{prefix}.mf");
        let taken = self.packages.iter().any(|package| text(package, "name").eq_ignore_ascii_case(&name))
            || self.running.iter().any(|transfer| text(&transfer.shown, "ovfPackagePrefix") == prefix);
        if taken { Err(Fault::new(460, format!("{prefix} clashes with another package"))) } else { Ok(()) }
    }
}

/// A package, with the time it was made and its expiry.
pub(crate) fn package(name: &str, [made, expiry]: [String; 2], status: &str) -> Map {
    map! { "name" => name, "timestamp" => date(&made), "expiry" => date(&expiry), "status" => status }
}
