//! Restores, in place and to another server.

use super::super::fault::Fault;
use super::super::handler::{Answer, Handlers, Reply, rows};
use super::super::state::servers::Server;
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{date, map, texts};
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("backup.list_restore_targets", targets),
    ("backup.restore", |world, args| restore(world, args, args.text("server-id"))),
    ("backup.restore_out_of_place", out_of_place),
];

impl World {
    /// Whether the data of a client of that type can be restored to a server.
    fn is_target(&self, server: &Server, source: &Server, kind: &str) -> bool {
        let has = |(backup, client): (&super::super::state::backups::Backup, &super::super::state::backups::Client)| {
            backup.server == server.id && client.kind == kind
        };
        server.id != source.id && server.network == source.network && self.backups.clients().any(has)
    }
}

fn targets(world: &mut World, args: &Args) -> Reply {
    let kind = args.text("backup-client-type");
    world.service(args)?;
    let source = world.servers.find(args.text("server-id"))?;
    if super::super::state::backups::is_for_files(kind) != Some(true) {
        return Err(Fault::data("backup-client-type", "no type of clients for file systems"));
    }
    let fit = world.servers.iter().filter(|server| world.is_target(server, source, kind));
    rows(fit.filter_map(|server| target(world, server)))
}

fn target(world: &World, server: &Server) -> Option<Map> {
    let (image, description, created) = server.origin();
    let backup = world.backups.of(&server.id)?;
    Some(map! {
        "id" => server.id.as_str(),
        "location" => server.location.as_str(),
        "name" => server.name.as_str(),
        "description" => description,
        "operatingSystem" => server.os.with_id(),
        "cpuCount" => server.cpus,
        "memoryMb" => server.memory,
        "disk" => server.show_disks(),
        "sourceImageId" => image,
        "softwareLabel" => texts(&server.labels),
        "networkId" => server.network.as_str(),
        "machineName" => server.machine_name(),
        "privateIp" => server.ip.as_str(),
        "created" => date(created),
        "backup" => map! { "assetId" => backup.asset.as_str(), "servicePlan" => backup.plan.as_str() },
    })
}

fn out_of_place(world: &mut World, args: &Args) -> Reply {
    let target = world.servers.find(args.text("targetServerId"))?;
    let source = world.servers.find(args.text("server-id"))?;
    if target.os != source.os {
        return Err(Fault::new(554, "The operating systems of the servers do not fit"));
    }
    let kind = source.os.client_type();
    if !world.is_target(target, source, kind) {
        return Err(Fault::new(552, format!("The target server has no client of the type {kind}")));
    }
    let target = target.id.clone();
    restore(world, args, &target)
}

/// Starts to restore the data of a client.
fn restore(world: &mut World, args: &Args, to: &str) -> Reply {
    if !world.servers.find(to)?.started {
        return Err(Fault::new(377, "The server to be restored to must be running"));
    }
    let job = world.new_id();
    let backup = world.service(args)?;
    if backup.plan == "Essentials" {
        return Err(Fault::new(555, "The plan Essentials cannot be restored from"));
    }
    let client = backup.client(args.text("backup-client-id"))?;
    if !client.is_for_files() {
        return Err(Fault::new(556, "The client is not for file systems"));
    }
    if !client.has_data() {
        return Err(Fault::new(551, "The client has no backed up data"));
    }
    client.job = Some(job.clone());
    let ended = job.clone();
    world.after(move |world| {
        let clients = world.backups.0.iter_mut().flat_map(|backup| backup.clients.iter_mut());
        clients.filter(|client| client.job.as_ref() == Some(&ended)).for_each(|client| client.job = None);
    });
    Ok(Answer::Done("Restore File System Backup initiated".into(), vec![("backupClient.restoreJobId", job)]))
}

#[cfg(test)]
mod tests {
    use super::super::super::state::servers::{OLD, WEB_1, WEB_2};
    use super::super::super::testing::Organization;
    use super::*;

    #[test]
    fn restores_need_a_suitable_target() {
        let restore = |to: &str, client: &str| {
            map! { "server-id" => WEB_1, "backup-client-id" => client, "targetServerId" => to }
        };
        let client = "2f357232-bc95-4508-a491-d75b5682e925";
        for (args, reason) in [
            (restore(WEB_2, client), 0),
            (restore(OLD, client), 552),
            (restore("nosuch", client), 395),
            (restore(WEB_2, "nosuch"), 545),
        ] {
            assert_eq!(Organization::new().reason("backup.restore_out_of_place", args.clone()), reason, "{args:?}");
        }
        let mut org = Organization::new();
        let args = map! { "server-id" => WEB_1, "backup-client-type" => "FA.Linux" };
        let target = org.get("backup.list_restore_targets", args).as_list().unwrap()[0].clone();
        assert_eq!(target.get("id"), Some(&WEB_2.into()));
    }
}
