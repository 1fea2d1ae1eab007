//! Options of a line that come before the method: `marsh --dry-run service.list` means `marsh service.list --dry-run`.
//!
//! They are declared once, as options of the line; this module adds the same table to the command line.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use lang::{OPTIONS, OptionDef, Takes};

/// The given options, as words of a line.
#[derive(Clone, Debug, Default)]
pub(super) struct LineOptions(Vec<String>);

/// Options that the program handles itself, for all lines.
const OF_THE_PROGRAM: [&str; 5] = ["output", "xml", "timeout", "yes", "help"];

fn those() -> impl Iterator<Item = &'static OptionDef> {
    OPTIONS.iter().filter(|option| !OF_THE_PROGRAM.contains(&option.long) && option.is_of_every_line())
}

fn argument(option: &OptionDef) -> Arg {
    let arg = Arg::new(option.long).long(option.long).short(option.short).hide(true);
    match option.takes {
        Takes::Nothing => arg.action(ArgAction::SetTrue),
        Takes::Value(name) => arg.action(ArgAction::Set).value_name(name).allow_hyphen_values(true),
        Takes::Maybe(name) => {
            let arg = arg.action(ArgAction::Set).value_name(name);
            arg.num_args(0..=1).require_equals(true).default_missing_value("")
        }
    }
}

impl LineOptions {
    /// The words of a line with these options after its method. The line's own options come later and take precedence.
    pub(super) fn into_line(self, mut words: Vec<String>) -> Vec<String> {
        let named = words.first().is_some_and(|word| lang::Word::bare(word, model::Span::default()).names_accounts());
        let head = words.len().min(if named { 2 } else { 1 });
        words.splice(head..head, self.0);
        words
    }

    /// The first of them, for the error when there is no line.
    pub(super) fn first(&self) -> Option<&str> {
        self.0.first().map(String::as_str)
    }
}

impl FromArgMatches for LineOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<LineOptions, Error> {
        let word = |option: &OptionDef| {
            let OptionDef { long, takes, .. } = option;
            match takes {
                Takes::Nothing => matches.get_flag(long).then(|| format!("--{long}")),
                Takes::Value(_) | Takes::Maybe(_) => {
                    matches.get_one::<String>(long).map(|value| match value.as_str() {
                        "" if matches!(takes, Takes::Maybe(_)) => format!("--{long}"),
                        value => format!("--{long}={value}"),
                    })
                }
            }
        };
        Ok(LineOptions(those().filter_map(word).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = LineOptions::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for LineOptions {
    fn augment_args(command: Command) -> Command {
        command.args(those().map(argument))
    }

    fn augment_args_for_update(command: Command) -> Command {
        LineOptions::augment_args(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lang;

    fn line(words: &[&str]) -> String {
        let command =
            LineOptions::augment_args(Command::new("x").no_binary_name(true).arg(Arg::new("words").num_args(0..)));
        let matches = command.try_get_matches_from(words).unwrap();
        let rest = matches.get_many::<String>("words").into_iter().flatten().cloned().collect();
        let words = LineOptions::from_arg_matches(&matches).unwrap().into_line(rest);
        lang::parse_words(&words).map_or_else(|error| error.to_string(), |(line, _)| line.to_string())
    }

    #[test]
    fn an_option_before_the_method_belongs_to_the_line() {
        for (words, expected) in [
            (&["--wait", "@all", "a.b"][..], "@all a.b --wait"),
            (&["a.b", "n", "v"][..], "a.b n v"),
            (&["--dry-run", "a.b", "n", "v"], "a.b n v --dry-run"),
            (&["-q", ".[] | .x", "--all", "a.b"], "a.b --query '.[] | .x' --all"),
            (&["--wait", "a.b"], "a.b --wait"),
            (&["--wait=5m", "--no-check", "a.b"], "a.b --wait=5m --no-check"),
            (
                &["--sort", "-name", "--columns", "id,name", "--no-header", "a.b"],
                "a.b --columns id,name --sort=-name --no-header",
            ),
            (&["--as", "curl", "a.b"], "a.b --as curl"),
        ] {
            assert_eq!(line(words), expected, "{words:?}");
        }
    }
}
