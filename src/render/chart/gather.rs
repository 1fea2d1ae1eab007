//! Results → a figure: numbers are collected from rows, from a dictionary, or from a list.

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::cells;
use super::super::guide::Guide;
use super::super::rows::Rows;
use super::super::sanitize::for_terminal;
use super::super::view::{Note, View};
use super::choose::{Chosen, Sheet, number, seconds};
use super::figure::{Figure, Kind, NoChart, Place, Series};
use super::time;
use model::Value;

/// More series than this cannot be told apart.
const MOST: usize = 6;
/// The label of what has no name.
const UNNAMED: &str = "(none)";

/// The figure for the results of a call, or of a filter.
pub(super) fn gather(results: &[Value], view: &View) -> Result<(Figure, Vec<Note>), NoChart> {
    if let Some(sparks) = sparks(results) {
        return limited(sparks, Vec::new());
    }
    let guide = guided(results, &view.guide);
    let mut rows = Rows::of(results, &guide);
    let notes = rows.arrange(view);
    let figure = match rows.rows.as_slice() {
        [] => return Err(NoChart::Empty),
        all if rows.are_scalars() => counts(all),
        [one] if rows.single || guide.is_keyed() && view.chart.is_none() => record(one, &guide, &rows.asked)?,
        all => table(all, &guide, view, &rows.asked)?,
    };
    limited(figure, notes)
}

/// The guide, or one by which each member is a row where all members of a dictionary are alike.
fn guided<'g>(results: &[Value], guide: &'g Guide) -> Cow<'g, Guide> {
    let rows = |value: &Value| value.as_list().is_some_and(|list| !list.is_empty() && list.iter().all(is_map));
    let [Value::Map(map)] = results else { return Cow::Borrowed(guide) };
    let members = || map.iter().map(|(_, member)| member);
    let keys = |value: &Value| value.as_map().map(|map| map.keys().map(str::to_owned).collect::<Vec<_>>());
    let first = members().next().and_then(keys);
    let alike = first.is_some_and(|first| map.len() > 1 && members().all(|it| keys(it).as_ref() == Some(&first)));
    match !map.is_empty() && (members().all(rows) || alike) {
        true => Cow::Owned(guide.with_free_keys()),
        false => Cow::Borrowed(guide),
    }
}

fn is_map(value: &Value) -> bool {
    matches!(value, Value::Map(_))
}

/// Lists of numbers: alone, or as the members of a dictionary; also several results that are numbers.
fn sparks(results: &[Value]) -> Option<Figure> {
    let one = |name: &str, numbers: &[Value]| -> Option<Series> {
        let drawn = |value: &Value| matches!(value, Value::Int(_) | Value::Decimal(_) | Value::Null);
        let there = numbers.iter().any(|value| *value != Value::Null) && numbers.iter().all(drawn);
        let points = || numbers.iter().map(number).enumerate().collect();
        there.then(|| Series { name: on_one_line(name), points: points() })
    };
    let series = match results {
        [Value::List(list)] => vec![one("", list)?],
        [Value::Map(map)] => map.iter().map(|(key, member)| one(key, member.as_list()?)).collect::<Option<Vec<_>>>()?,
        several => vec![one("", several)?],
    };
    let longest = series.iter().map(|series| series.points.len()).max()?;
    let places = (1..=longest).map(|nth| Place { label: nth.to_string(), at: nth as f64 }).collect();
    Some(Figure { kind: Kind::Spark, places, series, unit: None, day: None })
}

