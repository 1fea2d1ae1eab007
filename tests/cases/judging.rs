//! Lines that belong together are judged together: a script, a row, a pasted block. What can be known to be wrong with
//! any of them is told before anything of the first is sent.

use marsh::registry::catalog::Catalog;
use marsh::registry::embedded;

use crate::support::accounts::Accounts;
use crate::support::cmd::World;
use crate::support::keys::{ENTER, Terminal};
use crate::support::server::{Answer, Server as Scripted};

/// Accounts, among them one without a key, one whose key is not there and one that may only read; and some files.
fn place() -> Accounts {
    let place = Accounts::with(|url| {
        let profile =
            |name: &str, more: &str| format!("[profiles.{name}]\nprovider = \"memset\"\nurl = \"{url}\"\n{more}\n");
        let look = profile("look", "key_file = \"../../../work/memset\"\nread_only = true");
        profile("keyless", "") + &profile("lost", "key_file = \"gone\"") + &look
    });
    place.world.put("there.json", "{}", 0o644);
    place.world.put("fixed.json", "{}", 0o444);
    place.world.put("bad.json", "{", 0o644);
    place
}

/// A change that works.
const FIRST: &str = "service.set_nickname name myserver1 nickname a";

/// Second lines that can be known to be wrong, with the exit code and the words.
const WRONG: &[(&str, i32, &str)] = &[
    // Names, parameters, types, choices, limits, what is missing.
    ("service.inof name x", 2, "unknown method `service.inof`"),
    ("serivce.info name x", 2, "did you mean service.info"),
    ("nowhere:service.list", 2, "unknown profile `nowhere`"),
    ("service.info nam x", 2, "service.info has no parameter `nam`"),
    ("service.info name", 2, "name has no value"),
    ("service.info", 2, "service.info needs `name`"),
    ("dns.zone_record_create zone_id x type A", 2, "`zone_id` must be 32 hexadecimal digits"),
    ("dns.zone_create nickname a ttl soon", 2, "`ttl`"),
    ("dns.zone_record_create type Q", 2, "`type` cannot be `Q`"),
    ("service.info name a name b", 2, "`name` is given twice"),
    ("internal.echo integer (int)x", 2, "`integer`"),
    ("internal.echo dictionary (file)bad.json", 2, "`dictionary`"),
    ("internal.echo string (file)nowhere.txt", 1, "cannot read nowhere.txt"),
    // Accounts, rules, keys.
    ("virtual_machine.reboot id 1384", 2, "`vpsnet:virtual_machine.reboot id 1384`"),
    ("services.list extra x", 2, "services.list has no parameter `extra`"),
    ("look:dns.reload", 10, "look is read-only"),
    ("let z = $_.id; look:dns.zone_delete id $z --yes", 10, "look is read-only"),
    ("keyless:service.list", 3, "no key for `keyless`"),
    ("lost:service.list", 3, "gone"),
    ("service.cancel name myserver1", 10, "nobody can be asked"),
    ("create.memstore sku CLOUDF5 dry_run false", 10, "nobody can be asked"),
    // Places of results, filters, options and what contradicts itself.
    ("service.list | nowhere/a.json", 2, "nowhere/a.json"),
    ("service.list > there.json", 2, "`there.json` already exists"),
    ("service.list | fixed.json", 2, "`fixed.json` is read-only"),
    ("service.list |! no-such-program", 2, "cannot find the program `no-such-program`"),
    ("service.list -q '.['", 2, "-q '.['"),
    ("service.list -o nonsense", 2, "nonsense"),
    ("service.list -o raw -q .", 2, "a filter cannot read them"),
    ("service.list -o raw --columns a", 2, "--columns cannot choose"),
    ("service.list --timeout soon", 2, "`soon` is not a length of time"),
    ("service.list --all", 2, "does not answer in pages"),
    ("service.list --wait", 2, "nothing to wait for"),
    ("dns.reload --wait --no-wait", 2, "contradict each other"),
    ("dns.reload --wait -o raw", 2, "the bytes of one answer"),
    ("service.list --as nonsense", 2, "nonsense"),
    ("service.list --keep-going", 2, "--keep-going is an option of `source`"),
    // Variables.
    ("service.info name $nothing", 2, "`$nothing` is not set"),
    ("let x = (int)a", 2, "`x`"),
    ("let n = abc; dns.zone_create nickname a ttl $n", 2, "`ttl`"),
    ("$nothing", 2, "`$nothing` is not set"),
    // Commands.
    ("use nowhere", 2, "unknown profile `nowhere`"),
    ("use", 2, "`use` needs a profile"),
    ("set nonsense 5", 2, "there is no setting `nonsense`"),
    ("set output nonsense", 2, "nonsense"),
    ("source", 2, "`source` needs a file"),
    ("source nowhere.marsh", 1, "cannot read nowhere.marsh"),
    ("source there.json --wait", 2, "--wait has no effect on a script"),
    ("methods nonsense", 2, "`methods` lists `changes`"),
    ("help nonsense.at_all", 2, "unknown method `nonsense.at_all`"),
    ("refresh nowhere", 2, "unknown profile `nowhere`"),
    ("profiles extra", 2, "`profiles` takes no more words"),
    ("search", 2, "`search` needs a word"),
    ("last --dry-run", 2, "--dry-run is for calls"),
    // The form of a result that a command does not have.
    ("use vpsnet -o nonsense", 2, "unknown format `nonsense`"),
    ("let x = 1 -o nonsense", 2, "unknown format `nonsense`"),
    ("set confirm change -o nonsense", 2, "unknown format `nonsense`"),
    ("source there.json -o nonsense", 2, "unknown format `nonsense`"),
    ("quit -o nonsense", 2, "unknown format `nonsense`"),
    ("quit -q '.['", 2, "-q '.['"),
    ("refresh --timeout soon", 2, "`soon` is not a length of time"),
    // Syntax.
    ("internal.echo (itn)5", 2, "unknown type (itn)"),
    // In an account and with settings that lines before it leave.
    ("use vpsnet; service.list", 2, "several"),
    ("use artnet; dns.zone_list", 2, "several"),
    ("set confirm change; service.set_nickname name a nickname b", 10, "nobody can be asked"),
    ("set output raw; service.list -q .", 2, "a filter cannot read them"),
];

