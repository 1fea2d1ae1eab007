//! Whole documents.

use proptest::prelude::*;

use std::sync::Arc;

use super::assemble::import;
use super::*;
use model::Value;
use registry::catalog::Catalog;
use registry::lint;
use registry::stored::{Store, store};

/// A stored catalogue in memory.
#[derive(Debug)]
struct Held(Vec<u8>);

impl Store for Held {
    fn read(&self, at: u64, length: usize) -> Option<Vec<u8>> {
        let at = usize::try_from(at).ok()?;
        self.0.get(at..at.checked_add(length)?).map(<[u8]>::to_vec)
    }
}

/// The catalogue as it is kept, and what the lint says about it.
fn kept(imported: &Imported) -> (Catalog, Vec<String>) {
    let bytes = store(imported.parts(&Origin::default())).unwrap();
    let catalog = Catalog::open_stored("own", Arc::new(Held(bytes))).unwrap();
    let findings = lint::lint_user(&catalog).iter().map(ToString::to_string).collect();
    (catalog, findings)
}

fn whole(text: &str) -> Result<Imported, ImportError> {
    let value = read::read(text.as_bytes()).unwrap();
    import(&Library::of(value), Options { id: "own", document: "https://h.example/openapi.json", ..Options::default() })
}

/// Any JSON, with names that documents have.
fn any_document() -> impl Strategy<Value = serde_json::Value> {
    let word = prop::sample::select(vec![
        "openapi",
        "swagger",
        "paths",
        "/a",
        "/a/{id}",
        "get",
        "post",
        "put",
        "delete",
        "parameters",
        "name",
        "in",
        "query",
        "path",
        "body",
        "schema",
        "type",
        "object",
        "array",
        "string",
        "properties",
        "items",
        "allOf",
        "oneOf",
        "$ref",
        "#/paths",
        "#/a",
        "required",
        "responses",
        "200",
        "content",
        "application/json",
        "requestBody",
        "servers",
        "url",
        "security",
        "components",
        "securitySchemes",
        "enum",
        "3.0.0",
        "2.0",
        "id",
        "",
        "é/{",
        "discriminator",
        "propertyName",
        "additionalProperties",
        "operationId",
        "summary",
    ]);
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        word.clone().prop_map(Into::into),
    ];
    let tree = leaf.prop_recursive(8, 128, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec((word.clone(), inner), 0..6).prop_map(|pairs| serde_json::Value::Object(
                pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
            )),
        ]
    });
    (tree.clone(), tree, any::<bool>()).prop_map(|(paths, rest, old)| {
        let mut document = serde_json::Map::new();
        if let serde_json::Value::Object(rest) = rest {
            document.extend(rest);
        }
        document.insert(if old { "swagger" } else { "openapi" }.into(), if old { "2.0" } else { "3.0.0" }.into());
        let mut item = serde_json::Map::new();
        item.insert("get".into(), paths.clone());
        item.insert("parameters".into(), paths.clone());
        document.insert("paths".into(), serde_json::json!({ "/x": paths, "/x/{id}": item }));
        serde_json::Value::Object(document)
    })
}

proptest! {
    #[test]
    fn no_document_panics_and_no_two_methods_have_one_name(document in any_document()) {
        let value: Value = serde_json::from_str(&document.to_string()).unwrap();
        let library = Library::of(value);
        if let Ok(imported) = import(&library, Options { id: "own", document: "d", ..Options::default() }) {
            let mut names: Vec<&str> = imported.methods.iter().map(|it| it.get("name").unwrap().as_str().unwrap()).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            prop_assert_eq!(names.len(), count);
            prop_assert!(imported.methods.iter().all(|it| it.get("derived").is_some()));
        }
    }
}

#[test]
fn a_document_without_operations_is_none() {
    assert_eq!(whole(r#"{"openapi":"3.0.0","paths":{}}"#).unwrap_err(), ImportError::Nothing { refused: Vec::new() });
}

/// A document with one of everything.
const EVERYTHING: &str = r##"{"openapi":"3.1.0","info":{"title":"Everything"},"servers":[{"url":"https://api.example/v1"}],
  "security":[{"key":[]}],"components":{"securitySchemes":{"key":{"type":"apiKey","in":"header","name":"X-Key"}},
   "schemas":{"Zone":{"type":"object","required":["id"],"properties":{"id":{"type":"string","readOnly":true},"name":{"type":"string"},
     "secret":{"type":"string"},"kind":{"enum":["native","slave"]},"ttl":{"type":["integer","null"],"minimum":1},"parent":{"$ref":"#/components/schemas/Zone"},
     "records":{"type":"array","items":{"oneOf":[{"$ref":"#/components/schemas/A"},{"$ref":"#/components/schemas/B"}]}},"made":{"type":"string","format":"date-time"}}},
    "A":{"type":"object","properties":{"type":{"const":"A"},"ip":{"type":"string","format":"ipv4"}}},
    "B":{"type":"object","properties":{"type":{"const":"B"},"host":{"type":"string"}}}}},
  "paths":{
   "/zones":{"get":{"parameters":[{"name":"page","in":"query","schema":{"type":"integer"}},{"name":"limit","in":"query","schema":{"type":"integer","maximum":100}},
        {"name":"tags[]","in":"query","schema":{"type":"array","items":{"type":"string"}}},{"name":"where","in":"query","style":"deepObject","schema":{"type":"object"}}],
      "responses":{"200":{"content":{"application/json":{"schema":{"type":"object","properties":{"total":{"type":"integer"},"zones":{"type":"array","items":{"$ref":"#/components/schemas/Zone"}}}}}}},
        "404":{"content":{"application/json":{"schema":{"type":"object","properties":{"error":{"type":"string"}}}}}}}},
     "post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Zone"}}}},"responses":{"201":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Zone"}}}}}}},
   "/zones/{zone_id}":{"get":{"responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Zone"}}}}}},
     "patch":{"requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{"sets":{"type":"array","items":{"type":"object","properties":{"change":{"enum":["REPLACE","DELETE","ADD"]}}}}}}}}},"responses":{"204":{}}},
     "delete":{"parameters":[{"name":"X-Force","in":"header","schema":{"type":"boolean"}}],"responses":{"204":{}}}},
   "/zones/{zone_id}/export":{"get":{"responses":{"200":{"content":{"text/plain":{}}}}}},
   "/zones/{zone_id}/file":{"put":{"requestBody":{"content":{"application/x-www-form-urlencoded":{"schema":{"type":"object","properties":{"ids":{"type":"array","items":{"type":"integer"}},"password":{"type":"string"}}}}}},"responses":{"200":{}}}},
   "/bulk":{"post":{"requestBody":{"content":{"application/json-patch+json":{"schema":{"type":"array","items":{"type":"object"}}}}},"responses":{"200":{}}}}}}"##;

