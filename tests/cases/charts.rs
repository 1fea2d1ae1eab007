//! Charts of the methods that a catalogue says how to draw, in a pipe, in a file and on a terminal.

use std::collections::BTreeSet;

use marsh::registry::catalog::Catalog;
use marsh::registry::embedded;

use crate::support::cmd::{Outcome, World};
use crate::support::keys::{PROMPT, Terminal};

/// A line of each method with a chart, and what the chart must have: names of series and units, and places of the axis.
static DRAWN: &[(&str, &[&str])] = &[
    ("bandwidth.info name myserver1", &["miniserver\n  bytes_in", "predicted", "(bytes)"]),
    ("bandwidth.monthly_usage name myserver1", &["bytes_in", "bytes_out", "(bytes)"]),
    ("bandwidth.usage name myserver1", &["00:00", "23:00", "* bps_in  + bps_out", "bit/s)"]),
    ("bandwidth.usage name msstore1", &["* cloudstorage bps_in", "x cdn bps_out"]),
    ("caas:report.usage startDate 2013-01-01 endDate 2013-01-08", &["01-01", "01-08", "* NA1", "(CPU hours)"]),
    ("caas:report.usage_detailed startDate 2013-01-01 endDate 2013-01-08", &["CPU Hours", "RAM Hours", "(hours)"]),
    ("caas:report.software_units startDate 2013-01-01 endDate 2013-01-08", &["2013"]),
    ("caas:report.backup_usage datacenterId NA1 fromDate 2013-10-25 toDate 2013-10-31", &["2013"]),
    ("artnet:dedicated.transfer-usage-details service_id 12345", &["transfer_usage.up", "(bytes)"]),
    ("artnet:colocation.transfer-usage-details service_id 12346", &["transfer_usage.down", "(bytes)"]),
    ("vpsnet:virtual_machine.network_utilisation id 1384", &["00:00", "* data_received  + data_sent"]),
    ("vpsnet:virtual_machine.cpu_usage id 1384", &["00:00", "* cpu_time"]),
];

fn sandbox(line: &str, options: &[&str]) -> Outcome {
    World::new().marsh().arg("--sandbox").line(line).args(options).run()
}

fn is_empty(line: &str) -> bool {
    sandbox(line, &[]).exits(0).stdout.trim() == "[]"
}

#[test]
fn every_method_with_a_chart_is_drawn() {
    for (line, texts) in DRAWN {
        let ran = sandbox(line, &["-o", "chart"]);
        if is_empty(line) {
            ran.exits(1).prints("").says("there is nothing to draw: the result is empty");
            continue;
        }
        let chart = ran.exits(0).stdout;
        assert!(chart.is_ascii() && chart.lines().all(|line| line.len() <= 80), "{line}\n{chart}");
        texts.iter().for_each(|text| assert!(chart.contains(text), "{line}: no {text}\n{chart}"));
    }
}

#[test]
fn no_method_with_a_chart_is_forgotten() {
    let drawn: BTreeSet<String> = DRAWN
        .iter()
        .map(|(line, _)| line.split(' ').next().unwrap_or_default())
        .map(|name| name.rsplit(':').next().unwrap_or_default().to_owned())
        .collect();
    let mut known = BTreeSet::new();
    for source in embedded::all() {
        let catalog = Catalog::open(source).unwrap();
        for record in catalog.records() {
            if catalog.method(record.name).unwrap().unwrap().chart.is_some() {
                known.insert(record.name.to_string());
            }
        }
    }
    assert_eq!(drawn, known);
}

#[test]
fn a_file_gets_a_picture_and_a_filter_is_drawn() {
    let world = World::new();
    world.marsh().arg("--sandbox").line("bandwidth.usage name myserver1 | use.svg").run().exits(0).prints("");
    let svg = world.content("use.svg");
    assert!(svg.starts_with("<?xml") && svg.contains(">bps_out</text>") && svg.contains("bit/s)"), "{svg}");
    assert_eq!(sandbox("bandwidth.usage name myserver1", &["-o", "svg"]).exits(0).stdout, svg);
    for (filter, text) in [
        (".miniserver", "* bps_in  + bps_out"),
        (".", "* bps_in  + bps_out"),
        (".miniserver | map({date, bps_in})", "* bps_in  ("),
        (".miniserver | map(.bps_in)", " to "),
        (".miniserver[].bps_in", " to "),
        (".miniserver[0]", "bps_out #"),
    ] {
        let chart = sandbox("bandwidth.usage name myserver1", &["-q", filter, "-o", "chart"]).exits(0).stdout;
        assert!(chart.contains(text), "{filter}\n{chart}");
    }
    let counted = sandbox("service.list", &["-q", "map(.type)", "-o", "chart"]).exits(0).stdout;
    assert!(counted.lines().any(|line| line.starts_with("cloudstorage #")), "{counted}");
}

#[test]
fn where_nothing_can_be_drawn_a_file_stays_as_it_is() {
    let world = World::new();
    std::fs::write(world.at("use.svg"), "before").unwrap();
    let filter = ["-q", "map({name, type})", "|", "use.svg"];
    let ran = world.marsh().arg("--sandbox").line("service.list").args(filter).run().exits(1).prints("");
    ran.says("no field of the result is a number (it has name, type)").says("-q 'map(.FIELD)' -o chart");
    assert_eq!(world.content("use.svg"), "before");
    let chosen = sandbox("service.list", &["-o", "chart", "--columns", "type"]).exits(1);
    chosen.says("`type` is not a column of numbers").says("renewal_price_amount");
}

#[test]
fn a_terminal_gets_colours_and_dots_if_it_has_them() {
    for (language, no_colour, fine, colour) in
        [("C.UTF-8", false, true, true), ("C", false, false, true), ("C.UTF-8", true, false, false)]
    {
        let run = World::new().marsh().arg("--sandbox").env("LC_ALL", language).env("MARSH_PAGER", "off");
        let run = if no_colour { run.env("NO_COLOR", "1") } else { run };
        let mut shell = Terminal::open(run);
        shell.see(PROMPT);
        shell.press("bandwidth.usage name myserver1 -o chart\r");
        shell.see("bps_out");
        shell.see("bit/s)");
        shell.press("quit\r");
        assert_eq!(shell.code(), 0);
        let raw = String::from_utf8_lossy(&shell.raw).into_owned();
        assert_eq!(raw.contains('⠤') && raw.contains('┤'), fine, "{language} {no_colour}: {raw}");
        assert_eq!(raw.contains("\x1b[35m"), colour, "{language} {no_colour}: {raw}");
    }
}