#[test]
fn errors_in_later_lines_are_reported_before_the_first_is_sent() {
    let place = place();
    for (wrong, code, words) in WRONG {
        let script = format!("{FIRST}\n{wrong}\n{FIRST}\n");
        place.world.put("lines.marsh", &script, 0o644);
        place.world.put("outer.marsh", "source lines.marsh\n", 0o644);
        let row = format!("{FIRST}; {wrong}; {FIRST}\n");
        let ways: [(&[&str], &str); 5] = [
            (&["run", "lines.marsh"], ""),
            (&["run", "--keep-going", "lines.marsh"], ""),
            (&["run", "outer.marsh"], ""),
            (&[], &script),
            (&[], &row),
        ];
        for (arguments, stdin) in ways {
            // What a redirect to a command takes goes to the end of the row.
            if stdin == row && wrong.contains("|!") {
                continue;
            }
            let ended = place.world.marsh().args(arguments).stdin(stdin).run().prints("");
            assert_eq!(place.calls(), 0, "{wrong}: {ended}");
            if *words == "several" {
                let ended = ended.exits(2);
                assert!(ended.stderr.contains("has no method") && ended.stderr.contains("name the account"), "{ended}");
                continue;
            }
            let flat = ended.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat.contains(words), "{wrong}: {ended}");
            assert!(ended.stderr.contains("nothing was sent") && !flat.contains("left out"), "{wrong}: {ended}");
            ended.exits(*code);
        }
    }
    assert_eq!(place.world.content("there.json"), "{}");
}

