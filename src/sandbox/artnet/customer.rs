//! customer.*: the account's owner, its mail and its key.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::world::{USER, World};
use crate::kit::clock::Clock;
use crate::kit::values::{int, list, map, merge, nothing};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("customer.change-language", change_language),
    ("customer.details", details),
    ("customer.edit", edit),
    ("customer.email-details", email_details),
    ("customer.emails-list", list_emails),
    ("customer.get-language", get_language),
    ("customer.regenerate-api-key", regenerate_key),
];

/// The supported languages.
const LANGUAGES: &[&str] = &["pl", "en"];

/// The customer of a new sandbox.
pub(super) fn seed() -> Map {
    let empty =
        ["fax", "correspondence_name", "correspondence_street", "correspondence_postcode", "correspondence_city"];
    let mut customer = map! {
        "id" => USER.parse::<i64>().unwrap_or_default(),
        "name" => "Example Ltd",
        "nip" => "0000000000",
        "regon" => "000000000",
        "street" => "ul. Przykładowa 1",
        "postcode" => "00-001",
        "city" => "Warszawa",
        "country_code" => "PL",
        "country_label" => "Polska",
        "tel" => "+48 22 555 01 00",
        "email" => "admin@example.com",
        "email_tech" => "tech@example.com",
        "email_invoice" => "invoices@example.com",
        "business" => true,
        "language" => "en",
        "currency" => "EUR",
    };
    merge(&mut customer, empty.into_iter().map(|name| (name, "")).collect());
    customer
}

/// The mail of a new sandbox, newest first.
pub(super) fn emails(clock: &Clock) -> Vec<Map> {
    let rows = [(4567, "Invoice", "Your invoice is ready."), (4566, "Maintenance", "We work on the network tonight.")];
    let email = |(id, subject, body): (i64, &str, &str)| {
        map! {
            "id" => id,
            "time" => clock.unix_of("2011-07-31") + 29_600 - (4567 - id) * 86_400,
            "address" => "admin@example.com",
            "subject" => subject,
            "body" => body,
        }
    };
    rows.into_iter().map(email).collect()
}

/// The old key is invalid from now on.
fn regenerate_key(world: &mut World, _: &Args) -> Reply {
    world.key = world.random.id();
    Ok(map! { "api_key" => world.key.as_str() }.into())
}

fn list_emails(world: &mut World, args: &Args) -> Reply {
    let headers = world.emails.iter().cloned().map(|mut email| {
        email.remove("address");
        email.remove("body");
        email
    });
    Ok(list(super::services::page(headers, args)))
}

fn email_details(world: &mut World, args: &Args) -> Reply {
    let email = world.emails.iter().find(|email| Some(int(email, "id")) == args.int("email_id"));
    Ok(email.ok_or(Refusal::of("invalid-id"))?.clone().into())
}

fn change_language(world: &mut World, args: &Args) -> Reply {
    if !LANGUAGES.contains(&args.text("language")) {
        return Err(Refusal::of("incorrect-param-value"));
    }
    world.customer.insert("language", args.text("language"));
    Ok(nothing())
}

fn get_language(world: &mut World, _: &Args) -> Reply {
    Ok(world.customer.get("language").cloned().unwrap_or_default())
}

fn details(world: &mut World, _: &Args) -> Reply {
    Ok(world.customer.clone().into())
}

fn edit(world: &mut World, args: &Args) -> Reply {
    let changes = args.get("customer").and_then(Value::as_map).cloned().unwrap_or_default();
    if changes.get("email").and_then(Value::as_str).is_some_and(|email| !email.contains('@')) {
        return Err(Refusal::of("incorrect-param-value"));
    }
    merge(&mut world.customer, changes);
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    #[test]
    fn the_customer_can_be_changed() {
        let mut client = Client::new();
        for (method, args, code) in [
            ("customer.edit", map! { "customer" => map! { "email" => "nobody" } }, "incorrect-param-value"),
            ("customer.edit", map! { "customer" => map! { "business" => "yes" } }, "incorrect-param-value"),
            ("customer.edit", map! { "customer" => map! { "city" => "Kraków", "business" => false } }, ""),
            ("customer.edit", map! {}, ""),
            ("customer.change-language", map! { "language" => "xx" }, "incorrect-param-value"),
            ("customer.change-language", map! { "language" => "pl" }, ""),
            ("customer.email-details", map! { "email_id" => 4567 }, ""),
            ("customer.email-details", map! { "email_id" => 1 }, "invalid-id"),
        ] {
            assert_eq!(client.code(method, args.clone()), code, "{method} {args:?}");
        }
        let customer = client.get("customer.details", map! {});
        assert_eq!((customer.get("city"), customer.get("name")), (Some(&"Kraków".into()), Some(&"Example Ltd".into())));
        assert_eq!(client.get("customer.get-language", map! {}), "pl".into());
        assert_eq!(client.get("customer.emails-list", map! { "limit" => 1 }).as_list().unwrap().len(), 1);
    }
}
