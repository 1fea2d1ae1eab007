//! Which columns of rows are drawn: as the catalogue says, as the line asks, or as the rows suggest.

use std::borrow::Cow;
use std::collections::HashSet;

use super::super::cells;
use super::super::columns::Columns;
use super::super::guide::Guide;
use super::super::path::{self, KEYS};
use super::figure::{Kind, NoChart};
use model::{Chart, ChartKind, Value, instant};

/// The columns of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    /// The column along the axis; without one, rows are numbered.
    pub(super) x: Option<String>,
    /// Whether that column has times.
    pub(super) time: bool,
    /// The columns whose values divide a series.
    pub(super) by: Vec<String>,
    /// The columns with numbers.
    pub(super) y: Vec<String>,
    /// The kind of chart, if it is known.
    pub(super) kind: Option<Kind>,
    /// What the numbers count.
    pub(super) unit: Option<String>,
}

/// What a column contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Times,
    Words,
    Numbers,
    /// Numbers written as texts.
    Digits,
    /// Numbers that are names.
    Ids,
    Other,
}

/// Rows with what is known of them.
pub(super) struct Sheet<'r, 'v> {
    rows: &'r [Cow<'v, Value>],
    guide: &'r Guide,
    columns: Columns,
    contents: Vec<Content>,
}

