//! payment_method.*: the account's payment methods.

use super::fault::Fault;
use super::handler::{Handlers, Reply};
use super::table::{flag, text};
use super::world::World;
use crate::kit::args::Args;
use crate::kit::values::list;
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("payment_method.available", available),
    ("payment_method.info", info),
    ("payment_method.remove", remove),
    ("payment_method.set_default", set_default),
];

impl World {
    /// The type of the payment method that orders are charged to.
    pub(super) fn pays_by(&self) -> String {
        let default = self.payment_methods.all.iter().find(|method| flag(method, "default"));
        default.map_or("notset", |method| text(method, "type")).to_owned()
    }

    /// Refuses an order that the default payment method cannot pay.
    pub(super) fn check_payment(&self, in_arrears: bool) -> Result<(), Fault> {
        match (self.pays_by().as_str(), in_arrears) {
            ("paypal", _) => Err(Fault::state("Orders cannot be paid with PayPal")),
            ("card" | "account", true) | (_, false) => Ok(()),
            (_, true) => Err(Fault::state("Services billed in arrears need a card or a billing account")),
        }
    }

    /// The payment method that a call names.
    fn payment_method(&self, args: &Args) -> Result<&Map, Fault> {
        self.payment_methods.all.find(args.text("payment_method_id"))
    }
}

fn available(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.payment_methods.all.iter().cloned()))
}

fn info(world: &mut World, args: &Args) -> Reply {
    Ok(world.payment_method(args)?.clone().into())
}

fn remove(world: &mut World, args: &Args) -> Reply {
    let mut method = world.payment_method(args)?.clone();
    if text(&method, "type") != "card" {
        return Err(Fault::state("Only cards can be removed"));
    }
    if flag(&method, "default") {
        return Err(Fault::state("The default payment method cannot be removed"));
    }
    world.payment_methods.all.take(args.text("payment_method_id"))?;
    method.insert("status", "DELETED");
    Ok(method.into())
}

fn set_default(world: &mut World, args: &Args) -> Reply {
    let mut method = world.payment_method(args)?.clone();
    if text(&method, "status") == "EXPIRED" {
        return Err(Fault::state("The payment method has expired"));
    }
    for mut other in world.payment_methods.all.iter().cloned().collect::<Vec<Map>>() {
        other.insert("default", false);
        world.payment_methods.all.put(other);
    }
    method.insert("default", true);
    Ok(world.payment_methods.all.put(method))
}

#[cfg(test)]
mod tests {
    use super::super::table::Table;
    use super::super::testing::Account;
    use super::*;
    use crate::kit::values::map;

    fn id(id: &str) -> Map {
        map! { "payment_method_id" => id }
    }

    #[test]
    fn cards_are_removed_and_defaults_change() {
        let mut account = Account::new();
        for (method, args, code) in [
            ("payment_method.info", id("1234"), 0),
            ("payment_method.info", id("9999"), 3),
            ("payment_method.remove", id("1235"), 9),
            ("payment_method.remove", id("1237"), 9),
            ("payment_method.remove", id("1236"), 0),
            ("payment_method.remove", id("1236"), 3),
            ("payment_method.set_default", id("1236"), 3),
            ("payment_method.set_default", id("1234"), 0),
            ("payment_method.remove", id("1234"), 9),
        ] {
            assert_eq!(account.code(method, args.clone()), code, "{method} {args:?}");
        }
        let all = account.get("payment_method.available", map! {});
        let defaults = all.as_list().unwrap().iter().filter(|method| method.get("default") == Some(&true.into()));
        assert_eq!(defaults.map(|method| method.get("id").cloned().unwrap()).collect::<Vec<_>>(), ["1234".into()]);
    }

    #[test]
    fn a_removed_card_says_so() {
        let mut account = Account::new();
        let removed = account.get("payment_method.remove", id("1234"));
        assert_eq!(removed.get("status"), Some(&"DELETED".into()));
        assert_eq!(account.code("payment_method.set_default", id("1236")), 9);
    }

    #[test]
    fn not_every_method_pays_for_orders() {
        let mut account = Account::new();
        let order = |dry_run: bool| map! { "sku" => "CLOUDF5", "dry_run" => dry_run };
        assert_eq!(account.code("create.memstore", order(false)), 0);
        account.get("payment_method.set_default", id("1237"));
        assert_eq!([true, false].map(|dry| account.code("create.memstore", order(dry))), [0, 9]);
    }

    #[test]
    fn billing_in_arrears_needs_more() {
        let mut account = Account::new();
        for (kind, in_advance, in_arrears) in
            [("card", true, true), ("account", true, true), ("cheque", true, false), ("paypal", false, false)]
        {
            let only = map! { "id" => "1", "type" => kind, "default" => true };
            account.world.payment_methods.all = Table::new("payment method", "id").with([only]);
            let can_pay = [false, true].map(|arrears| account.world.check_payment(arrears).is_ok());
            assert_eq!(can_pay, [in_advance, in_arrears], "{kind}");
        }
    }
}
