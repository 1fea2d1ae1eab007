//! memstore.container.*: containers, their users, and whether they are public.

use super::super::fault::{Code, Fault};
use super::super::handler::Reply;
use super::super::names::public_container;
use super::super::state::memstores::{Container, OFF, private};
use super::super::table::{int, overlay, text};
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{map, nothing};
use model::Map;

impl World {
    /// The container that a call names.
    fn container(&mut self, args: &Args) -> Result<&mut Container, Fault> {
        let name = args.text("container");
        let found = self.store(args)?.containers.iter_mut().find(|container| container.name == name);
        found.ok_or_else(|| Fault::missing("container", "name", name))
    }

    /// The container that a call to the CDN names.
    fn public_container(&mut self, args: &Args) -> Result<&mut Container, Fault> {
        public_container(args)?;
        self.container(args)
    }
}

pub(super) fn acl(world: &mut World, args: &Args) -> Reply {
    Ok(world.container(args)?.acl.clone().into())
}

pub(super) fn cdn(world: &mut World, args: &Args) -> Reply {
    let container = world.public_container(args)?;
    let (url, ssl_url) = (container.url("http", args.text("name")), container.url("https", args.text("name")));
    let urls = map! { "URL" => url, "SSL_URL" => ssl_url };
    Ok(urls.into_iter().chain(container.cdn.clone()).collect::<Map>().into())
}

pub(super) fn create(world: &mut World, args: &Args) -> Reply {
    let (name, store) = (args.text("container"), world.store(args)?);
    if store.containers.iter().any(|container| container.name == name) {
        return Err(Fault::new(Code::ApiError, format!("The container '{name}' exists already")));
    }
    store.containers.push(Container::of(name, 0, 0));
    Ok(nothing())
}

pub(super) fn set_acl(world: &mut World, args: &Args) -> Reply {
    let container = world.container(args)?;
    container.acl = overlay(container.acl.clone(), args.iter());
    Ok(nothing())
}

pub(super) fn set_public_cdn(world: &mut World, args: &Args) -> Reply {
    let container = world.public_container(args)?;
    let mut cdn = overlay(private(), args.iter());
    if int(&cdn, "ttl") < 0 {
        return Err(Fault::parameter("ttl", "Ensure this value is greater than or equal to 0."));
    }
    for key in ["index", "notfound", "cors"] {
        if text(&cdn, key).is_empty() {
            cdn.insert(key, OFF);
        }
    }
    cdn.insert("public", true);
    container.cdn = cdn;
    Ok(container.url("http", args.text("name")).into())
}

pub(super) fn unset_public_cdn(world: &mut World, args: &Args) -> Reply {
    world.public_container(args)?.cdn = private();
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use super::*;
    use crate::kit::values::texts;

    fn named(container: &str) -> Map {
        map! { "name" => "msstore1", "container" => container }
    }

    #[test]
    fn invalid_container_calls_are_refused() {
        let public = |container: &str, ttl: i64| map! { "name" => "msstore1", "container" => container, "ttl" => ttl };
        let mut account = Account::new();
        for (method, args, code) in [
            ("memstore.container.create", named("films"), 0),
            ("memstore.container.create", named("films"), 1),
            ("memstore.container.create", named("my_films"), 0),
            ("memstore.container.create", named(""), 7),
            ("memstore.container.create", map! { "name" => "nosuch", "container" => "films" }, 3),
            ("memstore.container.acl", named("nosuch"), 3),
            ("memstore.container.acl", named("my_films"), 0),
            ("memstore.container.cdn", named("my_films"), 7),
            ("memstore.container.cdn", named("nosuch"), 3),
            ("memstore.container.set_public_cdn", public("films", 3600), 0),
            ("memstore.container.set_public_cdn", public("films", -1), 7),
            ("memstore.container.set_public_cdn", named("films"), 7),
            ("memstore.container.set_acl", named("films"), 7),
            ("memstore.container.unset_public_cdn", named("films"), 0),
            ("memstore.container.unset_public_cdn", named("nosuch"), 3),
        ] {
            assert_eq!(account.code(method, args.clone()), code, "{method} {args:?}");
        }
    }

    #[test]
    fn lists_of_users_are_replaced() {
        let mut account = Account::new();
        for (read, write) in [(vec!["alice", "bob"], vec!["alice"]), (vec![], vec!["bob"])] {
            let acl = map! { "read_acl" => texts(&read), "write_acl" => texts(&write) };
            let args = named("photos").into_iter().chain(acl.clone()).collect();
            account.get("memstore.container.set_acl", args);
            assert_eq!(account.get("memstore.container.acl", named("photos")), acl.into());
        }
    }

    #[test]
    fn a_container_is_made_public_and_private_again() {
        let mut account = Account::new();
        let before = account.get("memstore.container.cdn", named("photos"));
        assert_eq!((before.get("public"), before.get("index")), (Some(&false.into()), Some(&"0".into())));
        let mut args = named("photos");
        args.insert("ttl", 3600);
        args.insert("index", "index.html");
        args.insert("cors", "");
        let url = account.get("memstore.container.set_public_cdn", args);
        let public = account.get("memstore.container.cdn", named("photos"));
        assert_eq!(public.get("URL"), Some(&url));
        let shown = ["public", "ttl", "index", "cors"].map(|key| public.get(key).cloned().unwrap());
        assert_eq!(shown, [true.into(), 3600.into(), "index.html".into(), "0".into()]);
        account.get("memstore.container.unset_public_cdn", named("photos"));
        assert_eq!(account.get("memstore.container.cdn", named("photos")), before);
    }
}
