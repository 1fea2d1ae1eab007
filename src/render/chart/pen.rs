//! How a chart is written on a screen: in which characters, in colour or not, and how wide.

use std::borrow::Cow;

use super::super::style::{Role, paint};
use super::super::text;
use super::super::view::View;
use super::canvas;
use super::figure::Figure;

/// The width of a chart that does not go to a screen.
const USUAL: usize = 80;
/// Spaces between the parts of a legend.
const GAP: usize = 2;

/// What the parts of a chart are written with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    /// The most columns of a line.
    pub(super) width: usize,
    /// With colours.
    pub(super) colour: bool,
    /// In Braille and block characters. Without colours everything is ASCII: such a chart may go anywhere.
    pub(super) fine: bool,
}

impl Pen {
    pub(super) fn of(view: &View) -> Pen {
        let colour = view.style.colour;
        Pen { width: view.width.unwrap_or(USUAL).max(1), colour, fine: colour && view.ability.unicode }
    }

    /// A text in at most so many columns.
    pub(super) fn cut<'t>(&self, text: &'t str, width: usize) -> Cow<'t, str> {
        match text::cut_end(text, width) {
            Cow::Owned(cut) if !self.fine => Cow::Owned(cut.replace('…', "~")),
            cut => cut,
        }
    }

    /// A text in so many columns, cut or followed by spaces.
    pub(super) fn filled(&self, text: &str, width: usize) -> String {
        let cut = self.cut(text, width);
        let blanks = width.saturating_sub(text::width(&cut));
        format!("{cut}{}", text::blanks(blanks))
    }

    /// A text in the colour of a series.
    pub(super) fn paint<'t>(&self, series: usize, text: &'t str) -> Cow<'t, str> {
        paint(Role::Series(series), text, self.colour)
    }

    /// The lines that name the series, the day and the unit, moved in.
    pub(super) fn legend(&self, figure: &Figure, indent: usize) -> Vec<String> {
        let indent = if indent + 12 > self.width { 0 } else { indent };
        let room = self.width - indent;
        let names = figure.series.iter().enumerate().filter(|(_, series)| !series.name.is_empty());
        let mut parts: Vec<(Option<usize>, Cow<'_, str>)> =
            names.map(|(nth, series)| (Some(nth), self.cut(&series.name, room.saturating_sub(2)))).collect();
        let remark = figure.remark();
        parts.extend(remark.as_deref().map(|remark| (None, self.cut(remark, room))));
        let mut lines = Vec::new();
        let (mut line, mut used) = (String::new(), 0);
        for (series, text) in parts {
            let wide = text::width(&text) + if series.is_some() { 2 } else { 0 };
            if used > 0 && used + GAP + wide > room {
                lines.push(text::blanks(indent) + &line);
                (line, used) = (String::new(), 0);
            }
            let gap = if used > 0 { GAP } else { 0 };
            line.push_str(&text::blanks(gap));
            if let Some(nth) = series {
                line.push_str(&self.paint(nth, &self.mark(nth).to_string()));
                line.push(' ');
            }
            line.push_str(&text);
            used += gap + wide;
        }
        if used > 0 {
            lines.push(text::blanks(indent) + &line);
        }
        // Where there is not even room for a mark, the names are left out.
        lines.retain(|line| text::width(&super::super::style::unpainted(line)) <= self.width);
        lines
    }

    fn mark(&self, series: usize) -> char {
        if self.fine { '━' } else { canvas::mark(series) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::figure::{Kind, Series};
    use super::*;

    #[test]
    fn a_legend_is_wrapped_between_names() {
        let series = ["bytes_in", "bytes_out"].map(|name| Series { name: name.into(), points: vec![] }).to_vec();
        let figure = Figure {
            kind: Kind::Line,
            places: vec![],
            series,
            unit: Some("bytes".into()),
            day: Some("2026-11-28".into()),
        };
        for (width, fine, lines) in [
            (60, false, &["  * bytes_in  + bytes_out  (2026-11-28, bytes)"][..]),
            (60, true, &["  ━ bytes_in  ━ bytes_out  (2026-11-28, bytes)"]),
            (26, false, &["  * bytes_in  + bytes_out", "  (2026-11-28, bytes)"]),
            (12, false, &["* bytes_in", "+ bytes_out", "(2026-11-28~"]),
            (6, true, &["━ byt…", "━ byt…", "(2026…"]),
            (1, false, &["~"]),
        ] {
            let pen = Pen { width, colour: false, fine };
            assert_eq!(pen.legend(&figure, 2), lines, "{width}");
        }
    }

    #[test]
    fn text_is_cut_in_the_characters_of_the_screen() {
        for (fine, width, cut) in [(true, 3, "ab…"), (false, 3, "ab~"), (false, 5, "abcd "), (false, 0, "")] {
            assert_eq!(Pen { width: 80, colour: false, fine }.filled("abcd", width), cut);
        }
    }

    #[test]
    fn only_a_screen_with_colours_gets_more_than_ascii() {
        use super::super::super::ability::Ability;
        for (colour, unicode, fine) in [(true, true, true), (true, false, false), (false, true, false)] {
            let mut view = View { ability: Ability { unicode, ..Ability::default() }, ..View::default() };
            view.style.colour = colour;
            assert_eq!((Pen::of(&view).fine, Pen::of(&view).width), (fine, 80));
        }
    }
}
