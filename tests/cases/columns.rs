//! What is left of lists on a narrow screen: the column that names a row, and those that the catalogue calls important.

use marsh::model::{Date, Field, Map, Method, Shape, Type, Unit, Value};
use marsh::registry::catalog::Catalog;
use marsh::registry::embedded;
use marsh::render::{Format, Guide, Note, Style, View, render_all};

use crate::support::cmd::World;

/// A value such as the provider sends, as wide as they come.
fn sample(field: &Field, shapes: &[Shape], depth: usize) -> Value {
    let name = field.name.to_lowercase();
    match &field.type_ {
        Type::Int => Value::Int(if field.unit.is_some() { 3_179_579_806 } else { 12_345 }),
        Type::Float => Value::from(1234.5),
        Type::Boolean => Value::Bool(true),
        Type::Date => Value::Date(Date::verbatim("2027-01-15T00:00:00")),
        Type::Bytes => Value::Bytes(vec![0; 200]),
        Type::List(inner) => {
            let member = Field {
                type_: (**inner).clone(),
                name: field.name.clone(),
                fields: field.fields.clone(),
                ..Field::default()
            };
            Value::List(vec![sample(&member, shapes, depth + 1); 3])
        }
        Type::Shape(_) | Type::Dict if depth < 4 => Value::Map(row(&field.type_, &field.fields, shapes, depth + 1)),
        Type::MapOf(_) | Type::Shape(_) | Type::Dict | Type::None => Value::Map(Map::new()),
        _ if field.unit == Some(Unit::Text) => Value::from("the first of the pair behind the balancer in London"),
        _ if field.unit == Some(Unit::Money) => Value::from("1234.50"),
        _ if name.contains("currency") => Value::from("GBP"),
        _ if name == "id" => Value::from("37605271-d650-4d8e-a0b0-ad46b25d0952"),
        _ if name.contains("ip") || name.contains("address") => Value::from("192.0.2.111"),
        _ if name.contains("stat") => Value::from("AWAITING"),
        _ => Value::from("web-server-1"),
    }
}

fn row(declared: &Type, own: &[Field], shapes: &[Shape], depth: usize) -> Map {
    let shape = declared.shape().and_then(|name| shapes.iter().find(|shape| shape.name == name));
    let fields = shape.map_or(own, |shape| &shape.fields);
    fields.iter().map(|field| (field.name.clone(), sample(field, shapes, depth))).collect()
}

/// The table of a list of a method at 80 columns, and its notes.
fn table(method: &Method, shapes: &[Shape], width: usize) -> (String, Vec<Note>) {
    let row = Value::Map(row(&method.returns, &method.fields, shapes, 0));
    let result = match &method.returns {
        Type::MapOf(inner) if matches!(**inner, Type::List(_)) => {
            Value::Map([("myserver1", Value::List(vec![row; 2]))].into_iter().collect())
        }
        Type::MapOf(_) => Value::Map([("myserver1", row.clone()), ("myserver2", row)].into_iter().collect()),
        _ => Value::List(vec![row; 2]),
    };
    let style = Style { colour: false, terminal: true };
    let view = View { style, width: Some(width), guide: Guide::of(method, shapes), ..View::of(Format::Table) };
    let mut out = Vec::new();
    let notes = render_all(&[result], &view, &mut out).unwrap();
    (String::from_utf8(out).unwrap(), notes)
}

/// The name above a column, on one line: the last step of a path at least.
fn has_column(head: &str, name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let squeezed: String = head.chars().filter(|c| !c.is_whitespace()).collect();
    // A name on two lines has its end below its beginning.
    let halves = (1..last.len()).filter_map(|at| last.split_at_checked(at));
    squeezed.contains(last)
        || halves.into_iter().any(|(first, rest)| {
            let [above, below] = [first, rest].map(|part| head.contains(part.trim()));
            above && below
        })
}

