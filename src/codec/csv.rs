//! Reports: rows of text under a header line.
//!
//! The only file that knows the CSV crate.

use super::xml::typed::scalar;
use model::{Field, Map, Type, Value};

/// Reads a report as a list of dictionaries, named by its header line. Blanks around cells vanish; a row may have fewer
/// cells than the header, and what it has beyond is kept under its number.
pub(super) fn read(text: &str, fields: &[Field]) -> Result<Value, String> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header: Vec<String> = reader.headers().map_err(words)?.iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| {
        let row = row.map_err(words)?;
        let cells = row.iter().enumerate().map(|(index, cell)| {
            let name = header.get(index).filter(|name| !name.is_empty()).cloned();
            let name = name.unwrap_or_else(|| format!("column {}", index + 1));
            let declared = fields.iter().find(|field| field.name == name).map_or(&Type::String, |field| &field.type_);
            // An empty cell stays an empty text: it says less than a missing number would.
            let value = if cell.is_empty() { "".into() } else { scalar(cell, declared) };
            (name, value)
        });
        Ok(Value::Map(cells.collect::<Map>()))
    });
    rows.collect::<Result<_, String>>().map(Value::List)
}

fn words(error: csv::Error) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_named_by_the_header() {
        let fields: Vec<Field> =
            serde_json::from_str(r#"[{"name":"Hours","type":"float"},{"name":"Count","type":"int"}]"#).unwrap();
        for (text, json) in [
            ("", "[]"),
            ("a,b\n", "[]"),
            (
                "\u{feff}Day, Hours , Count\r\n01/01/2013,  9.60,7\r\n",
                r#"[{"Day":"01/01/2013","Hours":9.60,"Count":7}]"#,
            ),
            ("a,b,c\n1,,\n", r#"[{"a":"1","b":"","c":""}]"#),
            ("a,b\n\"x, \"\"y\"\"\",\"two\nlines\"\n", r#"[{"a":"x, \"y\"","b":"two\nlines"}]"#),
            ("a,b\n1\n1,2,3\n", r#"[{"a":"1"},{"a":"1","b":"2","column 3":"3"}]"#),
            ("Hours,Count\nnone,\n", r#"[{"Hours":"none","Count":""}]"#),
        ] {
            assert_eq!(serde_json::to_string(&read(text, &fields).unwrap()).unwrap(), json, "{text:?}");
        }
    }
}
