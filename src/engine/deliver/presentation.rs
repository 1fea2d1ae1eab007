//! In what form a result goes to its place: settled, with all that contradicts itself in it, before anything is opened
//! or sent.

use std::path::Path;

use crate::engine::deliver::filter::Filter;
use crate::engine::state::error::CallError;
use crate::render::{Format, Guide, View, view};
use lang::{Redirect, RedirectKind, Word};
use model::{Method, Shape, Span};

/// What a line says of the form and the place of its result.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish {
    /// The format that it asks for, and where.
    pub(crate) format: Option<(Format, Span)>,
    /// The names of the columns, and where they are.
    pub(crate) columns: Option<(String, Span)>,
    /// What rows are sorted by, and where that is.
    pub(crate) sort: Option<(String, Span)>,
    /// Whether rows have a line of names above them.
    pub(crate) header: bool,
    /// Where it asks for cells that no spreadsheet takes for formulas.
    pub(crate) safe: Option<Span>,
    /// Where it asks for a byte order mark.
    pub(crate) bom: Option<Span>,
    /// A filter makes something else of the result.
    pub(crate) filtered: bool,
    /// Where it is to go.
    pub(crate) redirect: Option<Redirect>,
}

/// The form of a result.
pub(crate) struct Presentation {
    /// The form that it has in its place.
    pub(crate) view: View,
    /// What it goes through first.
    pub(crate) filter: Option<Filter>,
    /// The method or the file says that the provider's bytes are meant, and nobody else.
    pub(crate) implied: bool,
    /// The field of the result whose bytes are meant.
    pub(crate) document: Option<String>,
    /// A result that is a picture may be shown as one.
    pub(crate) pictured: bool,
    /// The format of results that nothing else is said of.
    pub(crate) usual: Format,
    /// The line, or the name of its file, chooses the format.
    pub(crate) chosen: bool,
    /// Nobody chose a format, for this line or for all.
    pub(crate) open: bool,
}

/// What is known of the result of a method before there is one.
#[derive(Clone, Copy)]
pub(crate) struct Given<'g> {
    /// The method.
    pub(crate) method: &'g Method,
    /// The shapes of its provider.
    pub(crate) shapes: &'g [Shape],
    /// Standard output is a terminal.
    pub(crate) terminal: bool,
}

impl Presentation {
    /// Of the result of a command or a batch, of which nothing is known beforehand. `chosen` is the format that the
    /// account's rules choose for all lines. Refuses what contradicts itself.
    pub(crate) fn of(wish: &Wish, chosen: Option<Format>, filter: Option<Filter>) -> Result<Presentation, CallError> {
        let usual = chosen.unwrap_or_default();
        let view = wish.view(wish.said().unwrap_or(usual))?;
        if let Some(filter) = &filter {
            filter.suits(view.format)?;
        }
        let open = chosen.is_none() && wish.format.is_none();
        let chosen = wish.said().is_some();
        Ok(Presentation { view, filter, implied: false, document: None, pictured: false, usual, chosen, open })
    }

    /// Of the result of a method.
    pub(crate) fn of_method(
        wish: &Wish,
        chosen: Option<Format>,
        filter: Option<Filter>,
        given: Given<'_>,
    ) -> Result<Presentation, CallError> {
        let mut presentation = Presentation::of(wish, chosen, filter)?;
        let Given { method, shapes, terminal } = given;
        // A document that nobody looks at is as it came, whatever its fields mean.
        let view = &presentation.view;
        if terminal || presentation.filter.is_some() || view.arranges() || !view.format.is_document() {
            presentation.view.guide = Guide::of(method, shapes);
        }
        presentation.view.chart.clone_from(&method.chart);
        let at_stdout = wish.redirect.is_none();
        let plain = wish.said().is_none() && chosen.is_none() && presentation.filter.is_none();
        presentation.pictured = at_stdout && terminal && plain && !presentation.view.arranges();
        // A document or a picture, in a field of the result or alone, is stored and handed on as the bytes that it is,
        // unless the line chooses a format. A result around it is shown whole where a format was chosen for all lines.
        let stays_document = wish.said().is_none() && !(terminal && at_stdout);
        match (&method.document, method.returns_document(), method.returns_report()) {
            _ if presentation.filter.is_some() => {}
            (Some(field), ..) if stays_document && !(chosen.is_some() && at_stdout) => {
                presentation.document = Some(field.clone());
            }
            (Some(_), ..) => {}
            (None, true, _) if stays_document => presentation.be_raw(),
            (None, false, true) if wish.keeps_report(&presentation.view) => presentation.be_raw(),
            _ => {}
        }
        Ok(presentation)
    }

