//! profile.get: the account's owner.

use super::handler::{Args, Handlers, Reply};
use super::world::{USER, World};
use crate::kit::values::{decimal, map};
use model::Value;

pub(super) const HANDLERS: Handlers = &[("profile.get", get)];

fn get(world: &mut World, _: &Args) -> Reply {
    Ok(map! {
        "id" => 1001,
        "email_address" => USER,
        "first_name" => "Alice",
        "last_name" => "Example",
        "company" => "Example Ltd",
        "address" => "1 Example Street",
        "city" => "Exampleton",
        "state" => "NY",
        "zip_code" => "10001",
        "country" => "US",
        "phone_code" => "1",
        "phone_number" => "5550100",
        "payment_type" => "Credit Card",
        "paypal_address" => Value::Null,
        "per_node_price" => decimal("20.0"),
        "pin_security_enabled" => false,
        "reseller" => false,
        "time_zone" => "Eastern Time (US & Canada)",
        "created_at" => world.clock.date("2009-04-01T10:00:00-04:00"),
        "updated_at" => world.clock.date("2011-07-01T10:00:00-04:00"),
    }
    .into())
}
