//! Views that a user has written beside the catalogues.

use std::collections::BTreeMap;

use super::pack;
use serde_json::Value;

/// A TOML text as values, for what is written beside a catalogue. An error names the line.
pub fn toml_value(text: &str) -> Result<model::Value, String> {
    let section = pack::section(text)?;
    serde_json::from_str(&Value::Object(section).to_string()).map_err(|error| error.to_string())
}

/// Such views, by the provider that they are for.
#[derive(Clone, Debug, Default)]
pub struct OwnViews(BTreeMap<String, String>);

impl OwnViews {
    /// Reads the text of a file of `[[view]]`. An error is one of TOML, or an entry without a provider; what is wrong
    /// with one view is known when it is added to a catalogue.
    pub fn parse(text: &str) -> Result<OwnViews, String> {
        entries(text).map(OwnViews)
    }

    /// Those for a provider, as a JSON list.
    pub(super) fn of(&self, provider: &str) -> Option<&str> {
        self.0.get(provider).map(String::as_str)
    }
}

/// The entries of a user's file of views: for each provider that they name, a JSON list. An error is one of TOML, or an
/// entry without a provider.
fn entries(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut section = pack::section(text)?;
    let entries = match section.remove("view") {
        Some(Value::Array(entries)) => entries,
        None => Vec::new(),
        Some(_) => return Err("each view begins with a line [[view]]".into()),
    };
    if let Some(key) = section.keys().next() {
        return Err(format!("there is no key {key}: each view begins with a line [[view]]"));
    }
    let mut by_provider: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for mut entry in entries {
        let provider = entry.as_object_mut().and_then(|entry| entry.remove("provider"));
        let Some(Value::String(provider)) = provider else {
            let name = entry.get("name").and_then(Value::as_str).unwrap_or("without a name");
            return Err(format!("the view {name} does not say which provider it is for: provider = \"…\""));
        };
        by_provider.entry(provider).or_default().push(entry);
    }
    Ok(by_provider.into_iter().map(|(provider, entries)| (provider, Value::Array(entries).to_string())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::{Source, embedded};

    #[test]
    fn a_user_can_add_views_to_a_catalogue_of_the_program() {
        let provider = embedded::DEFAULT;
        let text = format!(
            r#"
            [[view]]
            provider = "{provider}"
            name = "networks"
            method = "server.list"
            fields = {{ name = "name" }}
            [[view]]
            provider = "{provider}"
            name = "servers"
            method = "no.such"
            fields = {{ id = "name" }}
            [[view]]
            provider = "another"
            name = "others"
            method = "a.list"
            fields = {{ id = "id" }}"#
        );
        let own = OwnViews::parse(&text).unwrap();
        let catalog = Catalog::open(embedded::find(provider).unwrap()).unwrap();
        let before = catalog.views().of("servers").count();
        let mut source = Source::new("work", catalog.clone());
        source.add_views(&own);
        for _ in 0..2 {
            let views = source.views();
            assert_eq!((views.of("networks").count(), views.of("servers").count()), (1, before));
            assert_eq!(views.own().iter().map(|known| known.view.name.as_str()).collect::<Vec<_>>(), ["networks"]);
            assert_eq!(views.wrong()[0].1, "view servers: there is no method no.such");
            // They are there after the catalogue was fetched again, too.
            source.replace(catalog.clone());
        }
    }

    #[test]
    fn a_file_that_is_not_one_of_views_is_refused() {
        for (text, error) in [
            ("[[view]]\nname = \"a\"", "does not say which provider"),
            ("[view]\nname = \"a\"", "begins with a line [[view]]"),
            ("views = 5", "there is no key views"),
            ("[[view]\n", "line 1"),
        ] {
            let found = OwnViews::parse(text).unwrap_err();
            assert!(found.contains(error), "{text}: {found}");
        }
        assert!(OwnViews::parse("").is_ok());
    }
}
