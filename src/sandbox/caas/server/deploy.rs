//! Deploying, cloning, cleaning and deleting servers.

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply, done};
use super::super::state::images::New;
use super::super::state::servers::{Disk, NORMAL, Server};
use super::super::world::World;
use crate::kit::args::Args;

pub(super) const HANDLERS: Handlers =
    &[("server.clean", clean), ("server.clone", clone), ("server.delete", delete), ("server.deploy", deploy)];

/// Servers whose names begin with this cannot be deployed.
const FAILING: &str = "failing";

/// The id at the end of a path such as `/oec/base/image/ID`.
fn id_of(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

fn deploy(world: &mut World, args: &Args) -> Reply {
    let network = world.networks.find(id_of(args.text("vlanResourcePath")))?.clone();
    let image = world.images.usable(id_of(args.text("imageResourcePath")))?.clone();
    if image.location != network.location {
        return Err(Fault::data("imageResourcePath", "the image is of another data centre than the network"));
    }
    let sizes = image.sizes.clone();
    let disk = |(scsi, gb)| Disk { id: world.new_id(), scsi, gb, speed: "STANDARD".into(), state: NORMAL };
    let disks: Vec<Disk> = (0..).zip(sizes).map(disk).collect();
    let server = Server {
        id: world.new_id(),
        name: args.text("name").into(),
        description: args.text("description").into(),
        location: network.location.clone(),
        ip: world.free_address(&network)?,
        network: network.id,
        os: image.os,
        cpus: image.cpus,
        memory: image.memory,
        disks,
        labels: image.labels,
        image: image.id,
        created: world.now(),
        deployed: false,
        started: false,
        state: "PENDING_ADD",
        progress: Some(world.progress("DEPLOY_SERVER")),
        tools_current: true,
    };
    let (id, starts) = (server.id.clone(), args.flag("isStarted").unwrap_or_default());
    world.servers.all.push(server);
    world.after(move |world| {
        if let Ok(server) = world.servers.find_mut(&id) {
            server.arrive(starts);
        }
    });
    done("Server \"Deploy\" issued")
}

impl Server {
    /// The end of a deployment, which fails for servers with such a name.
    fn arrive(&mut self, starts: bool) {
        if self.name.starts_with(FAILING) {
            self.state = "FAILED_ADD";
            if let Some(progress) = &mut self.progress {
                progress.failure = Some("The disk could not be copied.");
            }
            return;
        }
        (self.state, self.progress, self.deployed, self.started) = (NORMAL, None, true, starts);
    }
}

impl World {
    /// Deletes a server after an operation with that name.
    fn part(&mut self, id: &str, state: &'static str, action: &'static str) -> Result<(), Fault> {
        let progress = self.progress(action);
        let server = self.servers.find_mut(id)?;
        server.state = state;
        server.progress = Some(progress);
        let id = id.to_owned();
        self.after(move |world| world.servers.all.retain(|server| server.id != id));
        Ok(())
    }
}

fn clean(world: &mut World, args: &Args) -> Reply {
    let id = args.text("server-id");
    let server = world.servers.find(id)?;
    if server.state != "FAILED_ADD" {
        return Err(Fault::new(392, format!("Server with Id {id} did not fail to be deployed")));
    }
    let ip = server.ip.clone();
    world.part(id, "PENDING_CLEAN", "CLEAN_SERVER")?;
    done(format!("Successfully submitted clean failed server request for server id: {id}, private IP address {ip}"))
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let id = args.text("server-id");
    if world.idle(id)?.started {
        return Err(Fault::new(40, format!("Server with Id {id} is started")));
    }
    if world.backups.of(id).is_some() {
        return Err(Fault::new(550, "Cloud backup for this server is enabled"));
    }
    if world.is_real(id) {
        return Err(Fault::new(393, format!("Server with Id {id} is behind a real server")));
    }
    if world.is_kept_apart(id) {
        return Err(Fault::new(692, format!("Server with Id {id} belongs to an anti-affinity rule")));
    }
    world.part(id, "PENDING_DELETE", "DELETE_SERVER")?;
    done("Server \"Delete\" issued")
}

fn clone(world: &mut World, args: &Args) -> Reply {
    let (id, name) = (args.text("server-id"), args.text("newImageName"));
    let server = world.idle(id)?.clone();
    world.images.name_is_free(&server.location, name)?;
    if world.backups.of(id).is_some() {
        return Err(Fault::new(550, "Cloud backup for this server is enabled"));
    }
    let new = New { name, description: args.text("newImageDescription"), location: &server.location };
    world.clone_image(&server, &new);
    world.change(id, "CLONE_SERVER", |_| ())?;
    done("Server \"Clone\" issued")
}

#[cfg(test)]
mod tests {
    use super::super::super::state::networks::MAIN;
    use super::super::super::state::servers::{FAILED, OLD, WEB_1, WEB_3};
    use super::super::super::testing::Organization;
    use crate::kit::values::map;
    use model::{Map, Value};

    fn new(name: &str, network: &str, image: &str) -> Map {
        map! {
            "name" => name, "description" => "d", "administratorPassword" => "Example-Pass-1", "isStarted" => true,
            "vlanResourcePath" => format!("/oec/o/network/{network}"),
            "imageResourcePath" => format!("/oec/base/image/{image}"),
        }
    }

    fn states(org: &mut Organization, name: &str) -> Option<(String, bool)> {
        let server = org.find("server.list", map! {}, "name", name)?;
        let state = server.get("state").and_then(Value::as_str)?.to_owned();
        Some((state, server.get("isStarted").and_then(Value::as_bool)?))
    }

    #[test]
    fn a_server_is_deployed_and_deleted() {
        let mut org = Organization::new();
        org.done("server.deploy", new("s", MAIN, super::super::super::state::images::REDHAT));
        assert_eq!(states(&mut org, "s"), Some(("PENDING_ADD".into(), false)));
        let pending = org.find("server.list_pending", map! {}, "name", "s").unwrap();
        assert_eq!(pending.get("status").and_then(|status| status.get("numberOfSteps")), Some(&3.into()));
        org.wait();
        assert_eq!(states(&mut org, "s"), Some(("NORMAL".into(), true)));
        let id = org.find("server.list", map! {}, "name", "s").unwrap().get("id").cloned().unwrap();
        let of = || map! { "server-id" => id.clone() };
        assert_eq!(org.reason("server.delete", of()), 40);
        org.done("server.power_off", of());
        org.wait();
        org.done("server.delete", of());
        assert_eq!(states(&mut org, "s"), Some(("PENDING_DELETE".into(), false)));
        org.wait();
        assert_eq!(states(&mut org, "s"), None);
    }

    #[test]
    fn a_server_that_fails_waits_to_be_cleaned() {
        let mut org = Organization::new();
        org.done("server.clean", map! { "server-id" => FAILED });
        org.done("server.deploy", new("failing-2", MAIN, super::super::super::state::images::REDHAT));
        org.wait();
        assert_eq!(org.find("server.list", map! {}, "id", FAILED), None);
        let failed = org.find("server.list", map! { "deployed" => false }, "name", "failing-2").unwrap();
        assert_eq!(failed.get("state"), Some(&"FAILED_ADD".into()));
        assert!(failed.get("status").unwrap().get("failureReason").is_some());
    }

    #[test]
    fn invalid_deployments_are_refused() {
        let of = |id: &str| map! { "server-id" => id };
        let clone = |id: &str, name: &str| map! { "server-id" => id, "newImageName" => name };
        for (method, args, reason) in [
            ("server.deploy", new("s", "nosuch", super::super::super::state::images::REDHAT), 250),
            ("server.deploy", new("s", MAIN, "nosuch"), 390),
            ("server.delete", of(OLD), 0),
            ("server.delete", of(WEB_1), 40),
            ("server.delete", of("nosuch"), 395),
            ("server.clean", of(WEB_1), 392),
            ("server.clone", clone(WEB_3, "Copy"), 0),
            ("server.clone", clone(WEB_1, "Copy"), 550),
            ("server.clone", clone(WEB_3, "LAMP"), 391),
        ] {
            assert_eq!(Organization::new().reason(method, args.clone()), reason, "{method} {args:?}");
        }
    }

    #[test]
    fn a_clone_becomes_an_image() {
        let mut org = Organization::new();
        org.done("server.clone", map! { "server-id" => WEB_3, "newImageName" => "Copy" });
        let here = || map! { "location-id" => "NA1" };
        assert!(org.find("image.list_pending", here(), "name", "Copy").is_some());
        assert!(org.find("image.list", here(), "name", "Copy").is_none());
        org.wait();
        assert!(org.find("image.list_pending", here(), "name", "Copy").is_none());
        let image = org.find("image.list", here(), "name", "Copy").unwrap();
        assert_eq!(image.get("sourceServerId"), Some(&WEB_3.into()));
    }
}
