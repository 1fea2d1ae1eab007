//! Lines that a provider's document forbids for their form are refused before anything is sent; their siblings that it
//! allows are taken. `{}` is where the two differ.

use crate::support::calls::Spoken;

/// A line, what may be put into it, and what may not be, with what is said then.
pub(super) type Row = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

pub(super) fn hold(provider: &str, rows: &[Row]) {
    let spoken = Spoken::to(provider);
    let mut wrong = Vec::new();
    for (line, good, bad) in rows {
        let good = good.iter().map(|part| (part, ""));
        for (part, words) in good.chain(bad.iter().map(|(part, words)| (part, *words))) {
            let line = line.replace("{}", part);
            let said = spoken.said(&line).unwrap_or_else(|error| format!("no line: {error}"));
            if said.is_empty() != words.is_empty() || !said.contains(words) {
                wrong.push(format!("{line}\n  said: {said}\n  not: {words}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{provider}:\n{}", wrong.join("\n"));
}

const MEMSET: &[Row] = &[
    (
        "dns.zone_create nickname z records (json)'[{}]'",
        &[
            r#"{"type":"A","record":"www","address":"192.0.2.1"}"#,
            r#"{"type":"MX","address":"mail.example.com","priority":10,"ttl":300,"relative":true}"#,
        ],
        &[
            (r#"{"type":"A","record":"www"}"#, "`records[0]` needs `address`"),
            (r#"{"type":"BAD","address":"192.0.2.1"}"#, "`records[0].type` cannot be `BAD`"),
            (r#"{"type":"MX","address":"m.example","priority":2000}"#, "`records[0].priority`"),
            (r#"{"type":"A","address":"192.0.2.1","zone_id":"0"}"#, "`records[0]` has no field `zone_id`"),
            (r#"{"type":"A","address":"192.0.2.1","tll":300}"#, "no field `tll`"),
            (r#"{"type":"A","address":"192.0.2.1","ttl":301}"#, "`records[0].ttl`"),
            (r#"{"type":"A","address":["192.0.2.1"]}"#, "`records[0].address`"),
            (r#""A""#, "`records[0]` must be a dictionary"),
        ],
    ),
    (
        "firewalling.rule_group_create nickname web rules (json)'[{}]'",
        &[r#"{"action":"ACCEPT","dest_ports":"80,443","protocols":"tcp","ordering":1}"#],
        &[
            (r#"{"action":"accept","ordering":1}"#, "`rules[0].action` cannot be `accept`"),
            (r#"{"action":"ACCEPT","ordering":1,"dest_ports":"80, 443"}"#, "`rules[0].dest_ports`"),
            (r#"{"action":"ACCEPT","ordering":1,"protocol":"tcp"}"#, "no field `protocol`"),
        ],
    ),
    (
        "apikey.create scopes (json)'{}'",
        &[r#"{"method":["server.reboot"],"name":["myserver1"]}"#],
        &[
            (r#"{"method":{"a":"server.reboot"}}"#, "`scopes.method` must be a list"),
            (r#"{"methods":["server.reboot"]}"#, "no field `methods`"),
            (r#"{"method":[["a"]]}"#, "`scopes.method[0]`"),
        ],
    ),
    ("server.status.list statuses {}", &["WARNING,CRITICAL", "(list)OK"], &[("(list)BAD", "cannot be `BAD`")]),
    (
        "memstore.user.info name msstore1 username {}",
        &["alice", "a.b_c", "al-ice"],
        &[("'.alice'", "`username`"), ("'a b'", "`username`"), ("''", "`username`")],
    ),
    ("openstack.user.delete username {}", &["alice"], &[("al!ce", "`username`")]),
    (
        "loadbalancer.service.add load_balancer mylb1 protocol http virtual_ip 192.0.2.20 port 80 service_name {}",
        &["web", "we_b1"],
        &[("we.b", "`service_name`"), ("'we b'", "`service_name`")],
    ),
    (
        "memstore.container.cdn name msstore1 container {}",
        &["photos", "my-photos"],
        &[("'-bad'", "`container`"), ("bad-", "`container`"), ("b_d", "`container`")],
    ),
    (
        "dns.zone_record_update id 0123456789abcdef0123456789abcdef address {}",
        &["192.0.2.2", "'v=spf1 -all ~'"],
        &[("ünicode.example", "printable ASCII"), ("\"a\\tb\"", "printable ASCII")],
    ),
    (
        "firewalling.rule_create rule_group_name mygroup-fw1 ip_version ipv4 action ACCEPT ordering 1 protocols tcp {}",
        &[
            "dest_ports 80 source_ips 192.0.2.0/24,198.51.100.7",
            "dest_ports 80,443",
            "dest_ports 80 source_ip6s 2001:db8::/32",
        ],
        &[
            ("source_ips '192.0.2.0/24, 198.51.100.7'", "`source_ips`"),
            ("dest_ports '80, 443'", "`dest_ports`"),
            ("dest_ports 80,99999", "`dest_ports`"),
            ("source_ips 2001:db8::1", "`source_ips`"),
            ("source_ip6s 192.0.2.1", "`source_ip6s`"),
        ],
    ),
    (
        "server.monitoring.rule_create name myserver1 {}",
        &[
            "service tcp alert_type email contact_address admin@example.com port 8080",
            "service http alert_type memset-alert",
        ],
        &[
            ("service tcp alert_type email port 8080", "`contact_address`"),
            ("service tcp alert_type memset-alert", "`port`"),
            ("service http_string alert_type memset-alert port 80 host_name www.example.com", "`http_check_string`"),
            ("service http_string alert_type memset-alert port 80 http_check_string ok", "`host_name`"),
        ],
    ),
    (
        "server.monitoring.set_policy name myserver1 {}",
        &["monitoring true auto_reboot true", "monitoring false reminder_emails true"],
        &[
            ("monitoring false auto_reboot true", "`auto_reboot`"),
            ("monitoring true reminder_emails true", "`reminder_emails`"),
        ],
    ),
    (
        "create.monthly_fullserver sku UFS20 dry_run true os debian_buster_64 period 12 partitioning {}",
        &["all_root", "custom setup_instructions 'one large root'"],
        &[("custom", "`setup_instructions`")],
    ),
    ("server.reboot name {}", &["myserver1"], &[("(list)a,b", "`name`"), ("(json)'{\"a\":1}'", "`name`")]),
    ("service.list type {}", &["miniserver", "'[\"miniserver\",\"dedicated\"]'", "(list)miniserver,dedicated"], &[]),
];

#[test]
fn memset_by_its_document() {
    hold("memset", MEMSET);
    let nickname = "x".repeat(300);
    let spoken = Spoken::to("memset");
    assert!(spoken.call(&format!("service.set_nickname name myserver1 nickname {nickname}")).is_ok());
}

const VPS_NET: &[Row] = &[
    (
        "auto_scaling.edit id 1384 disk_usage (json)'{}'",
        &[r#"{"enabled":1,"percentage":10,"nodes":1,"node_type":2}"#],
        &[
            (r#"{"enabled":1,"percentage":10,"nodes":1,"node_type":9}"#, "`disk_usage.node_type` cannot be `9`"),
            (r#"{"enabled":5,"percentage":10,"nodes":1,"node_type":2}"#, "`disk_usage.enabled` cannot be `5`"),
        ],
    ),
    (
        "auto_scaling.edit id 1384 {}",
        &["max_nodes.enabled 1 max_nodes.nodes 2"],
        &[
            ("max_nodes.enabled 5 max_nodes.nodes 2", "`max_nodes.enabled` cannot be `5`"),
            ("max_nodes.enable 1", "no field `enable`"),
        ],
    ),
    (
        "domain_record.update_all domain_id 51 domain_records (json)'[{\"domain_record\":{}}]'",
        &[r#"{"ttl":86400,"type":"a","host":"www","data":"192.0.2.1"}"#],
        &[
            (r#"{"ttl":86400,"type":"b","host":"www","data":"192.0.2.1"}"#, "cannot be `b`"),
            (r#"{"ttl":86400,"type":"a","hots":"www","data":"192.0.2.1"}"#, "no field `hots`"),
            ("5", "`domain_records[0].domain_record` must be a dictionary"),
        ],
    ),
    (
        "ip.request_justified virtual_machine_id 99 ip_justification (json)'{\"ip_address1\":{}}'",
        &[r#"{"justification_type":"3","justification_reason":"www.example.com"}"#],
        &[(r#"{"justification_type":"99","justification_reason":"x"}"#, "cannot be `99`")],
    ),
    (
        "virtual_machine.edit id 1384 {}",
        &["slices_required 3 licenses.12 1", "daily_nodes_required 2"],
        &[
            ("slices_required 3 licenses.12 2", "`licenses.12` cannot be `2`"),
            ("label Web", "at least one of `slices_required`, `daily_nodes_required`"),
        ],
    ),
    (
        "domain_record.create domain_id 51 host www {}",
        &[
            "ttl 86400 data 192.0.2.1 type a",
            "ttl 86400 data mail.example.com type mx mx_priority 10",
            "type srv ttl 86400 data sip.example.com service _sip protocol _tcp priority 1 weight 1 port 5060",
            "type failover data '[\"127.0.0.2\",\"127.0.0.3\"]' primary_data 127.0.0.1 service_type icmp.ping",
            "type failover data (list)127.0.0.2 primary_data 127.0.0.1 service_type icmp.ping",
        ],
        &[
            ("data 192.0.2.1 type a", "`ttl`"),
            ("ttl 86400 data mail.example.com type mx", "`mx_priority`"),
            ("type srv ttl 86400 data sip.example.com service _sip protocol _tcp priority 1 weight 1", "`port`"),
            ("type failover data (list)127.0.0.2 primary_data 127.0.0.1", "`service_type`"),
            ("type failover data 127.0.0.2 primary_data 127.0.0.1 service_type icmp.ping", "`data`"),
            ("ttl 86400 data (list)192.0.2.1 type a", "`data`"),
        ],
    ),
    (
        "ticket.create body x {}",
        &["department 5 subject reboot vm_id 520", "department 1 subject 'A question'"],
        &[
            ("department 5 subject reboot", "`vm_id`"),
            ("department 5 vm_id 520", "`subject`"),
            ("department 5 subject hello vm_id 520", "`subject`"),
        ],
    ),
    (
        "upgrade_schedule.create virtual_machine_id 1384 label s extra_slices 2 run_at {} delayed_storage true",
        &[
            "'2030-05-08 12:00' temporary true days 2",
            "'2030-05-08 12:00' temporary false",
            "2030-05-08T12:00 temporary false",
        ],
        &[("'2030-05-08 12:00' temporary true", "`days`"), ("tomorrow temporary false", "`run_at`")],
    ),
    (
        "dns_template_record.create dns_template_id 55 ttl 86400 host www data '[!ip]' type {}",
        &["a", "mx mx_priority 5"],
        &[("mx", "`mx_priority`")],
    ),
    (
        "virtual_machine.create fqdn www.example.com system_template_id 9 cloud_id 1 backups_enabled false \
             rsync_backups_enabled false label {}",
        &["'Web Server 01'", "Web.1_a-b"],
        &[("'Web!'", "`label`"), ("'a/b'", "`label`")],
    ),
];

#[test]
fn vps_net_by_its_document() {
    hold("vpsnet", VPS_NET);
}

const ARTNET: &[Row] = &[
    ("vps.details service_id {}", &["1"], &[("(list)1,2", "`service_id`"), ("(json)'{\"a\":1}'", "`service_id`")]),
    ("vps.list {}", &["limit 50 offset 0"], &[("limit -5", "`limit`"), ("offset -1", "`offset`")]),
    (
        "customer.edit {}",
        &["customer.city 'Example City'"],
        &[
            ("customer.emial x@example.com", "did you mean"),
            ("", "`customer`"),
            ("customer.business maybe", "`customer.business`"),
        ],
    ),
    (
        "firewall.save ruleset_id 12 rules (json)'{}'",
        &[
            r#"{"in":[]}"#,
            r#"{"in":[{"policy":"DROP","source":{"ip":"192.0.2.0","mask_short":24},"destination":{"ip":"192.0.2.10","mask_short":32}}]}"#,
        ],
        &[
            (r#"{"inn":[]}"#, "no field `inn`"),
            (
                r#"{"in":[{"policy":"ACEPT","source":{"ip":"192.0.2.0","mask_short":24},"destination":{"ip":"192.0.2.10","mask_short":32}}]}"#,
                "`rules.in[0].policy` cannot be `ACEPT`",
            ),
            (
                r#"{"in":[{"policy":"DROP","source":{"ip":"192.0.2.0","mask_short":33},"destination":{"ip":"192.0.2.10","mask_short":32}}]}"#,
                "`rules.in[0].source.mask_short`",
            ),
            (r#"{"in":[{"policy":"DROP","source":{"ip":"192.0.2.0","mask_short":24}}]}"#, "`destination`"),
            (
                r#"{"in":[{"policy":"DROP","protocol":300,"source":{"ip":"192.0.2.0","mask_short":24},"destination":{"ip":"192.0.2.10","mask_short":32}}]}"#,
                "`rules.in[0].protocol`",
            ),
        ],
    ),
    (
        "dns.edit-primary-records zone_id 789 serial 2016121401 {}",
        &[
            "records[0].name www records[0].ttl 3600 records[0].type A records[0].data1 192.0.2.1",
            "records[0].name '' records[0].ttl 3600 records[0].type MX records[0].data1 mail records[0].data2 10",
        ],
        &[
            ("records[0].name www records[0].ttl 3600 records[0].type NS records[0].data1 ns", "cannot be `NS`"),
            ("records[0].name www records[0].ttl abc records[0].type A records[0].data1 192.0.2.1", "`records[0].ttl`"),
            ("records[0].name www records[0].ttl 3600 records[0].type MX records[0].data1 mail", "`records[0].data2`"),
            ("records[0].name www records[0].ttl 3600 records[0].type A records[0].data1 www", "`records[0].data1`"),
            ("records[0].nmae www", "did you mean"),
        ],
    ),
    (
        "rev-dns.edit subnetwork_id 321 dns_subclass 192.0.2 serial 2016121401 {}",
        &[
            "ptr_records[0].origin 10 ptr_records[0].ptr www.example.com",
            "ptr_records[0].origin 10 ptr_records[0].delete delete",
        ],
        &[
            ("ptr_records[0].origin 10 ptr_records[0].delete yes", "cannot be `yes`"),
            ("ptr_records[0].orgin 10 ptr_records[0].ptr www.example.com", "no field `orgin`"),
            ("ptr_records[0].origin 10", "`ptr_records[0].ptr`"),
        ],
    ),
    (
        "cloud-instance.custom-properties-edit instance_id 678 custom_properties.{}",
        &["display_name web-1", "notes 'Front end'"],
        &[("display_name '123456789 123456789 123456789 123456'", "at most 35"), ("dispay_name x", "did you mean")],
    ),
    (
        "cloud-instance.password-change instance_id 678 instance_password a instance_new_password {}",
        &["N3w.example"],
        &[("'abc def'", "`instance_new_password`"), ("pässw0rd", "`instance_new_password`")],
    ),
    (
        "additional-ip.order parent_service_id 12345 ips_number {}",
        &["1"],
        &[("0", "`ips_number`"), ("-1", "`ips_number`")],
    ),
];

#[test]
fn artnet_by_its_document() {
    hold("artnet", ARTNET);
}