impl<'r, 'v> Sheet<'r, 'v> {
    pub(super) fn of(rows: &'r [Cow<'v, Value>], guide: &'r Guide) -> Sheet<'r, 'v> {
        let columns = Columns::of(rows, guide);
        let mut sheet = Sheet { rows, guide, columns, contents: Vec::new() };
        sheet.contents = sheet.columns.names.iter().map(|name| sheet.content(name)).collect();
        sheet
    }

    /// The names of all columns.
    pub(super) fn names(&self) -> &[String] {
        &self.columns.names
    }

    /// The value of a row in a column.
    pub(super) fn cell<'a>(&self, row: &'a Value, column: &str) -> Option<&'a Value> {
        self.columns.cell(row, column).or_else(|| path::cell(row, column))
    }

    /// The names of the columns with numbers. Numbers written as texts count where there are no others.
    pub(super) fn numbers(&self) -> Vec<String> {
        let of = |content| self.with(|it| it == content).map(str::to_owned).collect::<Vec<_>>();
        let numbers = of(Content::Numbers);
        if numbers.is_empty() { of(Content::Digits) } else { numbers }
    }

    fn with(&self, wanted: impl Fn(Content) -> bool) -> impl Iterator<Item = &str> {
        let all = self.columns.names.iter().zip(&self.contents);
        all.filter(move |(_, content)| wanted(**content)).map(|(name, _)| name.as_str())
    }

    /// The columns to draw. `asked` are those that the line names.
    pub(super) fn choose(&self, rule: Option<&Chart>, asked: &[String]) -> Result<Chosen, NoChart> {
        let ruled = rule.filter(|rule| rule.y.iter().any(|y| self.has(y))).and_then(|rule| self.ruled(rule));
        let mut chosen = match ruled {
            Some(ruled) => ruled,
            None => self.guessed(asked)?,
        };
        if !asked.is_empty() {
            chosen.y =
                asked.iter().filter(|name| Some(*name) != chosen.x.as_ref() && self.drawable(name)).cloned().collect();
            if chosen.y.is_empty() {
                return Err(NoChart::NotNumbers { asked: asked.to_vec(), numbers: self.numbers() });
            }
        }
        Ok(chosen)
    }

    /// As the catalogue says, if the rows have its axis.
    fn ruled(&self, rule: &Chart) -> Option<Chosen> {
        let names = self.names().iter().filter(|_| self.guide.is_keyed());
        let key = names.into_iter().find(|name| KEYS.contains(&name.as_str()));
        let x = rule.x.as_ref().or(key).filter(|x| self.has(x))?;
        // A number on the axis is a time: the catalogue allows no other.
        let time = matches!(self.content_of(x), Content::Times | Content::Numbers);
        let by = key.into_iter().chain(&rule.by).filter(|name| *name != x && self.has(name));
        Some(Chosen {
            x: Some(x.clone()),
            time,
            by: by.cloned().collect(),
            y: rule.y.iter().filter(|y| self.has(y)).cloned().collect(),
            kind: Some(match rule.kind {
                ChartKind::Line => Kind::Line,
                ChartKind::Bar => Kind::Bar,
            }),
            unit: rule.unit.clone(),
        })
    }

    /// As the rows suggest: the first column of dates or words is the axis. Where words occur again at other times, each
    /// of them is a series.
    fn guessed(&self, asked: &[String]) -> Result<Chosen, NoChart> {
        let y = self.numbers();
        if y.is_empty() {
            return Err(NoChart::NoNumbers { fields: self.names().to_vec() });
        }
        let mut axes: Vec<&str> = self.with(|it| matches!(it, Content::Times | Content::Words)).collect();
        if asked.iter().any(|name| axes.contains(&name.as_str())) {
            axes.retain(|axis| asked.iter().any(|name| name == axis));
        }
        let first = axes.first().copied();
        let time = axes.iter().copied().find(|axis| self.content_of(axis) == Content::Times);
        let series = axes.iter().copied().find(|axis| self.content_of(axis) == Content::Words && self.repeats(axis));
        let (x, by) = match (first, time) {
            (Some(first), Some(time)) if first == time || series == Some(first) => {
                (Some(time), series.filter(|_| self.repeats(time)))
            }
            (Some(first), _) => (Some(first), None),
            (None, _) => (self.with(|it| it == Content::Ids).next(), None),
        };
        Ok(Chosen {
            time: x.is_some_and(|x| self.content_of(x) == Content::Times),
            x: x.map(str::to_owned),
            by: by.into_iter().map(str::to_owned).collect(),
            y,
            kind: None,
            unit: None,
        })
    }

    /// Whether two rows have the same value in a column.
    fn repeats(&self, column: &str) -> bool {
        let mut seen = HashSet::new();
        self.values(column).any(|value| !seen.insert(cells::scalar(value)))
    }

    fn has(&self, column: &str) -> bool {
        self.values(column).next().is_some()
    }

    fn drawable(&self, column: &str) -> bool {
        matches!(self.content(column), Content::Numbers | Content::Digits | Content::Ids)
    }

    fn content_of(&self, column: &str) -> Content {
        let place = self.columns.names.iter().position(|name| name == column);
        place.and_then(|place| self.contents.get(place)).copied().unwrap_or_else(|| self.content(column))
    }

    /// The values of a column that are not null.
    fn values<'a>(&'a self, column: &'a str) -> impl Iterator<Item = &'a Value> {
        self.rows.iter().filter_map(move |row| self.cell(row, column)).filter(|value| **value != Value::Null)
    }

    fn content(&self, column: &str) -> Content {
        let all = |test: fn(&Value) -> bool| self.values(column).all(test);
        match () {
            () if self.guide.is_secret(column) || !self.has(column) => Content::Other,
            () if self.guide.is_epoch(column) || all(is_time) => Content::Times,
            () if all(|value| matches!(value, Value::Int(_) | Value::Decimal(_))) => {
                if is_id(column) {
                    Content::Ids
                } else {
                    Content::Numbers
                }
            }
            () if all(|value| number(value).is_some()) => {
                if is_id(column) {
                    Content::Ids
                } else {
                    Content::Digits
                }
            }
            () if all(|value| matches!(value, Value::Text(_) | Value::Bool(_) | Value::Date(_))) => Content::Words,
            () => Content::Other,
        }
    }
}

/// Whether a column is named as one whose numbers are names.
fn is_id(column: &str) -> bool {
    let name = column.rsplit('.').next().unwrap_or(column);
    name.eq_ignore_ascii_case("id") || ["_id", "-id", " id", " ID", "Id", "ID"].iter().any(|end| name.ends_with(end))
}

fn is_time(value: &Value) -> bool {
    matches!(value, Value::Text(_) | Value::Date(_)) && seconds(value).is_some()
}

/// The time of a value: a date, or a number of seconds since 1970.
pub(super) fn seconds(value: &Value) -> Option<i64> {
    match value {
        Value::Int(seconds) => Some(*seconds),
        other => {
            let text = other.as_str()?;
            instant::beginning(text).or_else(|| text.parse().ok().filter(|_| matches!(other, Value::Text(_))))
        }
    }
}

/// The largest number that is drawn; larger ones would overflow when they are added up.
const LARGEST: f64 = 1e300;

