//! cloud.* and template.*: the clouds for servers, with their templates.

use super::cloud::{Cloud, DEBIAN, UBUNTU, WINDOWS};
use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::world::World;
use crate::kit::values::{decimal, list, map};

pub(super) const HANDLERS: Handlers = &[
    ("cloud.get", get),
    ("cloud.list", list_clouds),
    ("cloud.list_groups", list_groups),
    ("cloud.list_ssd", list_ssd),
    ("template.get", get_template),
    ("template.list", list_templates),
];

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
    fn clouds_list_their_templates() {
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
        let groups = Client::new().get("template.list", map! {});
        let places =
            groups.as_list().unwrap()[1].get("templates").unwrap().as_list().unwrap()[0].get("clouds").cloned();
        assert_eq!(places.unwrap().as_list().map(<[Value]>::len), Some(4));
    }
}
