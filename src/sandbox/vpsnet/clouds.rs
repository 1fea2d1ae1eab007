//! cloud.* and template.*: the places that servers can be in, and what they can be made from there.

use super::refusal::Refusal;
use super::world::World;
use super::{Args, Handlers, Reply};
use crate::kit::values::{decimal, list, map};
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("cloud.get", get),
    ("cloud.list", list_clouds),
    ("cloud.list_groups", list_groups),
    ("cloud.list_ssd", list_ssd),
    ("template.get", get_template),
    ("template.list", list_templates),
];

/// A place for servers.
#[derive(Clone, Debug)]
pub(crate) struct Cloud {
    pub(crate) id: i64,
    label: &'static str,
    pub(crate) available: bool,
    ssd: bool,
    /// Id, group and name of each; the same system has another id in every cloud.
    pub(crate) templates: Vec<(i64, &'static str, &'static str)>,
}

const DEBIAN: (&str, &str) = ("Debian", "Debian 6.0 x64");
const UBUNTU: (&str, &str) = ("Ubuntu", "Ubuntu 10.04 x64");
const WINDOWS: (&str, &str) = ("Windows", "Windows 2008 x64");

/// The clouds of the sandbox; the last of the regular ones is full.
pub(super) fn seed() -> Vec<Cloud> {
    let cloud = |id, label, available, ssd, templates: &[(i64, (&'static str, &'static str))]| Cloud {
        id,
        label,
        available,
        ssd,
        templates: templates.iter().map(|(id, (group, name))| (*id, *group, *name)).collect(),
    };
    vec![
        cloud(3, "UK Example Cloud", true, false, &[(41, UBUNTU), (42, DEBIAN), (43, WINDOWS)]),
        cloud(15, "US Example Cloud", true, false, &[(78, UBUNTU), (92, DEBIAN)]),
        cloud(4, "Full Example Cloud", false, false, &[(51, UBUNTU)]),
        cloud(160, "SSD Example Cloud", true, true, &[(178, UBUNTU), (192, DEBIAN)]),
    ]
}

impl Cloud {
    /// The template here that holds the same system as that template of any cloud.
    pub(crate) fn counterpart(&self, template: i64) -> Option<i64> {
        let all = seed();
        let (_, group, _) = all.iter().flat_map(|cloud| &cloud.templates).find(|(id, ..)| *id == template)?;
        self.templates.iter().find(|(_, known, _)| known == group).map(|(id, ..)| *id)
    }

    fn show(&self) -> Map {
        let template = |(id, _, label): &(i64, &str, &str)| map! { "label" => *label, "id" => *id };
        let mut shown = map! {
            "label" => self.label,
            "available" => self.available,
            "system_templates" => list(self.templates.iter().map(template)),
        };
        if !self.ssd {
            shown.insert("fusion_io", false);
        }
        shown.insert("id", self.id);
        shown.insert("cloud_version", 1);
        shown
    }

    /// With what only lists show.
    fn listed(&self) -> Map {
        let mut shown = self.show();
        shown.insert("premium_price", 0);
        shown.insert("currency_code", "USD");
        shown.insert("daily_node_bandwidth", 100);
        shown.insert("monthly_node_bandwidth", 150);
        shown
    }
}

fn list_clouds(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.clouds.iter().filter(|cloud| !cloud.ssd).map(Cloud::listed)))
}

fn list_ssd(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.clouds.iter().filter(|cloud| cloud.ssd).map(Cloud::listed)))
}

fn list_groups(world: &mut World, _: &Args) -> Reply {
    let group = |ssd: bool, name: &str| {
        let ids = world.clouds.iter().filter(|cloud| cloud.ssd == ssd).map(|cloud| map! { "id" => cloud.id });
        map! { "name" => name, "clouds" => list(ids) }
    };
    Ok(list([group(false, "Clouds"), group(true, "SSD Clouds")]))
}

fn get(world: &mut World, args: &Args) -> Reply {
    let mut shown = find(world, args.id())?.show();
    let room = |usage: &str, total: &str, free: &str| map! { "usage" => usage, "total" => total, "free" => free };
    let stats = map! {
        "memory" => room("3488", "4094", "606"),
        "tasks" => map! { "pending" => "3" },
        "templates" => map! { "system" => "72", "custom" => "148" },
        "disk_space" => room("150.0", "232.0", "82.0"),
    };
    shown.insert("cluster_stats", map! { "stats" => stats });
    Ok(shown.into())
}

fn find(world: &World, id: i64) -> Result<&Cloud, Refusal> {
    world.clouds.iter().find(|cloud| cloud.id == id).ok_or(Refusal::Missing)
}

fn list_templates(world: &mut World, _: &Args) -> Reply {
    Ok(list([DEBIAN, UBUNTU, WINDOWS].into_iter().map(|(group, name)| {
        let places = world.clouds.iter().filter_map(|cloud| {
            let (id, ..) = cloud.templates.iter().find(|(_, _, known)| *known == name)?;
            Some(map! { "id" => cloud.id, "system_template_id" => *id })
        });
        map! { "name" => group, "templates" => list([map! { "clouds" => list(places), "name" => name }]) }
    })))
}

fn get_template(world: &mut World, args: &Args) -> Reply {
    let cloud = find(world, args.int("cloud_id").unwrap_or_default())?;
    let template = cloud.templates.iter().find(|(id, ..)| *id == args.id()).ok_or(Refusal::Missing)?;
    let (id, group, label) = *template;
    let windows = group == WINDOWS.0;
    let price = if windows { "20.00" } else { "0" };
    Ok(map! {
        "label" => label,
        "os_type" => if windows { "Windows" } else { "Linux" },
        "operating_system" => group,
        "windows_license_version" => if windows { "Enterprise" } else { "" },
        "commercial" => windows,
        "applicable_price" => map! { "USD" => decimal(price) },
        "info" => "",
        "id" => id,
        "description" => label,
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;
    use model::Value;

    #[test]
    fn clouds_tell_what_they_have() {
        let mut client = Client::new();
        for (method, count) in
            [("cloud.list", 3), ("cloud.list_ssd", 1), ("cloud.list_groups", 2), ("template.list", 3)]
        {
            assert_eq!(client.get(method, map! {}).as_list().unwrap().len(), count, "{method}");
        }
        assert_eq!(client.get("cloud.get", map! { "id" => 3 }).get("available"), Some(&true.into()));
        for (method, args, status) in [
            ("cloud.get", map! { "id" => 1 }, 404),
            ("template.get", map! { "cloud_id" => 3, "id" => 43 }, 200),
            ("template.get", map! { "cloud_id" => 3, "id" => 78 }, 404),
        ] {
            assert_eq!(client.status(method, args), status, "{method}");
        }
    }

    #[test]
    fn a_system_has_another_id_in_every_cloud() {
        for (cloud, template, same) in [(15, 41, Some(78)), (3, 78, Some(41)), (15, 43, None), (15, 9999, None)] {
            let clouds = seed();
            let cloud = clouds.iter().find(|known| known.id == cloud).unwrap();
            assert_eq!(cloud.counterpart(template), same);
        }
        let groups = Client::new().get("template.list", map! {});
        let places =
            groups.as_list().unwrap()[1].get("templates").unwrap().as_list().unwrap()[0].get("clouds").cloned();
        assert_eq!(places.unwrap().as_list().map(<[Value]>::len), Some(4));
    }
}
