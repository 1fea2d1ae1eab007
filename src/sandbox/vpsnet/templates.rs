//! custom_template.*, cloudlinux_template.* and windows_template.*: the account's own templates, and licensed ones.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::world::World;
use crate::kit::table::NOBODY;
use crate::kit::values::{map, nothing};
use model::Value;

pub(super) const HANDLERS: Handlers = &[
    ("cloudlinux_template.create", |world, args| buy(world, CLOUDLINUX, args)),
    ("cloudlinux_template.delete", |world, args| give_up(world, CLOUDLINUX, args)),
    ("cloudlinux_template.edit", |world, args| exchange(world, CLOUDLINUX, args)),
    ("cloudlinux_template.list", |world, _| Ok(world.licensed.list(CLOUDLINUX))),
    ("custom_template.delete", delete),
    ("custom_template.edit", edit),
    ("custom_template.list", list_custom),
    ("windows_template.create", |world, args| buy(world, WINDOWS, args)),
    ("windows_template.delete", |world, args| give_up(world, WINDOWS, args)),
    ("windows_template.edit", |world, args| exchange(world, WINDOWS, args)),
    ("windows_template.list", |world, _| Ok(world.licensed.list(WINDOWS))),
];

/// The parts of the table of licensed templates.
const CLOUDLINUX: i64 = 1;
const WINDOWS: i64 = 2;

/// The template of the provider's document, and a licence of each kind.
pub(super) fn seed(world: &mut World) {
    world.add_template("test_cus_temp");
    for (kind, template) in [(CLOUDLINUX, 106), (WINDOWS, 43)] {
        world.licensed.add(kind, map! { "system_template_id" => template, "virtual_machine_id" => Value::Null });
    }
}

fn list_custom(world: &mut World, _: &Args) -> Reply {
    Ok(world.custom_templates.list(NOBODY))
}

fn edit(world: &mut World, args: &Args) -> Reply {
    let template = world.custom_templates.find_mut(NOBODY, args.id()).ok_or(Refusal::Missing)?;
    for name in ["operating_system", "description"] {
        if let Some(value) = args.get(name) {
            template.insert(name, value.clone());
        }
    }
    Ok(nothing())
}

fn delete(world: &mut World, args: &Args) -> Reply {
    world.custom_templates.take(NOBODY, args.id()).ok_or(Refusal::Missing)?;
    Ok(nothing())
}

/// The template to be bought, after confirmation.
fn confirmed(args: &Args) -> Result<i64, Refusal> {
    if args.text("confirm_purchase") != "1" {
        return Err(Refusal::invalid("confirm_purchase", "must be accepted"));
    }
    args.text("system_template_id").parse().map_err(|_| Refusal::invalid("system_template_id", "is not a number"))
}

fn buy(world: &mut World, kind: i64, args: &Args) -> Reply {
    let template = confirmed(args)?;
    world.licensed.add(kind, map! { "system_template_id" => template, "virtual_machine_id" => Value::Null });
    Ok(nothing())
}

fn exchange(world: &mut World, kind: i64, args: &Args) -> Reply {
    let template = confirmed(args)?;
    let licensed = world.licensed.find_mut(kind, args.id()).ok_or(Refusal::Missing)?;
    licensed.insert("system_template_id", template);
    Ok(nothing())
}

fn give_up(world: &mut World, kind: i64, args: &Args) -> Reply {
    world.licensed.take(kind, args.id()).ok_or(Refusal::Missing)?;
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    #[test]
    fn licensed_templates_are_bought_exchanged_and_released() {
        let buy = |id: &str| map! { "system_template_id" => id, "confirm_purchase" => "1" };
        let exchange = |id: i64| map! { "id" => id, "system_template_id" => "7", "confirm_purchase" => "1" };
        for (kind, own, other) in [("cloudlinux_template", 25, 26), ("windows_template", 26, 25)] {
            let mut client = Client::new();
            let mut status = |method: &str, args| client.status(&format!("{kind}.{method}"), args);
            assert_eq!(status("create", map! { "system_template_id" => "106" }), 422);
            assert_eq!(status("create", buy("many")), 422);
            assert_eq!(status("create", buy("107")), 200);
            assert_eq!(status("edit", exchange(other)), 404);
            assert_eq!(status("edit", exchange(own)), 200);
            let listed = client.get(&format!("{kind}.list"), map! {});
            let ids = listed.as_list().unwrap().iter().map(|it| it.get("system_template_id").cloned().unwrap());
            assert_eq!(ids.collect::<Vec<_>>(), [Value::Int(7), Value::Int(107)]);
            let gone = [200, 404].map(|_| client.status(&format!("{kind}.delete"), map! { "id" => own }));
            assert_eq!(gone, [200, 404]);
        }
    }

    #[test]
    fn own_templates_are_changed_and_deleted() {
        let mut client = Client::new();
        client.get("custom_template.edit", map! { "id" => 115, "description" => "Web" });
        let listed = client.get("custom_template.list", map! {});
        assert_eq!(listed.as_list().unwrap()[0].get("description"), Some(&"Web".into()));
        let gone = [200, 404].map(|_| client.status("custom_template.delete", map! { "id" => 115 }));
        assert_eq!(gone, [200, 404]);
        assert_eq!(client.status("custom_template.edit", map! { "id" => 115 }), 404);
    }
}
