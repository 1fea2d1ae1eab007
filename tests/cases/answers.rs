//! Requests and answers as the providers' documents show them, through the catalogues.

use marsh::codec::{Fault, Outcome, Reply};
use marsh::model::Value;

use crate::support::calls::Spoken;

/// The value of an answer as JSON.
fn json(provider: &Spoken, method: &str, body: &str) -> String {
    match provider.answered(method, 200, body.as_bytes()) {
        Ok(Outcome { reply: Reply::Value(value), .. }) => serde_json::to_string(&value).unwrap(),
        other => panic!("{method}: {other:?}"),
    }
}

/// The code and the words of a refusal.
fn refusal(provider: &Spoken, method: &str, status: u16, body: &str) -> (String, String) {
    match provider.answered(method, status, body.as_bytes()) {
        Ok(Outcome { reply: Reply::Fault(fault), .. }) => {
            let code = fault.code.as_ref().map(ToString::to_string).unwrap_or_default();
            (code, fault.words())
        }
        other => panic!("{method}: {other:?}"),
    }
}

/// The same document under other prefixes: the default namespace of the first becomes a prefix in the second.
fn prefixed(document: &str) -> String {
    let mut out = document.replace("</", "\u{1}").replace("<?", "\u{2}").replace("<!", "\u{3}").replace('<', "<ns17:");
    for (mark, tag) in [('\u{1}', "</ns17:"), ('\u{2}', "<?"), ('\u{3}', "<!")] {
        out = out.replace(mark, tag);
    }
    out.replace("xmlns=", "xmlns:ns2=\"u\" xmlns:ns17=")
}

const SERVERS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<ServersWithBackup xmlns="http://oec.api.opsource.net/schemas/server"
    totalCount="320" pageCount="250" pageNumber="1" pageSize="250">
    <!--Zero or more repetitions:-->
    <server id="c325fe04-7711-4968-962e-c88784eb2" location="NA1">
        <name>Production LAMP Server</name>
        <operatingSystem id="REDHAT564" displayName="REDHAT5/64" type="UNIX"/>
        <cpuCount>2</cpuCount>
        <memoryMb>4096</memoryMb>
        <disk id="x445fe05" scsiId="0" sizeGb="50" speed="STANDARD" state="NORMAL"/>
        <networkId>xb632974c</networkId>
        <created>2012-07-02T10:43:31.000Z</created>
        <isStarted>false</isStarted>
        <machineStatus name="vmwareToolsRunningStatus">
            <value>RUNNING</value>
        </machineStatus>
        <status>
            <action>START_SERVER</action>
            <step>
                <name>Waiting for operation</name>
                <number>3</number>
            </step>
        </status>
        <backup assetId="30fea016" state="NORMAL" servicePlan="Essentials"/>
    </server>
</ServersWithBackup>"#;

#[test]
fn a_list_means_the_same_under_any_prefixes() {
    let caas = Spoken::to("caas");
    let value = json(&caas, "server.list", SERVERS);
    assert_eq!(
        value,
        concat!(
            r#"[{"id":"c325fe04-7711-4968-962e-c88784eb2","location":"NA1","name":"Production LAMP Server","#,
            r#""operatingSystem":{"id":"REDHAT564","displayName":"REDHAT5/64","type":"UNIX"},"cpuCount":2,"#,
            r#""memoryMb":4096,"disk":[{"id":"x445fe05","scsiId":0,"sizeGb":50,"speed":"STANDARD","#,
            r#""state":"NORMAL"}],"softwareLabel":[],"networkId":"xb632974c","created":"2012-07-02T10:43:31.000Z","#,
            r#""isStarted":false,"machineStatus":[{"name":"vmwareToolsRunningStatus","value":"RUNNING"}],"#,
            r#""status":{"action":"START_SERVER","step":[{"name":"Waiting for operation","number":3}]},"#,
            r#""backup":{"assetId":"30fea016","state":"NORMAL","servicePlan":"Essentials"}}]"#
        )
    );
    assert_eq!(json(&caas, "server.list", &prefixed(SERVERS)), value);
    let outcome = caas.answered("server.list", 200, SERVERS.as_bytes()).unwrap();
    assert_eq!(outcome.aside.total, Some(320));
    assert_eq!(json(&caas, "server.list", "<ServersWithBackup/>"), "[]");
}

#[test]
fn stray_latin_1_does_not_cost_the_answer() {
    let caas = Spoken::to("caas");
    let body = b"\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?><Account><fullName>Jos\xe9</fullName></Account>";
    let Reply::Value(value) = caas.answered("account.me", 200, body).unwrap().reply else { panic!("refused") };
    assert_eq!(value.get("fullName"), Some(&Value::from("José")));
}

