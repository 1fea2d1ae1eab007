//! offer-dedicated.*: ready-made servers, reserved and ordered.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::services::{dedicated, hardware};
use super::shelf::{Offer, RESERVED};
use super::subnetwork;
use super::world::World;
use crate::kit::values::{decimal, in_pounds, list, map, nothing};
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("offer-dedicated.express-offer", |world, _| {
        Ok(list(world.offers.iter().filter(|it| it.reserved.is_none()).map(Offer::show)))
    }),
    ("offer-dedicated.express-order", order),
    ("offer-dedicated.express-reservation", reserve),
    ("offer-dedicated.express-reservation-cancel", cancel),
    ("offer-dedicated.express-reservations-list", |world, _| {
        Ok(list(world.offers.iter().filter(|it| it.reserved.is_some()).map(Offer::show)))
    }),
];

/// The most servers that can be reserved at the same time.
const MOST: usize = 3;

impl Offer {
    fn show(&self) -> Map {
        let price =
            |cents: i64| map! { "price" => decimal(&in_pounds(cents)), "currency" => "EUR", "payment_period" => 1 };
        let prices = map! { "regular" => price(self.cents), "reseller" => price(self.cents * 9 / 10) };
        map! { "id" => self.id, "hardware_configuration" => hardware(), "prices" => prices }
    }
}

fn offer<'w>(world: &'w mut World, args: &Args, reserved: bool) -> Result<&'w mut Offer, Refusal> {
    let wanted = |offer: &&mut Offer| Some(offer.id) == args.int("server_id") && offer.reserved.is_some() == reserved;
    world.offers.iter_mut().find(wanted).ok_or(Refusal::of("invalid-server-id"))
}

fn reserve(world: &mut World, args: &Args) -> Reply {
    let until = world.clock.now() + RESERVED;
    let full = world.offers.iter().filter(|offer| offer.reserved.is_some()).count() >= MOST;
    let offer = offer(world, args, false)?;
    if full {
        return Err(Refusal::of("authorization-failed"));
    }
    offer.reserved = Some(until);
    Ok(nothing())
}

fn cancel(world: &mut World, args: &Args) -> Reply {
    offer(world, args, true)?.reserved = None;
    Ok(nothing())
}

fn order(world: &mut World, args: &Args) -> Reply {
    let at = world.offers.iter().position(|offer| Some(offer.id) == args.int("server_id"));
    let offer = world.offers.remove(at.ok_or(Refusal::of("invalid-server-id"))?);
    let ip = format!("192.0.2.{}", offer.id - 455);
    let subnetworks = world.subnetworks(&[subnetwork::SERVERS]);
    let id = world.add_service(
        "dedicated",
        &format!("HP DL120 G7 {ip}"),
        (0, &ip),
        offer.cents,
        dedicated(&ip, true, subnetworks),
    );
    let token = world.random.id();
    Ok(map! {
        "service_id" => id,
        "invoice_number" => format!("PRO/{id}/{}", world.clock.today().print("%Y")),
        "management_panel_url" => format!("https://panel.example.com/server/{id}?authorization={token}"),
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    #[test]
    fn servers_are_reserved_for_a_while_and_ordered() {
        let mut client = Client::new();
        let of = |id: i64| map! { "server_id" => id };
        let counts = |client: &mut Client| {
            ["express-offer", "express-reservations-list"]
                .map(|list| client.get(&format!("offer-dedicated.{list}"), map! {}).as_list().unwrap().len())
        };
        for (method, id, code) in [
            ("reservation", 1, "invalid-server-id"),
            ("reservation-cancel", 555, "invalid-server-id"),
            ("reservation", 555, ""),
            ("reservation", 555, "invalid-server-id"),
            ("reservation", 556, ""),
            ("reservation", 557, "authorization-failed"),
            ("reservation-cancel", 554, ""),
            ("order", 555, ""),
            ("order", 555, "invalid-server-id"),
            ("order", 559, ""),
        ] {
            assert_eq!(client.code(&format!("offer-dedicated.express-{method}"), of(id)), code, "{method} {id}");
        }
        assert_eq!(counts(&mut client), [3, 1]);
        client.advance(RESERVED);
        assert_eq!(counts(&mut client), [4, 0]);
        assert_eq!(client.get("dedicated.list", map! {}).as_list().unwrap().len(), 4);
        assert_eq!(client.code("dedicated.details", map! { "service_id" => 12_361 }), "");
    }
}