    fn be_raw(&mut self) {
        (self.view.format, self.implied) = (Format::Raw, true);
    }
}

impl Wish {
    /// The format that the line or the name of its file asks for.
    fn said(&self) -> Option<Format> {
        let named = || self.file().and_then(|word| Format::from_file_name(&word.text()));
        self.format.map(|(format, _)| format).or_else(named)
    }

    /// The file that the result goes into, as it was typed.
    fn file(&self) -> Option<&Word> {
        match &self.redirect.as_ref()?.kind {
            RedirectKind::Command(_) => None,
            RedirectKind::Pipe(word)
            | RedirectKind::Force(word)
            | RedirectKind::Write(word)
            | RedirectKind::Append(word) => Some(word),
        }
    }

    /// Whether a report goes into a file named after the notation that the provider writes: that holds the provider's
    /// own bytes, unless they are to be chosen from.
    fn keeps_report(&self, view: &View) -> bool {
        let csv = |word: &Word| Path::new(&word.text()).extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
        self.file().is_some_and(csv) && self.format.is_none() && !view.arranges() && !view.safe && !view.bom
    }

    /// Refuses what only spreadsheets need in a format that is not theirs.
    fn suits_spreadsheets(&self, format: Format) -> Result<(), CallError> {
        let appends = matches!(&self.redirect, Some(Redirect { kind: RedirectKind::Append(_), .. }));
        let (message, span) = match (self.safe, self.bom) {
            (Some(span), _) if !matches!(format, Format::Csv | Format::Tsv) => ("--safe needs -o csv or -o tsv", span),
            (_, Some(span)) if format != Format::Csv => ("--bom needs -o csv", span),
            (_, Some(span)) if appends => ("--bom cannot be used with >>: it belongs at the start of a file", span),
            _ => return Ok(()),
        };
        Err(CallError::usage(message, Some(span)))
    }

