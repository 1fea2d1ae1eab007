//! invoice.*: the charges to the account.

use super::handler::{Handlers, Reply};
use super::state::invoices::row;
use super::table::{overlay, text};
use super::world::{Job, World};
use crate::kit::args::Args;
use crate::kit::values::{date, list, map};
use model::{Date, Map, Value};

pub(super) const HANDLERS: Handlers = &[("invoice.info", info), ("invoice.list", list_invoices)];

/// The reference of the first invoice of an order, as in the document's example.
const FIRST: i64 = 100_291;

impl World {
    /// Creates an invoice over an amount in pennies, which is paid some time later, and returns its reference.
    pub(super) fn invoice(&mut self, pennies: i64, description: &str) -> i64 {
        let is_free = |reference: &i64| self.invoices.all.find(*reference).is_err();
        let reference = (FIRST..).find(is_free).unwrap_or(FIRST);
        let today = map! { "date" => date(&self.clock.day_in_months(0)), "payment_method" => self.pays_by() };
        let row = overlay(row(reference, pennies, description), today.iter());
        let mut paid = row.clone();
        paid.insert("status", "DONE");
        // Adding cannot fail: the reference is new.
        drop(self.invoices.all.add(row));
        drop(self.start(Job::new("PAY-INVOICE", reference.to_string()).then(move |world| {
            world.invoices.all.put(paid);
        })));
        reference
    }
}

fn info(world: &mut World, args: &Args) -> Reply {
    Ok(world.invoices.all.find(args.int("ref").unwrap_or_default())?.clone().into())
}

fn list_invoices(world: &mut World, args: &Args) -> Reply {
    let day = |value: Option<&Value>| match value {
        Some(Value::Date(date)) => Some(Date::to_compact(date)),
        _ => None,
    };
    let (from, to) = (day(args.get("date_gte")), day(args.get("date_lte")));
    let wanted = |invoice: &&Map| {
        let date = day(invoice.get("date"));
        let status = args.maybe_text("status");
        status.is_none_or(|status| text(invoice, "status") == status)
            && (from.is_none() || date >= from)
            && (to.is_none() || date <= to)
    };
    Ok(list(world.invoices.all.iter().filter(wanted).cloned()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Account;
    use super::*;
    use crate::kit::values::decimal;

    #[test]
    fn invoices_are_selected_by_date_and_status() {
        let mut account = Account::new();
        for (args, count) in [
            (map! {}, 4),
            (map! { "status" => "DONE" }, 2),
            (map! { "status" => "CANCELLED" }, 0),
            (map! { "date_gte" => "2011-06-17", "date_lte" => "2011-07-01" }, 3),
            (map! { "date_gte" => "20110702" }, 1),
            (map! { "date_lte" => date("20110630T00:00:00") }, 2),
            (map! { "date_gte" => "2011-07-01", "status" => "DONE" }, 0),
        ] {
            assert_eq!(account.get("invoice.list", args.clone()).as_list().unwrap().len(), count, "{args:?}");
        }
        for (method, args, code) in [
            ("invoice.info", map! { "ref" => 12345 }, 0),
            ("invoice.info", map! { "ref" => 1 }, 3),
            ("invoice.list", map! { "date_gte" => "yesterday" }, 7),
            ("invoice.list", map! { "status" => "PAID" }, 7),
        ] {
            assert_eq!(account.code(method, args.clone()), code, "{method} {args:?}");
        }
    }

    #[test]
    fn an_order_is_invoiced_and_paid() {
        let mut account = Account::new();
        let references = [(); 2].map(|()| account.world.invoice(1800, "Miniserver"));
        assert_eq!(references, [100_291, 100_292]);
        let shown = |account: &mut Account| {
            let invoice = account.get("invoice.info", map! { "ref" => 100_292 });
            ["amount", "vat", "status", "payment_method"].map(|key| invoice.get(key).cloned().unwrap())
        };
        let expected = |status: &str| [decimal("21.60"), decimal("3.60"), status.into(), "account".into()];
        assert_eq!(shown(&mut account), expected("AWAITING-PAYMENT"));
        account.wait();
        assert_eq!(shown(&mut account), expected("DONE"));
    }
}
