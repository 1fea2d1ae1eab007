//! The user's own editor: a text is written to a file for its owner alone, and read back when the editor ends.

use std::fs;
use std::io::Write;

use super::{Program, SinkError};
use crate::disk::Spare;

/// Lets a program change a text. The file is removed afterwards, since it may contain secrets. The line feed that
/// editors add at the end is removed.
pub fn edit(program: &Program, text: &str) -> Result<String, SinkError> {
    let failed = |source| SinkError::Edit { program: program.name().to_owned(), source };
    let mut file = Spare::elsewhere(".marsh").map_err(failed)?;
    writeln!(file, "{text}").map_err(failed)?;
    let status = program.open(file.path()).map_err(failed)?;
    if !status.success() {
        return Err(SinkError::Ended { program: program.name().to_owned(), status });
    }
    let changed = fs::read_to_string(file.path()).map_err(failed)?;
    Ok(changed.trim_end_matches(['\n', '\r']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::CommandSink;
    use std::ffi::OsStr;

    fn edited(command: &str, text: &str) -> Result<String, SinkError> {
        edit(&CommandSink::check(command, OsStr::new("/usr/bin:/bin")).unwrap(), text)
    }

    #[test]
    fn a_text_is_read_back_as_the_program_left_it() {
        for (command, text, result) in [
            ("true", "service.list", "service.list"),
            ("sed -i s/a/b/", "a a\na", "b a\nb"),
            ("sh -c 'stat -c %a \"$0\" >\"$0\"'", "secret", "600"),
            ("sh -c 'cp /dev/null \"$0\"'", "a", ""),
        ] {
            assert_eq!(edited(command, text).unwrap(), result, "{command}");
        }
        assert!(matches!(edited("false", "a"), Err(SinkError::Ended { .. })));
        assert!(matches!(edited("rm", "a"), Err(SinkError::Edit { .. })));
    }
}
