//! What became of calls, judged by the sample answers of the providers' own documents.

use std::fs;

use marsh::codec::{Outcome, Reply};
use marsh::model::instant::possible;
use marsh::model::reconcile::{Heard, Inquiry};
use marsh::model::{Arguments, Value, Verdict};

use crate::support::calls::Spoken;

/// What a verdict is, in a word: `yes` with an id if there is one, `no`, or `?` with a part of the reason.
fn told(verdict: Verdict) -> String {
    match verdict {
        Verdict::Happened { id: Some(id), .. } => format!("yes {id}"),
        Verdict::Happened { id: None, .. } => "yes".into(),
        Verdict::DidNot { .. } => "no".into(),
        Verdict::CannotTell { why, .. } => format!("? {why}"),
    }
}

/// A call, when it was sent, the answer of the document to the method that is asked, and what that shows.
fn judged(provider: &str, line: &str, sent: &str, answer: &[u8]) -> String {
    let spoken = Spoken::to(provider);
    let call = spoken.call(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    let Arguments::Named(given) = &call.arguments else { panic!("{line}") };
    let sent = *possible(&Value::Text(sent.into())).unwrap().start();
    let inquiry = Inquiry { method: &call.method, given, sent, asked: sent + 3600, until: sent + 60, others: &[] };
    let asked = &call.method.reconcile.as_ref().unwrap().method;
    match spoken.answered(asked, 200, answer) {
        Ok(Outcome { reply: Reply::Value(value), aside }) => {
            // The samples are single pages, some of longer lists.
            let whole = aside.total.is_none_or(|total| value.as_list().is_some_and(|list| list.len() as u64 >= total));
            told(inquiry.question().unwrap().judge(Heard::Answer { value: &value, whole }))
        }
        other => panic!("{line}: {other:?}"),
    }
}

/// Each call, when it was sent, the method whose sample is the answer, and what that shows.
fn judged_by_samples(rows: &[(String, &str, &str, &str)]) {
    for (line, sent, sample, expected) in rows {
        let answer = fs::read(format!("tests/data/caas-answers/{sample}.xml")).unwrap();
        let found = judged("caas", line, sent, &answer);
        assert!(found.starts_with(expected), "{line} {sent}: {found}");
    }
}

/// A call about the server of the sample.
fn server(line: &str) -> String {
    format!("{line} server-id c325fe04-7711-4968-962e-c88784eb2")
}

#[test]
fn a_sample_list_of_servers_shows_what_became_of_a_call() {
    let network = "2f7460d4-6516-4c45-a3c8-591e70b4ec54";
    let deploy = |name: &str| {
        format!(
            "server.deploy name '{name}' vlanResourcePath {network} imageResourcePath x administratorPassword \
             'Example-Pass-1' isStarted true"
        )
    };
    judged_by_samples(&[
        // Section 5.1: a server that was made at 10:43:31, on the first page of two.
        (deploy("Production LAMP Server"), "2012-07-02T10:43:25Z", "server.list", "yes c325fe04"),
        (deploy("Production LAMP Server"), "2012-07-02T10:43:50Z", "server.list", "? server.list shows name"),
        (deploy("Production LAMP Server"), "2012-07-03T10:43:25Z", "server.list", "? not all of the answer"),
        (deploy("Another Server"), "2012-07-02T10:43:25Z", "server.list", "? not all of the answer"),
        (server("server.delete"), "2012-09-26T08:36:00Z", "server.list", "? server.list shows id c325fe04"),
        (server("server.shutdown"), "2012-09-26T08:36:00Z", "server.list", "yes"),
        (server("server.start"), "2012-09-26T08:36:00Z", "server.list", "? server.list shows id c325fe04"),
        (
            server("disk.delete") + " disk-id ef49974c-87d0-400f-aa32-ee43559fdb1b",
            "2012-09-26T08:36:00Z",
            "server.list",
            "no",
        ),
    ]);
}

#[test]
fn sample_answers_of_caas_show_what_became_of_a_call() {
    let network = "2f7460d4-6516-4c45-a3c8-591e70b4ec54";
    let nat = |source: &str, name: &str| format!("nat_rule.create network-id {network} name {name} sourceIp {source}");
    let servers = "(list)60b949dc-25eb-46f7-9da2-3b4bd8740e7b";
    judged_by_samples(&[
        // Section 5.15: a rule that was made at 13:57:01.
        (
            format!("anti_affinity.create serverId {servers},651cdb10-9eff-47f4-ae26-acc62a3281ff"),
            "2012-11-02T13:57:00Z",
            "anti_affinity.list",
            "yes 4ba40fb1-55db-4d20-8afd-5db9f1b5a339",
        ),
        (
            format!("anti_affinity.create serverId {servers},415a7f70-1008-42a3-8375-5dcf52636cc5"),
            "2012-11-02T13:57:00Z",
            "anti_affinity.list",
            "no",
        ),
        (
            "anti_affinity.delete rule-id 4ba40fb1-55db-4d20-8afd-5db9f1b5a339".into(),
            "2013-01-01T00:00:00Z",
            "anti_affinity.list",
            "no",
        ),
        (nat("10.147.15.11", "10.147.15.11"), "2013-01-01T00:00:00Z", "nat_rule.list", "yes 4514-a25a"),
        (nat("10.147.15.11", "web"), "2013-01-01T00:00:00Z", "nat_rule.list", "? nat_rule.list shows sourceIp"),
        (nat("10.147.15.13", "web"), "2013-01-01T00:00:00Z", "nat_rule.list", "no"),
        (server("backup.disable"), "2013-12-01T00:00:00Z", "backup.get", "no"),
        (server("backup.change_plan") + " servicePlan Enterprise", "2013-12-01T00:00:00Z", "backup.get", "yes"),
        (server("backup.change_plan") + " servicePlan Advanced", "2013-12-01T00:00:00Z", "backup.get", "no"),
        (
            "ovf_package.copy sourceGeoId x sourceOvfPackage myRedHat564OVFPackage-2011-04-22-09-40.mf".into(),
            "2012-11-06T14:12:50Z",
            "ovf_package.list_copy_history",
            "yes 9ce9df00",
        ),
    ]);
}

#[test]
fn sample_answers_of_vpsnet_show_what_became_of_a_call() {
    // Lines 647, 694, 867 and 1228 of the document.
    let backups = r#"[{"built_at":"2011-01-07T15:44:43Z","disk_id":765,"operating_system_distro":"ubuntu",
        "created_at":"2011-01-07T20:43:33+05:30","template_id":7,"operating_system":"linux","allowed_swap":true,
        "updated_at":"2011-01-07T21:14:43+05:30","backup_type":"normal","allow_resize_without_reboot":true,"id":3774,
        "backup_size":"510340","min_disk_size":5,"identifier":"zvgrwpkoi16qfq","built":true,"locked":false}]"#;
    let clones = r#"[{"clone":{"label":"test_clone_machine","id":86,"status":"Cloned successfully",
        "created_at":"2014-03-10T18:23:10+05:30","cloned_server_id":2978}}]"#;
    let domains = r#"[{"domain":{"name":"demodomain.com","updated_at":"2009-05-15T06:55:02-04:00","id":51,
        "created_at":"2009-05-15T06:55:02-04:00"}},{"domain":{"name":"demodomain2.com",
        "updated_at":"2009-05-15T06:55:02-04:00","id":52,"created_at":"2009-05-15T06:55:02-04:00"}}]"#;
    let tickets = r#"{"replies":[{"client_response":true,"comment":"Test ticket comment",
        "time":"2010-08-06T08:28:16-04:00"}],"subject":"Test Subject","status":"Open"}"#;
    let domain = |name: &str| format!("domain.create name {name} custom_template '' ip_address 192.0.2.1");
    for (line, sent, answer, expected) in [
        ("backup.create virtual_machine_id 1384".to_owned(), "2011-01-07T15:13:30Z", backups, "yes 3774"),
        ("backup.create virtual_machine_id 1384".to_owned(), "2011-01-08T15:13:30Z", backups, "no"),
        ("backup.delete virtual_machine_id 1384 id 3774".to_owned(), "2011-01-08T15:13:30Z", backups, "no"),
        ("backup.delete virtual_machine_id 1384 id 3773".to_owned(), "2011-01-08T15:13:30Z", backups, "yes"),
        ("clone.create virtual_machine_id 1384 cloud_id 15".to_owned(), "2014-03-10T12:53:00Z", clones, "yes 86"),
        ("clone.create virtual_machine_id 1384 cloud_id 15".to_owned(), "2014-03-10T18:23:00Z", clones, "no"),
        (domain("demodomain.com"), "2009-05-15T10:55:00Z", domains, "yes 51"),
        (domain("demodomain.com"), "2009-05-15T10:56:00Z", domains, "? domain.list shows name demodomain.com"),
        (domain("demodomain.com"), "2009-06-15T10:55:00Z", domains, "no"),
        (domain("DemoDomain.com"), "2009-05-15T10:55:00Z", domains, "? domain.list shows name demodomain.com"),
        (domain("other.example.com"), "2009-05-15T10:55:00Z", domains, "no"),
        ("domain.delete id 51".to_owned(), "2009-06-15T10:55:00Z", domains, "no"),
        ("ticket.reply id 979 body 'Test ticket comment'".to_owned(), "2010-08-06T12:28:10Z", tickets, "yes"),
        ("ticket.close id 979".to_owned(), "2010-08-06T12:28:10Z", tickets, "no"),
    ] {
        let found = judged("vpsnet", &line, sent, answer.as_bytes());
        assert!(found.starts_with(expected), "{line} {sent}: {found}");
    }
}
