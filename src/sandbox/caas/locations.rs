//! The data centres, and the limits of servers in them.

/// The data centres; the first is the default.
pub(crate) const LOCATIONS: [&str; 3] = ["NA1", "NA2", "NA3"];

/// The most CPUs and the most memory of a server, and the size of a disk.
pub(crate) const MOST_CPUS: i64 = 8;
pub(crate) const MOST_MEMORY: i64 = 65_536;
pub(crate) const DISK_SIZES: std::ops::RangeInclusive<i64> = 10..=1000;

/// The speeds of disks; the last is not available.
pub(crate) const SPEEDS: [(&str, &str, &str, bool); 3] = [
    ("STANDARD", "Standard", "STD", true),
    ("HIGHPERFORMANCE", "High Performance", "HPF", true),
    ("ECONOMY", "Economy", "ECN", false),
];

/// The regions with id, key and name; the first is the home of the organization.
pub(crate) const GEOS: [(&str, &str, &str); 2] = [
    ("0a9ce1a2-2e44-11e2-81d1-4b7e977ca8d3", "northamerica", "North America"),
    ("4503ed6e-2e44-11e2-81d1-4b7e977ca8d3", "europe", "Europe"),
];

/// Priced software: id, name, what is counted, and the units while a server is running and while it is not.
pub(crate) const LABELS: [(&str, &str, &str, i64, i64); 2] = [
    ("REDHAT5ES64", "Red Hat Enterprise Linux ES 5 (64-bit)", "SERVER", 10, 0),
    ("MSSQL2008R2E", "Microsoft SQL Server 2008 R2 Enterprise", "CPU", 25, 15),
];

/// Whether disks of that speed are available.
pub(crate) fn has_speed(id: &str) -> bool {
    SPEEDS.iter().any(|(known, _, _, available)| *known == id && *available)
}

/// The key of a region other than the home region.
pub(crate) fn other_region(id: &str) -> Option<&'static str> {
    GEOS.iter().skip(1).find(|(known, ..)| *known == id).map(|(_, key, _)| *key)
}

/// A label's units and what they are counted for, while a server is running and while it is not.
pub(crate) fn priced(label: &str) -> Option<(&'static str, &'static str, i64, i64)> {
    LABELS
        .iter()
        .find(|(id, ..)| *id == label)
        .map(|(_, name, per, running, stopped)| (*name, *per, *running, *stopped))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_available_options_are_found() {
        assert_eq!((has_speed("STANDARD"), has_speed("ECONOMY"), has_speed("none")), (true, false, false));
        assert_eq!(GEOS.map(|(id, ..)| other_region(id)), [None, Some("europe")]);
        assert!(LABELS.iter().all(|(id, name, ..)| priced(id).is_some_and(|(known, ..)| known == *name)));
        assert_eq!(priced("none"), None);
    }
}