/// How often each value occurs.
fn counts(values: &[Cow<'_, Value>]) -> Figure {
    let mut names = Names::default();
    let mut counts: Vec<f64> = Vec::new();
    for value in values {
        let place = names.place(label(Some(value)));
        match counts.get_mut(place) {
            Some(count) => *count += 1.0,
            None => counts.push(1.0),
        }
    }
    bars(names.0, counts.into_iter().map(Some).collect())
}

/// The numbers of one dictionary, each with its name.
fn record(one: &Value, guide: &Guide, asked: &[String]) -> Result<Figure, NoChart> {
    let rows = [Cow::Borrowed(one)];
    let sheet = Sheet::of(&rows, guide);
    let mut names = sheet.numbers();
    if !asked.is_empty() {
        names.retain(|name| asked.contains(name));
    }
    if names.is_empty() {
        return Err(match asked {
            [] => NoChart::NoNumbers { fields: sheet.names().to_vec() },
            asked => NoChart::NotNumbers { asked: asked.to_vec(), numbers: sheet.numbers() },
        });
    }
    let numbers = names.iter().map(|name| sheet.cell(one, name).and_then(number)).collect();
    Ok(bars(names.iter().map(|name| on_one_line(name)).collect(), numbers))
}

/// One bar for each name.
fn bars(names: Vec<String>, numbers: Vec<Option<f64>>) -> Figure {
    let places = names.into_iter().enumerate().map(|(nth, label)| Place { label, at: nth as f64 }).collect();
    let series = vec![Series { name: String::new(), points: numbers.into_iter().enumerate().collect() }];
    Figure { kind: Kind::Bar, places, series, unit: None, day: None }
}

/// Names in order of appearance, each once.
#[derive(Default)]
struct Names(Vec<String>, HashMap<String, usize>);

impl Names {
    fn place(&mut self, name: String) -> usize {
        if let Some(place) = self.1.get(&name) {
            return *place;
        }
        self.1.insert(name.clone(), self.0.len());
        self.0.push(name);
        self.0.len() - 1
    }
}

/// Rows: numbers of the same place and series are added up.
fn table(rows: &[Cow<'_, Value>], guide: &Guide, view: &View, asked: &[String]) -> Result<Figure, NoChart> {
    let sheet = Sheet::of(rows, guide);
    let chosen = sheet.choose(view.chart.as_ref(), asked)?;
    let mut axis = Axis::of(&chosen, rows, &sheet);
    let (mut names, mut numbers) = (Names::default(), Vec::<HashMap<usize, Option<f64>>>::new());
    let divides = divided(&chosen, rows, &sheet);
    for (row, place) in rows.iter().zip(axis.places_of_rows.iter().copied()) {
        let group: Vec<String> = divides.iter().map(|column| label(sheet.cell(row, column))).collect();
        for column in &chosen.y {
            let name = match (group.is_empty(), chosen.y.len()) {
                (true, _) => on_one_line(column),
                (false, 1) => group.join(" "),
                (false, _) => format!("{} {}", group.join(" "), on_one_line(column)),
            };
            let series = names.place(name);
            numbers.resize_with(names.0.len(), HashMap::new);
            let given = sheet.cell(row, column).and_then(number);
            let sum = numbers.get_mut(series).map(|points| points.entry(place).or_insert(None));
            if let (Some(sum), Some(given)) = (sum, given) {
                *sum = Some((sum.unwrap_or(0.0) + given).clamp(-1e300, 1e300));
            }
        }
    }
    let series = names.0.into_iter().zip(numbers).map(|(name, points)| {
        let mut points: Vec<_> = points.into_iter().collect();
        points.sort_unstable_by_key(|(place, _)| *place);
        Series { name, points }
    });
    let series: Vec<Series> = series.collect();
    if series.iter().all(|series| series.points.iter().all(|(_, number)| number.is_none())) {
        return Err(NoChart::NoNumbers { fields: sheet.names().to_vec() });
    }
    let kind = chosen.kind.unwrap_or(if chosen.time || chosen.x.is_none() { Kind::Line } else { Kind::Bar });
    let kind = if axis.places.len() < 2 { Kind::Bar } else { kind };
    let places = std::mem::take(&mut axis.places);
    Ok(Figure { kind, places, series, unit: chosen.unit, day: axis.day })
}

/// The columns that divide the series: those in which the rows differ.
fn divided(chosen: &Chosen, rows: &[Cow<'_, Value>], sheet: &Sheet<'_, '_>) -> Vec<String> {
    let differs = |column: &&String| {
        let first = rows.first().map(|row| label(sheet.cell(row, column)));
        rows.iter().any(|row| Some(label(sheet.cell(row, column))) != first)
    };
    chosen.by.iter().filter(differs).cloned().collect()
}

/// The places of an axis, and which of them each row has.
struct Axis {
    places: Vec<Place>,
    places_of_rows: Vec<usize>,
    day: Option<String>,
}

impl Axis {
    fn of(chosen: &Chosen, rows: &[Cow<'_, Value>], sheet: &Sheet<'_, '_>) -> Axis {
        let Some(x) = &chosen.x else {
            let places = (1..=rows.len()).map(|nth| Place { label: nth.to_string(), at: nth as f64 }).collect();
            return Axis { places, places_of_rows: (0..rows.len()).collect(), day: None };
        };
        let cells: Vec<Option<&Value>> = rows.iter().map(|row| sheet.cell(row, x)).collect();
        let times: Option<Vec<i64>> = cells.iter().map(|cell| seconds((*cell)?)).collect();
        match times.filter(|_| chosen.time) {
            Some(times) => {
                Axis::of_times(&times, cells.iter().all(|cell| cell.and_then(Value::as_str).is_some_and(is_month)))
            }
            None => {
                let mut names = Names::default();
                let places_of_rows = cells.into_iter().map(|cell| names.place(label(cell))).collect();
                let place = |(nth, label)| Place { label, at: nth as f64 };
                Axis { places: names.0.into_iter().enumerate().map(place).collect(), places_of_rows, day: None }
            }
        }
    }

    fn of_times(times: &[i64], months: bool) -> Axis {
        let mut sorted = times.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let (labels, day) = time::labels(&sorted, months);
        let places_of_rows = times.iter().map(|time| sorted.binary_search(time).unwrap_or(0)).collect();
        let place = |(time, label): (&i64, String)| Place { label, at: *time as f64 };
        Axis { places: sorted.iter().zip(labels).map(place).collect(), places_of_rows, day }
    }
}

/// Whether a date is a month without a day.
fn is_month(text: &str) -> bool {
    text.trim().len() == 7
}

/// A name as a label.
fn label(value: Option<&Value>) -> String {
    let text = value.map(|value| match value {
        Value::List(_) | Value::Map(_) => cells::readable(value, "", (&Guide::default(), &|_| None), false),
        scalar => on_one_line(&cells::scalar(scalar)),
    });
    text.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| UNNAMED.into())
}

fn on_one_line(text: &str) -> String {
    for_terminal(text).replace(['\n', '\t'], " ")
}

/// With no more series than can be told apart, those without any number but zero left out first.
fn limited(mut figure: Figure, mut notes: Vec<Note>) -> Result<(Figure, Vec<Note>), NoChart> {
    let all = figure.series.len();
    if all > MOST {
        let names: Vec<String> = figure.series.iter().map(|series| series.name.clone()).collect();
        let says = |series: &Series| series.points.iter().any(|(_, number)| number.is_some_and(|number| number != 0.0));
        if figure.series.iter().any(says) {
            figure.series.retain(says);
        }
        figure.series.truncate(MOST);
        let left = names.into_iter().filter(|name| figure.series.iter().all(|series| series.name != *name));
        notes.push(Note::NotDrawn(left.collect()));
    }
    Ok((figure, notes))
}

#[cfg(test)]
mod tests {
    use super::super::super::guide::tests::guide;
    use super::super::super::view;
    use super::*;
    use crate::render::Format;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    /// A figure in one line: its kind and places, then each series.
    fn shown(json: &str, view: &View) -> String {
        match gather(&[value(json)], view) {
            Ok((figure, notes)) => {
                let places: Vec<&str> = figure.places.iter().map(|place| place.label.as_str()).collect();
                let points = |series: &Series| {
                    let point = |(place, number): &(usize, Option<f64>)| {
                        let number = number.map_or("-".into(), |number| number.to_string());
                        format!("{place}={number}")
                    };
                    format!("{}: {}", series.name, series.points.iter().map(point).collect::<Vec<_>>().join(" "))
                };
                let series: Vec<String> = figure.series.iter().map(points).collect();
                let notes: String = notes.iter().map(|note| format!("; {note}")).collect();
                format!("{:?} {} | {}{notes}", figure.kind, places.join(","), series.join(" | "))
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn whatever_has_numbers_becomes_a_figure() {
        let plain = View::of(Format::Chart);
        for (json, figure) in [
            ("[1,null,2.5]", "Spark 1,2,3 | : 0=1 1=- 2=2.5"),
            ("7", "Spark 1 | : 0=7"),
            (r#"{"a":[1,2],"b":[3]}"#, "Spark 1,2 | a: 0=1 1=2 | b: 0=3"),
            (r#"["x","y","x",true,""]"#, "Bar x,y,true,(none) | : 0=2 1=1 2=1 3=1"),
            (r#"{"a":1,"b":{"c":2},"d":"x"}"#, "Bar a,b.c | : 0=1 1=2"),
            (r#"[{"t":"x","n":1},{"t":"y","n":null}]"#, "Bar x,y | n: 0=1 1=-"),
            (r#"[{"t":"x","n":1},{"t":"x","n":2}]"#, "Bar x | n: 0=3"),
            (r#"[{"n":4},{"n":5}]"#, "Line 1,2 | n: 0=4 1=5"),
            (r#"[{"n":4}]"#, "Bar 1 | n: 0=4"),
            // Times are put in order.
            (r#"[{"d":"2026-11","n":2},{"d":"2026-10","n":1}]"#, "Line 2026-10,2026-11 | n: 0=1 1=2"),
            (
                r#"[{"d":"2026-11-01","s":"a","n":2},{"d":"2026-11-01","s":"b","n":1},{"d":"2026-11-02","s":"b","n":1}]"#,
                "Line 2026-11-01,2026-11-02 | a: 0=2 | b: 0=1 1=1",
            ),
            (r#"{"p":[{"n":1}],"q":[{"n":2}]}"#, "Bar p,q | n: 0=1 1=2"),
            (r#"{"p":{"n":1},"q":{"n":2}}"#, "Bar p,q | n: 0=1 1=2"),
            (r#"{"p":{"n":1},"q":{"m":2}}"#, "Bar p.n,q.m | : 0=1 1=2"),
            (r#"[{"t":"a\u001b\nb","n":1}]"#, r"Bar a\u{1b} b | n: 0=1"),
            ("[]", "there is nothing to draw: the result is empty"),
            ("{}", "there is nothing to draw: no field of the result is a number"),
            ("[null]", "Bar (none) | : 0=1"),
            (r#"[{"a":"x"}]"#, "there is nothing to draw: no field of the result is a number (it has a)"),
            (r#"[{"a":[1]},{"a":[2]}]"#, "there is nothing to draw: no field of the result is a number (it has a)"),
        ] {
            assert_eq!(shown(json, &plain), figure, "{json}");
        }
    }

    #[test]
    fn a_line_can_choose_and_sort() {
        let json = r#"[{"t":"x","n":1,"m":5},{"t":"y","n":2,"m":4}]"#;
        for (columns, sort, figure) in [
            ("m", "", "Bar x,y | m: 0=5 1=4"),
            ("", "-n", "Bar y,x | n: 0=2 1=1 | m: 0=4 1=5"),
            ("m,zz", "", "Bar x,y | m: 0=5 1=4; note: no row has a column `zz`"),
            ("t", "", "there is nothing to draw: `t` is not a column of numbers"),
        ] {
            let (columns, sort) = (view::columns(columns), view::sort_keys(sort));
            assert_eq!(shown(json, &View { columns, sort, ..View::of(Format::Chart) }), figure);
        }
    }

    #[test]
    fn the_catalogue_knows_keys_and_seconds() {
        let guide = guide(r#"{"name":"node.all","returns":"map:list:@node"}"#);
        let chart = serde_json::from_str(r#"{"x":"born","y":["n"],"unit":"bytes"}"#).ok();
        let view = View { guide, chart, ..View::of(Format::Chart) };
        for (json, figure) in [
            (r#"{"p":[{"born":0,"n":1},{"born":86400,"n":2}]}"#, "Line 1970-01-01,1970-01-02 | n: 0=1 1=2"),
            (
                r#"{"p":[{"born":0,"n":1}],"q":[{"born":0,"n":3},{"born":60,"n":4}]}"#,
                "Line 00:00,00:01 | p: 0=1 | q: 0=3 1=4",
            ),
        ] {
            assert_eq!(shown(json, &view), figure, "{json}");
        }
    }

    #[test]
    fn more_series_than_can_be_told_apart_are_left_out() {
        let row: String = (0..9).map(|nth| format!(r#","n{nth}":{}"#, nth % 4)).collect();
        let drawn = shown(&format!(r#"[{{"t":"a"{row}}},{{"t":"b"{row}}}]"#), &View::of(Format::Chart));
        assert!(drawn.ends_with("; note: only 6 series are drawn, without n0, n4, n8; --columns chooses"), "{drawn}");
    }
}
