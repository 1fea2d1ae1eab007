//! ticket.* and managed_service.*: support.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::world::World;
use crate::kit::table::NOBODY;
use crate::kit::values::{int, list, map, nothing};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("managed_service.list", list_managed),
    ("ticket.close", close),
    ("ticket.create", create),
    ("ticket.get", get),
    ("ticket.list", list_tickets),
    ("ticket.reply", reply),
];

/// The names of the departments; the first has number 1.
const DEPARTMENTS: &[&str] = &["Billing", "Sales", "Wordpress", "Cloud Hosting", "Server issue", "Other"];
/// The issues for department 5.
const ISSUES: &[&str] =
    &["reboot", "performance_issue", "installation", "administration", "assisted", "abuse", "other"];

/// The ticket of the provider's document.
pub(super) fn seed(world: &mut World) {
    let then = world.clock.date("2010-08-09T08:02:00-04:00");
    world.add_ticket("Billing", "API test subject", "Where is my invoice?");
    if let Some(ticket) = world.tickets.of_mut(NOBODY).next() {
        ticket.insert("last_responded", "Staff Followup");
        ticket.insert("last_response_time", then.clone());
    }
    world.replies.add(979, map! { "client_response" => false, "comment" => "It is on its way.", "time" => then });
}

impl World {
    fn add_ticket(&mut self, department: &str, subject: &str, body: &str) {
        let fields = map! { "status" => "Open", "department" => department, "subject" => subject };
        let id = int(&self.tickets.add(NOBODY, fields), "id");
        self.respond(id, body);
    }

    fn respond(&mut self, ticket: i64, body: &str) {
        let now = self.clock.iso();
        self.replies.add(ticket, map! { "client_response" => true, "comment" => body, "time" => now.clone() });
        if let Some(ticket) = self.tickets.find_mut(NOBODY, ticket) {
            ticket.insert("last_responded", "Client Followup");
            ticket.insert("last_response_time", now);
        }
    }
}

fn is(ticket: &Map, key: &str, word: &str) -> bool {
    ticket.get(key).and_then(Value::as_str).is_some_and(|text| text.eq_ignore_ascii_case(word))
}

fn department(number: i64) -> Option<&'static str> {
    DEPARTMENTS.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
}

fn list_tickets(world: &mut World, args: &Args) -> Reply {
    let (status, wanted) = (args.maybe_text("status"), args.int("department").and_then(department));
    let tickets = world.tickets.of(NOBODY).filter(|ticket| {
        status.is_none_or(|status| is(ticket, "status", status))
            && wanted.is_none_or(|word| is(ticket, "department", word))
    });
    Ok(list(tickets.cloned().map(|mut ticket| {
        // Ticket ids are texts.
        let id = int(&ticket, "id").to_string();
        ticket.insert("id", id);
        ticket
    })))
}

fn create(world: &mut World, args: &Args) -> Reply {
    let number = args.text("department").parse().unwrap_or_default();
    let department = department(number).ok_or_else(|| Refusal::invalid("department", "is not included in the list"))?;
    if department == "Server issue" {
        if !ISSUES.contains(&args.text("subject")) {
            return Err(Refusal::invalid("subject", "is not included in the list"));
        }
        let server = args.int("vm_id").filter(|id| world.server(*id).is_ok());
        server.ok_or_else(|| Refusal::invalid("vm_id", "is not a server of yours"))?;
    }
    world.add_ticket(department, args.maybe_text("subject").unwrap_or("No subject"), args.text("body"));
    Ok(nothing())
}

fn get(world: &mut World, args: &Args) -> Reply {
    let ticket = world.tickets.find(NOBODY, args.id()).ok_or(Refusal::Missing)?;
    let field = |name: &str| ticket.get(name).cloned().unwrap_or_default();
    let replies = world.replies.of(args.id()).cloned().map(|mut reply| {
        reply.remove("id");
        reply
    });
    Ok(map! { "replies" => list(replies), "subject" => field("subject"), "status" => field("status") }.into())
}

/// An open ticket; refuses one that does not exist or is not open.
fn open<'w>(world: &'w mut World, args: &Args) -> Result<&'w mut Map, Refusal> {
    let ticket = world.tickets.find_mut(NOBODY, args.id()).ok_or(Refusal::Missing)?;
    if is(ticket, "status", "Closed") { Err(Refusal::invalid("base", "The ticket is closed")) } else { Ok(ticket) }
}

fn reply(world: &mut World, args: &Args) -> Reply {
    open(world, args)?;
    world.respond(args.id(), args.text("body"));
    Ok(nothing())
}

fn close(world: &mut World, args: &Args) -> Reply {
    open(world, args)?.insert("status", "Closed");
    Ok(nothing())
}

fn list_managed(_: &mut World, _: &Args) -> Reply {
    let service =
        map! { "virtual_machine_id" => 1384, "managed_support_ip" => "192.0.2.10", "renewal_date" => "11 Sep 2011" };
    Ok(list([service]))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    #[test]
    fn a_ticket_is_opened_answered_and_closed() {
        let mut client = Client::new();
        let id = |id: i64| map! { "id" => id };
        for (method, args, status) in [
            ("ticket.create", map! { "department" => "7", "body" => "b" }, 422),
            ("ticket.create", map! { "department" => "5", "body" => "b", "subject" => "reboot" }, 422),
            ("ticket.create", map! { "department" => "5", "body" => "b", "subject" => "help", "vm_id" => 1384 }, 422),
            ("ticket.create", map! { "department" => "5", "body" => "b", "subject" => "reboot", "vm_id" => 1384 }, 200),
            ("ticket.reply", map! { "id" => 980, "body" => "It works again" }, 200),
            ("ticket.reply", map! { "id" => 1, "body" => "?" }, 404),
            ("ticket.close", id(980), 200),
            ("ticket.close", id(980), 422),
            ("ticket.reply", map! { "id" => 980, "body" => "?" }, 422),
        ] {
            assert_eq!(client.status(method, args.clone()), status, "{method} {args:?}");
        }
        let ticket = client.get("ticket.get", id(980));
        assert_eq!(ticket.get("status"), Some(&"Closed".into()));
        assert_eq!(ticket.get("replies").unwrap().as_list().unwrap().len(), 2);
    }

    #[test]
    fn tickets_are_filtered() {
        let mut client = Client::new();
        client.get("ticket.create", map! { "department" => "2", "body" => "b", "subject" => "s" });
        client.get("ticket.close", map! { "id" => 980 });
        for (args, ids) in [
            (map! {}, vec!["979", "980"]),
            (map! { "status" => "open" }, vec!["979"]),
            (map! { "status" => "closed" }, vec!["980"]),
            (map! { "status" => "hold" }, vec![]),
            (map! { "department" => 1 }, vec!["979"]),
            (map! { "department" => 2, "status" => "open" }, vec![]),
        ] {
            let listed = client.get("ticket.list", args.clone());
            let found: Vec<String> = listed.as_list().unwrap().iter().map(|it| it.get("id").unwrap().plain()).collect();
            assert_eq!(found, ids, "{args:?}");
        }
    }
}
