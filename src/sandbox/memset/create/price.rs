//! The price of an order.

use super::super::fault::Fault;
use super::sku::{Kind, Sku};
use super::system::is_windows;
use crate::kit::args::Args;
use crate::kit::values::{in_pounds, vat};

/// Pennies per GB of extra bandwidth.
pub(super) const BANDWIDTH: i64 = 10;
/// Pennies per GB of backups and month.
const BACKUPS: i64 = 15;

/// The price of an option, in pennies a month.
const EXTRAS: &[(&str, &str, i64)] = &[
    ("os", "centos7_cpanel_64", 1200),
    ("firewall", "self_managed", 500),
    ("firewall", "managed", 1500),
    ("intrusion_detection", "basic", 500),
    ("intrusion_detection", "monitored", 1500),
    ("intrusion_detection", "protected", 3000),
    ("monitoring_level", "advanced", 500),
    ("monitoring_level", "managed", 1500),
    ("vulnscan", "basic", 500),
    ("vulnscan", "managed", 1500),
    ("support_level", "premium", 5000),
    ("support_level", "managed_platform", 5000),
    ("support_level", "managed", 5000),
    ("antivirus", "sophos_antivirus", 400),
];
/// The price of a Windows system, in pennies a month.
const WINDOWS: i64 = 1000;

/// The price of an order, in pennies, without VAT.
#[derive(Debug)]
pub(super) struct Price {
    /// The monthly rent.
    pub(super) monthly: i64,
    /// Months that are paid in advance; `None` if it is billed in arrears.
    pub(super) period: Option<i64>,
}

impl Price {
    /// The price of an offer with its options.
    pub(super) fn of(sku: &Sku, args: &Args) -> Result<Price, Fault> {
        let chosen = EXTRAS.iter().filter(|(param, value, _)| args.text(param) == *value);
        let extras: i64 = chosen.map(|(_, _, pennies)| pennies).sum();
        let windows = if is_windows(args.text("os")) { WINDOWS } else { 0 };
        let backups = args.int("backups").unwrap_or_default().clamp(0, 10_000) * BACKUPS;
        let monthly = sku.monthly + extras + windows + backups;
        let off = args.maybe_text("discount_code").map(|code| Discount::on(code, sku, args)).transpose()?.unwrap_or(0);
        let in_advance = matches!(sku.kind, Kind::Miniserver | Kind::Fullserver | Kind::Memstore);
        Ok(Price { monthly: monthly * (100 - off) / 100, period: in_advance.then(|| args.int("period").unwrap_or(1)) })
    }

    /// The number of months until the service expires.
    pub(super) fn months(&self) -> i32 {
        self.period.and_then(|months| i32::try_from(months).ok()).unwrap_or(1)
    }

    /// The amount due now.
    pub(super) fn total(&self) -> i64 {
        self.monthly * self.period.unwrap_or_default()
    }

    /// The digits of the rent with VAT, and of the VAT in it.
    pub(super) fn with_vat(&self) -> (String, String) {
        let vat = vat(self.monthly);
        (in_pounds(self.monthly + vat), in_pounds(vat))
    }
}

/// A discount code.
pub(super) struct Discount {
    code: &'static str,
    /// The SKU that it applies to.
    pub(super) sku: &'static str,
    /// Its percentage.
    pub(super) percent: i64,
}

const DISCOUNTS: &[Discount] = &[Discount { code: "EXAMPLE10", sku: "MSVM001", percent: 10 }];

impl Discount {
    /// The discount of a code.
    pub(super) fn find(code: &str) -> Option<&'static Discount> {
        DISCOUNTS.iter().find(|discount| discount.code == code)
    }

    /// The percentage that a code takes off an order.
    fn on(code: &str, sku: &Sku, args: &Args) -> Result<i64, Fault> {
        let refused = |complaint: &str| Err(Fault::parameter("discount_code", complaint));
        match Discount::find(code) {
            None => refused("There is no such code."),
            Some(discount) if discount.sku != sku.code => refused("The code is for another sku."),
            Some(_) if args.text("support_level") == "premium" => refused("The code is not for premium support."),
            Some(discount) => Ok(discount.percent),
        }
    }
}
