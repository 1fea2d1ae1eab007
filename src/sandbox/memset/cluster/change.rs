//! Changes to the parts of clusters. They are jobs, and take effect when these end.

use super::super::fault::Fault;
use super::super::handler::Reply;
use super::super::world::{Job, World};
use crate::kit::args::Args;
use crate::kit::values::nothing;
use model::{Map, Value};

/// The subject of a call: a server of a cluster, a service of it, or a server of a service.
#[derive(Clone, Debug)]
pub(super) struct Part {
    cluster: String,
    service: Option<String>,
    server: Option<String>,
}

impl Part {
    /// The same for another server.
    pub(super) fn of_server(&self, server: &str) -> Part {
        Part { server: Some(server.to_owned()), ..self.clone() }
    }

    /// The part that a call names.
    pub(super) fn of(args: &Args) -> Part {
        let named = |param: &str| args.maybe_text(param).map(str::to_owned);
        Part {
            cluster: args.text("cluster_name").to_owned(),
            service: named("service_name"),
            server: named("server_name"),
        }
    }

    /// Its settings.
    pub(super) fn row<'w>(&self, world: &'w mut World) -> Result<&'w mut Map, Fault> {
        let cluster = world.cluster(&self.cluster)?;
        match (&self.service, self.server.as_deref().unwrap_or_default()) {
            (Some(service), "") => cluster.services.find_mut(service),
            (Some(service), server) => Ok(&mut cluster.real_service(service, server)?.row),
            (None, server) => cluster.servers.find_mut(server),
        }
    }

    /// Its name in messages.
    pub(super) fn path(&self) -> String {
        let parts = [Some(&self.cluster), self.service.as_ref(), self.server.as_ref()];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("/")
    }
}

/// The type of the jobs.
const UPDATE: &str = "CLUSTER-UPDATE";

impl Part {
    /// The beginning of the subject of a job that changes a setting; the new value follows.
    fn subject(&self, key: &str) -> String {
        format!("{key} of {}: ", self.path())
    }

    /// The value of a setting that the latest running job will set, as text.
    pub(super) fn coming<'w>(&self, world: &'w World, key: &str) -> Option<&'w str> {
        world.latest(UPDATE, &self.subject(key))
    }
}

/// Starts the job that changes a setting; nothing is done if the setting has, and will keep, that value.
pub(super) fn set(world: &mut World, args: &Args, key: &'static str, value: Value) -> Reply {
    let part = Part::of(args);
    if part.row(world)?.get(key) == Some(&value) && part.coming(world, key).is_none() {
        return Ok(nothing());
    }
    let subject = format!("{}{}", part.subject(key), value.plain());
    world.start(Job::new(UPDATE, subject).then(move |world| {
        if let Ok(row) = part.row(world) {
            row.insert(key, value);
        }
    }))
}

/// Switches a part on.
pub(super) fn enable(world: &mut World, args: &Args) -> Reply {
    set(world, args, "enabled", true.into())
}

/// Switches a part off.
pub(super) fn disable(world: &mut World, args: &Args) -> Reply {
    set(world, args, "enabled", false.into())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use crate::kit::values::map;

    #[test]
    fn every_part_is_switched_by_a_job() {
        let part = |service: &str, server: &str| {
            let mut args = map! { "cluster_name" => "mycluster1" };
            for (param, name) in [("service_name", service), ("server_name", server)] {
                if !name.is_empty() {
                    args.insert(param, name);
                }
            }
            args
        };
        for (group, args, unknown) in [
            ("server", part("", "myserver1"), part("", "failingserver1")),
            ("service", part("www", ""), part("nosuch", "")),
            ("real_service", part("www", "myserver1"), part("ftp", "myserver1")),
        ] {
            let mut account = Account::new();
            let mut about = args.clone();
            if group == "server" {
                about.remove("cluster_name");
            }
            let (enable, disable) = (format!("cluster.{group}.enable"), format!("cluster.{group}.disable"));
            let enabled = |account: &mut Account| {
                account.get(&format!("cluster.{group}.info"), about.clone()).get("enabled").cloned()
            };
            assert_eq!(account.get(&enable, args.clone()), map! {}.into(), "{group}");
            assert_eq!(account.get(&disable, args.clone()).get("finished"), Some(&false.into()), "{group}");
            assert_eq!(account.get(&disable, args.clone()).get("finished"), Some(&false.into()), "{group}");
            assert_eq!(enabled(&mut account), Some(true.into()), "{group}");
            account.wait();
            assert_eq!(enabled(&mut account), Some(false.into()), "{group}");
            assert_eq!(account.get(&disable, args), map! {}.into(), "{group}");
            assert_eq!(account.code(&enable, unknown), 3, "{group}");
        }
    }
}
