//! The invoices of the account.

use super::super::table::{Table, overlay};
use crate::kit::clock::Clock;
use crate::kit::values::{map, pounds, vat};
use model::{Map, Value};

/// The invoices of the account.
#[derive(Clone, Debug)]
pub(crate) struct Invoices {
    pub(crate) all: Table,
}

impl Default for Invoices {
    fn default() -> Invoices {
        Invoices { all: Table::new("invoice", "ref") }
    }
}

impl Invoices {
    /// The invoices of a new sandbox.
    pub(crate) fn seed(clock: &Clock) -> Invoices {
        let rows = [
            (12345, 2000, "mystorage1: cloud storage", "20110617T00:00:00", "DONE"),
            (12346, 5400, "myserver1: Miniserver", "20110617T00:00:00", "DONE"),
            (12371, 1900, "myserver2: Miniserver", "20110701T00:00:00", "REFUND"),
            (12420, 14900, "myserver3: dedicated server", "20110728T00:00:00", "PROCESSING"),
        ];
        let rows = rows.map(|(reference, pennies, description, day, status)| {
            let row = row(reference, pennies, description);
            overlay(row, map! { "date" => clock.date(day), "status" => status, "payment_method" => "card" }.iter())
        });
        Invoices { all: Invoices::default().all.with(rows) }
    }
}

/// An invoice over an amount in pennies, without VAT.
pub(crate) fn row(reference: i64, pennies: i64, description: &str) -> Map {
    let item: Vec<Value> = vec![description.into(), pounds(pennies), "1 month".into()];
    map! {
        "ref" => reference,
        "amount" => pounds(pennies + vat(pennies)),
        "currency" => "GBP",
        "vat" => pounds(vat(pennies)),
        "status" => "AWAITING-PAYMENT",
        "proforma" => false,
        "payment_method" => "",
        "items" => vec![Value::List(item)],
        "date" => "",
    }
}
