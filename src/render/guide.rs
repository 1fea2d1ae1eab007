//! What a catalogue says about a result: the order of its columns, and the meaning of some of them.

use std::collections::HashMap;

use super::path::KEYS;
use model::{Field, Form, Method, Shape, Type, Unit, Value};

/// The limit for nested shapes, which may contain each other.
const DEEPEST: usize = 4;

/// Hints for showing a result; the empty guide has none.
#[derive(Clone, Debug, Default)]
pub struct Guide {
    /// By dotted path: the position in the catalogue's order, and the meaning.
    fields: HashMap<String, Known>,
    /// The result is a dictionary with free keys: each key names a row.
    keyed: bool,
    /// The columns of a table, the most important first; empty if nothing is known about that.
    columns: Vec<String>,
    /// The column that comes before all others: it says which result a row is from.
    tag: Option<String>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    place: usize,
    form: Option<Form>,
    date: bool,
    secret: bool,
    /// A dictionary with free keys.
    free: bool,
    unit: Option<Unit>,
    currency: Option<Currency>,
    /// Values that mean that there is none.
    empty: Vec<Value>,
}

impl Known {
    /// Keeps what another result says of a column of the same name, too. What is secret in one is secret.
    fn agree(&mut self, other: &Known) {
        let same =
            (self.form, self.date, self.unit, &self.currency) == (other.form, other.date, other.unit, &other.currency);
        if !same {
            (self.form, self.date, self.unit, self.currency) = (None, false, None, None);
        }
        self.secret |= other.secret;
        self.free |= other.free;
        self.empty.retain(|value| other.empty.contains(value));
    }
}

/// Of which currency a sum of money is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Currency {
    /// Always this one.
    Fixed(String),
    /// The one that another column names.
    Column(String),
}

impl Guide {
    /// The guide for the result of a method.
    pub fn of(method: &Method, shapes: &[Shape]) -> Guide {
        let mut guide = Guide { keyed: matches!(method.returns, Type::MapOf(_)), ..Guide::default() };
        guide.learn("", &method.returns, &method.fields, shapes, 0);
        let [usual, other] = KEYS;
        let keys = [other, usual].map(str::to_owned).into_iter().filter(|_| guide.keyed);
        let columns = method.result_columns(shapes);
        if !columns.is_empty() {
            guide.columns = keys.chain(columns.iter().cloned()).collect();
        }
        guide
    }

    /// The guide for the list of a command, whose most important columns these are.
    pub fn listing(columns: &[&str]) -> Guide {
        Guide { columns: columns.iter().map(|&name| name.to_owned()).collect(), ..Guide::default() }
    }

    /// The guide for the rows of several results in one list, under a column that says which result a row is from. What
    /// two results disagree about is not known: their values are shown as they are. `own` is what a column of theirs is
    /// called that has the name of that one.
    pub fn together(tag: &str, own: &str, guides: &[Guide]) -> Guide {
        let renamed = |path: &str| match path.strip_prefix(tag) {
            Some(rest) if rest.is_empty() || rest.starts_with('.') => format!("{own}{rest}"),
            _ => path.to_owned(),
        };
        let mut all = Guide { tag: Some(tag.to_owned()), ..Guide::default() };
        let known = Known { place: 0, ..Known::default() };
        all.fields.insert(tag.to_owned(), known);
        for guide in guides {
            let above = all.fields.len();
            for (path, known) in &guide.fields {
                let known = Known { place: above + known.place, ..known.clone() };
                all.fields.entry(renamed(path)).and_modify(|first| first.agree(&known)).or_insert(known);
            }
            let columns = guide.columns.iter().filter(|column| !guide.keyed || *column != KEYS[1]);
            for column in columns.map(|column| renamed(column)) {
                if !all.columns.contains(&column) {
                    all.columns.push(column);
                }
            }
        }
        if !all.columns.is_empty() {
            all.columns.insert(0, tag.to_owned());
        }
        all
    }

    /// The same guide with a column that comes before all others.
    pub fn tagged(self, tag: &str) -> Guide {
        Guide { tag: Some(tag.to_owned()), ..self }
    }

