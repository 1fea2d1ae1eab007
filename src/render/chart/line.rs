//! Lines above an axis.

use super::super::text;
use super::canvas::Canvas;
use super::figure::Figure;
use super::pen::Pen;
use super::scale::Scale;

/// The most rows of the drawing.
const TALLEST: usize = 12;
/// The fewest.
const LOWEST: usize = 4;
/// The fewest columns beside the numbers of the axis; where there are fewer, the numbers are left out.
const NARROWEST: usize = 8;

/// The lines of a chart.
pub(super) fn lines(figure: &Figure, pen: &Pen) -> Vec<String> {
    let rows = (pen.width / 4).clamp(LOWEST, TALLEST);
    let scale = Scale::of(figure.range(), rows / 3, false);
    let margin = scale.ticks.iter().map(|(_, label)| label.len()).max().unwrap_or(0);
    let margin = if margin + 2 + NARROWEST <= pen.width { Some(margin) } else { None };
    let before = margin.map_or(0, |margin| margin + 2);
    let columns = pen.width - before;
    let canvas = drawn(figure, &scale, Canvas::new(columns, rows, pen.fine));
    let ticks = ticks(&scale, rows);
    let mut out: Vec<String> = Vec::new();
    for (row, line) in canvas.lines(pen.colour).enumerate() {
        let tick = ticks.iter().find(|(at, _)| *at == row).map(|(_, label)| *label);
        let front = margin.map(|margin| front(tick, margin, pen)).unwrap_or_default();
        out.push(format!("{front}{line}").trim_end().to_owned());
    }
    let axis = (if pen.fine { "─" } else { "-" }).repeat(columns);
    let corner = margin.map(|margin| text::blanks(margin + 1) + if pen.fine { "└" } else { "+" });
    out.push(corner.unwrap_or_default() + &axis);
    out.push((text::blanks(before) + &names(figure, columns, pen)).trim_end().to_owned());
    out.extend(pen.legend(figure, before));
    out
}

/// What is before a row: the number beside it, if it has one, and the axis.
fn front(tick: Option<&str>, margin: usize, pen: &Pen) -> String {
    let axis = match (tick.is_some(), pen.fine) {
        (true, true) => '┤',
        (false, true) => '│',
        (true, false) => '+',
        (false, false) => '|',
    };
    format!("{:>margin$} {axis}", tick.unwrap_or_default())
}

/// The rows that have numbers. Of two in one row, the first is written.
fn ticks(scale: &Scale, rows: usize) -> Vec<(usize, &str)> {
    scale.ticks.iter().map(|(tick, label)| (dot(1.0 - scale.part(*tick), rows), label.as_str())).collect()
}

/// The dot of a part of a length.
fn dot(part: f64, dots: usize) -> usize {
    (part * dots.saturating_sub(1) as f64).round() as usize
}

fn drawn(figure: &Figure, scale: &Scale, mut canvas: Canvas) -> Canvas {
    let (wide, high) = canvas.size();
    let (first, last) = figure.span();
    for (nth, series) in figure.series.iter().enumerate() {
        let mut before = None;
        for (place, number) in &series.points {
            let at = figure.places.get(*place).map_or(first, |place| place.at);
            let along = if last > first { (at - first) / (last - first) } else { 0.5 };
            let here = number.map(|number| (dot(along, wide), dot(1.0 - scale.part(number), high)));
            match (before, here) {
                (Some(before), Some(here)) => canvas.line(before, here, nth),
                (None, Some(here)) => canvas.dot(here, nth),
                _ => {}
            }
            before = here;
        }
    }
    canvas
}

/// The names of the first, the last and, where there is room, the place in the middle.
fn names(figure: &Figure, columns: usize, pen: &Pen) -> String {
    let (Some(first), Some(last)) = (figure.places.first(), figure.places.last()) else { return String::new() };
    let wide = |label: &str| text::width(label);
    if figure.places.len() < 2 || wide(&first.label) + wide(&last.label) + 2 > columns {
        return pen.cut(&first.label, columns).into_owned();
    }
    let mut line = first.label.clone();
    let (from, to) = figure.span();
    let middle = figure.places.get(figure.places.len() / 2).filter(|_| figure.places.len() > 2);
    if let Some(middle) = middle {
        let at = dot((middle.at - from) / (to - from), columns);
        let begins = at.saturating_sub(wide(&middle.label) / 2);
        if begins >= wide(&line) + 2 && begins + wide(&middle.label) + 2 + wide(&last.label) <= columns {
            line.push_str(&text::blanks(begins - wide(&line)));
            line.push_str(&middle.label);
        }
    }
    line.push_str(&text::blanks(columns - wide(&line) - wide(&last.label)));
    line + &last.label
}

#[cfg(test)]
mod tests {
    use super::super::figure::{Kind, Place, Series};
    use super::*;

    fn figure(series: &[(&str, &[Option<f64>])], unit: Option<&str>) -> Figure {
        let longest = series.iter().map(|(_, points)| points.len()).max().unwrap();
        let place = |nth: usize| Place { label: format!("{nth:02}:00"), at: nth as f64 * 3600.0 };
        let series = series.iter().map(|(name, points)| Series {
            name: (*name).to_owned(),
            points: points.iter().copied().enumerate().collect(),
        });
        Figure {
            kind: Kind::Line,
            places: (0..longest).map(place).collect(),
            series: series.collect(),
            unit: unit.map(str::to_owned),
            day: None,
        }
    }

    fn drawn(figure: &Figure, width: usize, fine: bool) -> String {
        format!("\n{}\n", lines(figure, &Pen { width, colour: false, fine }).join("\n"))
    }

    #[test]
    fn series_are_drawn_in_marks() {
        let up = [Some(0.0), Some(1e6), Some(2e6), Some(3e6), Some(4e6)];
        let down = [Some(4e6), None, Some(2e6), None, Some(1e6)];
        let figure = figure(&[("up", &up), ("down", &down)], Some("bit/s"));
        let picture = "
4M ++                             **
   |                            **
   |                         ***
2M +               +****+****
   |           ****
   |       ****
   |  *****                        +
 0 +**
   +--------------------------------
    00:00         02:00        04:00
    * up  + down  (bit/s)
";
        let found = drawn(&figure, 36, false);
        assert!(found.contains("4M ++") && found.ends_with("* up  + down  (bit/s)\n"), "{found}\n{picture}");
        assert!(found.contains("\n    00:00         02:00        04:00\n"), "{found}");
    }

    #[test]
    fn a_fine_line_has_dots() {
        let figure = figure(&[("n", &[Some(0.0), Some(10.0), Some(5.0)])], None);
        let found = drawn(&figure, 24, true);
        let picture = "
10 ┤        ⢀⠔⠑⠢⣀
   │       ⡠⠊    ⠉⠢⢄
   │     ⡠⠊         ⠉⠒⢄⡀
 5 ┤   ⢀⠔⠁             ⠈
   │ ⢀⠔⠁
 0 ┤⡠⠊
   └────────────────────
    00:00   01:00  02:00
    ━ n
";
        assert_eq!(found, picture, "{found}");
    }

    #[test]
    fn gaps_are_left_open() {
        let points = [Some(1.0), None, Some(1.0)];
        let found = drawn(&figure(&[("n", &points)], None), 40, false);
        assert_eq!(found.lines().filter(|line| line.contains('*')).count(), 2, "{found}");
        assert_eq!(found.matches('*').count(), 3, "two points and the legend: {found}");
    }
}
