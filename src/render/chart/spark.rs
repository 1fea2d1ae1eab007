//! Numbers on one line, one small column each.

use super::super::text;
use super::figure::{Figure, Series};
use super::number::short;
use super::pen::Pen;

/// The columns, from the lowest to the highest.
const FINE: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const PLAIN: [char; 8] = ['_', '.', '-', '~', '=', '+', '*', '#'];

/// The lines of a chart.
pub(super) fn lines(figure: &Figure, pen: &Pen) -> Vec<String> {
    let widest = figure.series.iter().map(|series| text::width(&series.name)).max().unwrap_or(0);
    let lead = widest.min(pen.width / 3);
    let line = |(nth, series): (usize, &Series)| {
        let front = if lead > 0 { pen.filled(&series.name, lead) + " " } else { String::new() };
        let room = pen.width.saturating_sub(text::width(&front));
        let range = range(series);
        let said = format!(" {} to {}", short(range.0), short(range.1));
        let least = series.points.len().min(room / 2);
        let said = if said.len() + least <= room { said } else { String::new() };
        let columns = columns(series, range, room - said.len(), pen);
        front + &pen.paint(nth, columns.trim_end()) + &said
    };
    let mut out: Vec<String> = figure.series.iter().enumerate().map(line).collect();
    let remark = Figure { series: Vec::new(), places: Vec::new(), ..figure.clone() };
    out.extend(pen.legend(&remark, 0));
    out
}

/// The smallest and the largest number of a series.
fn range(series: &Series) -> (f64, f64) {
    let numbers = || series.points.iter().filter_map(|(_, number)| *number);
    let low = numbers().fold(f64::INFINITY, f64::min);
    let high = numbers().fold(f64::NEG_INFINITY, f64::max);
    if low <= high { (low, high) } else { (0.0, 0.0) }
}

/// A character for each number, or, where there are more numbers than room, for the largest of several neighbours.
fn columns(series: &Series, (low, high): (f64, f64), room: usize, pen: &Pen) -> String {
    let characters = if pen.fine { FINE } else { PLAIN };
    let base = if low > 0.0 && high - low >= high * 0.25 { 0.0 } else { low };
    let character = |number: f64| {
        let part = if high > base { ((number - base) / (high - base)).clamp(0.0, 1.0) } else { 0.5 };
        characters.get((part * 7.0).round() as usize).copied().unwrap_or(' ')
    };
    let count = series.points.len();
    let shown = count.min(room);
    let begin = |nth: usize| nth * count / shown.max(1);
    let largest = |nth: usize| {
        let several = series.points.get(begin(nth)..begin(nth + 1)).unwrap_or_default();
        several.iter().filter_map(|(_, number)| *number).reduce(f64::max)
    };
    (0..shown).map(|nth| largest(nth).map_or(' ', character)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::figure::Kind;
    use super::*;

    fn drawn(series: &[(&str, &[Option<f64>])], width: usize, fine: bool) -> String {
        let series = series.iter().map(|(name, points)| Series {
            name: (*name).to_owned(),
            points: points.iter().copied().enumerate().collect(),
        });
        let figure = Figure { kind: Kind::Spark, places: vec![], series: series.collect(), unit: None, day: None };
        lines(&figure, &Pen { width, colour: false, fine }).join("\n")
    }

    #[test]
    fn numbers_become_columns_on_one_line() {
        let up: Vec<Option<f64>> = (0..8).map(|nth| Some(f64::from(nth))).collect();
        let many: Vec<Option<f64>> = (0..100).map(|nth| Some(f64::from(nth))).collect();
        for (series, width, fine, line) in [
            (&[("", &up[..])][..], 40, true, "▁▂▃▄▅▆▇█ 0 to 7"),
            (&[("", &up[..])], 40, false, "_.-~=+*# 0 to 7"),
            (&[("", &[Some(1.0), None, Some(4.0)])], 40, true, "▃ █ 1 to 4"),
            (&[("", &[Some(5.0), Some(5.0)])], 40, true, "▅▅ 5 to 5"),
            (&[("", &[None])], 40, true, " 0 to 0"),
            (&[("in", &up[..]), ("out", &up[4..])], 40, false, "in  _.-~=+*# 0 to 7\nout =+*# 4 to 7"),
            (&[("", &many[..])], 18, true, "▂▂▃▄▄▅▆▇▇█ 0 to 99"),
            (&[("", &many[..])], 4, true, "▃▄▆█"),
        ] {
            assert_eq!(drawn(series, width, fine), line, "{series:?}");
        }
    }
}
