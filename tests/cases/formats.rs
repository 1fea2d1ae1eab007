//! The same results in every form: to programs whole and exact, to files by their names, to screens of any width.

use std::collections::BTreeSet;

use marsh::model::Date;
use serde_json::Value;

use crate::support::cmd::{Outcome, World};
use crate::support::keys::Terminal;
use crate::support::server::{Answer, Server};

const SERVICES: &str = "service.list";
const SERVERS: &str = "caas:server.list";
const REPORT: &str = "caas:report.usage startDate 2013-01-01 endDate 2013-01-04";
/// Each list with a column whose every cell must be whole wherever it is shown.
const LISTS: [(&str, &str); 3] = [(SERVICES, "name"), (SERVERS, "id"), (REPORT, "DAY")];

fn sandbox(line: &str, more: &[&str]) -> Outcome {
    World::new().marsh().arg("--sandbox").line(line).args(more).run().exits(0)
}

fn rows(line: &str) -> Vec<Value> {
    serde_json::from_str(&sandbox(line, &[]).stdout).unwrap()
}

/// A column of rows, as texts.
fn column(rows: &[Value], name: &str) -> Vec<String> {
    rows.iter().map(|row| row[name].as_str().unwrap().to_owned()).collect()
}

#[test]
fn programs_get_the_same_rows_in_every_form() {
    for (line, key) in LISTS {
        let rows = rows(line);
        let keys = column(&rows, key);
        let jsonl = sandbox(line, &["-o", "jsonl"]).says_nothing().stdout;
        let lines: Vec<Value> = jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines, rows, "{line}");
        for (format, split) in [("csv", ','), ("tsv", '\t')] {
            let text = sandbox(line, &["-o", format, "--columns", key]).says_nothing().stdout;
            let cells: Vec<&str> = text.lines().collect();
            assert_eq!((cells[0], &cells[1..]), (key, &keys.iter().map(String::as_str).collect::<Vec<_>>()[..]));
            let whole = sandbox(line, &["-o", format, "--no-header"]).says_nothing().stdout;
            assert!(whole.lines().count() == rows.len() && whole.lines().all(|line| line.contains(split)), "{whole}");
        }
        let yaml = sandbox(line, &["-o", "yaml"]).says_nothing().stdout;
        assert_eq!(yaml.lines().filter(|line| line.starts_with("- ")).count(), rows.len(), "{yaml}");
        let xml = sandbox(line, &["-o", "xml"]).says_nothing().stdout;
        assert_eq!(xml.lines().filter(|line| *line == "  <item type=\"dict\">").count(), rows.len(), "{xml}");
        let value = sandbox(line, &["-o", "value", "--columns", key]).says_nothing().stdout;
        assert_eq!(value.lines().collect::<Vec<_>>(), keys, "{line}");
        let table = sandbox(line, &["-o", "table"]).stdout;
        assert_eq!(table.lines().count(), rows.len() + 1, "{table}");
        let record = sandbox(line, &["-o", "record"]).says_nothing().stdout;
        assert_eq!(record.split("\n\n").count(), rows.len(), "{record}");
    }
}

#[test]
fn numbers_keep_their_digits_in_every_form() {
    let answer = "<struct><member><name>price</name><value><double>12.30</double></value></member>\
        <member><name>none</name><value><array><data></data></array></value></member></struct>";
    for (format, text) in [
        ("json", "{\n  \"price\": 12.30,\n  \"none\": []\n}\n"),
        ("jsonl", "{\"price\":12.30,\"none\":[]}\n"),
        ("yaml", "price: 12.30\nnone: []\n"),
        ("csv", "price,none\n12.30,\n"),
        ("tsv", "price\tnone\n12.30\t[]\n"),
        ("table", "price  none\n12.30  []\n"),
        ("record", "price  12.30\nnone   []\n"),
        ("value", "12.30\n"),
    ] {
        let (server, world) = (Server::answering([Answer::value(answer)]), World::new());
        let run = world.marsh().against(&server).args(["internal.version", "-o", format]).run();
        run.exits(0).prints(text).says_nothing();
    }
}

#[test]
fn the_ending_of_a_file_chooses_the_form() {
    for (ending, format) in [
        ("json", "json"),
        ("jsonl", "jsonl"),
        ("ndjson", "jsonl"),
        ("yaml", "yaml"),
        ("yml", "yaml"),
        ("xml", "xml"),
        ("csv", "csv"),
        ("tsv", "tsv"),
        ("txt", "table"),
        ("odd", "json"),
    ] {
        let world = World::new();
        let file = format!("out.{ending}");
        world.marsh().arg("--sandbox").args([SERVICES, "|", &file]).run().exits(0).prints("").says_nothing();
        assert_eq!(world.content(&file), sandbox(SERVICES, &["-o", format]).stdout, "{ending}");
    }
}

