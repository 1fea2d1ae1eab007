//! upgrade_schedule.*: nodes that are added at a set time.

use super::backups::server;
use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::world::World;
use crate::kit::values::{map, nothing};
use model::{Date, Value};

pub(super) const HANDLERS: Handlers = &[
    ("upgrade_schedule.create", create),
    ("upgrade_schedule.delete", delete),
    ("upgrade_schedule.list", list_schedules),
];

/// The default time of an upgrade.
const SOME_DAY: &str = "2011-08-02 12:00";

/// The scheduled upgrade of the example server in a new sandbox.
pub(super) fn seed(world: &mut World) {
    let run_at = world.clock.date("2011-08-15 12:00");
    let schedule = map! { "label" => "Summer", "extra_slices" => 1, "temporary" => false, "run_at" => run_at };
    world.schedules.add(1384, schedule);
}

fn create(world: &mut World, args: &Args) -> Reply {
    let server = server(world, args)?;
    let (nodes, days) = (args.int("extra_slices").unwrap_or_default(), args.int("days"));
    if nodes < 1 {
        return Err(Refusal::invalid("extra_slices", "must be greater than 0"));
    }
    let temporary = args.flag("temporary").unwrap_or_default();
    if temporary && days.is_none_or(|days| days < 1) {
        return Err(Refusal::invalid("days", "can't be blank"));
    }
    let some_day = world.clock.moved(SOME_DAY);
    let run_at = Date::parse(args.maybe_text("run_at").unwrap_or(&some_day));
    let run_at = run_at.ok_or_else(|| Refusal::invalid("run_at", "is not a time"))?;
    let mut schedule = map! {
        "label" => args.text("label"),
        "extra_slices" => nodes,
        "temporary" => temporary,
        "run_at" => Value::Date(run_at),
    };
    if let Some(days) = days {
        schedule.insert("days", days);
    }
    world.schedules.add(server, schedule);
    Ok(nothing())
}

fn list_schedules(world: &mut World, args: &Args) -> Reply {
    let server = server(world, args)?;
    Ok(world.schedules.list(server))
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let server = server(world, args)?;
    world.schedules.take(server, args.id()).ok_or(Refusal::Missing)?;
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;
    use crate::kit::values::merge;

    #[test]
    fn upgrades_are_scheduled_and_cancelled() {
        let mut client = Client::new();
        for (changes, status) in [
            (map! {}, 200),
            (map! { "temporary" => true }, 422),
            (map! { "temporary" => true, "days" => 2, "run_at" => "2030-05-08 12:00" }, 200),
            (map! { "extra_slices" => 0 }, 422),
            (map! { "run_at" => "soon" }, 422),
            (map! { "virtual_machine_id" => 1 }, 404),
        ] {
            let mut args =
                map! { "virtual_machine_id" => 1384, "label" => "Sale", "extra_slices" => 2, "temporary" => false };
            merge(&mut args, changes.clone());
            assert_eq!(client.status("upgrade_schedule.create", args), status, "{changes:?}");
        }
        let vm = || map! { "virtual_machine_id" => 1384 };
        let listed = client.get("upgrade_schedule.list", vm());
        assert_eq!(listed.as_list().unwrap()[2].get("days"), Some(&Value::Int(2)));
        for status in [200, 404] {
            assert_eq!(
                client.status("upgrade_schedule.delete", map! { "virtual_machine_id" => 1384, "id" => 7 }),
                status
            );
        }
        assert_eq!(client.get("upgrade_schedule.list", vm()).as_list().unwrap().len(), 2);
    }
}
