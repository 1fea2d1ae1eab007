//! How a result is drawn as a chart, as a catalogue says it.

use serde::Deserialize;

/// Which fields of a result are drawn, and how. Fields are named by their dotted paths in a row of the result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// The field along the axis: a date, a time in seconds since 1970, or a name. Without it, the keys of a dictionary.
    #[serde(default)]
    pub x: Option<String>,
    /// The fields with the numbers, one series each.
    pub y: Vec<String>,
    /// Lines or bars.
    #[serde(default)]
    pub kind: ChartKind,
    /// The field that divides each series into one for each of its values.
    #[serde(default)]
    pub by: Option<String>,
    /// What the numbers count: `bytes`, `bit/s`.
    #[serde(default)]
    pub unit: Option<String>,
}

/// The kinds of chart that a catalogue can choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChartKind {
    /// For what is measured again and again.
    #[default]
    Line,
    /// For sums of periods, and for things beside each other.
    Bar,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_read_from_a_catalogue() {
        let chart: Chart = serde_json::from_str(r#"{"x":"date","y":["in"]}"#).unwrap();
        assert_eq!((chart.x.as_deref(), chart.kind, chart.by, chart.unit), (Some("date"), ChartKind::Line, None, None));
        let chart: Chart = serde_json::from_str(r#"{"x":"d","y":[],"kind":"bar","by":"s","unit":"bytes"}"#).unwrap();
        assert_eq!((chart.kind, chart.by.as_deref()), (ChartKind::Bar, Some("s")));
        assert!(serde_json::from_str::<Chart>(r#"{"x":"d","y":[],"z":1}"#).is_err());
    }
}
