//! The payment methods of an account.

use super::super::table::Table;
use crate::kit::values::map;

/// The payment methods of an account.
#[derive(Clone, Debug)]
pub(crate) struct PaymentMethods {
    pub(crate) all: Table,
}

impl Default for PaymentMethods {
    fn default() -> PaymentMethods {
        let unset = map! { "id" => "1", "type" => "notset", "default" => true };
        PaymentMethods { all: Table::new("payment method", "id").with([unset]) }
    }
}

impl PaymentMethods {
    /// The payment methods of a new sandbox.
    pub(crate) fn seed() -> PaymentMethods {
        let named = |id: &str, kind: &str, status: &str, name: &str| {
            map! { "id" => id, "type" => kind, "default" => kind == "account", "status" => status, "name" => name }
        };
        PaymentMethods {
            all: Table::new("payment method", "id").with([
                named("1234", "card", "AVAILABLE", "Company Visa"),
                named("1235", "account", "AVAILABLE", "Main billing account"),
                named("1236", "card", "EXPIRED", "Old Visa"),
                map! { "id" => "1237", "type" => "paypal", "default" => false },
            ]),
        }
    }
}
