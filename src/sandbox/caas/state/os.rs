//! Operating systems.

use crate::kit::values::map;
use model::Map;

/// An operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Os {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
}

impl Os {
    /// Red Hat Enterprise Linux 5.
    pub(crate) const REDHAT: Os = Os { id: "REDHAT564", name: "REDHAT5/64", kind: "UNIX" };
    /// Windows Server 2008 R2.
    pub(crate) const WINDOWS: Os = Os { id: "WIN2008R2E64", name: "WIN2008R2E/64", kind: "WINDOWS" };

    /// The type of backup client for its files.
    pub(crate) fn client_type(self) -> &'static str {
        if self == Os::REDHAT { "FA.Linux" } else { "FA.Win" }
    }

    /// The usual name.
    pub(crate) fn name(self) -> &'static str {
        self.name
    }

    /// Name and type.
    pub(crate) fn show(self) -> Map {
        map! { "type" => self.kind, "displayName" => self.name }
    }

    /// Name and type, and the id.
    pub(crate) fn with_id(self) -> Map {
        map! { "id" => self.id, "displayName" => self.name, "type" => self.kind }
    }

    /// A machine with it: CPUs, memory and the sizes of its disks.
    pub(crate) fn specification(self, cpus: i64, memory: i64, sizes: &[i64]) -> Map {
        map! {
            "cpuCount" => cpus,
            "memoryMb" => memory,
            "osStorageGb" => sizes.first().copied().unwrap_or_default(),
            "additionalLocalStorageGb" => sizes.iter().skip(1).sum::<i64>(),
            "operatingSystem" => self.show(),
        }
    }
}
