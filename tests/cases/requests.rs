//! Calls of methods with an address of their own, byte for byte as the providers' documents want them.

use crate::support::calls::Spoken;

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

#[test]
fn xml_documents_have_every_value_at_its_path() {
    let caas = Spoken::to("caas");
    for (line, address, body) in [
        (
            "server.deploy name 'My Server' description 'My Server Description' isStarted true \
             vlanResourcePath /oec/o/network/n imageResourcePath /oec/base/image/i administratorPassword zyxw4321",
            "POST /org-id/server",
            "<Server xmlns=\"http://oec.api.opsource.net/schemas/server\"><name>My Server</name>\
             <description>My Server Description</description><vlanResourcePath>/oec/o/network/n</vlanResourcePath>\
             <imageResourcePath>/oec/base/image/i</imageResourcePath>\
             <administratorPassword>(redacted)</administratorPassword><isStarted>true</isStarted></Server>",
        ),
        (
            "acl_rule.create network-id n name R&D position 110 action PERMIT protocol IP \
             destinationNetmask 255.255.255.0 sourceIpAddress 192.168.3.0 destinationIpAddress 192.168.3.0 \
             portRangeType RANGE port1 9090 port2 9099",
            "POST /org-id/network/n/aclrule",
            "<AclRule xmlns=\"http://oec.api.opsource.net/schemas/network\"><name>R&amp;D</name>\
             <position>110</position><action>PERMIT</action><protocol>IP</protocol>\
             <sourceIpRange><ipAddress>192.168.3.0</ipAddress></sourceIpRange>\
             <destinationIpRange><ipAddress>192.168.3.0</ipAddress><netmask>255.255.255.0</netmask>\
             </destinationIpRange><portRange><type>RANGE</type><port1>9090</port1><port2>9099</port2></portRange>\
             </AclRule>",
        ),
        (
            "backup.enable server-id s servicePlan Essentials",
            "POST /org-id/server/s/backup",
            "<NewBackup xmlns=\"http://oec.api.opsource.net/schemas/backup\" servicePlan=\"Essentials\"/>",
        ),
        (
            "account.create userName u password p1234567 fullName F firstName F lastName L \
             emailAddress a@example.com orgId o roles[0].name network roles[1].name server",
            "POST /org-id/account",
            "<Account xmlns=\"http://oec.api.opsource.net/schemas/directory\"><userName>u</userName>\
             <password>(redacted)</password><fullName>F</fullName><firstName>F</firstName><lastName>L</lastName>\
             <emailAddress>a@example.com</emailAddress><orgId>o</orgId><roles><role><name>network</name></role>\
             <role><name>server</name></role></roles></Account>",
        ),
        (
            "server_farm.create network-id n name f predictor ROUND_ROBIN realServer[0].id r1 realServer[0].port 80 \
             realServer[1].id r2",
            "POST /org-id/network/n/serverFarm",
            "<NewServerFarm xmlns=\"http://oec.api.opsource.net/schemas/vip\"><name>f</name>\
             <predictor>ROUND_ROBIN</predictor><realServer><id>r1</id><port>80</port></realServer>\
             <realServer><id>r2</id></realServer></NewServerFarm>",
        ),
    ] {
        assert_eq!(caas.sent(line), (address.to_owned(), format!("{XML}{body}")), "{line}");
    }
}

