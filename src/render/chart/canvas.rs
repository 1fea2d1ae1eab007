//! Lines on a screen: of dots in Braille characters, four times as fine as the lines of text, or of one mark a cell.

use super::super::style::{Role, paint};

/// The marks of series where there are no dots.
pub(super) const MARKS: [char; 6] = ['*', '+', 'o', 'x', '#', '@'];
/// The first of the Braille characters, without any dot. The others follow in the order of their bits.
const BRAILLE: u32 = 0x2800;
/// The bits of the dots in a Braille character: of each line, the left and the right one.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// A drawing area.
pub(super) struct Canvas {
    columns: usize,
    rows: usize,
    /// Drawn in dots.
    fine: bool,
    cells: Vec<Cell>,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    dots: u8,
    /// The series that was drawn there last.
    series: usize,
}

impl Canvas {
    pub(super) fn new(columns: usize, rows: usize, fine: bool) -> Canvas {
        Canvas { columns, rows, fine, cells: vec![Cell::default(); columns * rows] }
    }

    /// The dots beside and above each other.
    pub(super) fn size(&self) -> (usize, usize) {
        let (wide, high) = if self.fine { (2, 4) } else { (1, 1) };
        (self.columns * wide, self.rows * high)
    }

    /// Draws a line between two dots; dots are counted from the left and from the top.
    pub(super) fn line(&mut self, from: (usize, usize), to: (usize, usize), series: usize) {
        let wide = from.0.abs_diff(to.0);
        let high = from.1.abs_diff(to.1);
        let steps = wide.max(high).max(1);
        let between = |from: usize, to: usize, nth: usize| match to >= from {
            true => from + ((to - from) * nth + steps / 2) / steps,
            false => from - ((from - to) * nth + steps / 2) / steps,
        };
        for nth in 0..=steps {
            self.dot((between(from.0, to.0, nth), between(from.1, to.1, nth)), series);
        }
    }

    /// Draws one dot. Outside the area, nothing happens.
    pub(super) fn dot(&mut self, (x, y): (usize, usize), series: usize) {
        let (column, row, dots) = match self.fine {
            true => {
                let dots = DOTS.get(y % 4).and_then(|line| line.get(x % 2)).copied().unwrap_or_default();
                (x / 2, y / 4, dots)
            }
            false => (x, y, 1),
        };
        if column >= self.columns {
            return;
        }
        if let Some(cell) = self.cells.get_mut(row * self.columns + column) {
            *cell = Cell { dots: cell.dots | dots, series };
        }
    }

    /// The rows from the top, each as wide as the area, with the colours of the series.
    pub(super) fn lines(&self, colour: bool) -> impl Iterator<Item = String> {
        self.cells.chunks(self.columns.max(1)).map(move |cells| {
            let mut line = String::new();
            for run in cells.chunk_by(|one, next| (one.dots == 0) == (next.dots == 0) && one.series == next.series) {
                let text: String = run.iter().map(|cell| self.character(*cell)).collect();
                let series = run.first().filter(|cell| cell.dots != 0).map(|cell| cell.series);
                line.push_str(&series.map_or(text.as_str().into(), |nth| paint(Role::Series(nth), &text, colour)));
            }
            line
        })
    }

    fn character(&self, cell: Cell) -> char {
        match (cell.dots, self.fine) {
            (0, _) => ' ',
            (dots, true) => char::from_u32(BRAILLE + u32::from(dots)).unwrap_or(' '),
            (_, false) => mark(cell.series),
        }
    }
}

/// The mark of a series.
pub(super) fn mark(series: usize) -> char {
    MARKS.get(series % MARKS.len()).copied().unwrap_or('*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drawn(canvas: &Canvas) -> String {
        canvas.lines(false).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn lines_are_drawn_in_dots_or_marks() {
        for (fine, series, picture) in [(false, 1, "  ++\n++  "), (true, 0, "⢀⡠⠔⠊\n⠁⠀⠀⠀")] {
            let mut canvas = Canvas::new(4, 2, fine);
            let (wide, high) = canvas.size();
            let from = if fine { (0, 4) } else { (0, 1) };
            canvas.line(from, (wide - 1, 0), series);
            assert_eq!(drawn(&canvas).replace(' ', if fine { "⠀" } else { " " }), picture, "{wide} {high}");
        }
    }

    #[test]
    fn each_series_has_its_own_colour() {
        let mut canvas = Canvas::new(3, 1, false);
        canvas.dot((0, 0), 0);
        canvas.dot((2, 0), 1);
        let line: String = canvas.lines(true).collect();
        assert_eq!(line, format!("{} {}", paint(Role::Series(0), "*", true), paint(Role::Series(1), "+", true)));
    }

    proptest! {
        #[test]
        fn nothing_is_drawn_outside(
            columns in 0usize..9, rows in 0usize..5, fine: bool,
            from in (0usize..40, 0usize..40), to in (0usize..40, 0usize..40), series in 0usize..9,
        ) {
            let mut canvas = Canvas::new(columns, rows, fine);
            canvas.line(from, to, series);
            let lines: Vec<String> = canvas.lines(false).collect();
            prop_assert_eq!(lines.len(), if columns == 0 { 0 } else { rows });
            prop_assert!(lines.iter().all(|line| line.chars().count() == columns));
        }
    }
}