#[test]
fn every_wrong_line_is_reported_once_with_its_number() {
    let place = place();
    place.world.put("inner.marsh", "service.info nam y\n", 0o644);
    let script = "\
let zone = $_.id
service.list
service.info nam x
let zone = (itn)5
service.info name $zone
source inner.marsh
use nowhere
no.such.method
dns.zone_create ttl 300 nickname $unset
service.info name $later
let later = 5
service.cancel name myserver1
service.cancel name myserver1 --yes
";
    place.world.put("lines.marsh", script, 0o644);
    let ended = place.world.marsh().args(["run", "lines.marsh"]).run().exits(2).prints("");
    let heads: Vec<&str> = ended.stderr.lines().filter_map(|line| line.strip_prefix("marsh: ")).collect();
    let places: Vec<&str> = heads.iter().map(|head| head.split(": ").next().unwrap()).collect();
    // A name that a wrong line would have set, and names at an account that a wrong line would have gone to, are no
    // faults of their own; and where some line is not valid, any variable may have been meant by it.
    let expected = ["lines.marsh:3", "lines.marsh:4", "inner.marsh:1", "lines.marsh:7", "lines.marsh:12"];
    assert_eq!(places, expected, "{ended}");
    assert_eq!(place.calls(), 0);
    // Many are counted.
    let many: String = (0..50).map(|nth| format!("service.info nam x{nth}\n")).collect();
    let ended = place.world.marsh().stdin(many).run().exits(2).says("marsh: stdin:20: ");
    let ended = ended.says("note: 30 more lines are wrong");
    assert!(!ended.stderr.contains("stdin:21"), "{ended}");
}

#[test]
fn what_an_earlier_line_will_create_is_not_an_error() {
    let place = place();
    let scripts = [
        // Results, variables, files.
        "service.list\nservice.info name $_[0].name\nlet n = $_.name\nservice.info name $n\n$n\nlast | again.json\n",
        "service.list -q '.[0]' | one.json\ninternal.echo dictionary (file)one.json string (file)one.json\n",
        "service.list |! tee two.json\ninternal.echo list (file)two.json\n",
        "let t = (int)300\ndns.zone_create nickname z ttl $t\nlet zone = $_.id\ndns.zone_delete id $zone --yes\n",
        "let names = (list)a,b\ninternal.echo list $names string (string)$names\n",
        "service.list > new.json\nservice.list >> new.json\nservice.list >! new.json\n",
        // Accounts and settings.
        "use vpsnet\nvirtual_machine.reboot id 1384 --dry-run\nuse memset\nservice.list\n",
        "set confirm none\nservice.cancel name myserver2\nset confirm default\nservice.list\n",
        "let dry = (boolean)true\ncreate.memstore sku CLOUDF5 dry_run $dry\n",
        "service.list\nlet dry = (boolean)true\nlet x = $_[0].name\ncreate.memstore sku CLOUDF5 dry_run $dry\n",
        "internal.echo boolean true\nlook:create.memstore sku CLOUDF5 dry_run $_.boolean\n",
        "service.list -q '.[0]' | ~/one.json\ninternal.echo dictionary (file)~/one.json\n",
        // Lines that only the run can tell, and what follows them.
        "service.list -q '\"let made = 7\"' -o value | made.marsh\nsource made.marsh\ninternal.echo integer $made\n",
        "methods -q '\"use vpsnet\"' -o value | go.marsh\nsource go.marsh\nvirtual_machine.reboot id 1384 --dry-run\n",
        // What nobody sends.
        "virtual_machine.list --dry-run\nservice.cancel name myserver1 --dry-run\nhelp virtual_machine.reboot\n",
        "keyless:service.list --dry-run\nservice.cancel name myserver1 --as curl\nhelp caas\nhelp topics\n",
        "service.list\nquit\nservice.list\n",
    ];
    for (nth, script) in scripts.iter().enumerate() {
        let world = &place.world;
        world.put("lines.marsh", script, 0o644);
        world.marsh().args(["run", "lines.marsh"]).run().exits(0);
        if nth < 6 {
            world.marsh().stdin(*script).args(["-o", "json"]).run();
        }
    }
}

#[test]
fn a_value_that_is_not_known_yet_fits_every_parameter_of_every_method() {
    for own in embedded::all() {
        let catalog = Catalog::open(embedded::find(own.id).unwrap()).unwrap();
        let mut script = "profiles\ninternal.noop\nlet v = $_.any\n".replace("internal.noop", first_read(&catalog));
        let mut calls = 0;
        for record in catalog.records() {
            let method = catalog.method(record.name).unwrap().unwrap();
            let given = method.params.iter().filter(|param| !param.name.contains('.'));
            let given: String = given.map(|param| format!(" {} $v", param.name)).collect();
            let key = if method.new_key.is_some() { " | key" } else { "" };
            script += &format!("{}{given} --yes{key}\n", method.name);
            calls += 1;
        }
        script += "no.such.method\n";
        let place = place();
        place.world.put("lines.marsh", &script, 0o644);
        let ended = place.world.marsh().args(["-p", own.id, "run", "lines.marsh"]).run().exits(2).prints("");
        assert_eq!(ended.stderr.matches("marsh: ").count(), 1, "{}: {calls} calls: {ended}", own.id);
        assert_eq!((place.calls(), ended.stderr.contains("no.such.method")), (0, true), "{ended}");
        assert!(calls > 80, "{}", own.id);
    }
}

