//! What a chart shows, before it is drawn in any form.

use model::suggest::phrase;
use model::{Class, Diagnostic};

/// How a figure is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Lines above an axis.
    Line,
    /// A bar for each number.
    Bar,
    /// One small column for each number, on a single line.
    Spark,
}

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figure {
    pub(super) kind: Kind,
    /// The places along the axis, in order.
    pub(super) places: Vec<Place>,
    /// The series, each with a different name.
    pub(super) series: Vec<Series>,
    /// What the numbers count.
    pub(super) unit: Option<String>,
    /// The day of all places, if their labels are only times.
    pub(super) day: Option<String>,
}

/// A place on the axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    /// Its name, on one line and safe for a terminal.
    pub(super) label: String,
    /// Where it is: seconds since 1970, or its number.
    pub(super) at: f64,
}

/// Numbers that belong together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Series {
    /// On one line and safe for a terminal; empty if there is nothing to say.
    pub(super) name: String,
    /// Numbers of places by their index, in ascending order. `None` is a gap. Numbers are finite and at most 1e300 from
    /// zero.
    pub(super) points: Vec<(usize, Option<f64>)>,
}

impl Figure {
    /// Every number in it.
    pub(super) fn numbers(&self) -> impl Iterator<Item = f64> {
        self.series.iter().flat_map(|series| series.points.iter().filter_map(|(_, number)| *number))
    }

    /// The smallest and the largest number; 0 and 0 if there is none.
    pub(super) fn range(&self) -> (f64, f64) {
        let bounds = self.numbers().fold(None, |bounds, number| match bounds {
            None => Some((number, number)),
            Some((low, high)) => Some((number.min(low), number.max(high))),
        });
        bounds.unwrap_or((0.0, 0.0))
    }

    /// Where on the axis its places begin and end.
    pub(super) fn span(&self) -> (f64, f64) {
        let at = |place: Option<&Place>| place.map_or(0.0, |place| place.at);
        (at(self.places.first()), at(self.places.last()))
    }

    /// What is written beside the names of the series: the day and the unit.
    pub(super) fn remark(&self) -> Option<String> {
        match (&self.day, &self.unit) {
            (Some(day), Some(unit)) => Some(format!("({day}, {unit})")),
            (Some(one), None) | (None, Some(one)) => Some(format!("({one})")),
            (None, None) => None,
        }
    }
}

/// A result that cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoChart {
    /// It has no rows.
    #[error("there is nothing to draw: the result is empty")]
    Empty,
    /// None of its columns has numbers.
    #[error("there is nothing to draw: no field of the result is a number{}", listed(.fields))]
    NoNumbers {
        /// The columns that it has.
        fields: Vec<String>,
    },
    /// The columns that were asked for have no numbers.
    #[error("there is nothing to draw: {}", not_numbers(.asked))]
    NotNumbers {
        /// The columns that were asked for.
        asked: Vec<String>,
        /// The columns with numbers.
        numbers: Vec<String>,
    },
}

fn not_numbers(asked: &[String]) -> String {
    match asked {
        [one] => format!("`{one}` is not a column of numbers"),
        _ => "none of these columns contains numbers".into(),
    }
}

/// The first of some names, in brackets.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        names if names.len() > MOST_NAMES => {
            format!(" (it has {} and {} more)", some(names), names.len() - MOST_NAMES)
        }
        names => format!(" (it has {})", some(names)),
    }
}

const MOST_NAMES: usize = 6;

fn some(names: &[String]) -> String {
    names.iter().take(MOST_NAMES).map(String::as_str).collect::<Vec<_>>().join(", ")
}

impl Diagnostic for NoChart {
    fn class(&self) -> Class {
        Class::Local
    }

    fn hint(&self) -> Option<String> {
        match self {
            NoChart::Empty => None,
            NoChart::NoNumbers { .. } => Some(
                "-o table shows it; -q 'map(.FIELD)' -o chart counts how often each value of a field occurs".into(),
            ),
            NoChart::NotNumbers { numbers, .. } => match numbers.len() {
                0 => None,
                1..=3 => phrase(&numbers.iter().map(String::as_str).collect::<Vec<_>>()),
                _ => Some(format!("columns with numbers: {}", some(numbers))),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_drawn_is_explained() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        for (error, words) in [
            (NoChart::Empty, "there is nothing to draw: the result is empty"),
            (
                NoChart::NoNumbers { fields: names(&["a", "b"]) },
                "there is nothing to draw: no field of the result is a number (it has a, b)",
            ),
            (
                NoChart::NoNumbers { fields: names(&["a", "b", "c", "d", "e", "f", "g", "h"]) },
                "there is nothing to draw: no field of the result is a number (it has a, b, c, d, e, f and 2 more)",
            ),
            (
                NoChart::NotNumbers { asked: names(&["a"]), numbers: names(&["n"]) },
                "there is nothing to draw: `a` is not a column of numbers",
            ),
            (
                NoChart::NotNumbers { asked: names(&["a", "b"]), numbers: vec![] },
                "there is nothing to draw: none of these columns contains numbers",
            ),
        ] {
            assert_eq!(error.to_string(), words);
        }
        let numbers = names(&["n", "m", "o", "p"]);
        let hint = NoChart::NotNumbers { asked: vec![], numbers }.hint();
        assert_eq!(hint.as_deref(), Some("columns with numbers: n, m, o, p"));
    }

    #[test]
    fn the_range_covers_every_number() {
        let series = |points: &[Option<f64>]| Series {
            name: String::new(),
            points: points.iter().copied().enumerate().collect(),
        };
        let figure = Figure {
            kind: Kind::Line,
            places: vec![],
            series: vec![series(&[None, Some(2.0)]), series(&[Some(-1.0)])],
            unit: Some("bytes".into()),
            day: None,
        };
        assert_eq!(figure.range(), (-1.0, 2.0));
        assert_eq!(figure.remark().as_deref(), Some("(bytes)"));
        let none = Figure { series: vec![], unit: None, ..figure };
        assert_eq!((none.range(), none.span(), none.remark()), ((0.0, 0.0), (0.0, 0.0), None));
    }
}