#[test]
fn a_report_is_the_providers_own_text_in_its_own_notation() {
    let world = World::new();
    let run = |more: &[&str]| world.marsh().arg("--sandbox").line(REPORT).args(more).run().exits(0);
    run(&["|", "report.csv"]).prints("").says_nothing();
    assert_eq!(world.content("report.csv"), sandbox(REPORT, &["-o", "raw"]).stdout);
    run(&["--columns", "Location,DAY", "--sort=-DAY", "|", "chosen.csv"]).prints("").says_nothing();
    let chosen = world.content("chosen.csv");
    assert!(chosen.starts_with("Location,DAY\nNA1,2013-01-04\n"), "{chosen}");
}

#[test]
fn seconds_are_times_in_every_form() {
    let first = |format: &str| {
        let shown = sandbox("artnet:services.list", &["-o", format, "--columns", "expiration_time"]).stdout;
        shown.lines().nth(1).unwrap_or_else(|| panic!("no services\n{shown}")).trim_end().to_owned()
    };
    let time = Date::parse(&first("tsv")).unwrap();
    assert!(time.as_str().ends_with('Z') && time.as_str().contains('T'), "{time}");
    assert_eq!((first("table"), first("csv") + "Z"), (time.to_spaced(), time.to_spaced()));
}

#[test]
fn a_column_that_is_not_there_costs_a_note_and_no_result() {
    let some = sandbox(SERVICES, &["--columns", "nmae,type", "-o", "csv"]);
    let some = some.says("note: no row has a column `nmae`; did you mean name?");
    assert!(some.stdout.starts_with("nmae,type\n,cloudstorage\n"), "{}", some.stdout);
    let none = sandbox(SERVICES, &["--columns", "nmae"]).says("did you mean name?");
    assert_eq!(none.stdout, sandbox(SERVICES, &[]).stdout);
}

#[test]
fn what_cannot_be_chosen_from_is_refused_before_anything_is_sent() {
    for (options, words) in [
        (["-o", "raw", "--columns", "name"], "raw is exactly what the provider sent"),
        (["-o", "csv", "--columns", ","], "--columns names no column"),
        (["-o", "csv", "--sort", " "], "--sort names no column"),
    ] {
        let (server, world) = (Server::answering([]), World::new());
        let run = world.marsh().against(&server).arg(SERVICES).args(options).run();
        run.exits(2).prints("").says(words).says("nothing was sent");
        assert_eq!(server.connections(), 0);
    }
}

/// What a terminal of some columns is shown, line by line, without the notes.
fn on_screen(line: &str, format: &str, columns: usize) -> Vec<String> {
    let run = World::new().marsh().args(["--sandbox", "-o", format]).line(line);
    let mut terminal = Terminal::open(run.env("COLUMNS", columns.to_string()).env("NO_COLOR", "1"));
    assert_eq!(terminal.code(), 0);
    let text = String::from_utf8(terminal.raw).unwrap();
    text.lines().filter(|line| !line.starts_with("note:")).map(str::to_owned).collect()
}

#[test]
fn tables_fit_the_screen_and_cut_nothing_that_identifies_rows() {
    for (line, key) in LISTS {
        let keys = column(&rows(line), key);
        let mut shown = BTreeSet::new();
        for columns in [80, 200] {
            let table = on_screen(line, "table", columns);
            assert!(table.iter().all(|line| line.chars().count() <= columns), "{columns}:\n{}", table.join("\n"));
            let mut words = table.iter().flat_map(|line| line.split_whitespace());
            assert!(keys.iter().all(|key| words.any(|word| word == key)), "{columns}:\n{}", table.join("\n"));
            let height = table.iter().position(|line| line.contains(keys[0].as_str())).unwrap();
            shown.insert(table[..height].join(" ").split_whitespace().count());
        }
        assert!(shown.len() == 2, "{line}: a wider screen shows more columns: {shown:?}");
    }
}

#[test]
fn records_and_documents_fit_a_screen_too() {
    let ids = column(&rows(SERVERS), "id");
    for format in ["json", "jsonl", "yaml", "xml", "csv", "tsv", "record", "value"] {
        let text = on_screen(SERVERS, format, 80).concat();
        assert!(ids.iter().all(|id| text.contains(id.as_str())), "{format}");
    }
}

#[test]
fn a_stored_result_is_shown_in_the_usual_form() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().args(["--sandbox", "-o", "table"]));
    let shown = shell.run("service.list --columns name,type | out.csv");
    assert!(shown.contains("name            type\nmystorage1      cloudstorage\n"), "{shown}");
    assert!(shown.ends_with("(result piped to out.csv)"), "{shown}");
    assert!(world.content("out.csv").starts_with("name,type\nmystorage1,cloudstorage\n"));
}
