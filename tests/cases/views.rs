//! Views over providers, on the simulated account of each of them and on catalogues of the user's own.

use std::collections::BTreeSet;

use marsh::model::view::{ACCOUNT, METHOD};
use marsh::registry::catalog::Catalog;
use marsh::registry::{embedded, views};
use marsh::sandbox::{Options, Server as Sandbox};
use serde_json::Value;

use super::own_catalogs::CATALOG;
use crate::support::cmd::{Outcome, World};
use crate::support::server::{Answer, Server};

fn sandbox() -> (Sandbox, World) {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let world = World::of(&sandbox, "");
    (sandbox, world)
}

fn run(world: &World, profile: &str, line: &[&str]) -> Outcome {
    world.marsh().args(["-p", profile]).args(line).run()
}

fn rows(world: &World, profile: &str, line: &[&str]) -> Vec<Value> {
    let run = run(world, profile, &[line, &["-o", "json"]].concat()).exits(0);
    serde_json::from_str(&run.stdout).unwrap()
}

/// Every view that a catalogue answers, at its simulated account: the columns are those of the view, the row leads back
/// to an account and a method, and the method shows the object of the row. Every other view is refused without a request.
#[test]
fn every_view_of_every_provider_leads_back_to_its_objects() {
    let (_sandbox, world) = sandbox();
    let (mut answered, mut filled) = (0, 0);
    for source in embedded::all() {
        let catalog = Catalog::open(source).unwrap();
        for known in views::shared() {
            let (name, profile) = (known.view.name.as_str(), source.id);
            if catalog.views().of(name).next().is_none() {
                run(&world, profile, &["view", &format!("{profile}:{name}")])
                    .exits(2)
                    .says("has no view")
                    .says("nothing was sent");
                continue;
            }
            answered += 1;
            // What is simulated expires at some time.
            let words: &[&str] = if name == "expiring" { &["view", name, "3650d"] } else { &["view", name] };
            let rows = rows(&world, profile, words);
            filled += usize::from(!rows.is_empty());
            let columns: BTreeSet<&str> = known.method.fields.iter().map(|field| field.name.as_str()).collect();
            for row in &rows {
                assert!(
                    row.as_object().unwrap().keys().map(String::as_str).collect::<BTreeSet<_>>() == columns,
                    "{profile}:{name}: {row}"
                );
                assert_eq!(row[ACCOUNT], profile, "{name}");
            }
            let Some(row) = rows.iter().find(|row| row["id"] != Value::Null) else { continue };
            let method = row[METHOD].as_str().unwrap();
            let id = row["id"].as_str().map_or_else(|| row["id"].to_string(), str::to_owned);
            let whole = run(&world, profile, &[method, "-o", "json"]).exits(0).stdout;
            assert!(whole.contains(&id), "{profile}:{name}: {id} is not in {method}");
        }
    }
    assert!(answered > 20 && filled > answered - 3, "{filled} of {answered}");
}

#[test]
fn what_expires_is_chosen_and_sorted_by_its_date() {
    let (_sandbox, world) = sandbox();
    for profile in ["memset", "artnet"] {
        let all = rows(&world, profile, &["expiring", "3650d"]);
        let near = rows(&world, profile, &["expiring", "60d"]);
        assert!(!near.is_empty() && near.len() < all.len(), "{profile}: {} of {}", near.len(), all.len());
        assert!(near.iter().all(|row| row["days"].as_i64().unwrap() <= 60));
        assert!(all.windows(2).all(|pair| pair[0]["expiry"].as_str() <= pair[1]["expiry"].as_str()), "{profile}");
        assert_eq!(all[..near.len()], near[..], "{profile}");
    }
    let invoices = rows(&world, "vpsnet", &["invoices"]);
    let dates: Vec<&str> = invoices.iter().map(|row| row["date"].as_str().unwrap()).collect();
    assert!(dates.len() > 2 && dates.is_sorted_by(|a, b| a >= b), "{dates:?}");
    let since = &dates[1][..10];
    assert_eq!(rows(&world, "vpsnet", &["invoices", "since", since]).len(), 2);
    assert_eq!(rows(&world, "vpsnet", &["invoices", "until", since]).len(), dates.len() - 1);
    // A sum is a number, although this provider writes a text.
    assert!(invoices.iter().all(|row| row["amount"].is_number() && row["currency"] == "USD"), "{invoices:?}");
}

#[test]
fn a_row_can_be_used_in_the_lines_after_it() {
    let (_sandbox, world) = sandbox();
    let lines = "servers -q length\nserver.info name $_[0].id -q .name -o value\nview servers | s.json\nlet x = $_[1]\n\
                 $x.account\n$x.method\n";
    let run = world.marsh().args(["-p", "memset", "run", "-"]).stdin(lines).run().exits(0);
    assert!(run.stdout.contains("myserver1") && run.stdout.contains("\"memset\"\n\"server.list\""), "{run}");
}

