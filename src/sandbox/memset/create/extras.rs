//! Compatible options of an order: some are only for some SKUs or systems, or only together with others.

use super::super::fault::Fault;
use super::sku::{Kind, Sku};
use super::system::is_windows;
use crate::kit::args::Args;

/// The dedicated servers on the chassis with four disks.
const FOUR_DISKS: [&str; 2] = ["UFS20", "UFS21"];
/// The dedicated servers with a fast network card. The document's list of them is lost.
const FAST: [&str; 1] = ["UFS29"];

/// An option, what it requires, and the message otherwise.
struct Rule {
    param: &'static str,
    /// The value that it applies to; every value if `None`.
    value: Option<&'static str>,
    goes: fn(&Sku, &Args) -> bool,
    complaint: &'static str,
}

const fn rule(
    param: &'static str,
    value: Option<&'static str>,
    goes: fn(&Sku, &Args) -> bool,
    complaint: &'static str,
) -> Rule {
    Rule { param, value, goes, complaint }
}

const RULES: &[Rule] = &[
    rule("disk_type", None, takes_old_choices, "This is for classic Miniservers only."),
    rule("bandwidth_type", None, takes_old_choices, "This is for classic Miniservers only."),
    rule("connection", None, takes_old_choices, "This is for classic Miniservers only."),
    rule("monthly_transfer_gb", None, takes_old_choices, "This is for classic Miniservers only."),
    rule("connection", None, |_, args| args.text("bandwidth_type") == "unmetered", "This is for unmetered only."),
    rule(
        "monthly_transfer_gb",
        None,
        |_, args| args.text("bandwidth_type") != "unmetered",
        "This is for metered only.",
    ),
    rule("partitioning", Some("two_volumes"), |sku, args| has_four(sku) && on_windows(args), "This sku and os cannot."),
    rule("partitioning", Some("all_root"), |sku, args| !has_four(sku) || !on_windows(args), "This sku and os cannot."),
    rule("partitioning", Some("custom"), |_, args| !args.text("setup_instructions").is_empty(), "Say how you want it."),
    rule("net_card_speed_gbps", Some("10"), |sku, _| FAST.contains(&sku.code), "This sku has no such card."),
    rule("database", None, |_, args| on_windows(args), "This is for Windows only."),
    rule("antivirus", Some("sophos_antivirus"), |_, args| on_windows(args), "This is for Windows only."),
];

/// Of monthly Miniservers, only the classic ones; the document does not say this of other servers.
fn takes_old_choices(sku: &Sku, _: &Args) -> bool {
    sku.kind != Kind::Miniserver || sku.code.starts_with("MS0")
}

fn has_four(sku: &Sku) -> bool {
    FOUR_DISKS.contains(&sku.code)
}

fn on_windows(args: &Args) -> bool {
    is_windows(args.text("os"))
}

/// Refuses the first option that is not compatible with the rest of an order.
pub(super) fn check(sku: &Sku, args: &Args) -> Result<(), Fault> {
    let chosen = |rule: &&Rule| match rule.value {
        Some(value) => args.text(rule.param) == value,
        None => args.get(rule.param).is_some(),
    };
    match RULES.iter().filter(chosen).find(|rule| !(rule.goes)(sku, args)) {
        Some(rule) => Err(Fault::parameter(rule.param, rule.complaint)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use crate::kit::values::map;
    use model::{Map, Value};

    fn code(method: &str, sku: &str, os: &str, choices: &[(&str, Value)]) -> i64 {
        let mut args: Map = map! { "sku" => sku, "os" => os, "dry_run" => true };
        choices.iter().for_each(|(name, value)| drop(args.insert(*name, value.clone())));
        Account::new().code(method, args)
    }

    #[test]
    fn options_depend_on_skus_and_systems() {
        const DEBIAN: &str = "debian_buster_64";
        const WINDOWS: &str = "win2016serverstd_64";
        let one = |name: &'static str, value: &str| vec![(name, Value::from(value))];
        let metered = || one("bandwidth_type", "metered");
        let unmetered = || [one("bandwidth_type", "unmetered"), one("connection", "5mbps_10to1")].concat();
        let custom = || [one("partitioning", "custom"), one("setup_instructions", "all in /srv")].concat();
        for (sku, os, choices, expected) in [
            ("MSVM001", DEBIAN, one("disk_type", "ssd"), 7),
            ("MS01", DEBIAN, one("disk_type", "hdd"), 0),
            ("MSVM001", DEBIAN, vec![("lvs", 1.into())], 0),
            ("MSVM001", DEBIAN, metered(), 7),
            ("MS01", DEBIAN, metered(), 0),
            ("MS01", DEBIAN, unmetered(), 0),
            ("MS01", DEBIAN, one("connection", "5mbps_10to1"), 7),
            ("MSVM001", DEBIAN, vec![("monthly_transfer_gb", 100.into())], 7),
            ("MS01", DEBIAN, [unmetered(), vec![("monthly_transfer_gb", 100.into())]].concat(), 7),
            ("MS01", DEBIAN, [metered(), vec![("monthly_transfer_gb", 100.into())]].concat(), 0),
            ("UFS20", DEBIAN, metered(), 0),
            ("UFS20", DEBIAN, one("partitioning", "two_volumes"), 7),
            ("UFS20", WINDOWS, one("partitioning", "two_volumes"), 0),
            ("UFS29", WINDOWS, one("partitioning", "two_volumes"), 7),
            ("UFS20", DEBIAN, one("partitioning", "all_root"), 0),
            ("UFS20", WINDOWS, one("partitioning", "all_root"), 7),
            ("UFS29", WINDOWS, one("partitioning", "all_root"), 0),
            ("UFS20", DEBIAN, one("partitioning", "custom"), 7),
            ("UFS20", DEBIAN, custom(), 0),
            ("UFS20", DEBIAN, one("net_card_speed_gbps", "10"), 7),
            ("UFS29", DEBIAN, one("net_card_speed_gbps", "10"), 0),
            ("UFS20", DEBIAN, one("net_card_speed_gbps", "1"), 0),
            ("UFS20", DEBIAN, one("antivirus", "sophos_antivirus"), 7),
            ("UFS20", DEBIAN, one("antivirus", "none"), 0),
            ("UFS20", WINDOWS, one("antivirus", "sophos_antivirus"), 0),
            ("MSVM002", DEBIAN, one("database", "web"), 7),
            ("MSVM002", WINDOWS, one("database", "web"), 0),
        ] {
            let method = if sku.starts_with("UFS") { "create.monthly_fullserver" } else { "create.monthly_miniserver" };
            assert_eq!(code(method, sku, os, &choices), expected, "{sku} {os} {choices:?}");
        }
        let hourly = one("disk_type", "ssd");
        assert_eq!(code("create.hourly_miniserver", "MSVH001", DEBIAN, &hourly), 0);
    }
}
