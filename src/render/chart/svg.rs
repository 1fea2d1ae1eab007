//! A figure as an SVG picture: shapes and texts only, without scripts, styles or anything to load.

use std::fmt::Write as _;

use super::figure::{Figure, Kind, Series};
use super::number::short;
use super::scale::Scale;

/// Colours that people with any kind of colour vision can tell apart, on white.
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#a67c00"];
/// The width of a picture.
const WIDTH: f64 = 800.0;
/// The height of a drawing of lines.
const HEIGHT: f64 = 320.0;
/// Free space around everything.
const EDGE: f64 = 16.0;
/// The height of a line of text.
const LINE: f64 = 18.0;
/// The width of a character, more than most have.
const CHARACTER: f64 = 7.0;
/// The most characters of a name.
const LONGEST: usize = 40;
/// The most names along an axis.
const MOST: usize = 6;

/// The picture.
pub(super) fn picture(figure: &Figure) -> String {
    let mut sheet = Sheet::default();
    let bottom = match figure.kind {
        Kind::Bar => bars(figure, &mut sheet),
        Kind::Line | Kind::Spark => lines(figure, &mut sheet),
    };
    let height = legend(figure, &mut sheet, bottom + LINE) + EDGE;
    let names: Vec<&str> = figure.series.iter().map(|it| it.name.as_str()).filter(|name| !name.is_empty()).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#333\">\n\
         <title>{}</title>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n{}</svg>\n",
        escaped(&if names.is_empty() { "chart".into() } else { names.join(", ") }),
        sheet.0
    )
}

/// The elements of a picture, a line each.
#[derive(Default)]
struct Sheet(String);

impl Sheet {
    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "{element}");
    }

    fn text(&mut self, (x, y): (f64, f64), anchor: &str, text: &str) {
        let text = escaped(&shortened(text));
        self.add(format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"));
    }

    fn rule(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), colour: &str) {
        self.add(format_args!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\"/>"
        ));
    }
}

/// Lines above an axis. Returns where they end.
fn lines(figure: &Figure, sheet: &mut Sheet) -> f64 {
    let scale = Scale::of(figure.range(), 5, false);
    let widest = scale.ticks.iter().map(|(_, label)| label.len()).max().unwrap_or(0);
    let (left, right) = (EDGE + widest as f64 * CHARACTER + 8.0, WIDTH - EDGE);
    let (top, bottom) = (EDGE, EDGE + HEIGHT);
    let (first, last) = figure.span();
    let x = |at: f64| left + (right - left) * if last > first { (at - first) / (last - first) } else { 0.5 };
    let y = |number: f64| bottom - (bottom - top) * scale.part(number);
    for (tick, label) in &scale.ticks {
        sheet.rule((left, y(*tick)), (right, y(*tick)), if *tick == scale.low { "#333" } else { "#ddd" });
        sheet.text((left - 6.0, y(*tick) + 4.0), "end", label);
    }
    for (place, anchor) in named(figure.places.len()) {
        if let Some(place) = figure.places.get(place) {
            sheet.text((x(place.at), bottom + LINE), anchor, &place.label);
        }
    }
    for (nth, series) in figure.series.iter().enumerate() {
        let point = |(place, number): &(usize, Option<f64>)| {
            Some((x(figure.places.get(*place).map_or(first, |place| place.at)), y((*number)?)))
        };
        let points: Vec<Option<(f64, f64)>> = series.points.iter().map(point).collect();
        for run in points.split(Option::is_none) {
            stroke(run, colour(nth), sheet);
        }
    }
    bottom + LINE
}