#[test]
fn an_imported_catalogue_has_no_faults() {
    let imported = whole(EVERYTHING).unwrap();
    let (catalog, findings) = kept(&imported);
    assert_eq!(findings, [""; 0]);
    let names: Vec<&str> = catalog.records().iter().map(|entry| entry.name).collect();
    let wanted = [
        "bulk.create",
        "zones.create",
        "zones.delete",
        "zones.export.get",
        "zones.file",
        "zones.get",
        "zones.list",
        "zones.update",
    ];
    assert_eq!(names, wanted);
    let list = catalog.method("zones.list").unwrap().unwrap();
    assert_eq!(list.summary, "List zones (GET /zones)");
    assert_eq!((list.returns.to_string().as_str(), list.kind.as_slice()), ("list:@zone", &["zone".to_owned()][..]));
    assert_eq!(list.columns, ["id", "name", "kind", "ttl"]);
    let get = catalog.method("zones.get").unwrap().unwrap();
    assert_eq!(get.summary, "Show one of zones (GET /zones/{zone_id})");
    assert_eq!((get.params[0].names.as_slice(), get.key.as_deref()), (&["zone".to_owned()][..], Some("id")));
    let update = catalog.method("zones.update").unwrap().unwrap();
    for (given, effect) in
        [(r#"[{"change":"ADD"}]"#, "change"), (r#"[{"change":"ADD"},{"change":"DELETE"}]"#, "destroy")]
    {
        let given = model::Map::from_iter([("sets", serde_json::from_str::<Value>(given).unwrap())]);
        assert_eq!(update.effects_of(&model::Arguments::Named(given)).to_string(), effect);
    }
    assert_eq!(imported.report.guesses.len(), 1);
}

#[test]
fn what_a_document_refers_to_and_does_not_have_is_told_and_not_called() {
    let text = r##"{"openapi":"3.0.0","servers":[{"url":"https://a.example"}],"security":[{"k":[]}],
        "components":{"securitySchemes":{"k":{"type":"apiKey","in":"header","name":"X-Key"}}},"paths":{
        "/a":{"get":{"parameters":[{"$ref":"#/gone"}]},"post":{"requestBody":{"$ref":"#/gone"}}},
        "/b":{"parameters":[{"$ref":"#/gone"}],"get":{}},"/c":{"$ref":"other.json#/c"},
        "/d":{"get":{"security":[]},"post":{"requestBody":{"content":{"application/json":{"schema":{"required":["x"],"properties":{"x":{"$ref":"#/gone"}}}}}}}}}}"##;
    let imported = whole(text).unwrap();
    let gone = |of: &str| format!("it refers to {of}, which the document does not have");
    let refused: Vec<(String, String)> =
        [("/c", "other.json#/c"), ("GET /a", "#/gone"), ("POST /a", "#/gone"), ("GET /b", "#/gone")]
            .map(|(operation, of)| (operation.to_owned(), gone(of)))
            .to_vec();
    assert_eq!(imported.report.refused, refused);
    let (catalog, findings) = kept(&imported);
    assert!(findings.is_empty(), "{findings:?}");
    // What every other operation needs is not sent where the document takes it back.
    let method = |name: &str| catalog.method(name).unwrap_or_else(|| panic!("{:?}", imported.methods)).unwrap();
    assert_eq!((method("d.get").auth.as_deref(), method("d.update").auth), (Some("none"), None));
    assert!(method("d.update").param("x").is_some_and(|param| param.required));
    let unfilled = text.replace("https://a.example", "https://{tenant}.example/v1");
    let error = whole(&unfilled).unwrap_err().to_string();
    assert_eq!(
        error,
        "its address https://{tenant}.example/v1 has a part to be filled in: --server gives the whole address"
    );
}
