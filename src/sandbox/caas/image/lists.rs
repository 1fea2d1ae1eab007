//! The many lists of images.

use super::super::handler::{Handlers, Reply, rows};
use super::super::locations::LOCATIONS;
use super::super::state::images::Image;
use super::super::world::World;
use crate::kit::args::Args;
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("image.list", |world, args| listed(world, args, ready)),
    ("image.list_base", |world, args| listed(world, args, base)),
    ("image.list_base_in_location", |world, args| oldest(world, args, base)),
    ("image.list_base_simple", |world, args| oldest(world, args, base)),
    ("image.list_db", |_, _| rows([])),
    ("image.list_deployed", |world, args| listed(world, args, ready)),
    ("image.list_deployed_in_location", |world, args| listed(world, args, ready)),
    ("image.list_imports", |world, _| {
        rows(world.images.all.iter().filter(|image| is_import(image)).map(|image| image.detail(world)))
    }),
    ("image.list_partner", |_, _| rows([])),
    ("image.list_pending", |world, args| listed(world, args, pending)),
    ("image.list_pending_deploy", |world, args| listed(world, args, pending)),
    ("image.list_simple", |world, args| oldest(world, args, ready)),
    ("image.list_web", |_, _| rows([])),
];

fn base(image: &Image) -> bool {
    image.base
}

fn ready(image: &Image) -> bool {
    !image.base && image.deployed.is_some()
}

fn pending(image: &Image) -> bool {
    !image.base && image.deployed.is_none()
}

fn is_import(image: &Image) -> bool {
    pending(image) && image.state == "PENDING_ADD" && matches!(image.source, Some(("IMPORT", _)))
}

/// The images of a kind at the requested data centre, or at the default one.
fn chosen(world: &World, args: &Args, kind: fn(&Image) -> bool, show: impl Fn(&Image) -> Map) -> Reply {
    let location = args.maybe_text("location-id").or(LOCATIONS.first().copied()).unwrap_or_default();
    world.location(location)?;
    let here = |image: &&Image| image.location == location && kind(image);
    rows(world.images.all.iter().filter(here).map(show))
}

fn listed(world: &mut World, args: &Args, kind: fn(&Image) -> bool) -> Reply {
    chosen(world, args, kind, |image| image.listed(world))
}

fn oldest(world: &mut World, args: &Args, kind: fn(&Image) -> bool) -> Reply {
    chosen(world, args, kind, Image::oldest)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Organization;
    use crate::kit::values::map;
    use model::Value;

    #[test]
    fn each_list_has_its_images() {
        let here = |location: &str| map! { "location-id" => location };
        for (method, args, count) in [
            ("image.list_base", here("NA1"), 2),
            ("image.list_base", here("NA3"), 2),
            ("image.list", here("NA1"), 3),
            ("image.list", here("NA2"), 0),
            ("image.list_pending", here("NA1"), 1),
            ("image.list_base_simple", map! {}, 2),
            ("image.list_simple", map! {}, 3),
            ("image.list_imports", map! {}, 0),
            ("image.list_web", map! { "image-provider" => "opsource" }, 0),
        ] {
            let answer = Organization::new().get(method, args);
            assert_eq!(answer.as_list().map(<[Value]>::len), Some(count), "{method}");
        }
    }
}