/// A line through neighbouring points; a single one is a dot.
fn stroke(run: &[Option<(f64, f64)>], colour: &str, sheet: &mut Sheet) {
    let mut points = run.iter().flatten();
    match (points.next(), run.len()) {
        (None, _) => {}
        (Some((x, y)), 1) => sheet.add(format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>")),
        _ => {
            let points: Vec<String> = run.iter().flatten().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            sheet.add(format_args!(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
                points.join(" ")
            ));
        }
    }
}

/// Some of so many places, evenly, each with the side of its name that is fixed.
fn named(places: usize) -> Vec<(usize, &'static str)> {
    let last = places.saturating_sub(1);
    let count = places.min(MOST);
    let mut named: Vec<usize> = (0..count).map(|nth| nth * last / count.saturating_sub(1).max(1)).collect();
    named.dedup();
    let anchor = |place: usize| match place {
        _ if places == 1 => "middle",
        0 => "start",
        place if place == last => "end",
        _ => "middle",
    };
    named.into_iter().map(|place| (place, anchor(place))).collect()
}

/// Bars below each other. Returns where they end.
fn bars(figure: &Figure, sheet: &mut Sheet) -> f64 {
    let several = figure.series.len() > 1;
    let longest = figure.places.iter().map(|place| shortened(&place.label).chars().count()).max().unwrap_or(0);
    let (left, right) = (EDGE + longest as f64 * CHARACTER + 8.0, WIDTH - EDGE - 10.0 * CHARACTER);
    let (low, high) = figure.range();
    let scale = Scale::of((low, high), 5, true);
    let x = |number: f64| left + (right - left) * scale.part(number);
    let mut top = EDGE;
    for (place, label) in figure.places.iter().enumerate() {
        sheet.text((left - 6.0, top + 13.0), "end", &label.label);
        for (nth, series) in figure.series.iter().enumerate() {
            let Some(number) = at(series, place) else { continue };
            let (from, to) = (x(0.0).min(x(number)), x(0.0).max(x(number)));
            sheet.add(format_args!(
                "<rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"/>",
                top + 2.0,
                to - from,
                LINE - 4.0,
                colour(nth)
            ));
            sheet.text((to + 4.0, top + 13.0), "start", &short(number));
            top += LINE;
        }
        let empty = figure.series.iter().all(|series| at(series, place).is_none());
        top += if empty { LINE } else { 0.0 } + if several { LINE / 2.0 } else { 0.0 };
    }
    sheet.rule((x(0.0), EDGE), (x(0.0), top), "#333");
    top
}

/// The number of a series at a place, if it has one.
fn at(series: &Series, place: usize) -> Option<f64> {
    let found = series.points.binary_search_by_key(&place, |(place, _)| *place).ok()?;
    series.points.get(found)?.1
}

/// The names of the series, and the unit. Returns where they end.
fn legend(figure: &Figure, sheet: &mut Sheet, mut top: f64) -> f64 {
    let mut left = EDGE;
    let names = figure.series.iter().enumerate().filter(|(_, series)| !series.name.is_empty());
    let remark = figure.remark();
    let parts = names.map(|(nth, series)| (Some(nth), series.name.as_str()));
    for (series, text) in parts.chain(remark.as_deref().map(|remark| (None, remark))) {
        let wide = shortened(text).chars().count() as f64 * CHARACTER + 34.0;
        if left > EDGE && left + wide > WIDTH - EDGE {
            (left, top) = (EDGE, top + LINE);
        }
        if let Some(nth) = series {
            let colour = colour(nth);
            let y = top - 8.0;
            sheet.add(format_args!("<rect x=\"{left:.1}\" y=\"{y:.1}\" width=\"12\" height=\"8\" fill=\"{colour}\"/>"));
        }
        sheet.text((left + 18.0, top), "start", text);
        left += wide;
    }
    top
}

fn colour(series: usize) -> &'static str {
    COLOURS.get(series % COLOURS.len()).copied().unwrap_or("#333")
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A text that is only text in XML, without characters that XML does not allow.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::figure::Place;
    use super::*;
    use proptest::prelude::*;

    fn figure(kind: Kind, labels: &[&str], series: &[(&str, &[Option<f64>])]) -> Figure {
        let place = |(nth, label): (usize, &&str)| Place { label: (*label).to_owned(), at: nth as f64 };
        let series = series.iter().map(|(name, points)| Series {
            name: (*name).to_owned(),
            points: points.iter().copied().enumerate().collect(),
        });
        Figure {
            kind,
            places: labels.iter().enumerate().map(place).collect(),
            series: series.collect(),
            unit: Some("bytes".into()),
            day: None,
        }
    }

    #[test]
    fn a_picture_has_the_series_the_axis_and_the_names() {
        let labels = ["2026-10", "2026-11", "2026-12", "2027-01"];
        let series: &[(&str, &[Option<f64>])] =
            &[("in", &[Some(1.0), Some(3.0), None, Some(2.0)]), ("out", &[Some(5.0), Some(6.0), Some(7.0), Some(8.0)])];
        let drawn = picture(&figure(Kind::Line, &labels, series));
        assert_eq!((drawn.matches("<polyline").count(), drawn.matches("<circle").count()), (2, 1), "{drawn}");
        for text in [
            "<title>in, out</title>",
            ">in</text>",
            ">(bytes)</text>",
            ">2026-10</text>",
            ">2027-01</text>",
            ">8</text>",
        ] {
            assert!(drawn.contains(text), "{text} in {drawn}");
        }
        let drawn = picture(&figure(Kind::Bar, &labels, series));
        assert_eq!(drawn.matches("height=\"14.0\"").count(), 7, "{drawn}");
    }

    #[test]
    fn names_are_only_text() {
        let evil = "</text><script>alert('x')</script>&\u{1}\"";
        let drawn = picture(&figure(Kind::Bar, &[evil], &[(evil, &[Some(1.0)])]));
        assert!(!drawn.contains("<script") && !drawn.contains('\u{1}'), "{drawn}");
        assert!(drawn.contains("&lt;/text&gt;&lt;script&gt;alert(&#39;x"), "{drawn}");
    }

    proptest! {
        #[test]
        fn any_figure_is_well_formed_xml(
            kind in prop::sample::select(vec![Kind::Line, Kind::Bar, Kind::Spark]),
            labels in prop::collection::vec(any::<String>(), 0..8),
            name in any::<String>(),
            numbers in prop::collection::vec(prop::option::of(-1e300..1e300), 0..8),
        ) {
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            let numbers: Vec<_> = numbers.into_iter().take(labels.len()).collect();
            let drawn = picture(&figure(kind, &labels, &[(&name, &numbers)]));
            let mut reader = quick_xml::Reader::from_str(&drawn);
            loop {
                match reader.read_event() {
                    Ok(quick_xml::events::Event::Eof) => break,
                    Ok(_) => {}
                    Err(error) => prop_assert!(false, "{error}: {drawn}"),
                }
            }
            prop_assert!(!drawn.contains("NaN") && !drawn.contains("inf\""), "{drawn}");
        }
    }
}
