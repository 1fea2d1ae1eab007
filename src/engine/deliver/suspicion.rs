//! A place of a result that was probably not meant as it is written: a file with the name of a command, or with the
//! ending of a format that marsh does not write.

use std::ffi::OsStr;
use std::path::Path;

use crate::render::Format;
use crate::sink::CommandSink;
use lang::RedirectKind;

/// Endings of files that other programs expect in a form of their own.
const FOREIGN: [&str; 14] =
    ["xlsx", "xls", "ods", "numbers", "doc", "docx", "odt", "pdf", "html", "htm", "parquet", "sqlite", "db", "zip"];

/// What is said about the place before anything is opened. `bytes` if the provider's own bytes go there, and `chosen` if
/// the line chooses the format.
pub(crate) fn warning(
    kind: &RedirectKind,
    path: &Path,
    search_path: &OsStr,
    (format, chosen, bytes): (Format, bool, bool),
) -> Option<String> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    if ending.is_some_and(|ending| FOREIGN.contains(&ending.as_str())) && !chosen && !bytes {
        return Some(format!(
            "note: {name} is written as {}; .csv is the form that spreadsheets open (`help output`)",
            format.name()
        ));
    }
    let is_word = Path::new(&name) == path && matches!(kind, RedirectKind::Pipe(_));
    let is_command = || CommandSink::check(&name, search_path).is_ok();
    (is_word && !name.contains('.') && !path.exists() && is_command()).then(|| {
        format!(
            "note: | writes to a file, here one named {name}; `|! {name}` runs the command, and -q filters without one"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_command_or_another_format_is_told() {
        for (line, chosen, bytes, told) in [
            ("x | grep", false, false, "`|! grep` runs the command"),
            ("x | head", true, true, "`|! head` runs the command"),
            ("x | ./head", false, false, ""),
            ("x > head", false, false, ""),
            ("x | frobnicated", false, false, ""),
            ("x | a.json", false, false, ""),
            ("x | a.xlsx", false, false, "a.xlsx is written as json; .csv"),
            ("x > a.XLSX", false, false, "is written as json"),
            ("x | a.xlsx", true, false, ""),
            ("x | a.pdf", false, true, ""),
        ] {
            let kind = lang::parse(line).unwrap()[0].redirect.clone().unwrap().kind;
            let path = Path::new(line.rsplit(' ').next().unwrap());
            let form = (Format::Json, chosen, bytes);
            let said = warning(&kind, path, OsStr::new("/bin:/usr/bin"), form).unwrap_or_default();
            assert!(said.contains(told) && said.is_empty() == told.is_empty(), "{line}: {said}");
        }
    }
}
