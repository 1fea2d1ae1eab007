//! image.*: the images from which servers are made, the provider's and the organization's.

mod lists;
mod show;

use super::fault::Fault;
use super::handler::{Handlers, Reply, done, value};
use super::state::images::{Image, New, seeded};
use super::state::servers::Server;
use super::world::World;
use crate::kit::args::Args;

pub(super) const AREAS: &[Handlers] = &[HANDLERS, lists::HANDLERS];
const HANDLERS: Handlers = &[
    ("image.clean", clean),
    ("image.delete", delete),
    ("image.get", |world, args| value(world.images.find(args.text("image-id"))?.detail(world))),
    ("image.name_exists", name_exists),
    ("image.update", update),
];

impl World {
    /// Starts to create an image as a copy of another.
    pub(crate) fn make_image(
        &mut self,
        new: &New<'_>,
        like: &Image,
        source: (&'static str, String),
        action: &'static str,
    ) -> Image {
        let image = Image {
            id: self.new_id(),
            name: new.name.into(),
            description: new.description.into(),
            location: new.location.into(),
            base: false,
            source: Some(source),
            deployed: None,
            state: "PENDING_ADD",
            progress: Some(self.progress(action)),
            ..like.clone()
        };
        self.images.all.push(image.clone());
        let id = image.id.clone();
        self.after(move |world| {
            let now = world.now();
            if let Some(image) = world.images.all.iter_mut().find(|image| image.id == id) {
                (image.state, image.progress, image.deployed) = ("NORMAL", None, Some(now));
            }
        });
        image
    }

    /// Starts to create an image of a server.
    pub(crate) fn clone_image(&mut self, server: &Server, new: &New<'_>) {
        let mut like = seeded("", "", "", false, server.os);
        (like.cpus, like.memory, like.sizes) = (server.cpus, server.memory, server.sizes());
        like.labels.clone_from(&server.labels);
        self.make_image(new, &like, ("CLONE", server.id.clone()), "CLONE_SERVER");
    }
}

fn name_exists(world: &mut World, args: &Args) -> Reply {
    value(world.images.name_is_free(args.text("location"), args.text("imageName")).is_err())
}

fn update(world: &mut World, args: &Args) -> Reply {
    world.images.own(args.text("image-id"))?.description = args.text("description").to_owned();
    done("Server Image edited")
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let id = world.images.own(args.text("image-id"))?.id.clone();
    world.images.all.retain(|image| image.id != id);
    done("Server image deleted")
}

fn clean(world: &mut World, args: &Args) -> Reply {
    let id = args.text("image-id").to_owned();
    let image = world.images.own(&id)?;
    if image.state != "FAILED_ADD" {
        return Err(Fault::new(40, format!("Image with Id {id} did not fail")));
    }
    image.state = "PENDING_CLEAN";
    let detail = format!("Successfully submitted clean failed image request for image id: {id}");
    world.after(move |world| world.images.all.retain(|image| image.id != id));
    done(detail)
}

#[cfg(test)]
mod tests {
    use super::super::state::images::{FAILED, LAMP, REDHAT};
    use super::super::testing::Organization;
    use crate::kit::values::map;

    #[test]
    fn invalid_image_calls_are_refused() {
        let of = |id: &str| map! { "image-id" => id };
        for (method, args, reason) in [
            ("image.get", of(REDHAT), 0),
            ("image.get", of("nosuch"), 390),
            ("image.delete", of(LAMP), 0),
            ("image.delete", of(REDHAT), 390),
            ("image.clean", of(LAMP), 40),
            ("image.clean", of(FAILED), 0),
            ("image.update", map! { "image-id" => LAMP, "description" => "x".repeat(256) }, 320),
            ("image.list", map! { "location-id" => "MOON1" }, 770),
        ] {
            assert_eq!(Organization::new().reason(method, args.clone()), reason, "{method} {args:?}");
        }
    }

    #[test]
    fn images_are_changed_and_deleted() {
        let mut org = Organization::new();
        let named = || map! { "location" => "NA1", "imageName" => "LAMP" };
        assert_eq!(org.get("image.name_exists", named()), true.into());
        org.done("image.update", map! { "image-id" => LAMP, "description" => "new" });
        assert_eq!(org.get("image.get", map! { "image-id" => LAMP }).get("description"), Some(&"new".into()));
        org.done("image.delete", map! { "image-id" => LAMP });
        assert_eq!(org.get("image.name_exists", named()), false.into());
        org.done("image.clean", map! { "image-id" => FAILED });
        assert_eq!(org.reason("image.clean", map! { "image-id" => FAILED }), 601);
        org.wait();
        assert_eq!(org.reason("image.get", map! { "image-id" => FAILED }), 390);
    }
}