/// A value as a number that can be drawn. Texts count if they consist of digits.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Int(number) => *number as f64,
        Value::Decimal(number) => number.to_f64(),
        Value::Text(text) => model::Decimal::parse(text)?.to_f64(),
        _ => return None,
    };
    (!number.is_nan()).then(|| number.clamp(-LARGEST, LARGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(json: &str, rule: Option<&str>, asked: &str) -> String {
        let rows: Vec<Value> = serde_json::from_str(json).unwrap();
        let rows: Vec<Cow<'_, Value>> = rows.iter().map(Cow::Borrowed).collect();
        let rule: Option<Chart> = rule.map(|rule| serde_json::from_str(rule).unwrap());
        let asked = super::super::super::view::columns(asked);
        let guide = Guide::default();
        match Sheet::of(&rows, &guide).choose(rule.as_ref(), &asked) {
            Ok(Chosen { x, time, by, y, kind, .. }) => {
                let kind = kind.map_or(String::new(), |kind| format!(" {kind:?}"));
                let time = if time { "@" } else { "" };
                format!("{time}{} by {} : {}{kind}", x.unwrap_or_default(), by.join("+"), y.join(","))
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_axis_is_the_first_column_of_dates_or_words() {
        let monthly = r#"[{"date":"2026-10","in":1,"out":2.5},{"date":"2026-11","in":3,"out":null}]"#;
        let servers =
            r#"[{"name":"a","born":"2026-01-01","cpu":1,"id":7},{"name":"b","born":"2026-01-02","cpu":2,"id":8}]"#;
        let places = r#"[{"name":"a","day":"2026-01-01","n":1},{"name":"b","day":"2026-01-01","n":1},
            {"name":"a","day":"2026-01-02","n":1}]"#;
        for (json, asked, found) in [
            (monthly, "", "@date by  : in,out"),
            (monthly, "out", "@date by  : out"),
            (servers, "", "name by  : cpu"),
            (servers, "born,cpu", "@born by  : cpu"),
            (servers, "id", "name by  : id"),
            (servers, "name", "there is nothing to draw: `name` is not a column of numbers"),
            (places, "", "@day by name : n"),
            (r#"[{"id":1,"n":2}]"#, "", "id by  : n"),
            (r#"[{"n":2}]"#, "", " by  : n"),
            (r#"[{"t":"x","n":"2"},{"t":"y","n":"3.5"}]"#, "", "t by  : n"),
            (r#"[{"t":"x","n":"2","m":1}]"#, "", "t by  : m"),
            (r#"[{"t":"x"}]"#, "", "there is nothing to draw: no field of the result is a number (it has t)"),
            (r#"[{"t":{"u":[1]},"n":1,"k":true}]"#, "", "k by  : n"),
            (r#"[{"a":{"t":"2026-01-01"},"b":{"n":1}}]"#, "", "@a.t by  : b.n"),
        ] {
            assert_eq!(chosen(json, None, asked), found, "{json} {asked}");
        }
    }

    #[test]
    fn a_rule_holds_where_its_columns_are_there() {
        let rows = r#"[{"at":{"from":60},"up":1,"down":2,"where":"x"}]"#;
        for (rule, asked, found) in [
            (r#"{"x":"at.from","y":["up","down"]}"#, "", "@at.from by  : up,down Line"),
            (r#"{"x":"at.from","y":["up","gone"],"kind":"bar","by":"where"}"#, "", "@at.from by where : up Bar"),
            (r#"{"x":"at.from","y":["up"]}"#, "down", "@at.from by  : down Line"),
            (r#"{"x":"gone","y":["up"]}"#, "", "where by  : at.from,up,down"),
            (r#"{"x":"at.from","y":["gone"]}"#, "", "where by  : at.from,up,down"),
        ] {
            assert_eq!(chosen(rows, Some(rule), asked), found, "{rule} {asked}");
        }
    }

    #[test]
    fn numbers_of_every_size_can_be_drawn() {
        for (digits, found) in [
            ("7", Some(7.0)),
            ("-0.5", Some(-0.5)),
            ("1e999", Some(LARGEST)),
            ("-1e999", Some(-LARGEST)),
            ("12345678901234567890123", Some(12_345_678_901_234_567_890_123.0)),
        ] {
            assert_eq!(number(&Value::number(digits).unwrap()), found);
            assert_eq!(number(&Value::from(digits)), found);
        }
        assert_eq!((number(&Value::from("x")), number(&Value::Bool(true))), (None, None));
    }
}
