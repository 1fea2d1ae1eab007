//! invoice.* and billing.*: the charges to the account.

use super::handler::{Args, Handlers, Reply};
use super::pdf;
use super::refusal::Refusal;
use super::world::World;
use crate::kit::clock::Clock;
use crate::kit::values::{decimal, list, map};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers =
    &[("billing.info", billing), ("invoice.get", get), ("invoice.list", list_invoices)];

/// The invoices of a new sandbox.
pub(super) fn seed(clock: &Clock) -> Vec<Map> {
    let rows = [
        ("9130", "2011-04", "15.00", "paid"),
        ("9244", "2011-05", "15.00", "paid"),
        ("9361", "2011-06", "30.00", "paid"),
        ("12345", "2011-07", "30.00", "unpaid"),
    ];
    let invoice = |(number, month, amount, status): (&str, &str, &str, &str)| {
        map! {
            "date_sent" => clock.date(&format!("{month}-27T07:09:19-04:00")),
            "date_due" => clock.date(&format!("{month}-30T19:00:00-04:00")),
            "amount" => amount,
            "currency" => "USD",
            "status" => status,
            "invoice_no" => number,
        }
    };
    rows.into_iter().map(invoice).collect()
}

fn list_invoices(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.invoices.iter().cloned()))
}

fn get(world: &mut World, args: &Args) -> Reply {
    let wanted = |invoice: &&Map| invoice.get("invoice_no").and_then(Value::as_str) == Some(args.text("id"));
    let invoice = world.invoices.iter().find(wanted).ok_or(Refusal::Missing)?;
    let text = |name: &str| invoice.get(name).map(Value::plain).unwrap_or_default();
    let line = format!("Invoice {}: {} {}, {}", text("invoice_no"), text("amount"), text("currency"), text("status"));
    Ok(Value::Bytes(pdf::page(&line)))
}

fn billing(_: &mut World, _: &Args) -> Reply {
    Ok(map! { "current_balance" => decimal("99.0"), "currency" => "USD", "account_credits" => 0 }.into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    #[test]
    fn listed_invoices_are_documents() {
        let mut client = Client::new();
        let listed = client.get("invoice.list", map! {});
        for invoice in listed.as_list().unwrap() {
            let number = invoice.get("invoice_no").cloned().unwrap();
            let Value::Bytes(document) = client.get("invoice.get", map! { "id" => number.clone() }) else { panic!() };
            let text = String::from_utf8(document).unwrap();
            assert!(text.starts_with("%PDF-1.4") && text.contains(&format!("(Invoice {}:", number.plain())), "{text}");
        }
        assert_eq!(client.status("invoice.get", map! { "id" => "1" }), 404);
    }
}