    /// The same guide for a result whose members are rows, each named by its key.
    pub(super) fn with_free_keys(&self) -> Guide {
        Guide { keyed: true, ..self.clone() }
    }

    /// Adds the fields of one dictionary and of those inside it. Fields of inner lists are not columns.
    fn learn(&mut self, above: &str, declared: &Type, own: &[Field], shapes: &[Shape], depth: usize) {
        let shape = declared.shape().and_then(|name| shapes.iter().find(|shape| shape.name == name));
        for field in shape.map_or(own, |shape| &shape.fields) {
            let path = if above.is_empty() { field.name.clone() } else { format!("{above}.{}", field.name) };
            let free = matches!(field.type_, Type::MapOf(_));
            let known = Known {
                place: self.fields.len(),
                form: field.form,
                date: field.type_ == Type::Date,
                secret: field.secret,
                free,
                unit: field.unit,
                currency: field.currency.as_ref().map(|name| currency(above, name)),
                empty: field.empty.clone(),
            };
            self.fields.insert(path.clone(), known);
            if depth < DEEPEST && !free && !matches!(field.type_, Type::List(_)) {
                self.learn(&path, &field.type_, &field.fields, shapes, depth + 1);
            }
        }
    }

    /// Whether a column is in the catalogue.
    pub(super) fn knows(&self, column: &str) -> bool {
        self.fields.contains_key(column)
    }

    /// The position of a column in the catalogue's order: that of its parent dictionary when it is not known itself,
    /// the last position when neither is.
    pub(super) fn place(&self, column: &str) -> usize {
        let mut path = column;
        loop {
            match (self.fields.get(path), path.rsplit_once('.')) {
                (Some(known), _) => return known.place,
                (None, Some((above, _))) => path = above,
                (None, None) => return usize::MAX,
            }
        }
    }

    /// Whether a column holds seconds since 1970.
    pub(super) fn is_epoch(&self, column: &str) -> bool {
        self.fields.get(column).is_some_and(|known| known.form == Some(Form::Epoch))
    }

    /// Whether a column holds dates. A filter makes texts of them.
    pub(super) fn is_date(&self, column: &str) -> bool {
        self.fields.get(column).is_some_and(|known| known.date)
    }

    /// Whether a column holds secrets.
    pub(super) fn is_secret(&self, column: &str) -> bool {
        self.fields.get(column).is_some_and(|known| known.secret)
    }

    /// Whether a column contains dictionaries with free keys, whose members are not columns.
    pub(super) fn is_free(&self, column: &str) -> bool {
        self.fields.get(column).is_some_and(|known| known.free)
    }

    /// The columns of a table, the most important first; empty if nothing is known about that.
    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Whether a column comes before all others.
    pub(super) fn is_tag(&self, column: &str) -> bool {
        self.tag.as_deref() == Some(column)
    }

    /// What a column measures.
    pub(super) fn unit(&self, column: &str) -> Option<Unit> {
        self.fields.get(column)?.unit
    }

    /// The currency of a column of money.
    pub(super) fn currency(&self, column: &str) -> Option<&Currency> {
        self.fields.get(column)?.currency.as_ref()
    }

    /// Whether a value of a column means that there is none.
    pub(super) fn is_empty(&self, column: &str, value: &Value) -> bool {
        self.fields.get(column).is_some_and(|known| known.empty.contains(value))
    }

    /// Whether each member of the result is a row named by its key.
    pub(super) fn is_keyed(&self) -> bool {
        self.keyed
    }
}

