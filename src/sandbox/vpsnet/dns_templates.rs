//! dns_template.* and dns_template_record.*: templates for new domains.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::world::World;
use crate::kit::table::NOBODY;
use crate::kit::values::{int, map, nothing};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("dns_template.create", create),
    ("dns_template.delete", delete),
    ("dns_template.list", list_templates),
    ("dns_template_record.create", create_record),
    ("dns_template_record.delete", delete_record),
    ("dns_template_record.edit", edit_record),
    ("dns_template_record.list", list_records),
];

/// The template of a new sandbox.
pub(super) fn seed(world: &mut World) {
    let id = world.add_dns_template("example-template");
    let record =
        |kind: &str, host: &str, data: &str| map! { "ttl" => 86_400, "type" => kind, "host" => host, "data" => data };
    world.template_records.add(id, record("a", "@", "[!ip]"));
    let mut mail = record("mx", "@", "mail.[!domain].");
    mail.insert("mx_priority", 10);
    world.template_records.add(id, mail);
}

impl World {
    fn add_dns_template(&mut self, name: &str) -> i64 {
        let now = self.clock.iso();
        let fields = map! { "template_name" => name, "created_at" => now.clone(), "updated_at" => now };
        int(&self.dns_templates.add(NOBODY, fields), "id")
    }

    /// The records of a template for a domain and its address.
    pub(super) fn filled(&self, template: i64, domain: &str, address: &str) -> Vec<Map> {
        let fill = |record: &Map| {
            let mut record = record.clone();
            record.remove("id");
            let data = record.get("data").and_then(Value::as_str).unwrap_or_default();
            let data = data.replace("[!ip]", address).replace("[!domain]", domain);
            record.insert("data", data);
            record
        };
        self.template_records.of(template).map(fill).collect()
    }
}

fn list_templates(world: &mut World, _: &Args) -> Reply {
    Ok(world.dns_templates.list(NOBODY))
}

fn create(world: &mut World, args: &Args) -> Reply {
    let name = args.text("template_name");
    if world.dns_templates.of(NOBODY).any(|template| template.get("template_name") == Some(&name.into())) {
        return Err(Refusal::invalid("template_name", "has already been taken"));
    }
    world.add_dns_template(name);
    Ok(nothing())
}

fn delete(world: &mut World, args: &Args) -> Reply {
    world.dns_templates.take(NOBODY, args.id()).ok_or(Refusal::Missing)?;
    world.template_records.clear(args.id());
    Ok(nothing())
}

/// The id of the template that a call is about.
fn template(world: &World, args: &Args) -> Result<i64, Refusal> {
    let id = args.int("dns_template_id").unwrap_or_default();
    world.dns_templates.find(NOBODY, id).map(|_| id).ok_or(Refusal::Missing)
}

fn list_records(world: &mut World, args: &Args) -> Reply {
    let template = template(world, args)?;
    Ok(world.template_records.list(template))
}

fn create_record(world: &mut World, args: &Args) -> Reply {
    let template = template(world, args)?;
    if args.text("type") == "mx" && args.int("mx_priority").is_none() {
        return Err(Refusal::invalid("mx_priority", "can't be blank"));
    }
    let record = args.iter().filter(|(name, _)| *name != "dns_template_id").map(|(name, value)| (name, value.clone()));
    let record = record.collect();
    world.template_records.add(template, record);
    Ok(nothing())
}

/// The field called `data` everywhere else is `target` here.
fn edit_record(world: &mut World, args: &Args) -> Reply {
    let template = template(world, args)?;
    let record = world.template_records.find_mut(template, args.id()).ok_or(Refusal::Missing)?;
    for (name, kept_as) in [("ttl", "ttl"), ("target", "data")] {
        if let Some(value) = args.get(name) {
            record.insert(kept_as, value.clone());
        }
    }
    Ok(nothing())
}

fn delete_record(world: &mut World, args: &Args) -> Reply {
    let template = template(world, args)?;
    world.template_records.take(template, args.id()).ok_or(Refusal::Missing)?;
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    #[test]
    fn templates_and_their_records_are_created_and_deleted() {
        let mut client = Client::new();
        let record = |template: i64, kind: &str| {
            map! { "dns_template_id" => template, "ttl" => 900, "type" => kind, "host" => "www", "data" => "[!ip]" }
        };
        let of = |template: i64, id: i64| map! { "dns_template_id" => template, "id" => id };
        for (method, args, status) in [
            ("dns_template.create", map! { "template_name" => "example-template" }, 422),
            ("dns_template.create", map! { "template_name" => "mine" }, 200),
            ("dns_template_record.create", record(56, "a"), 200),
            ("dns_template_record.create", record(56, "mx"), 422),
            ("dns_template_record.create", record(99, "a"), 404),
            ("dns_template_record.delete", of(55, 303), 404),
            ("dns_template_record.edit", of(56, 303), 200),
            ("dns_template_record.delete", of(55, 301), 200),
            ("dns_template.delete", map! { "id" => 55 }, 200),
            ("dns_template.delete", map! { "id" => 55 }, 404),
        ] {
            assert_eq!(client.status(method, args.clone()), status, "{method} {args:?}");
        }
        assert_eq!(client.get("dns_template.list", map! {}).as_list().unwrap().len(), 1);
    }

    #[test]
    fn a_record_is_edited_by_its_target() {
        let mut client = Client::new();
        client.get("dns_template_record.edit", map! { "dns_template_id" => 55, "id" => 301, "target" => "192.0.2.5" });
        let records = client.get("dns_template_record.list", map! { "dns_template_id" => 55 });
        let expected = map! { "id" => 301, "ttl" => 86_400, "type" => "a", "host" => "@", "data" => "192.0.2.5" };
        assert_eq!(records.as_list().unwrap()[0], expected.into());
    }
}
