//! backup.* and clone.*: copies of servers.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::world::World;
use crate::kit::random::Random;
use crate::kit::table::NOBODY;
use crate::kit::values::{int, map, merge, nothing};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("backup.convert", convert),
    ("backup.create", create),
    ("backup.create_template", create_template),
    ("backup.delete", delete),
    ("backup.list", list_backups),
    ("backup.restore", restore),
    ("backup.rsync_info", rsync_info),
    ("clone.create", create_clone),
    ("clone.delete", delete_clone),
    ("clone.list", list_clones),
];

/// The backup and the clone of the example server in a new sandbox.
pub(super) fn seed(world: &mut World) {
    const EXAMPLE: i64 = 1384;
    let done = world.clock.date("2011-07-28T02:10:00Z");
    let complete = map! { "built" => true, "locked" => false };
    let mut backup = begun("before the upgrade", "normal", EXAMPLE, &done, Random::of("backup").id());
    merge(&mut backup, complete);
    world.backups.add(EXAMPLE, backup);
    let mut clone = map! { "label" => "Clone of Web Server 01", "status" => "Completed", "cloned_server_id" => 1385 };
    clone.insert("created_at", done);
    world.clones.add(EXAMPLE, clone);
}

/// A backup in progress.
fn begun(label: &str, kind: &str, server: i64, now: &Value, identifier: String) -> Map {
    map! {
        "label" => label,
        "backup_type" => kind,
        "backup_size" => "1536",
        "built" => false,
        "locked" => true,
        "built_at" => now.clone(),
        "created_at" => now.clone(),
        "updated_at" => now.clone(),
        "disk_id" => server + 1000,
        "template_id" => server + 2000,
        "operating_system" => "linux",
        "operating_system_distro" => "ubuntu",
        "allowed_swap" => true,
        "allow_resize_without_reboot" => true,
        "min_disk_size" => 10,
        "identifier" => identifier,
    }
}

/// The id of the server that a call is about.
pub(super) fn server(world: &World, args: &Args) -> Result<i64, Refusal> {
    let id = args.int("virtual_machine_id").unwrap_or_default();
    world.server(id).map(|_| id)
}

impl World {
    /// Starts a backup, which is complete after some time.
    fn back_up(&mut self, server: i64, kind: &str, label: &str) -> Map {
        let backup = begun(label, kind, server, &self.clock.iso(), self.random.id());
        let backup = self.backups.add(server, backup);
        let id = int(&backup, "id");
        self.log(server, "backup");
        self.later(move |world| {
            let now = world.clock.iso();
            if let Some(backup) = world.backups.find_mut(server, id) {
                merge(
                    backup,
                    map! { "built" => true, "locked" => false, "built_at" => now.clone(), "updated_at" => now },
                );
            }
        });
        backup
    }

    /// Adds one of the account's own templates.
    pub(super) fn add_template(&mut self, label: &str) {
        let fields = map! { "label" => label, "operating_system" => "Custom Templates", "description" => label };
        self.custom_templates.add(NOBODY, fields);
    }
}

fn complete<'w>(world: &'w World, server: i64, args: &Args) -> Result<&'w Map, Refusal> {
    let backup = world.backups.find(server, args.id()).ok_or(Refusal::Missing)?;
    match backup.get("built") {
        Some(Value::Bool(true)) => Ok(backup),
        _ => Err(Refusal::invalid("base", "The backup is not complete")),
    }
}

fn create(world: &mut World, args: &Args) -> Reply {
    let server = server(world, args)?;
    Ok(world.back_up(server, "normal", args.text("label")).into())
}

fn create_template(world: &mut World, args: &Args) -> Reply {
    let server = server(world, args)?;
    let label = format!("template-of-{server}");
    world.back_up(server, "normal", &label);
    world.later(move |world| world.add_template(&label));
    Ok(nothing())
}

fn list_backups(world: &mut World, args: &Args) -> Reply {
    let server = server(world, args)?;
    Ok(world.backups.list(server))
}

fn convert(world: &mut World, args: &Args) -> Reply {
    let server = server(world, args)?;
    let label = complete(world, server, args)?.get("label").map(Value::plain).unwrap_or_default();
    world.add_template(&label);
    Ok(nothing())
}

fn restore(world: &mut World, args: &Args) -> Reply {
    let server = server(world, args)?;
    complete(world, server, args)?;
    world.act(server, "restore", map! { "running" => true })?;
    Ok(nothing())
}

