//! A view: one question, such as which servers there are, that is asked of every provider in the same way.
//!
//! [`View`] is what all providers have in common: the columns, and the time that it is about. [`Viewed`] is what the
//! catalogue of a provider says: which of its methods answers the question, and where the columns are in its rows.

mod reader;
mod window;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::job::Condition;
use super::route::one_or_more;
use super::{Field, Map, Method, Param, Type};
pub use reader::{Column, Origin, Reader};
pub use window::{Window, WindowError};

/// The column with the account of a row.
pub const ACCOUNT: &str = "account";
/// The column with the method that gave a row.
pub const METHOD: &str = "method";

/// What a view is for every provider.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// The name that is typed.
    pub name: String,
    /// One line of what it shows.
    pub summary: String,
    /// Its columns, in the order in which data has them.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// The columns of a table, the most important first; all of them in their order if there are none here.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The time that it is about, if it is about one.
    #[serde(default)]
    pub time: Option<Timed>,
}

/// The time that a view is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timed {
    /// The column with it.
    pub by: String,
    /// A view of what is to come: how far it looks ahead, such as `30d`. Without it, the view is of what has been.
    #[serde(default)]
    pub ahead: Option<String>,
    /// The column that gets the number of days until then, by the calendar in UTC.
    #[serde(default)]
    pub days: Option<String>,
}

/// How a provider answers a view: one method, and where the columns are in its rows. Several of them may belong to one
/// view.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Viewed {
    /// The name of the view.
    pub name: String,
    /// The method, which only reads.
    pub method: String,
    /// Values for its parameters.
    #[serde(default)]
    pub with: Map,
    /// A list inside each member of the result, whose members are the rows: a dotted path. Paths that begin with it lead
    /// into a row, and all others into the member around it.
    #[serde(default)]
    pub rows: Option<String>,
    /// For each column where its value is: a dotted path, a text with paths in braces, or several of these, of which the
    /// first with a value counts.
    #[serde(default)]
    pub fields: BTreeMap<String, Paths>,
    /// Columns with the same text in every row.
    #[serde(default)]
    pub fixed: BTreeMap<String, String>,
    /// Columns without which a row is left out.
    #[serde(default)]
    pub needs: Vec<String>,
    /// A condition for the members of the result; others are left out.
    #[serde(default)]
    pub only: Option<Condition>,
    /// Of a view that only this catalogue has: one line of what it shows.
    #[serde(default)]
    pub summary: Option<String>,
    /// Of such a view: the columns of a table, the most important first.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Of such a view: the time that it is about.
    #[serde(default)]
    pub time: Option<Timed>,
}

/// One path or several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Paths(#[serde(deserialize_with = "one_or_more")] pub Vec<String>);

impl View {
    /// The view that entries of a catalogue make up on their own, if no other is known by that name.
    pub fn of_own(entries: &[&Viewed]) -> Option<View> {
        let first = entries.first()?;
        let said = |of: fn(&Viewed) -> bool| entries.iter().find(|entry| of(entry));
        let columns = said(|entry| !entry.columns.is_empty()).map(|entry| entry.columns.clone()).unwrap_or_default();
        let mut names: Vec<&str> = columns.iter().map(String::as_str).collect();
        for name in entries.iter().flat_map(|entry| entry.fields.keys().chain(entry.fixed.keys())) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        let fields = names.iter().map(|name| Field { name: (*name).to_owned(), ..Field::default() }).collect();
        let summary = said(|entry| entry.summary.is_some()).and_then(|entry| entry.summary.clone());
        let time = said(|entry| entry.time.is_some()).and_then(|entry| entry.time.clone());
        let summary = summary.unwrap_or_else(|| format!("A view of {}", first.method));
        Some(View { name: first.name.clone(), summary, fields, columns, time })
    }