#[test]
fn addresses_and_forms_are_escaped_and_repeated() {
    let (caas, artnet) = (Spoken::to("caas"), Spoken::to("artnet"));
    let login = "api_key=(redacted)&id=me";
    for (provider, line, address, body) in [
        (&caas, "account.me", "GET /myaccount", ""),
        (&caas, "server.delete server-id a/b", "GET /org-id/server/a%2Fb?delete", ""),
        (
            &caas,
            "server.update server-id s name 'a & b' memory 4096",
            "POST /org-id/server/s",
            "name=a+%26+b&memory=4096",
        ),
        (&caas, "server.update server-id s description ''", "POST /org-id/server/s", "description="),
        (
            &caas,
            "account.update userName u role network,'create image'",
            "POST /org-id/account/u",
            "role=network&role=create+image",
        ),
        (&caas, "account.update userName u role ''", "POST /org-id/account/u", "role="),
        (
            &caas,
            "server.list location NA1,'a b' created.MAX 2012-09-02 created.MIN 2012-09-01",
            "GET /org-id/serverWithBackup?created.MIN=2012-09-01&created.MAX=2012-09-02&location=NA1&location=a%20b",
            "",
        ),
        (&artnet, "vps.list", "POST /vps/list", login),
        (
            &artnet,
            "vps.power-on service_id 12",
            "POST /vps/power-on",
            &format!("{login}&service_id=12&confirm=confirm"),
        ),
        (
            &artnet,
            "domain.edit-dns-servers service_id 1 dns_servers ns1.example.com,ns2.example.com",
            "POST /domain/edit-dns-servers",
            &format!("{login}&service_id=1&dns_servers%5B0%5D=ns1.example.com&dns_servers%5B1%5D=ns2.example.com"),
        ),
        (
            &artnet,
            "firewall.save ruleset_id 12 rules[in][0][policy] DROP \
             rules[in][0][source][ip] 192.0.2.0 rules[in][0][source][mask_short] 24 \
             rules[in][0][source][port][begin] '' rules[in][0][source][port][end] '' \
             rules[in][0][destination][ip] 192.0.2.10 rules[in][0][destination][mask_short] 32",
            "POST /firewall/save",
            &format!(
                "{login}&ruleset_id=12&rules%5Bin%5D%5B0%5D%5Bpolicy%5D=DROP\
                 &rules%5Bin%5D%5B0%5D%5Bsource%5D%5Bip%5D=192.0.2.0\
                 &rules%5Bin%5D%5B0%5D%5Bsource%5D%5Bmask_short%5D=24\
                 &rules%5Bin%5D%5B0%5D%5Bsource%5D%5Bport%5D%5Bbegin%5D=\
                 &rules%5Bin%5D%5B0%5D%5Bsource%5D%5Bport%5D%5Bend%5D=\
                 &rules%5Bin%5D%5B0%5D%5Bdestination%5D%5Bip%5D=192.0.2.10\
                 &rules%5Bin%5D%5B0%5D%5Bdestination%5D%5Bmask_short%5D=32"
            ),
        ),
    ] {
        assert_eq!(provider.sent(line), (address.to_owned(), body.to_owned()), "{line}");
    }
}

#[test]
fn json_bodies_are_wrapped_and_left_out_when_there_is_nothing_in_them() {
    let vpsnet = Spoken::to("vpsnet");
    for (line, address, body) in [
        ("virtual_machine.power_on id 1384", "POST /virtual_machines/1384/power_on.api10json", ""),
        (
            "virtual_machine.reinstall id 1384 system_template_id 41",
            "PUT /virtual_machines/1384/reinstall.api10json",
            r#"{"virtual_machine":{"system_template_id":41}}"#,
        ),
        (
            "virtual_machine.create_instant country 1",
            "POST /virtual_machines.api10json",
            r#"{"instant":true,"country":1}"#,
        ),
        ("node.edit id 5 type vps consumer_id 7", "PUT /nodes/5.api10json", r#"{"consumer_id":7}"#),
        ("node.delete id 5 type storage", "DELETE /nodes/5/remove_storage_node.api10json", ""),
        ("clone.delete virtual_machine_id 1 id 9", "DELETE /virtual_machines/1/clones/9.api10json", r#"{"id":9}"#),
        ("invoice.get id 77", "GET /invoices/77.pdf", ""),
        (
            "cloudlinux_template.create system_template_id 12",
            "POST /commercial_templates.api10json",
            r#"{"commercial_template":{"confirm_purchase":"1","system_template_id":"12"}}"#,
        ),
    ] {
        assert_eq!(vpsnet.sent(line), (address.to_owned(), body.to_owned()), "{line}");
    }
}

#[test]
fn methods_answer_to_their_other_names() {
    let artnet = Spoken::to("artnet");
    for record in artnet.catalog.records() {
        let method = artnet.catalog.method(record.name).unwrap().unwrap();
        for alias in &method.aliases {
            let line = method.example.as_ref().unwrap().replacen(record.name, alias, 1);
            assert_eq!(artnet.call(&line).map(|call| call.method.name.clone()), Ok(record.name.to_string()));
        }
    }
}

#[test]
fn what_would_reach_another_address_is_not_sent() {
    let caas = Spoken::to("caas");
    for (line, words) in [
        ("server.delete server-id ''", "server-id is part of the address and cannot be \"\""),
        ("server.delete server-id ..", "server-id is part of the address and cannot be \"..\""),
        ("server.delete server-id (json)'[1]'", "`server-id` must be a text, not a list"),
        (
            "acl_rule.create network-id n name 'a\u{1}' position 110 action PERMIT protocol IP portRangeType ALL",
            "U+0001",
        ),
    ] {
        let error = caas.call(line).and_then(|call| caas.request(&call)).unwrap_err();
        assert!(error.contains(words), "{line}: {error}");
    }
}