/// A reading method without parameters that are required.
fn first_read(catalog: &Catalog) -> &'static str {
    let mut methods = catalog.records().iter().map(|record| catalog.method(record.name).unwrap().unwrap());
    let plain = |method: &marsh::model::Method| {
        method.effect == marsh::model::Effect::Read && method.params.iter().all(|param| !param.required)
    };
    Box::leak(methods.find(plain).unwrap().name.into_boxed_str())
}

#[test]
fn a_semicolon_inside_a_value_ends_in_a_refusal() {
    let place = place();
    let zone = "0123456789abcdef0123456789abcdef";
    for (value, quoted) in [
        ("v=DMARC1; p=none; rua=mailto:a@example.com", "address 'v=DMARC1; p=none; rua=mailto:a@example.com'"),
        ("k=rsa;p=MIGf", "address 'k=rsa;p=MIGf'"),
        ("v=spf1; -all", "address 'v=spf1; -all'"),
        ("0 issue letsencrypt.org;x", "needs quotes"),
    ] {
        let line = format!("dns.zone_record_create zone_id {zone} type TXT record a address {value}\n");
        place.world.put("lines.marsh", &line, 0o644);
        let ended = place.world.marsh().args(["run", "lines.marsh"]).run().exits(2).prints("");
        let flat = ended.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        if !value.starts_with('0') {
            assert!(flat.contains(quoted), "{ended}");
        }
        assert_eq!(place.calls(), 0, "{ended}");
        let mut shell = Terminal::prompt(place.world.marsh());
        let shown = shell.run(line.trim_end());
        assert!(shown.contains("nothing was sent"), "{shown}");
        assert!(!place.server.requests().iter().any(|(name, _)| name.contains("record_create")), "{shown}");
    }
}

#[test]
fn the_rest_of_a_secret_after_a_semicolon_is_never_shown() {
    let place = place();
    let line = "memshell.enable name myserver1 password canary-front;canary-back --yes\n";
    let ended = place.world.marsh().stdin(line).run().exits(2).prints("");
    assert!(!ended.stderr.contains("canary"), "{ended}");
    let mut shell = Terminal::prompt(place.world.marsh());
    let shown = shell.run(line.trim_end());
    assert!(!shown.split_once("marsh:").unwrap().1.contains("canary"), "{shown}");
    shell.press("quit");
    shell.press(ENTER);
    assert_eq!(shell.code(), 0);
    let kept = place.world.lines().join("\n");
    assert!(!kept.contains("canary") && kept.contains("memshell.enable"), "{kept}");
}

#[test]
fn at_the_prompt_a_row_and_a_block_are_judged_whole() {
    let place = place();
    let mut shell = Terminal::prompt(place.world.marsh());
    let before = place.calls();
    for (lines, words) in [
        ("service.list; service.info nam x", "no parameter `nam`"),
        ("service.list; virtual_machine.reboot id 1", "`vpsnet:virtual_machine.reboot id 1`"),
        ("service.list; service.list | nowhere/x", "nowhere/x"),
        ("use vpsnet; service.list x y", "has no method"),
    ] {
        let shown = shell.run(lines);
        assert!(shown.contains(words) && shown.ends_with("nothing was sent"), "{lines}: {shown}");
        assert_eq!(place.calls(), before, "{lines}");
    }
    // The account is the one before: nothing of the row has run.
    assert!(shell.row().starts_with("memset:memset>"), "{}", shell.row());
    // What is missing is asked for, and what is to be sure of, when its turn comes.
    shell.press("internal.noop; service.cancel name myserver1");
    shell.press(ENTER);
    shell.until("the question", |shell| shell.row().ends_with("Type myserver1 to confirm:"));
    let shown = shell.after("no\r");
    assert!(shown.contains("nothing of this line was sent; lines before it were"), "{shown}");
    shell.press("internal.noop; service.info");
    shell.press(ENTER);
    shell.until("what is missing", |shell| shell.row() == "name:");
    assert!(shell.after("myserver1\r").contains("(service.info result)"));
}