/// Scheduled backups can only be deleted by the provider.
fn delete(world: &mut World, args: &Args) -> Reply {
    let server = server(world, args)?;
    let backup = world.backups.find(server, args.id()).ok_or(Refusal::Missing)?;
    if backup.get("backup_type") == Some(&"autobackup".into()) {
        return Err(Refusal::Forbidden);
    }
    world.backups.take(server, args.id());
    Ok(nothing())
}

fn rsync_info(world: &mut World, args: &Args) -> Reply {
    let server = server(world, args)?;
    Ok(map! { "username" => server, "quota" => "0.00 GB out of 10 GB", "password" => "an-example-password" }.into())
}

fn list_clones(world: &mut World, args: &Args) -> Reply {
    let server = server(world, args)?;
    Ok(world.clones.list(server))
}

/// A clone is a server with as many nodes as the original.
fn create_clone(world: &mut World, args: &Args) -> Reply {
    let server = server(world, args)?;
    let source = world.shown(world.server(server)?);
    let cloud = args.int("cloud_id").unwrap_or_else(|| int(&source, "cloud_id"));
    let label = format!("Clone of {}", source.get("label").map(Value::plain).unwrap_or_default());
    let clone = world.clone_server(&source, cloud, &label)?;
    let entry = map! {
        "label" => label,
        "status" => "In progress",
        "created_at" => world.clock.iso(),
        "cloned_server_id" => clone,
    };
    let id = int(&world.clones.add(server, entry), "id");
    world.later(move |world| {
        if let Some(entry) = world.clones.find_mut(server, id) {
            entry.insert("status", "Completed");
        }
    });
    Ok(nothing())
}

fn delete_clone(world: &mut World, args: &Args) -> Reply {
    let server = server(world, args)?;
    world.clones.take(server, args.id()).ok_or(Refusal::Missing)?;
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    fn of(id: i64) -> Map {
        map! { "virtual_machine_id" => 1384, "id" => id }
    }

    #[test]
    fn a_backup_is_made_used_and_deleted() {
        let mut client = Client::new();
        let vm = || map! { "virtual_machine_id" => 1384 };
        let made = client.get("backup.create", map! { "virtual_machine_id" => 1384, "label" => "nightly" });
        assert_eq!((made.get("id"), made.get("built")), (Some(&Value::Int(3774)), Some(&false.into())));
        assert_eq!(client.status("backup.restore", of(3774)), 422);
        client.wait();
        for (method, args, status) in [
            ("backup.restore", of(3774), 200),
            ("backup.restore", of(3774), 422),
            ("backup.convert", of(3774), 200),
            ("backup.delete", of(3774), 200),
            ("backup.delete", of(3774), 404),
            ("backup.create", map! { "virtual_machine_id" => 1 }, 404),
            ("backup.rsync_info", vm(), 200),
            ("backup.create_template", vm(), 200),
        ] {
            assert_eq!(client.status(method, args), status, "{method}");
        }
        client.wait();
        let labels: Vec<Value> = client
            .get("custom_template.list", map! {})
            .as_list()
            .unwrap()
            .iter()
            .map(|template| template.get("label").cloned().unwrap())
            .collect();
        assert_eq!(labels, ["test_cus_temp", "nightly", "template-of-1384"].map(Value::from));
    }

    #[test]
    fn scheduled_backups_are_kept() {
        let mut client = Client::new();
        client.world().back_up(1384, "autobackup", "");
        assert_eq!(client.status("backup.delete", of(3774)), 403);
    }

    #[test]
    fn a_clone_is_a_server() {
        let mut client = Client::new();
        for (args, status) in [
            (map! { "virtual_machine_id" => 1384, "cloud_id" => 4 }, 422),
            (map! { "virtual_machine_id" => 1384 }, 200),
            (map! { "virtual_machine_id" => 1385, "cloud_id" => 15 }, 200),
            (map! { "virtual_machine_id" => 1384 }, 422),
        ] {
            assert_eq!(client.status("clone.create", args.clone()), status, "{args:?}");
        }
        client.wait();
        let clones = client.get("clone.list", map! { "virtual_machine_id" => 1384 });
        let clone = &clones.as_list().unwrap()[0];
        assert_eq!(clone.get("status"), Some(&"Completed".into()));
        let server =
            client.get("virtual_machine.get", map! { "id" => clone.get("cloned_server_id").cloned().unwrap() });
        assert_eq!(server.get("running"), Some(&true.into()));
        assert_eq!([client.status("clone.delete", of(543)), client.status("clone.delete", of(543))], [200, 404]);
    }
}