/// A currency as the catalogue names it, for a field inside a dictionary: its code, or a field beside the sum.
fn currency(above: &str, name: &str) -> Currency {
    match name.bytes().all(|byte| byte.is_ascii_uppercase()) {
        true => Currency::Fixed(name.to_owned()),
        false if above.is_empty() => Currency::Column(name.to_owned()),
        false => Currency::Column(format!("{above}.{name}")),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The guide for a method written as in a catalogue, with the shape `node`.
    pub(in super::super) fn guide(method: &str) -> Guide {
        let shapes: Vec<Shape> = serde_json::from_str(
            r#"[{"name":"node","fields":[{"name":"id"},{"name":"born","type":"int","form":"epoch"},
                {"name":"key","secret":true},{"name":"up","type":"@node"},{"name":"all","type":"list:@node"},
                {"name":"by","type":"map:@node"}]}]"#,
        )
        .unwrap();
        Guide::of(&serde_json::from_str(method).unwrap(), &shapes)
    }

    #[test]
    fn fields_are_known_by_their_paths() {
        let guide = guide(r#"{"name":"node.list","returns":"list:@node"}"#);
        assert!(guide.is_epoch("born") && guide.is_epoch("up.up.born") && !guide.is_epoch("id"));
        assert!(guide.is_secret("up.key") && !guide.is_secret("key.key"));
        assert!(guide.is_free("by") && guide.is_free("up.by") && !guide.is_free("up") && !guide.knows("by.id"));
        assert!(guide.knows("all") && !guide.knows("all.id") && !guide.knows("x") && !guide.is_keyed());
        assert!(guide.place("id") < guide.place("born") && guide.place("born") < guide.place("up.id"));
        assert_eq!((guide.place("all.x.y"), guide.place("x.y")), (guide.place("all"), usize::MAX));
    }

    #[test]
    fn columns_are_those_of_the_method_or_of_its_shape() {
        let shapes: Vec<Shape> = serde_json::from_str(
            r#"[{"name":"bill","columns":["id","sum"],"fields":[{"name":"id"},{"name":"empty","empty":[0]},
                {"name":"sum","unit":"money","currency":"of"},{"name":"in","type":"@bill"},
                {"name":"fee","unit":"money","currency":"GBP"}]}]"#,
        )
        .unwrap();
        let of = |method: &str| Guide::of(&serde_json::from_str(method).unwrap(), &shapes);
        let listed = of(r#"{"name":"a","returns":"list:@bill"}"#);
        assert_eq!(listed.columns(), ["id", "sum"]);
        assert_eq!(of(r#"{"name":"a","returns":"list:@bill","columns":["sum"]}"#).columns(), ["sum"]);
        assert_eq!(of(r#"{"name":"a","returns":"map:@bill"}"#).columns(), ["_key", "key", "id", "sum"]);
        assert_eq!(listed.currency("in.sum"), Some(&Currency::Column("in.of".into())));
        assert_eq!((listed.currency("fee"), listed.currency("id")), (Some(&Currency::Fixed("GBP".into())), None));
        assert!(listed.is_empty("empty", &Value::Int(0)) && !listed.is_empty("sum", &Value::Int(0)));
        assert_eq!((listed.unit("sum"), listed.unit("id")), (Some(Unit::Money), None));
        assert_eq!(Guide::listing(&["name"]).columns(), ["name"]);
    }

    #[test]
    fn guides_of_several_results_agree_or_say_nothing() {
        let of = |text: &str| Guide::of(&serde_json::from_str(text).unwrap(), &[]);
        let one = of(r#"{"name":"a","columns":["id","size"],"returns":"list:dict","fields":[
            {"name":"id"},{"name":"size","unit":"megabytes"},{"name":"account"},{"name":"pw","type":"string"}]}"#);
        let other = of(r#"{"name":"b","columns":["size","born"],"returns":"list:dict","fields":[
            {"name":"size","unit":"gigabytes"},{"name":"born","form":"epoch"},{"name":"pw","type":"string","secret":true}]}"#);
        let both = Guide::together("account", "own_account", &[one.clone(), other]);
        assert_eq!(both.columns(), ["account", "id", "size", "born"]);
        assert!(both.is_tag("account") && both.knows("own_account") && both.is_epoch("born") && both.is_secret("pw"));
        assert_eq!((one.unit("size").is_some(), both.unit("size")), (true, None));
        assert!(both.place("account") < both.place("id") && both.place("pw") < both.place("born"));
        assert!(Guide::together("account", "own_account", &[Guide::default()]).columns().is_empty());
    }

    #[test]
    fn free_keys_and_named_fields_are_distinguished() {
        assert!(self::guide(r#"{"name":"node.all","returns":"map:@node"}"#).is_keyed());
        assert!(!self::guide(r#"{"name":"node.one","returns":"@node"}"#).is_keyed());
    }
}
