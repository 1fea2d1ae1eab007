//! A provider's own words about a method, in plain text: its markup for parameters repeats what the page has said.

/// The words without field lists, and with code between single backticks. Paragraphs are kept.
pub(super) fn plain(words: &str, repeats: bool) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut inside = false;
    for line in words.lines().map(str::trim_end) {
        let field = field(line);
        // What is moved in below a field belongs to it.
        inside = field.is_some() || inside && line.starts_with([' ', '\t']) && !line.trim().is_empty();
        match field {
            Some((name, text)) if !repeats => out.push(format!("{name}: {text}")),
            _ if inside && repeats => {}
            _ => out.push(line.trim_start_matches(".. ").replace("``", "`")),
        }
    }
    out.dedup_by(|next, last| next.is_empty() && last.is_empty());
    out.join("\n").trim().to_owned()
}

/// The name and the text of a field: `:param name: text`.
fn field(line: &str) -> Option<(&str, &str)> {
    let (name, text) = line.trim_start().strip_prefix(':')?.split_once(':')?;
    let kinds = ["param ", "parameter ", "arg ", "type ", "returns", "return", "rtype", "raises", "raise ", "except "];
    kinds.iter().any(|kind| name.starts_with(kind)).then(|| (name, text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_that_repeats_the_page_is_left_out() {
        let words = "Give it a name.\n\nNot ``twice``.\n\n:param name: (String) The name. At most\n    64 characters.\n:returns: It.\n";
        assert_eq!(plain(words, true), "Give it a name.\n\nNot `twice`.");
        let all = plain(words, false);
        assert!(all.contains("param name: (String) The name. At most\n") && all.contains("returns: It."), "{all}");
        assert_eq!(plain("a: b\n:odd", true), "a: b\n:odd");
        assert_eq!(plain(":param x: y", true), "");
    }
}
