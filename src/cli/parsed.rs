//! The arguments of the program, read by a command line that is no larger than they need.

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use super::args::{Cli, Command, Global};
use super::help;
use super::line_options::LineOptions;

/// The words that begin a command of the program. Where none of them is among the arguments, the commands are not built:
/// with all their options they take a twentieth of the time of a call.
const COMMANDS: [&str; 13] = [
    "login",
    "add",
    "import",
    "doctor",
    "config",
    "journal",
    "catalogue",
    "catalog",
    "sandbox",
    "run",
    "completions",
    "man",
    "help",
];

/// The same without commands, and without the options that usually come after the method.
#[derive(Debug, Parser)]
#[command(name = "marsh", disable_help_subcommand = true, allow_external_subcommands = true)]
struct Usual {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    words: Option<Words>,
}

/// The same without commands.
#[derive(Debug, Parser)]
#[command(name = "marsh", disable_help_subcommand = true, allow_external_subcommands = true)]
struct Call {
    #[command(flatten)]
    global: Global,
    #[command(flatten)]
    line: LineOptions,
    #[command(subcommand)]
    words: Option<Words>,
}

#[derive(Debug, Subcommand)]
enum Words {
    /// A line of the shell's language, already split into words.
    #[command(external_subcommand)]
    Words(Vec<String>),
}

/// Reads the arguments, of which the first is the program. `wants_help` if one of them may ask for the page of help.
pub(super) fn read(arguments: Vec<OsString>, wants_help: bool) -> Result<Cli, clap::Error> {
    let is_command = |argument: &OsString| COMMANDS.iter().any(|name| argument == name);
    if !wants_help && !arguments.iter().any(is_command) {
        // What is wrong with them is said by the whole command line.
        let usual =
            Usual::try_parse_from(&arguments).map(|Usual { global, words }| (global, LineOptions::default(), words));
        let read = usual
            .or_else(|_| Call::try_parse_from(&arguments).map(|Call { global, line, words }| (global, line, words)));
        if let Ok((global, line, words)) = read {
            return Ok(Cli { global, line, command: words.map(|Words::Words(words)| Command::Words(words)) });
        }
    }
    let command = Cli::command();
    // The page takes time to build, and most runs do not need it.
    let command = if wants_help { command.override_help(help::page()) } else { command };
    let mut matches = command.try_get_matches_from(arguments)?;
    Cli::from_arg_matches_mut(&mut matches)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_known() {
        let command = Cli::command();
        let names = command.get_subcommands().flat_map(|it| std::iter::once(it.get_name()).chain(it.get_all_aliases()));
        let mut names: Vec<&str> = names.chain(["help"]).collect();
        let mut known = COMMANDS.to_vec();
        names.sort_unstable();
        known.sort_unstable();
        assert_eq!(names, known);
    }

    #[test]
    fn both_command_lines_read_the_same() {
        for line in [
            "",
            "service.list",
            "-k x -u http://localhost:1/ service.list name a -o csv",
            "-p work -o json server.list --all",
            "--api-key=x -- service.list",
            "--provider own service.info name config.x",
            "@all servers",
            "-o",
            "-o nonsense x",
            "--no-such-option x",
            "--provider a --sandbox x",
            "-V",
            "--dry-run service.list --all",
            "-k x -q .[] --columns=id service.list -q .",
            "-xk x service.list",
            "-yq . service.list",
            "-k -q service.list",
            "--wait",
        ] {
            let arguments: Vec<OsString> =
                std::iter::once("marsh").chain(line.split_whitespace()).map(Into::into).collect();
            let told = |read: Result<Cli, clap::Error>| match read {
                Ok(cli) => format!("{cli:?}"),
                Err(error) => error.to_string(),
            };
            let whole =
                Cli::command().try_get_matches_from(&arguments).and_then(|mut it| Cli::from_arg_matches_mut(&mut it));
            assert_eq!(told(read(arguments, false)), told(whole), "{line}");
        }
    }
}