#[test]
fn single_documents_and_words_are_read() {
    let caas = Spoken::to("caas");
    let account = "<ns3:Account xmlns:ns3='d'><ns3:userName>rdyer</ns3:userName><ns3:orgId>1831c1a9</ns3:orgId>\
                   <ns3:roles><ns3:role><ns3:name>primary administrator</ns3:name></ns3:role></ns3:roles>\
                   </ns3:Account>";
    assert_eq!(
        json(&caas, "account.me", account),
        r#"{"userName":"rdyer","orgId":"1831c1a9","roles":[{"name":"primary administrator"}]}"#
    );
    let exists = "<Exists xmlns=\"http://oec.api.opsource.net/schemas/general\">true</Exists>";
    assert_eq!(json(&caas, "image.name_exists", exists), "true");
    let rule = "<ns4:AclRule xmlns:ns4='n'><ns4:id>e0b97377</ns4:id><ns4:name>default-102</ns4:name>\
                <ns4:position>102</ns4:position><ns4:sourceIpRange/><ns4:destinationIpRange/><ns4:portRange>\
                <ns4:type>EQUAL_TO</ns4:type><ns4:port1>443</ns4:port1></ns4:portRange><type>OUTSIDE_ACL</type>\
                </ns4:AclRule>";
    assert_eq!(
        json(&caas, "acl_rule.create", rule),
        concat!(
            r#"{"id":"e0b97377","name":"default-102","position":102,"sourceIpRange":{},"destinationIpRange":{},"#,
            r#""portRange":{"type":"EQUAL_TO","port1":443},"type":"OUTSIDE_ACL"}"#
        )
    );
}

/// A document about how it went.
fn status(result: &str, detail: &str, code: &str, facts: &[(&str, &str)]) -> String {
    let facts = facts.iter().map(|(name, value)| {
        format!("<additionalInformation name=\"{name}\"><value>{value}</value></additionalInformation>")
    });
    format!(
        "<Status xmlns=\"http://oec.api.opsource.net/schemas/general\"><operation>Deploy Server</operation>\
         <result>{result}</result><resultDetail>{detail}</resultDetail><resultCode>{code}</resultCode>{}</Status>",
        facts.collect::<String>()
    )
}

#[test]
fn a_status_shows_the_outcome_and_what_was_created() {
    let caas = Spoken::to("caas");
    let issued = status("SUCCESS", "Server \"Deploy\" issued", "REASON_0", &[]);
    let value = concat!(
        r#"{"operation":"Deploy Server","result":"SUCCESS","resultDetail":"Server \"Deploy\" issued","#,
        r#""resultCode":"REASON_0","additionalInformation":[]}"#
    );
    assert_eq!(json(&caas, "server.deploy", &issued), value);
    assert_eq!(json(&caas, "server.deploy", &prefixed(&issued)), value);
    let id = |method: &str, body: &str| -> Value {
        let value: Value = serde_json::from_str(&json(&caas, method, body)).unwrap();
        value.get("id").cloned().unwrap_or_default()
    };
    let facts = [("ipBlock.id", "26cafcd4-66ad-11e1-b5d6-\n0030487e0302"), ("ipBlock.size", "2")];
    for (method, body, wanted) in [
        (
            "anti_affinity.create",
            status("SUCCESS", "ok", "RESULT_0", &[("antiaffinityrule.id", "20ce6bee")]),
            "20ce6bee",
        ),
        ("backup.enable", status("SUCCESS", "ok", "REASON_0", &[("assetId", " 26cafcd4\n")]), "26cafcd4"),
        (
            "network.create",
            status("SUCCESS", "Network created successfully (Network ID: 9eb15060-1)", "REASON_0", &[]),
            "9eb15060-1",
        ),
        ("ip_block.reserve", status("SUCCESS", "ok", "REASON_0", &facts), "26cafcd4-66ad-11e1-b5d6-\n0030487e0302"),
    ] {
        assert_eq!(id(method, &body), Value::from(wanted), "{method}");
    }
    assert_eq!(id("network.create", &status("SUCCESS", "Network added", "REASON_0", &[])), Value::Null);
}

#[test]
fn a_warning_is_a_success_with_a_note() {
    let caas = Spoken::to("caas");
    let warned = status("WARNING", "Mostly done", "REASON_0", &[]);
    let outcome = caas.answered("server.start", 200, warned.as_bytes()).unwrap();
    assert_eq!(outcome.aside.warning.as_deref(), Some("Mostly done"));
    assert!(matches!(outcome.reply, Reply::Value(Value::Map(_))));
}