#[test]
fn every_list_keeps_its_key_and_what_matters_on_a_narrow_screen() {
    let mut lists = 0;
    for source in embedded::all() {
        let catalog = Catalog::open(source).unwrap();
        for record in catalog.records() {
            let method = catalog.method(record.name).unwrap().unwrap();
            let columns = method.result_columns(catalog.shapes());
            if !matches!(method.returns, Type::List(_) | Type::MapOf(_)) || columns.is_empty() {
                continue;
            }
            lists += 1;
            let (text, notes) = table(&method, catalog.shapes(), 80);
            assert!(!notes.contains(&Note::AsRecords), "{}: {text}", method.name);
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{}: {text}", method.name);
            let rows = text.lines().count();
            assert!((3..=4).contains(&rows), "{}: more than a line for a row: {text}", method.name);
            let head: String = text.lines().take(rows - 2).collect::<Vec<_>>().join("\n");
            for name in columns.iter().take(3) {
                assert!(has_column(&head, name), "{}: {name} is missing:\n{text}{notes:?}", method.name);
            }
        }
    }
    assert!(lists > 90, "{lists}");
}

#[test]
fn everyday_lists_keep_what_one_came_for() {
    for (line, columns) in [
        ("service.list", &["name", "status", "expiry_date"][..]),
        ("server.list", &["name", "nickname", "status", "primary_ip", "expiry_date"]),
        ("invoice.list", &["ref", "date", "status", "amount"]),
        ("dns.zone_list", &["id", "nickname", "domains"]),
        ("dns.zone_record_list", &["id", "type", "record", "address"]),
        ("payment_method.available", &["id", "type", "status"]),
        ("caas:server.list", &["id", "name", "state", "privateIp", "memory"]),
        ("caas:network.list", &["id", "name", "privateNet", "location"]),
        ("artnet:services.list", &["id", "type", "name", "ip", "expiration_time"]),
        ("artnet:dns.list", &["id", "domain", "type"]),
        ("vpsnet:virtual_machine.list", &["id", "label", "hostname", "running", "ip_address"]),
        ("vpsnet:invoice.list", &["invoice_no", "date_sent", "amount", "status"]),
        ("methods", &["name", "effect", "summary"]),
        ("profiles", &["name", "provider", "current", "read_only"]),
    ] {
        let run = World::new().marsh().env("COLUMNS", "80").arg("--sandbox").line(line).args(["-o", "table"]);
        let text = run.run().exits(0).stdout;
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        let head: String = text.lines().take(2).collect::<Vec<_>>().join("\n");
        for name in columns {
            assert!(head.contains(name), "{line}: {name}\n{text}");
        }
    }
}

#[test]
fn columns_are_added_or_all_shown() {
    let shown = |asked: &str| {
        let run = World::new().marsh().arg("--sandbox").line("service.list").args(["-o", "table", "--columns", asked]);
        run.run().exits(0).says_nothing().stdout
    };
    let usual = World::new().marsh().arg("--sandbox").line("service.list").args(["-o", "table"]).run().exits(0).stdout;
    let head = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    assert!(!head(&usual).contains("renewal_price_currency"), "{usual}");
    assert!(head(&shown("all")).contains("renewal_price_currency"));
    let more = head(&shown("+renewal_price_currency"));
    assert!(more.starts_with("name ") && more.ends_with("renewal_price_currency"), "{more}");
    assert_eq!(head(&shown("type,name")), "type          name");
}

#[test]
fn a_locale_without_unicode_gets_ascii() {
    for (locale, mark) in [("C", "..."), ("en_GB.ISO-8859-1", "..."), ("en_GB.UTF-8", "…")] {
        let run = World::new().marsh().env("LANG", locale).env("COLUMNS", "60").arg("--sandbox");
        let text = run.line("search dns").args(["-o", "table"]).run().exits(0).stdout;
        assert!(text.contains(mark) && (text.is_ascii() || mark == "…"), "{locale}: {text}");
    }
}
