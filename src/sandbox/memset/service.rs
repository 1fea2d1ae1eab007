//! service.*: the account's services.

use super::fault::{Code, Fault};
use super::handler::{Handlers, Reply};
use super::state::services::Service;
use super::world::{Job, World};
use crate::kit::args::Args;
use crate::kit::values::{list, map};
use model::Value;

pub(super) const HANDLERS: Handlers = &[
    ("service.cancel", cancel),
    ("service.info", info),
    ("service.list", list_services),
    ("service.set_nickname", set_nickname),
];

fn info(world: &mut World, args: &Args) -> Reply {
    Ok(world.services.find(args.text("name"))?.show().into())
}

fn list_services(world: &mut World, args: &Args) -> Reply {
    let status = args.maybe_text("status").unwrap_or("LIVE");
    let kinds = match args.get("type") {
        None => None,
        Some(Value::Text(kind)) => Some(vec![kind.as_str()]),
        Some(Value::List(_)) => args.texts("type"),
        Some(_) => return Err(Fault::parameter("type", "Enter a string or a list of strings.")),
    };
    let wanted = |service: &&Service| {
        service.status == status && kinds.as_ref().is_none_or(|kinds| kinds.contains(&service.kind))
    };
    Ok(list(world.services.iter().filter(wanted).map(Service::show)))
}

fn set_nickname(world: &mut World, args: &Args) -> Reply {
    let name = args.text("name");
    world.services.find(name)?;
    let allowed = |c: &char| c.is_ascii_alphanumeric() || "_.- ".contains(*c);
    let nickname: String = args.text("nickname").chars().filter(allowed).collect();
    let nickname = nickname.trim();
    let taken = |service: &Service| service.name != name && service.nickname == nickname;
    if !nickname.is_empty() && world.services.iter().any(taken) {
        return Err(Fault::new(Code::NotUnique, format!("nickname: '{nickname}' is in use by another service")));
    }
    if let Some(service) = world.services.find_mut(name) {
        service.nickname = nickname.to_owned();
    }
    Ok(map! { "nickname" => nickname }.into())
}

fn cancel(world: &mut World, args: &Args) -> Reply {
    let name = world.services.live(args.text("name"))?.name.clone();
    world.start(Job::on_service("CANCEL-SERVICE", &name).once().then(move |world| {
        if let Some(service) = world.services.find_mut(&name) {
            service.status = "CANCELLED";
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::super::state::services::Services;
    use super::super::testing::Account;
    use super::*;
    use crate::kit::clock::Clock;
    use crate::kit::clock::testing::story;
    use crate::kit::values::{date, decimal, texts};
    use model::Date;
    use model::date::Day;

    #[test]
    fn the_first_services_are_those_of_the_document() {
        let services = Account::new().get("service.list", map! {});
        let first = services.as_list().unwrap()[1].as_map().unwrap().clone();
        assert_eq!(first.get("name"), Some(&"myserver1".into()));
        assert_eq!(first.get("renewal_price_amount"), Some(&decimal("21.60")));
        assert_eq!(first.get("expiry_date"), Some(&date("20110917T00:00:00")));
    }

    /// On any day, some services expire within two months and others do not.
    #[test]
    fn some_services_expire_soon_on_any_day() {
        for days in [0, 30, 152, 183, 212, 213, 5000] {
            let clock = Clock::starting(story() + std::time::Duration::from_secs(days * 86_400));
            let day = |text: &str| Day::parse(&Date::verbatim(text).to_spaced()).unwrap();
            let services = Services::seed(&clock);
            let live = services.iter().filter(|service| service.is_live());
            let left: Vec<i32> = live.map(|service| clock.today().until(day(&service.expiry))).collect();
            assert!(left.iter().all(|left| *left > 0), "{days}: {left:?}");
            let soon = left.iter().filter(|left| **left <= 60).count();
            assert_eq!((soon, left.len() - soon), (11, 2), "{days}: {left:?}");
            assert!(services.iter().all(|service| day(&service.start) < clock.today()), "{days}");
        }
    }

    #[test]
    fn invalid_service_calls_are_refused() {
        for (method, args, code) in [
            ("service.list", map! { "type" => texts(["miniserver"]), "status" => "CANCELLED" }, 0),
            ("service.list", map! { "type" => 5 }, 7),
            ("service.list", map! { "status" => "GONE" }, 7),
            ("service.info", map! {}, 7),
            ("service.info", map! { "name" => "a b" }, 7),
            ("service.info", map! { "name" => "nosuch" }, 3),
            ("service.info", map! { "name" => "brokenserver1" }, 2),
            ("service.info", map! { "name" => "busyserver1" }, 11),
            ("service.info", map! { "name" => "oldserver1" }, 0),
            ("service.cancel", map! { "name" => "oldserver1" }, 9),
            ("service.set_nickname", map! { "name" => "myserver1", "nickname" => "mail" }, 8),
            ("service.set_nickname", map! { "name" => "myserver1", "nickname" => " web/serv&er " }, 0),
        ] {
            assert_eq!(Account::new().code(method, args.clone()), code, "{method} {args:?}");
        }
    }

    #[test]
    fn a_nickname_is_stored_as_shown() {
        let mut account = Account::new();
        let stored = account.get("service.set_nickname", map! { "name" => "myserver1", "nickname" => " web/serv&er " });
        assert_eq!(stored.get("nickname"), Some(&"webserver".into()));
        assert_eq!(account.get("service.info", map! { "name" => "myserver1" }).get("nickname"), stored.get("nickname"));
    }

    #[test]
    fn a_cancelled_service_leaves_the_list_when_the_job_is_done() {
        let mut account = Account::new();
        let job = account.get("service.cancel", map! { "name" => "myserver2" });
        assert_eq!(job.get("finished"), Some(&false.into()));
        assert_eq!(account.code("service.cancel", map! { "name" => "myserver2" }), 6);
        account.wait();
        let job = account.get("job.status", map! { "id" => job.get("id").cloned().unwrap() });
        assert_eq!((job.get("status"), job.get("finished")), (Some(&"DONE".into()), Some(&true.into())));
        assert_eq!(account.code("service.cancel", map! { "name" => "myserver2" }), 9);
        let cancelled = account.get("service.list", map! { "status" => "CANCELLED" });
        assert_eq!(cancelled.as_list().unwrap().len(), 2);
    }
}