#[test]
fn a_status_of_failure_counts_under_any_http_status_and_in_place_of_any_answer() {
    let caas = Spoken::to("caas");
    let busy = status("ERROR", "Operation in progress on Server with Id 11", "REASON_392", &[]);
    let said = ("REASON_392".to_owned(), "Operation in progress on Server with Id 11".to_owned());
    for (method, http) in [("server.start", 400), ("server.start", 200), ("server.list", 403), ("report.usage", 429)] {
        assert_eq!(refusal(&caas, method, http, &busy), said, "{method} {http}");
        assert_eq!(refusal(&caas, method, http, &prefixed(&busy)), said, "{method} {http}");
    }
    let facts = [("error.networkCount", "Only one network"), ("error.cpuCount", "Between 1 and 8")];
    let invalid = status("ERROR", "OVF Package content is invalid", "REASON_441", &facts);
    assert_eq!(
        refusal(&caas, "image.import", 400, &invalid),
        (
            "REASON_441".to_owned(),
            "OVF Package content is invalid (error.networkCount: Only one network; error.cpuCount: Between 1 and 8)"
                .to_owned()
        )
    );
}

#[test]
fn anything_but_an_answer_is_an_error() {
    let (caas, artnet, vpsnet) = (Spoken::to("caas"), Spoken::to("artnet"), Spoken::to("vpsnet"));
    let done = status("SUCCESS", "done", "REASON_0", &[]);
    for (provider, method, http, body, words) in [
        (&caas, "account.me", 401, "<html><HR></html>", "the server answered HTTP 401 (not authorised)"),
        (&caas, "server.list", 500, done.as_str(), "the server answered HTTP 500 (internal server error)"),
        (&caas, "server.list", 200, "<html><body>down</body></html>", "the message is not XML but an HTML page"),
        (&caas, "server.list", 200, "", "the message is not XML but empty"),
        (&caas, "report.usage", 200, "<html>down</html>", "the message is not CSV but an HTML page"),
        (&artnet, "vps.list", 200, "{\"a\":1}", "it does not say whether the call worked: success is missing"),
        (&artnet, "vps.list", 200, "", "it does not say whether the call worked: success is missing"),
        (&artnet, "vps.list", 200, "<b>Fatal error</b>", "the message is not JSON but an HTML page"),
        (&artnet, "vps.list", 200, "{\"success\":tr", "a value breaks off at line 1, column 13"),
        (&artnet, "vps.list", 502, "Bad gateway", "the server answered HTTP 502 (bad gateway)"),
        (&vpsnet, "invoice.get", 200, "<html>", "the message is not PDF but an HTML page"),
        (&vpsnet, "domain.list", 404, "<html>", "the server answered HTTP 404 (not found)"),
    ] {
        let error = provider.answered(method, http, body.as_bytes()).unwrap_err();
        assert!(error.contains(words), "{method} {http} {body}: {error}");
    }
}

#[test]
fn reports_are_rows_under_the_names_of_their_header() {
    let caas = Spoken::to("caas");
    let usage = "DAY,Location,CPU Hours,RAM Hours,Cloud Files (GB Days)\r\n01/01/2013,NA1,144,288.5,0\r\n";
    assert_eq!(
        json(&caas, "report.usage", usage),
        r#"[{"DAY":"01/01/2013","Location":"NA1","CPU Hours":144,"RAM Hours":288.5,"Cloud Files (GB Days)":0}]"#
    );
    let units = "Date, Location, Server, Units when Started, Per\n30-Jun-2007, NA1, Server2, 10, CPU\n";
    assert_eq!(
        json(&caas, "report.software_units", units),
        r#"[{"Date":"30-Jun-2007","Location":"NA1","Server":"Server2","Units when Started":10,"Per":"CPU"}]"#
    );
    let log = "UUID,Time,Create User,Department,Details,Response Code\n\
               16aa,16/11/2011 10:32,koala,,\"ATTEMPT: Add 'a, b'\",\n";
    assert_eq!(
        json(&caas, "report.audit_log", log),
        concat!(
            r#"[{"UUID":"16aa","Time":"16/11/2011 10:32","Create User":"koala","Department":"","#,
            r#""Details":"ATTEMPT: Add 'a, b'","Response Code":""}]"#
        )
    );
}

