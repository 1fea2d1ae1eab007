//! The lines of the provider with the most rules: what its document forbids for its form is refused, its siblings are taken.

use super::forms::{Row, hold};

const CAAS: &[Row] = &[
    (
        "server.list {}",
        &[
            "created.min 2012-09-01",
            "created.MIN 2012-09-01T00:00:00Z created.MAX 2012-09-02T00:00:00Z",
            "created (list)2012-09-01,2012-09-02",
            "deployed true",
            "PAGESIZE 5",
            "location NA1,NA2 privateip 192.0.2.1",
            "orderBy location,created.DESCENDING",
        ],
        &[
            ("name.MIN a", "`name`"),
            ("name.LIKE 'a*'", "`name`"),
            ("created.LIKE 2012", "`created`"),
            ("deployed (list)true,false", "`deployed`"),
            ("id.x.y 1", "`id`"),
            ("pagesize 5 pageSize 5", "`pageSize`"),
            ("orderBy frobs", "`orderBy`"),
            ("orderBy location.DOWN", "`orderBy`"),
            ("privateIp 2001:db8::1", "`privateIp[0]`"),
        ],
    ),
    ("image.list_export_history count {}", &["10"], &[("(list)1,2", "`count`"), ("0", "`count`")]),
    (
        "account.create userName {} password 'Example-Pass-1' fullName 'Joe Public' firstName Joe lastName Public \
             emailAddress joe@example.com orgId 1831c1a9-9c03-44df-a5a4-f2a4662d6bde",
        &["jpublic roles[0].name server", "j.p-u_b"],
        &[
            ("jpublic roles[0].name boss", "`roles[0].name` cannot be `boss`"),
            ("jpublic roles[0].name 'primary administrator'", "`roles[0].name` cannot be"),
            ("jpublic roles[0].name 'read only' roles[1].name server", "`roles`"),
            ("jpublic roles[0].name server roles[1].name server", "`roles"),
            ("jpublic roles[0].nmae server", "did you mean"),
            ("'-joe'", "`userName`"),
            ("'joe public'", "`userName`"),
        ],
    ),
    (
        "account.update userName jpublic {}",
        &["role server,'create image'", "department Sales", "role ''"],
        &[("", "at least one of"), ("role 'read only',server", "`role`"), ("role boss", "cannot be `boss`")],
    ),
    ("account.delete {}", &["userName jpublic", "username jpublic"], &[("usrname jpublic", "did you mean")]),
    ("network.get {}", &["network-id 1", "net-id 1"], &[("net-id 1 network-id 1", "`network-id`")]),
    ("ip_block.reserve_without_size {}", &["net-id 1"], &[]),
    (
        "backup.client_add server-id 3 type FA.Linux storagePolicyName a schedulePolicyName b {}",
        &["", "alerting.trigger ON_FAILURE alerting.emailAddress[0] ops@example.com"],
        &[
            ("alerting.trigger OFTEN alerting.emailAddress[0] ops@example.com", "`alerting.trigger` cannot be `OFTEN`"),
            ("alerting.emailAddress[0] ops@example.com", "`alerting` needs `trigger`"),
            ("alerting.trigger ON_FAILURE", "`alerting` needs `emailAddress`"),
            ("alerting.trigger ON_FAILURE alerting.emailAddress[0] ops", "`alerting.emailAddress[0]`"),
        ],
    ),
    (
        "server_farm.create network-id 2 name {} probeId 4 predictor LEAST_CONNECTIONS",
        &["web-farm realServer[0].id b realServer[0].port 80"],
        &[
            ("web-farm realServer[0].id b realServer[0].port 70000", "`realServer[0].port`"),
            ("web-farm realServer[0].port 80", "`realServer[0]` needs `id`"),
            ("default realServer[0].id b", "`name`"),
        ],
    ),
    (
        "probe.create network-id 2 name {} probeIntervalSeconds 120 errorCountBeforeServerFail 3 \
          successCountBeforeServerEnable 3 failedProbeIntervalSeconds 300 maxReplyWaitSeconds 10",
        &["web type HTTP statusCodeLowerBound 200 statusCodeUpperBound 299 requestMethod GET", "web type TCP"],
        &[
            ("web type HTTP requestMethod GET", "`statusCodeLowerBound`"),
            ("web type HTTP statusCodeLowerBound 200 statusCodeUpperBound 299", "`requestMethod`"),
            ("web type HTTPS statusCodeLowerBound 200 requestMethod GET", "`statusCodeUpperBound`"),
            ("web type HTTP statusCodeLowerBound 299 statusCodeUpperBound 200 requestMethod GET", "`statusCode"),
            ("'w b' type TCP", "`name`"),
            (
                "web type HTTP statusCodeLowerBound 200 statusCodeUpperBound 299 requestMethod GET requestUrl '/a b'",
                "`requestUrl`",
            ),
        ],
    ),
    ("probe.update network-id 2 probe-id 4 {}", &["probeIntervalSeconds 60"], &[("", "at least one of")]),
    ("vip.update network-id 2 vip-id 7 {}", &["inService false"], &[("", "at least one of")]),
    (
        "server.update server-id 3 {}",
        &["cpuCount 2 memory 4096"],
        &[("", "at least one of"), ("memory 1500", "`memory`")],
    ),
    ("network.update network-id 2 {}", &["name 'Network C'"], &[("", "at least one of")]),
    (
        "persistence_profile.create network-id 2 name sticky serverFarmId c timeoutMinutes 30 type {}",
        &[
            "HTTP_COOKIE cookieName session cookieType COOKIE_INSERT",
            "IP_NETMASK direction SOURCE netmask 255.255.255.0",
        ],
        &[
            ("HTTP_COOKIE cookieType COOKIE_INSERT", "`cookieName`"),
            ("HTTP_COOKIE cookieName session", "`cookieType`"),
            ("HTTP_COOKIE cookieName 'ses sion' cookieType COOKIE_INSERT", "`cookieName`"),
            ("IP_NETMASK netmask 255.255.255.0", "`direction`"),
            ("IP_NETMASK direction SOURCE", "`netmask`"),
            ("IP_NETMASK direction SOURCE netmask 255.0.255.0", "`netmask`"),
        ],
    ),
    (
        "acl_rule.create net-id 2 name web position 110 action PERMIT protocol TCP type OUTSIDE_ACL {}",
        &[
            "portRangeType EQUAL_TO port1 443",
            "portRangeType RANGE port1 1 port2 5",
            "portRangeType ALL sourceIpAddress 192.0.2.0 sourceNetmask 255.255.255.0",
            "portRange.type ALL",
        ],
        &[
            ("portRangeType EQUAL_TO", "`port1`"),
            ("portRangeType RANGE port1 1", "`port2`"),
            ("portRangeType RANGE port1 5 port2 1", "`port"),
            ("portRangeType ALL sourceNetmask 255.255.255.0", "`sourceIpAddress`"),
            ("portRangeType ALL sourceIpAddress 192.0.2.0 sourceNetmask 255.255.0.255", "`sourceNetmask`"),
            ("portRangeType ALL sourceIpAddress 2001:db8::1", "`sourceIpAddress`"),
        ],
    ),
    (
        "nat_rule.create net-id 2 name web-1 sourceIp {}",
        &["192.0.2.11"],
        &[("192.0.2.10", "`sourceIp`"), ("192.0.2.0", "`sourceIp`"), ("2001:db8::1", "`sourceIp`")],
    ),
    (
        "server.notify_private_ip server-id 3 privateIp {}",
        &["192.0.2.25"],
        &[("192.0.2.10", "`privateIp`"), ("2001:db8::1", "`privateIp`")],
    ),
    (
        "image.import location NA1 {}",
        &["ovfPackage MyImage.mf name 'My New Image'"],
        &[("ovfPackage 'My Image.mf' name a", "`ovfPackage`"), ("ovfPackage MyImage.mf name 'a/b'", "`name`")],
    ),
    ("image.export imageId a ovfPackagePrefix {}", &["MyImageExport", "a-b_c.1"], &[("'a b'", "`ovfPackagePrefix`")]),
    (
        "image.copy sourceImageId 5 targetLocation NA3 targetImageName {}",
        &["'My New Image'"],
        &[("'a/b'", "`targetImageName`"), ("a ovfPackagePrefix 'a b'", "`ovfPackagePrefix`")],
    ),
    ("server.clone server-id 3 newImageName {}", &["'My New Image'"], &[("'My Image!'", "`newImageName`")]),
    (
        "files_account.update files-account-username storage1 password {}",
        &["'Example-1'"],
        &[("example-1", "`password`"), ("Example11", "`password`")],
    ),
    (
        "report.usage_detailed startDate {}",
        &["2013-02-01 endDate 2013-02-28", "20130201 endDate 20130228", "2013-02-01T00:00:00Z endDate 2013-02-02"],
        &[
            ("2013-02-28 endDate 2013-02-01", "`endDate`"),
            ("2013-02-01 endDate 2013-06-01", "the maximum is 31"),
            ("soon endDate 2013-06-01", "`startDate`"),
        ],
    ),
    (
        "report.audit_log startDate {}",
        &["2013-01-01 endDate 2013-01-31"],
        &[("2013-01-01 endDate 2013-02-01", "the maximum is 30")],
    ),
    ("report.usage startDate {}", &["2013-01-01 endDate 2013-05-01"], &[]),
    (
        "backup.restore server-id 3 backup-client-id 2 asAtDate {}",
        &["2013-07-02T12:00:00Z", "'2013-07-02 12:00:00'"],
        &[("2013-07-02", "`asAtDate`")],
    ),
];

#[test]
fn caas_by_its_document() {
    hold("caas", CAAS);
}
