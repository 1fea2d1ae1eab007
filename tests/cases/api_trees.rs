//! The description of an API as a tree of paths, as an API viewer has it: found on its host, imported with what was reviewed
//! of it, called with a token, refused in the service's words, and its tasks waited for.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::cmd::World;
use crate::support::raw::{Peer, http};

/// A small tree. Its operations are called as the real ones are, so that what was reviewed of those fits.
const TREE: &str = r#"const apiSchema = [
  {"path": "/version", "text": "version", "leaf": 1, "info": {"GET": {"method": "GET", "name": "version", "description": "Which version this is.",
    "parameters": {"additionalProperties": 0}, "returns": {"type": "object", "properties": {"version": {"type": "string"}}}}}},
  {"path": "/nodes", "text": "nodes", "children": [{"path": "/nodes/{node}", "text": "{node}", "children": [
    {"path": "/nodes/{node}/tasks/{upid}/status", "text": "status", "leaf": 1, "info": {"GET": {"method": "GET", "description": "How a task is.",
      "parameters": {"properties": {"node": {"type": "string"}, "upid": {"type": "string"}}},
      "returns": {"type": "object", "properties": {"status": {"type": "string", "enum": ["running", "stopped"]}, "exitstatus": {"type": "string", "optional": 1},
        "upid": {"type": "string"}}}}}},
    {"path": "/nodes/{node}/qemu", "text": "qemu", "info": {"GET": {"description": "The machines of a node.",
      "parameters": {"properties": {"full": {"type": "boolean", "optional": 1}, "node": {"type": "string"}}},
      "returns": {"type": "array", "items": {"type": "object", "properties": {"vmid": {"type": "integer"}, "name": {"type": "string"}}}}}},
     "children": [
      {"path": "/nodes/{node}/qemu/{vmid}/status/current", "text": "current", "leaf": 1, "info": {"GET": {"description": "One machine.",
        "parameters": {"properties": {"node": {"type": "string"}, "vmid": {"type": "integer"}}}, "returns": {"type": "object"}}}},
      {"path": "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}", "text": "{snapname}", "info": {"DELETE": {"description": "Take a snapshot away.",
        "permissions": {"description": "It takes the right VM.Snapshot."},
        "parameters": {"properties": {"force": {"type": "boolean", "optional": 1}, "node": {"type": "string"}, "snapname": {"type": "string"},
          "vmid": {"type": "integer", "minimum": 100}}}, "returns": {"type": "string"}}}},
      {"path": "/nodes/{node}/qemu/{vmid}/sendkey", "text": "sendkey", "info": {"PUT": {"description": "Press a key.",
        "parameters": {"properties": {"key": {"type": "string"}, "node": {"type": "string"}, "vmid": {"type": "integer"},
          "net[n]": {"type": "string", "optional": 1}, "skiplock": {"type": "boolean", "optional": 1}}}, "returns": {"type": "null"}}}}]}]}]}
]
;
"#;

const DONE: &str = "UPID:n1:00000001:00000002:5F000000:qmdelsnapshot:100:me@pam!t:";
const BAD: &str = "UPID:n1:00000009:00000002:5F000000:qmdelsnapshot:101:me@pam!t:";

/// The service: a task is running when it is first asked about.
fn service() -> Peer {
    let asked = AtomicUsize::new(0);
    Peer::new(move |request, stream| {
        let line = request.lines().next().unwrap_or_default();
        let path = line.split(' ').nth(1).unwrap_or_default();
        let data = |data: &str| http("200 OK", "application/json", format!("{{\"data\":{data}}}"));
        let opened = request.to_lowercase().contains("authorization: pveapitoken=me@pam!t=s3cret-uuid");
        let refused = r#"{"data":null,"errors":{"key":"value does not match the pattern"}}"#;
        stream.write_all(&match path {
            "/pve-docs/api-viewer/apidata.js" => http("200 OK", "application/javascript", TREE),
            _ if !path.starts_with("/api2/json/") => http("404 Not Found", "text/plain", ""),
            _ if !opened => http("401 No ticket", "application/json", "{\"data\":null}"),
            "/api2/json/version" => data(r#"{"version":"9.1"}"#),
            "/api2/json/nodes/n1/qemu?full=1" => data(r#"[{"vmid":100,"name":"web"},{"vmid":101,"name":"db"}]"#),
            _ if path.ends_with("/sendkey") => http("400 Parameter verification failed.", "application/json", refused),
            _ if path.contains("/qemu/100/snapshot/") => data(&format!("\"{DONE}\"")),
            _ if path.contains("/qemu/101/snapshot/") => data(&format!("\"{BAD}\"")),
            _ if path.contains("/tasks/") => match asked.fetch_add(1, Ordering::SeqCst) {
                0 => data(&format!(r#"{{"status":"running","upid":"{DONE}"}}"#)),
                _ if path.contains("00000001") => {
                    data(&format!(r#"{{"status":"stopped","exitstatus":"OK","upid":"{DONE}"}}"#))
                }
                _ => data(&format!(r#"{{"status":"stopped","exitstatus":"snapshot is busy","upid":"{BAD}"}}"#)),
            },
            _ => http("501 Not Implemented", "application/json", "{\"data\":null}"),
        })
    })
}

#[test]
fn a_tree_of_paths_is_found_imported_called_and_its_tasks_are_waited_for() {
    let peer = service();
    let world = World::new();
    let url = format!("http://{}/", peer.host());
    let told = world.marsh().args(["import", &url, "--name", "ve"]).run().exits(0).says("its document is http://");
    for line in [
        "ve: Proxmox VE, 6 operations\n",
        "  API viewer data\n  6 methods: 4 only read, 1 change something, 1 lose something\n",
        "/api2/json\n",
        "the key is sent as `Authorization: PVEAPIToken=USER=KEY`",
        "  5 methods reviewed by a person\n",
    ] {
        assert!(told.stdout.contains(line), "{line}\n{}", told.stdout);
    }
    world.configure("[profiles.v]\nprovider = \"ve\"\nuser = \"me@pam!t\"\nkey_command = \"printf s3cret-uuid\"\n");
    let line = |text: &str| world.marsh().line(text).run();
    assert_eq!(line("version.get -q .version").exits(0).stdout, "\"9.1\"\n");
    assert_eq!(line("qemu.list node n1 full 1 -q .[1].name").exits(0).stdout, "\"db\"\n");
    line("qemu.list node n1 full true --dry-run").exits(2);
    let help = line("help qemu.snapshot.delete").exits(0).stdout;
    for part in ["What is lost: the snapshot.", "VM.Snapshot", "--wait"] {
        assert!(help.contains(part), "{part}\n{help}");
    }
    line("qemu.snapshot.delete node n1 vmid 100 snapname s").exits(10);
    line("-y qemu.snapshot.delete node n1 vmid 100 snapname s --wait").exits(0);
    line("-y qemu.snapshot.delete node n1 vmid 101 snapname s --wait").exits(9).says("snapshot is busy");
    line("nodes.qemu.sendkey node n1 vmid 100 key a net3 x skiplock 1")
        .exits(4)
        .says("value does not match the pattern");
    let sent = peer.received();
    let keyed = sent.iter().find(|request| request.contains("/sendkey")).unwrap();
    assert!(keyed.ends_with("key=a&net3=x&skiplock=1") || keyed.ends_with("key=a&skiplock=1&net3=x"), "{keyed}");
    assert!(
        sent.iter().any(|request| request.starts_with("GET /api2/json/nodes/n1/tasks/UPID%3An1%3A00000001")),
        "{sent:?}"
    );
}