#[test]
fn success_is_a_field_of_every_answer() {
    let artnet = Spoken::to("artnet");
    let details = r#"{ "service": { "id": 12345, "type": "dedicated", "payment_details": { "price": 527,
        "price_brutto": 648.21, "payment_period": "1" }, "parent_service_id": 0 }, "success": true }"#;
    assert_eq!(
        json(&artnet, "services.details", details),
        concat!(
            r#"{"id":12345,"type":"dedicated","payment_details":{"price":527,"price_brutto":648.21,"#,
            r#""payment_period":"1"},"parent_service_id":0}"#
        )
    );
    assert_eq!(json(&artnet, "vps.power-on", r#"{"success":true}"#), "null");
    assert_eq!(json(&artnet, "rev-dns.edit", r#"{"success":true,"warnings":[]}"#), r#"{"warnings":[]}"#);
    assert_eq!(json(&artnet, "vps.list", r#"{"services_list":[{"id":1}],"success":true}"#), r#"[{"id":1}]"#);
    let unknown = r#"{ "success": false, "error": { "code": "unknown-command",
        "description": { "pl": "Nieznane polecenie", "en": "Unknown command" } } }"#;
    for status in [200, 404, 500] {
        let said = ("unknown-command".to_owned(), "Unknown command".to_owned());
        assert_eq!(refusal(&artnet, "services.details", status, unknown), said);
    }
    let polish =
        r#"{"success":false,"error":{"code":"x","description":{"pl":"Nie"},"errors_details":{"in":{"3":"port"}}}}"#;
    let outcome = artnet.answered("firewall.save", 200, polish.as_bytes()).unwrap();
    let Reply::Fault(Fault { message, data, .. }) = outcome.reply else { panic!("no fault") };
    assert_eq!(message, "Nie");
    assert_eq!(serde_json::to_string(&data).unwrap(), r#"{"error":{"errors_details":{"in":{"3":"port"}}}}"#);
}

#[test]
fn wrappers_are_taken_off_where_they_are() {
    let vpsnet = Spoken::to("vpsnet");
    let servers = r#"[{"virtual_machine":{"id":1384,"label":"a"}},{"id":1385,"label":"b"}]"#;
    assert_eq!(json(&vpsnet, "virtual_machine.list", servers), r#"[{"id":1384,"label":"a"},{"id":1385,"label":"b"}]"#);
    for body in [r#"{"virtual_machine":{"id":1}}"#, r#"[{"virtual_machine":{"id":1}}]"#, r#"{"id":1}"#] {
        assert_eq!(json(&vpsnet, "virtual_machine.get", body), r#"{"id":1}"#);
    }
    let address = r#"[{"ip_address":{"id":1,"ip_address":"192.0.2.1"}},{"ip_address":"192.0.2.2"}]"#;
    assert_eq!(json(&vpsnet, "ip.list", address), r#"[{"id":1,"ip_address":"192.0.2.1"},{"ip_address":"192.0.2.2"}]"#);
    for (method, body) in
        [("virtual_machine.delete", ""), ("virtual_machine.delete", "deleted"), ("backup.restore", "")]
    {
        assert_eq!(json(&vpsnet, method, body), "null");
    }
    let Reply::Value(pdf) = vpsnet.answered("invoice.get", 200, b"%PDF-1.4 \xff").unwrap().reply else {
        panic!("fault")
    };
    assert_eq!(pdf, Value::Bytes(b"%PDF-1.4 \xff".to_vec()));
}

#[test]
fn refusals_name_the_field_and_the_fault() {
    let vpsnet = Spoken::to("vpsnet");
    for (method, status, body, code, words) in [
        (
            "virtual_machine.create",
            422,
            r#"{"errors":[["label","is empty"],["fqdn","is taken"]]}"#,
            "422",
            "label: is empty; fqdn: is taken",
        ),
        ("virtual_machine.create", 422, r#"{"errors":{"label":["is empty"]}}"#, "422", "label: is empty"),
        ("virtual_machine.create", 422, r#"{"errors":["All wrong"]}"#, "422", "All wrong"),
        ("virtual_machine.list", 200, r#"{"errors":[["base","no"]]}"#, "", "base: no"),
        ("domain_record.update_all", 200, r#"{"error":"Zone is locked"}"#, "", "Zone is locked"),
        ("domain.create", 200, "false", "", "false"),
        ("virtual_machine.list", 406, "", "406", ""),
        ("virtual_machine.list", 403, "<html><body>Go away</body></html>", "403", "Go away"),
    ] {
        assert_eq!(refusal(&vpsnet, method, status, body), (code.to_owned(), words.to_owned()), "{method} {body}");
    }
}