#[test]
fn a_batch_is_judged_by_the_same_rules() {
    let place = place();
    for (script, code, words) in [
        ("service.list\nservice.info nam x\n", 2, "stdin:2: service.info has no parameter `nam`"),
        ("service.list\nuse vpsnet\n", 2, "stdin:2: `use` does not call a provider"),
        ("service.list\nservice.info name $_[0].name\n", 2, "no call of a batch has run"),
        ("service.list\nvirtual_machine.reboot id 1\n", 2, "`vpsnet:virtual_machine.reboot id 1`"),
        ("service.list\nlook:dns.reload\n", 10, "look is read-only"),
        ("service.list\nkeyless:service.list\n", 3, "no key for `keyless`"),
        ("service.list\nservice.cancel name myserver1\n", 10, "nobody can be asked"),
        ("service.list\ninternal.echo (itn)5\nservice.info nam x\n", 2, "stdin:3: service.info has no parameter `nam`"),
    ] {
        let run = place.world.marsh().args(["run", "--batch", "-"]).stdin(script);
        run.run().exits(code).prints("").says(words).says("nothing was sent");
        // The same inside a script.
        place.world.put("batch.marsh", script, 0o644);
        let outer = format!("{FIRST}\nsource --batch batch.marsh\n");
        let ended = place.world.marsh().stdin(outer).run().exits(code).prints("");
        ended.says(&words.replace("stdin:", "batch.marsh:")).says("nothing was sent");
        assert_eq!(place.calls(), 0, "{script}");
    }
    let outer = "source --batch batch.marsh -q length | count.json\nlast\n";
    place.world.put("batch.marsh", "service.list\nvpsnet:virtual_machine.list\n", 0o644);
    place.world.marsh().stdin(outer).run().exits(0);
}

#[test]
fn a_name_that_only_the_service_may_know_needs_a_line_that_fetches_its_list() {
    let list = || Answer::value("<array><data><value>service.shiny_new</value></data></array>");
    let five = || Answer::value("<int>5</int>");
    for script in ["internal.echo\nservice.shiny_new\n", "service.shiny_new\n", "internal.echo; service.shiny_new"] {
        for arguments in [&[][..], &["run", "--batch", "-"]] {
            let server = Scripted::answering([]);
            let world = World::new();
            let ended = world.marsh().against(&server).args(arguments).stdin(script).run().exits(2).prints("");
            let flat = ended.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat.contains("a line `refresh` before it") && flat.contains("nothing was sent"), "{ended}");
            assert_eq!(server.requests().len(), 0, "{ended}");
        }
    }
    let server = Scripted::answering([five(), list(), five(), five()]);
    let (world, script) = (World::new(), "internal.echo\nrefresh\nservice.shiny_new\nservice.shiny_new\n");
    world.marsh().against(&server).stdin(script).run().exits(0).prints("5\n5\n5\n");
    // What stands behind the line that cannot be judged yet is judged with it.
    let server = Scripted::answering([list()]);
    let script = "refresh\nservice.shinier\nservice.info nam x\n";
    let ended = World::new().marsh().against(&server).stdin(script).run().exits(2).prints("");
    let ended = ended.says("stdin:2: unknown method `service.shinier`").says("stdin:3: service.info has no parameter");
    ended.says("nothing of this line was sent; lines before it were");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn judging_runs_no_key_command_and_asks_nothing() {
    let server = Scripted::answering([]);
    let world = World::new();
    let address = server.address;
    world.configure(&format!(
        "[profiles.a]\nprovider = \"memset\"\nurl = \"http://{address}\"\nkey_command = \"touch ran\"\n"
    ));
    let script = "service.list\nservice.info nam x\nservice.cancel name a --yes\nservice.list | out.json\n";
    world.marsh().stdin(script).run().exits(2).prints("").says("no parameter `nam`");
    assert_eq!((server.requests().len(), world.names()), (0, Vec::<String>::new()));
}