#[test]
fn a_view_takes_the_options_of_a_read_and_no_others() {
    let (_sandbox, world) = sandbox();
    let csv = run(&world, "memset", &["view", "servers", "-o", "csv"]).exits(0).stdout;
    assert!(csv.starts_with("id,name,state,running,address,") && csv.contains(",memset,server.list\n"), "{csv}");
    run(&world, "memset", &["servers", "|", "s.csv"]).exits(0).prints("");
    assert_eq!(world.content("s.csv"), csv);
    run(&world, "artnet", &["servers", "--columns", "method", "--sort=-method", "-o", "value"])
        .exits(0)
        .prints("vps.list\nvps.list\ndedicated.list\ndedicated.list\ncloud-instance.list\ncloud-instance.list\ncloud-instance.list\n");
    let shown = run(&world, "artnet", &["servers", "--dry-run"]).exits(0).stdout;
    assert_eq!(shown.matches("POST ").count(), 3, "{shown}");
    run(&world, "caas", &["addresses", "--dry-run"]).exits(0);
    run(&world, "memset", &["memset:servers", "--all", "--timeout", "30s", "-q", "length"]).exits(0).prints("6\n");
    for (line, message) in [
        (&["servers", "--wait"][..], "--wait is for calls"),
        (&["servers", "--positional"], "--positional is for calls"),
        (&["servers", "-o", "raw"], "is no answer of a provider"),
        (&["servers", "60d"], "takes no words"),
        (&["expiring", "soon"], "is not a length of time"),
        (&["invoices", "since"], "no date after `since`"),
        (&["servers", "--failed"], "--failed is an option of `history`"),
        (&["view", "serverz"], "did you mean servers?"),
        (&["view", "nowhere:servers"], "nowhere"),
        (&["servers", "--columns", ""], "columns"),
        (&["watch", "5s", "servers"], "`servers` is a view"),
    ] {
        run(&world, "memset", line).exits(2).says(message).prints("");
    }
}

#[test]
fn a_name_means_a_command_a_saved_line_or_a_method_first() {
    let (_sandbox, world) = sandbox();
    run(&world, "caas", &["jobs", "-o", "json"]).exits(0).prints("[]\n");
    let jobs = rows(&world, "caas", &["view", "jobs"]);
    assert_eq!(jobs, rows(&world, "memset", &["caas:jobs"]));
    assert!(!jobs.is_empty());
    run(&world, "memset", &["save", "servers", "internal.echo string hello -q .string"]).exits(0);
    run(&world, "memset", &["servers"]).exits(0).prints("\"hello\"\n");
    run(&world, "memset", &["view", "servers", "-q", "length"]).exits(0).prints("6\n");
    run(&world, "artnet", &["servers", "-q", "length"]).exits(0).prints("7\n");
}

/// A view that only one other account has is read there, and a view of several others is refused.
#[test]
fn an_account_that_does_not_have_a_view_names_those_that_have_it() {
    let (_sandbox, world) = sandbox();
    run(&world, "caas", &["keys", "-q", "length"])
        .exits(0)
        .says("reading keys from memset: caas has no view of that name");
    run(&world, "caas", &["zones"]).exits(2).says("caas has no view `zones`").says("memset:zones").prints("");
    let list = rows(&world, "caas", &["view"]);
    let of = |name: &str| list.iter().find(|row| row["name"] == name).unwrap()["accounts"].as_array().unwrap().len();
    assert_eq!((of("servers"), of("keys"), of("expiring")), (4, 1, 3));
    run(&world, "caas", &["help", "servers"]).exits(0).says_nothing();
    let help = run(&world, "caas", &["expiring", "--help"]).exits(0).stdout;
    assert!(help.contains("Accounts\n") && help.contains("services.list") && help.contains("days"), "{help}");
    let found = run(&world, "memset", &["search", "servers"]).exits(0).stdout;
    assert!(found.starts_with("servers ") && found.contains("view: "), "{found}");
}

/// A catalogue with a view of its own, one for a shared view, and one with an error.
fn own() -> String {
    CATALOG.to_owned()
        + r#"
[[method]]
name = "thing.list"
doc = 1
summary = "List things"
effect = "read"
returns = "list:@thing"
example = "thing.list"
[[shape]]
name = "thing"
fields = [
  { name = "key", type = "string", secret = true, summary = "Key" },
  { name = "label", type = "string", summary = "Name" },
  { name = "made", type = "date", summary = "When it was made" },
]
[[view]]
name = "things"
summary = "List our things"
method = "thing.list"
fields = { name = "label", made = "made" }
columns = ["name", "made"]
time = { by = "made" }
[[view]]
name = "servers"
method = "thing.list"
fields = { name = "label" }
[[view]]
name = "zones"
method = "thing.list"
fields = { name = "labels" }
"#
}

#[test]
fn a_catalogue_has_views_of_its_own_and_a_wrong_one_breaks_nothing_else() {
    let member = |name: &str, value: &str| format!("<member><name>{name}</name><value>{value}</value></member>");
    let thing = |label: &str, made: &str| {
        let made = format!("<dateTime.iso8601>{made}</dateTime.iso8601>");
        let fields = [("key", "a-secret-of-theirs"), ("label", label), ("made", &made)];
        format!("<value><struct>{}</struct></value>", fields.map(|(name, value)| member(name, value)).concat())
    };
    let things = [thing("a", "20260101T00:00:00"), thing("b", "20260301T00:00:00")].concat();
    let answer = || Answer::value(&format!("<array><data>{things}</data></array>"));
    let server = Server::answering([answer(), answer()]);
    let world = World::new();
    world.put("own.toml", &own(), 0o600);
    world.configure(&format!(
        "[profiles.own]\nprovider = \"own\"\ncatalog = \"{}\"\nurl = \"{}\"\nkey_command = \"printf a-key-of-ours\"\n",
        world.at("own.toml").display(),
        server.url("/rpc")
    ));
    let of = |line: &str| world.marsh().args(line.split(' ')).run();
    of("things since 2026-02 -o csv").exits(0).prints("name,made,account,method\nb,2026-03-01,own,thing.list\n");
    let rows = of("servers -o json").exits(0).stdout;
    assert!(rows.contains("\"name\": \"b\"") && !rows.contains("a-secret-of-theirs"), "{rows}");
    of("zones").exits(2).says("the catalogue of own has an error").says("labels is not a field of thing.list");
    of("view").exits(0).says("a view is left out for own: ").says("labels is not a field");
    assert_eq!(server.requests().len(), 2);
}