    /// Takes over the columns of another view of the same name that this one does not have.
    pub fn take_up(&mut self, other: &View) {
        let names = |fields: &[Field]| fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
        let own = names(&self.fields);
        let new: Vec<Field> = other.fields.iter().filter(|field| !own.contains(&field.name)).cloned().collect();
        if !self.columns.is_empty() {
            let shown = |name: &String| other.columns.is_empty() || other.columns.contains(name);
            self.columns.extend(names(&new).into_iter().filter(shown));
        }
        self.fields.extend(new);
    }

    /// The view in the form of a method, so that its help, its completion and its tables come as for any other list.
    /// `several` puts the account first in a table; otherwise it is shown only if there is room.
    pub fn as_method(&self, several: bool) -> Method {
        let mut fields = self.fields.clone();
        let text = |name: &str, summary: &str| Field {
            name: name.into(),
            type_: Type::String,
            summary: summary.into(),
            ..Field::default()
        };
        fields.push(text(ACCOUNT, "Account that the row is from"));
        fields.push(text(METHOD, "Method that gave it"));
        let usual = || self.fields.iter().map(|field| field.name.clone()).collect();
        let mut columns: Vec<String> = if self.columns.is_empty() { usual() } else { self.columns.clone() };
        columns.insert(if several { 0 } else { columns.len() }, ACCOUNT.into());
        columns.push(METHOD.into());
        Method {
            name: self.name.clone(),
            summary: self.summary.clone(),
            params: self.time.as_ref().map(Timed::param).into_iter().collect(),
            returns: Type::List(Box::new(Type::Dict)),
            fields,
            columns,
            ..Method::default()
        }
    }
}

impl Timed {
    /// What may follow the name of the view.
    fn param(&self) -> Param {
        let summary = match &self.ahead {
            Some(ahead) => format!("How far to look ahead, such as {ahead}; or `since DATE`, `until DATE`"),
            None => "How far to look back, such as 90d; or `since DATE`, `until DATE`".into(),
        };
        Param { name: "time …".into(), summary, ..Param::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewed(json: &str) -> Viewed {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_entry_has_one_path_or_several() {
        let entry = viewed(r#"{"name":"v","method":"a.list","fields":{"id":"id","name":["label","host"]}}"#);
        assert_eq!((entry.fields["id"].0.len(), entry.fields["name"].0.len()), (1, 2));
        assert!(serde_json::from_str::<Viewed>(r#"{"name":"v","method":"a","colour":1}"#).is_err());
    }

    #[test]
    fn a_catalogue_can_have_a_view_of_its_own() {
        let one = viewed(r#"{"name":"v","method":"a.list","fields":{"id":"id","b":"b"},"columns":["b"]}"#);
        let two = viewed(r#"{"name":"v","method":"c.list","fixed":{"kind":"c"},"summary":"Things"}"#);
        let view = View::of_own(&[&one, &two]).unwrap();
        let names: Vec<&str> = view.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!((view.summary.as_str(), names), ("Things", vec!["b", "id", "kind"]));
        assert_eq!(View::of_own(&[&one]).unwrap().summary, "A view of a.list");
        assert!(View::of_own(&[]).is_none());
    }

    #[test]
    fn a_view_looks_like_a_method() {
        let view: View = serde_json::from_str(
            r#"{"name":"v","summary":"S","fields":[{"name":"id"},{"name":"on","type":"date"}],"columns":["on"],
                "time":{"by":"on","ahead":"30d"}}"#,
        )
        .unwrap();
        let method = view.as_method(false);
        assert_eq!((method.columns.join(" "), method.params.len()), ("on account method".to_owned(), 1));
        assert!(method.fields.iter().map(|field| field.name.as_str()).eq(["id", "on", ACCOUNT, METHOD]));
        assert!(method.params[0].summary.contains("30d"));
        assert_eq!(view.as_method(true).columns, [ACCOUNT, "on", METHOD]);
        assert_eq!(
            View { columns: vec![], time: None, ..view }.as_method(false).columns,
            ["id", "on", ACCOUNT, METHOD]
        );
    }
}
