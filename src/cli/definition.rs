//! The command line as data, for the help page, the man page and completion.

use clap::{Arg, Command, CommandFactory};

use super::args::Cli;

/// The program, or one of its subcommands.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) options: Vec<Opt>,
    /// Its words without dashes.
    pub(super) words: Vec<Opt>,
    pub(super) parts: Vec<Part>,
}

/// An option, or a word without dashes.
#[derive(Debug)]
pub(super) struct Opt {
    pub(super) group: Option<String>,
    pub(super) short: Option<char>,
    pub(super) long: String,
    /// The name of its value; `None` if it takes none.
    pub(super) value: Option<String>,
    /// A value must be joined with `=`.
    pub(super) glued: bool,
    /// The allowed words.
    pub(super) choices: Vec<String>,
    pub(super) about: String,
    /// It belongs to a line, and is accepted before the method for convenience.
    pub(super) of_lines: bool,
}

/// The whole command line.
pub(super) fn program() -> Part {
    let mut command = Cli::command();
    command.build();
    part(&command)
}

fn part(command: &Command) -> Part {
    let opts = |words: bool| command.get_arguments().filter(move |arg| arg.is_positional() == words).map(opt).collect();
    Part {
        name: command.get_name().to_owned(),
        about: command.get_about().map(ToString::to_string).unwrap_or_default(),
        options: opts(false),
        words: opts(true),
        parts: command.get_subcommands().map(part).collect(),
    }
}

fn opt(arg: &Arg) -> Opt {
    let choices = arg.get_possible_values();
    let takes = arg.get_action().takes_values();
    Opt {
        group: arg.get_help_heading().map(str::to_owned),
        short: arg.get_short(),
        long: arg.get_long().unwrap_or(arg.get_id().as_str()).to_owned(),
        value: arg.get_value_names().and_then(<[_]>::first).map(ToString::to_string).filter(|_| takes),
        glued: arg.is_require_equals_set(),
        choices: choices.iter().filter(|_| takes).map(|choice| choice.get_name().to_owned()).collect(),
        about: arg.get_help().map(ToString::to_string).unwrap_or_default(),
        of_lines: arg.is_hide_set(),
    }
}

impl Part {
    /// The subcommand of that name.
    pub(super) fn part(&self, name: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.name == name)
    }
}

impl Opt {
    /// The option as it is typed: `-k, --api-key KEY`.
    pub(super) fn usage(&self) -> String {
        let short = self.short.map(|letter| format!("-{letter}, ")).unwrap_or_default();
        let value = self.value.as_ref().map(|value| format!(" {value}")).unwrap_or_default();
        format!("{short}--{}{value}", self.long)
    }
}
