//! What a document has become: the parts of a catalogue, in the keys of the catalogue format.

use std::collections::BTreeMap;

use model::{Effect, Map, Value};

use super::report::Report;

/// A catalogue, in the keys of the catalogue format.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The provider's rules.
    pub provider: Map,
    /// The shapes.
    pub shapes: Vec<Value>,
    /// The methods.
    pub methods: Vec<Value>,
    /// The views.
    pub views: Vec<Value>,
    /// The hash of each operation, if it was asked for, by verb and path.
    pub hashes: BTreeMap<String, String>,
    /// What became of the document.
    pub report: Report,
}

impl Imported {
    /// Counts the methods and their effects.
    pub(crate) fn count(&mut self) {
        let report = &mut self.report;
        report.methods = self.methods.len();
        (report.reviewed, report.effects) = (0, BTreeMap::new());
        for method in &self.methods {
            let effect = match method.get("effect").and_then(Value::as_str) {
                Some("read") => Effect::Read,
                Some("destroy") => Effect::Destroy,
                Some("billable") => Effect::Billable,
                _ => Effect::Change,
            };
            *report.effects.entry(effect).or_default() += 1;
            report.reviewed += usize::from(method.get("derived").is_none());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_derived_was_reviewed() {
        let methods = r#"[{"name":"a","effect":"read"},{"name":"b","effect":"destroy","derived":"x"},{"name":"c"}]"#;
        let mut imported =
            Imported { methods: serde_json::from_str::<Vec<Value>>(methods).unwrap(), ..Imported::default() };
        imported.count();
        let report = &imported.report;
        assert_eq!((report.methods, report.reviewed), (3, 2));
        assert_eq!(
            (report.count(Effect::Read), report.count(Effect::Change), report.count(Effect::Destroy)),
            (1, 1, 1)
        );
    }
}
