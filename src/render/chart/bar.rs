//! Bars, each with its name before it and its number after it.

use super::super::text;
use super::figure::{Figure, Series};
use super::number::short;
use super::pen::Pen;
use super::scale::Scale;

/// The last cell of a bar, in eighths.
const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
/// The fewest columns for bars; where there are fewer, names are cut further.
const LEAST: usize = 4;
/// What is shown where there is no number.
const NOTHING: &str = "-";

/// The lines of a chart.
pub(super) fn lines(figure: &Figure, pen: &Pen) -> Vec<String> {
    let several = figure.series.len() > 1;
    let name = |nth: usize| if several { figure.series.get(nth).map_or("", |series| &series.name) } else { "" };
    let names = (0..figure.series.len()).map(name);
    let labels = figure.places.iter().map(|place| place.label.as_str());
    let indent = if several { 2 } else { 0 };
    let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(text::width).max().unwrap_or(0);
    let wanted = if several { widest(&mut names.into_iter()) } else { widest(&mut labels.into_iter()) };
    let numbers = figure.numbers().map(|number| short(number).len()).max().unwrap_or(0).max(NOTHING.len());
    let around = indent + numbers + 2;
    let lead = wanted.min(pen.width / 2).min(pen.width.saturating_sub(around + LEAST));
    let track = Track::of(figure, pen.width.saturating_sub(around + lead));
    let mut out = Vec::new();
    for (place, label) in figure.places.iter().enumerate() {
        if several {
            out.push(pen.cut(&label.label, pen.width).into_owned());
        }
        for (nth, series) in figure.series.iter().enumerate() {
            let Some(number) = number(series, place) else { continue };
            let front = if several { &series.name } else { &label.label };
            let bar = track.bar(number, pen);
            let number = number.map_or_else(|| NOTHING.to_owned(), short);
            let line = format!("{}{} {}", text::blanks(indent), pen.filled(front, lead), pen.paint(nth, &bar));
            let used = indent + lead + 1 + text::width(&bar);
            let line = if bar.is_empty() { line } else { line + " " };
            let used = used + usize::from(!bar.is_empty());
            out.push(line + &pen.cut(&number, pen.width.saturating_sub(used)));
        }
    }
    let legend = if several { &Figure { series: Vec::new(), places: Vec::new(), ..figure.clone() } } else { figure };
    out.extend(pen.legend(legend, 0));
    // On the narrowest screens not even the spaces have room.
    out.iter_mut().for_each(|line| trim(line, pen));
    out
}

fn trim(line: &mut String, pen: &Pen) {
    if pen.colour && text::width(&super::super::style::unpainted(line)) <= pen.width {
        return;
    }
    if text::width(line) > pen.width {
        *line = pen.cut(&super::super::style::unpainted(line), pen.width).into_owned();
    }
    line.truncate(line.trim_end().len());
}

/// The number of a series at a place; `None` if it has no such place.
fn number(series: &Series, place: usize) -> Option<Option<f64>> {
    let at = series.points.binary_search_by_key(&place, |(place, _)| *place).ok()?;
    series.points.get(at).map(|(_, number)| *number)
}

/// The columns that bars are drawn in.
struct Track {
    scale: Scale,
    columns: usize,
    /// The columns before zero.
    zero: usize,
}

impl Track {
    fn of(figure: &Figure, columns: usize) -> Track {
        let (low, high) = figure.range();
        let largest = low.abs().max(high.abs());
        let (low, high) = if largest < f64::MIN_POSITIVE { (0.0, 1.0) } else { (low.min(0.0), high.max(0.0)) };
        let scale = Scale { low, high, ticks: Vec::new() };
        let zero = (scale.part(0.0) * columns as f64).round() as usize;
        Track { scale, columns, zero }
    }

    /// The bar of a number, without spaces after it.
    fn bar(&self, number: Option<f64>, pen: &Pen) -> String {
        let Some(number) = number.filter(|number| *number != 0.0) else { return text::blanks(self.zero) };
        let end = self.scale.part(number) * self.columns as f64;
        let zero = self.zero as f64;
        if number < 0.0 {
            let full = ((zero - end).round() as usize).max(1).min(self.zero);
            return text::blanks(self.zero - full) + &full_cells(full, pen);
        }
        let eighths = (((end - zero).max(0.0) * 8.0).round() as usize).max(1).min((self.columns - self.zero) * 8);
        let bar = match (pen.fine, EIGHTHS.get((eighths % 8).wrapping_sub(1))) {
            (true, Some(last)) => full_cells(eighths / 8, pen) + &last.to_string(),
            (true, None) => full_cells(eighths / 8, pen),
            (false, _) => full_cells(((eighths + 4) / 8).max(1).min(self.columns - self.zero), pen),
        };
        text::blanks(self.zero) + &bar
    }
}

fn full_cells(count: usize, pen: &Pen) -> String {
    (if pen.fine { "█" } else { "#" }).repeat(count)
}

#[cfg(test)]
mod tests {
    use super::super::figure::{Kind, Place};
    use super::*;

    fn figure(labels: &[&str], series: &[(&str, &[Option<f64>])]) -> Figure {
        let place = |(nth, label): (usize, &&str)| Place { label: (*label).to_owned(), at: nth as f64 };
        let series = series.iter().map(|(name, points)| Series {
            name: (*name).to_owned(),
            points: points.iter().copied().enumerate().collect(),
        });
        let places = labels.iter().enumerate().map(place).collect();
        Figure { kind: Kind::Bar, places, series: series.collect(), unit: None, day: None }
    }

    fn drawn(figure: &Figure, width: usize, fine: bool) -> String {
        format!("\n{}\n", lines(figure, &Pen { width, colour: false, fine }).join("\n"))
    }

    #[test]
    fn one_series_has_its_names_before_the_bars() {
        let one = figure(&["web", "mail", "db"], &[("", &[Some(1000.0), Some(0.0), None])]);
        assert_eq!(drawn(&one, 24, false), "\nweb  ################ 1k\nmail 0\ndb   -\n");
        let small = figure(&["a", "b"], &[("", &[Some(16.0), Some(1.0)])]);
        assert_eq!(drawn(&small, 13, true), "\na ████████ 16\nb ▌ 1\n");
        let both = figure(&["a", "b"], &[("n", &[Some(-5.0), Some(5.0)])]);
        assert_eq!(drawn(&both, 14, false), "\na ##### -5\nb      #### 5\n* n\n");
        assert_eq!(drawn(&figure(&["much too long"], &[("", &[Some(1.0)])]), 12, false), "\nmuch~ #### 1\n");
    }

    #[test]
    fn several_series_are_below_the_name_of_their_place() {
        let figure = figure(&["2026-10", "2026-11"], &[("in", &[Some(1.0), Some(2.0)]), ("out", &[Some(4.0), None])]);
        assert_eq!(
            drawn(&figure, 20, false),
            "\n2026-10\n  in  ### 1\n  out ############ 4\n2026-11\n  in  ###### 2\n  out -\n"
        );
    }
}