    /// The view in a format.
    fn view(&self, format: Format) -> Result<View, CallError> {
        let names = |option: &str, asked: &Option<(String, Span)>| -> Result<Option<String>, CallError> {
            let Some((text, span)) = asked else { return Ok(None) };
            if format == Format::Raw {
                let words = format!("raw is exactly what the provider sent, so --{option} cannot choose from it");
                return Err(CallError::usage(words, Some(*span)));
            }
            match view::columns(text).is_empty() {
                true => Err(CallError::usage(format!("--{option} names no column"), Some(*span))),
                false => Ok(Some(text.clone())),
            }
        };
        let columns = names("columns", &self.columns)?.unwrap_or_default();
        let sort = names("sort", &self.sort)?.map(|text| view::sort_keys(&text)).unwrap_or_default();
        self.suits_spreadsheets(format)?;
        let (safe, bom) = (self.safe.is_some(), self.bom.is_some());
        Ok(View { sort, header: self.header, safe, bom, ..View::of(format) }.with_columns(&columns))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Diagnostic;

    /// A wish for a format and columns, each at a place of its own, with the redirection of a line.
    fn wish(format: Option<Format>, columns: Option<&str>, line: &str) -> Wish {
        let format = format.map(|format| (format, Span::new(2, 8)));
        let columns = columns.map(|text| (text.to_owned(), Span::new(9, 20)));
        let redirect = lang::parse(line).unwrap()[0].redirect.clone();
        Wish { format, columns, header: true, redirect, ..Wish::default() }
    }

    fn of(method: &str, wish: &Wish, chosen: Option<Format>, terminal: bool) -> Result<Presentation, CallError> {
        let method: Method = serde_json::from_str(method).unwrap();
        Presentation::of_method(wish, chosen, None, Given { method: &method, shapes: &[], terminal })
    }

    #[test]
    fn documents_and_reports_stay_what_they_are_unless_a_format_is_chosen() {
        let plain = r#"{"name":"a","effect":"read"}"#;
        let pdf = r#"{"name":"a","effect":"read","answers":{"as":"pdf"}}"#;
        let report = r#"{"name":"a","effect":"read","answers":{"as":"csv"}}"#;
        let inside = r#"{"name":"a","effect":"read","document":"body"}"#;
        let (usual, json, csv, raw) = (Format::default(), Some(Format::Json), Some(Format::Csv), Format::Raw);
        for (method, asked, columns, line, chosen, terminal, found) in [
            (plain, None, None, "a", None, false, (usual, false, false)),
            (plain, None, None, "a | f.csv", json, false, (Format::Csv, false, false)),
            (plain, csv, None, "a | f.yaml", json, false, (Format::Csv, false, false)),
            (pdf, None, None, "a", None, false, (raw, true, false)),
            (pdf, None, None, "a", None, true, (usual, false, false)),
            (pdf, None, None, "a | f", None, true, (raw, true, false)),
            (pdf, None, None, "a |! cat", None, true, (raw, true, false)),
            (pdf, None, None, "a | f.json", None, true, (Format::Json, false, false)),
            (pdf, Some(raw), None, "a", None, false, (raw, false, false)),
            (report, None, None, "a | f.csv", None, true, (raw, true, false)),
            (report, None, None, "a | f.CSV", json, true, (raw, true, false)),
            (report, None, Some("x"), "a | f.csv", None, true, (Format::Csv, false, false)),
            (report, csv, None, "a | f.csv", None, true, (Format::Csv, false, false)),
            (report, None, None, "a |! cat", None, true, (usual, false, false)),
            (inside, None, None, "a", None, false, (usual, false, true)),
            (inside, None, None, "a", None, true, (usual, false, false)),
            (inside, None, None, "a", json, false, (Format::Json, false, false)),
            (inside, None, None, "a | f", json, false, (Format::Json, false, true)),
            (inside, None, None, "a | f.yaml", json, false, (Format::Yaml, false, false)),
        ] {
            let is = of(method, &wish(asked, columns, line), chosen, terminal).unwrap();
            let is = (is.view.format, is.implied, is.document.is_some());
            assert_eq!(is, found, "{method} {asked:?} {line} {chosen:?} {terminal}");
        }
    }

    #[test]
    fn what_spreadsheets_need_is_for_spreadsheets() {
        let (safe, bom) = ((Some(Span::new(1, 2)), None), (None, Some(Span::new(1, 2))));
        for ((safe, bom), format, line, fits) in [
            (safe, Some(Format::Csv), "a", true),
            (safe, Some(Format::Tsv), "a", true),
            (safe, None, "a | f.csv", true),
            (safe, None, "a", false),
            (bom, Some(Format::Csv), "a", true),
            (bom, Some(Format::Tsv), "a", false),
            (bom, None, "a >> f.csv", false),
        ] {
            let wish = Wish { safe, bom, ..wish(format, None, line) };
            assert_eq!(Presentation::of(&wish, None, None).is_ok(), fits, "{format:?} {line}");
        }
    }

    #[test]
    fn what_contradicts_the_format_is_refused_with_its_place() {
        let (raw, json) = (Some(Format::Raw), Some(Format::Json));
        for (asked, columns, chosen, refused) in [
            (raw, Some("x"), None, true),
            (None, Some("x"), raw, true),
            (None, Some(","), None, true),
            (json, Some("x"), raw, false),
            (raw, None, None, false),
        ] {
            let error = Presentation::of(&wish(asked, columns, "a"), chosen, None).err();
            let span = error.as_ref().and_then(Diagnostic::span);
            assert_eq!(span, refused.then_some(Span::new(9, 20)), "{asked:?} {columns:?} {chosen:?}: {error:?}");
        }
    }
}
