//! The command line as typed.

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};

use super::account_args::{AccountArgs, Add};
use super::completions::script::{SET_UP, Shell};
use super::import_args::Import;
use super::line_options::LineOptions;
use super::serve_args::Serve;
use crate::render::Format;
use model::{moment, period};

/// What comes before the method. What follows it is a line of the shell's own language.
#[derive(Debug, Parser)]
#[command(
    name = "marsh",
    version,
    about = "An interactive shell for hosting-provider APIs",
    override_usage = "marsh [OPTIONS] [METHOD [NAME VALUE]... | run FILE [ARGUMENT]... | COMMAND]",
    disable_help_subcommand = true,
    allow_external_subcommands = true
)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(flatten)]
    pub(super) line: LineOptions,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// The headings of options.
const ACCOUNT: &str = "Account";
const CALLS: &str = "Calls and results";

/// Options of every form.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Global {
    /// The key: @FILE, - for standard input (MARSH_KEY)
    #[arg(short = 'k', long, value_name = "KEY", help_heading = ACCOUNT)]
    pub(super) api_key: Option<String>,
    #[arg(long, value_name = "NAME=KEY", help_heading = ACCOUNT, help = "A secret beside the key: NAME=@FILE")]
    pub(super) secret: Vec<String>,
    /// The address of the service (MARSH_URL)
    #[arg(short = 'u', long, value_name = "URL", help_heading = ACCOUNT)]
    pub(super) url: Option<String>,
    /// What is there: xmlrpc jsonrpc openrpc rest
    #[arg(long, value_name = "ID", conflicts_with_all = ["sandbox", "profile"], help_heading = ACCOUNT)]
    pub(super) provider: Option<String>,
    /// How the key is sent, such as bearer or header:NAME
    #[arg(long, value_name = "WAY", conflicts_with = "sandbox", help_heading = ACCOUNT)]
    pub(super) auth: Option<String>,
    /// One of the provider's protocols
    #[arg(long, value_name = "NAME", help_heading = ACCOUNT)]
    pub(super) transport: Option<String>,
    /// One of the provider's regions
    #[arg(long, value_name = "NAME", conflicts_with = "sandbox", help_heading = ACCOUNT)]
    pub(super) region: Option<String>,
    /// The account's user name, if it needs one
    #[arg(long, value_name = "NAME", conflicts_with = "sandbox", help_heading = ACCOUNT)]
    pub(super) user: Option<String>,
    /// An account from config.toml (MARSH_PROFILE)
    #[arg(short = 'p', long, value_name = "NAME", conflicts_with = "sandbox", help_heading = ACCOUNT)]
    pub(super) profile: Option<String>,
    /// Results as XML, the same as -o xml
    #[arg(short = 'x', long, conflicts_with = "output", help_heading = CALLS)]
    pub(super) xml: bool,
    /// json jsonl yaml xml csv tsv table record value raw
    #[arg(short = 'o', long, value_name = "FORMAT", value_parser = format, help_heading = CALLS)]
    pub(super) output: Option<Format>,
    /// Answer yes to every "are you sure?" question
    #[arg(short = 'y', long, help_heading = CALLS)]
    pub(super) yes: bool,
    /// How long to wait for an answer: 30, 90s or 2m
    #[arg(long, value_name = "DURATION", value_parser = length, help_heading = CALLS)]
    pub(super) timeout: Option<String>,
    /// How often to retry a call when that is safe
    #[arg(long, value_name = "N", help_heading = CALLS)]
    pub(super) retries: Option<u8>,
    /// A simulated account; no key, no network
    #[arg(long, conflicts_with_all = ["api_key", "url"], help_heading = ACCOUNT)]
    pub(super) sandbox: bool,
    /// Continue a script after a line that failed
    #[arg(long, help_heading = CALLS)]
    pub(super) keep_going: bool,
    /// Refuse all calls except reads (MARSH_READ_ONLY)
    #[arg(long, help_heading = CALLS)]
    pub(super) read_only: bool,
    /// Show what is sent and received
    #[arg(short = 'v', long, help_heading = CALLS)]
    pub(super) verbose: bool,
    /// Allow http without TLS to this host
    #[arg(long, value_name = "HOST", help_heading = ACCOUNT)]
    pub(super) plain_http: Vec<String>,
}

impl Cli {
    /// The same with `-` read as `run -`, and the options after `run` applied to the whole script.
    pub(super) fn settled(mut self) -> Cli {
        if let Some(Command::Words(words)) = &self.command
            && let Some(("-", arguments)) = words.split_first().map(|(first, rest)| (first.as_str(), rest))
        {
            self.command = Some(Command::Run(RunFile::of_stdin(arguments.to_vec())));
        }
        if let Some(Command::Run(RunFile { output: Some(output), .. })) = &self.command {
            (self.global.output, self.global.xml) = (Some(*output), false);
        }
        self
    }

    /// The program option that a word after the method was meant for, as it is typed before the method.
    pub(super) fn option_named(word: &str) -> Option<String> {
        let command = Cli::command();
        let mut options = command.get_arguments().filter(|option| !option.is_hide_set());
        if let Some(long) = word.strip_prefix("--") {
            return options.find(|option| option.get_long() == Some(long)).map(|_| word.to_owned());
        }
        let letter = word.strip_prefix('-')?.chars().next()?;
        let option = options.find(|option| option.get_short() == Some(letter))?;
        (word.len() == 2 || option.get_action().takes_values()).then(|| format!("-{letter}"))
    }
}

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Command {
    /// Set up an account; the key is tested before it is saved
    #[command(hide = true)]
    Login(Login),
    /// Add any service: find out what it speaks, try it, and save it
    #[command(hide = true)]
    Add(Add),
    /// Make a provider of an OpenAPI or Swagger document
    #[command(hide = true)]
    Import(Import),
    /// Check the configuration, the files and every account
    #[command(hide = true)]
    Doctor(Doctor),
    /// Show settings and where they were set
    #[command(hide = true)]
    Config {
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// Save the journal elsewhere, or remove old rows
    #[command(hide = true)]
    Journal {
        #[command(subcommand)]
        action: JournalAction,
    },
    /// A catalogue of your own: begin one, or check one
    #[command(hide = true, alias = "catalog")]
    Catalogue {
        #[command(subcommand)]
        action: CatalogueAction,
    },
    /// Run the simulated provider
    #[command(hide = true)]
    Sandbox {
        #[command(subcommand)]
        action: SandboxAction,
    },
    /// Run the lines of a file; all are checked before the first call is sent
    ///
    /// Names, parameters, values, accounts, questions and output files of all lines are checked before the first call
    /// is sent; every mistake is listed with its line. Values of variables are checked when their line runs. A name
    /// that only the service knows needs a line `refresh` before it.
    #[command(hide = true)]
    Run(RunFile),
    /// Print a script for Tab completion in your own shell
    #[command(hide = true, after_help = SET_UP)]
    Completions {
        /// Your shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the manual page: marsh man | man -l -
    #[command(hide = true)]
    Man,
    /// A line of the shell's language, already split into words
    #[command(external_subcommand)]
    Words(Vec<String>),
}

#[derive(Clone, Debug, Subcommand)]
pub(super) enum SandboxAction {
    /// Run until Ctrl-C; prints the address and the key
    Serve(Serve),
}

/// Options of `marsh login`. What is missing is asked for at a terminal.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Login {
    #[command(flatten)]
    pub(super) own: AccountArgs,
    /// A name for the profile
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
    /// One of the provider's regions, if there are several
    #[arg(long, value_name = "NAME")]
    pub(super) region: Option<String>,
    /// The address, if it is not the provider's own
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    /// Save it without testing the key
    #[arg(long)]
    pub(super) no_test: bool,
}

/// Options of `marsh doctor`.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Doctor {
    /// Check only this account
    #[arg(short = 'p', long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Contact no service
    #[arg(long)]
    pub(super) offline: bool,
    /// The format of the list
    #[arg(short = 'o', long, value_name = "FORMAT", value_parser = format)]
    pub(super) output: Option<Format>,
}

#[derive(Clone, Debug, Subcommand)]
pub(super) enum ConfigAction {
    /// Show each value, where it was set, and what it overrides
    Explain(Explain),
    /// Print where config.toml is, or would be
    Path,
}

#[derive(Clone, Debug, Subcommand)]
pub(super) enum JournalAction {
    /// Print every line and call as JSON Lines, or write them into a file that only you can read
    Export {
        /// The file, which is replaced when all of it is written; by default standard output
        file: Option<PathBuf>,
    },
    /// Remove the lines and calls from before a time; those whose outcome is not known stay
    Prune(Prune),
}

#[derive(Clone, Debug, Subcommand)]
pub(super) enum CatalogueAction {
    /// Print a skeleton with comments, to be saved as a file
    New {
        /// A short name for the service
        name: String,
    },
    /// Say everything that is wrong, with line and column; the exit code is 1 if anything is
    Check(CheckFiles),
}

/// Options of `marsh catalogue check`.
#[derive(Clone, Debug, Args)]
pub(super) struct CheckFiles {
    /// The format of the list of faults
    #[arg(short = 'o', long, value_name = "FORMAT", value_parser = format)]
    pub(super) output: Option<Format>,
    /// The files
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
}

/// Options of `marsh journal prune`.
#[derive(Clone, Debug, Args)]
pub(super) struct Prune {
    /// So long ago, 90d or 12h, or a date such as 2026-11-01
    #[arg(long, value_name = "TIME", value_parser = past)]
    pub(super) before: i64,
    /// Remove them without a question
    #[arg(short = 'y', long)]
    pub(super) yes: bool,
}

/// Options of `marsh config explain`.
#[derive(Clone, Debug, Args)]
pub(super) struct Explain {
    /// A key of config.toml; by default all of them
    pub(super) key: Option<String>,
    /// For this account, instead of the one a session starts with
    #[arg(short = 'p', long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// The format of the list
    #[arg(short = 'o', long, value_name = "FORMAT", value_parser = format)]
    pub(super) output: Option<Format>,
}

/// Options of `marsh run`.
#[derive(Clone, Debug, Args)]
pub(super) struct RunFile {
    /// Continue after a line that failed; the exit code is that of the first failure
    #[arg(long)]
    pub(super) keep_going: bool,
    /// Have up to N calls under way at once, where lines do not depend on each other
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(super) jobs: Option<u8>,
    /// Send the calls in as few requests as possible; one list of results
    #[arg(long)]
    pub(super) batch: bool,
    /// Answer yes to every "are you sure?" question
    #[arg(short = 'y', long)]
    pub(super) yes: bool,
    /// The format of results
    #[arg(short = 'o', long, value_name = "FORMAT", value_parser = format)]
    pub(super) output: Option<Format>,
    /// The file; `-` is standard input
    pub(super) file: String,
    /// Values for $1, $2 and $@ in the lines; options go before them, or before the file
    #[arg(trailing_var_arg = true, value_name = "ARGUMENT")]
    pub(super) arguments: Vec<String>,
}

impl RunFile {
    /// Standard input, with arguments.
    fn of_stdin(arguments: Vec<String>) -> RunFile {
        RunFile { keep_going: false, jobs: None, batch: false, yes: false, output: None, file: "-".into(), arguments }
    }
}

fn format(text: &str) -> Result<Format, String> {
    text.parse().map_err(|error: crate::render::UnknownFormat| error.to_string())
}

/// A duration, as it was typed.
fn length(text: &str) -> Result<String, String> {
    period::parse(text).map(|_| text.to_owned()).ok_or_else(|| format!("it must be {}", period::FORM))
}

/// A moment that is over, in milliseconds since 1970.
fn past(text: &str) -> Result<i64, String> {
    moment::past(text, history::now()).ok_or_else(|| format!("it must be {}", moment::FORM))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_value_with_the_name_of_a_command_is_a_value() {
        let cli = Cli::parse_from(["marsh", "-k", "run", "--user", "sandbox", "server.list"]);
        assert!(matches!(cli.command, Some(Command::Words(_))), "{:?}", cli.command);
        assert_eq!((cli.global.api_key.as_deref(), cli.global.user.as_deref()), (Some("run"), Some("sandbox")));
    }

    #[test]
    fn a_scripts_output_format_may_be_on_either_side() {
        for words in
            [["marsh", "-o", "csv", "run", "f"], ["marsh", "run", "-o", "csv", "f"], ["marsh", "run", "f", "-o", "csv"]]
        {
            assert_eq!(Cli::parse_from(words).settled().global.output, Some(Format::Csv), "{words:?}");
        }
    }

    #[test]
    fn words_after_a_script_are_its_arguments() {
        for (words, file, arguments, yes) in [
            (&["run", "f", "a", "b c"][..], "f", &["a", "b c"][..], false),
            (&["run", "-y", "f", "a", "-y", "--batch"], "f", &["a", "-y", "--batch"], true),
            (&["run", "f", "-y", "a"], "f", &["a"], true),
            (&["run", "f", "--", "-y"], "f", &["-y"], false),
            (&["run", "-", "a"], "-", &["a"], false),
            (&["-", "a", "-y"], "-", &["a", "-y"], false),
        ] {
            let cli = Cli::parse_from(["marsh"].iter().chain(words)).settled();
            let Some(Command::Run(run)) = cli.command else { panic!("{words:?}") };
            assert_eq!((run.file.as_str(), run.yes), (file, yes), "{words:?}");
            assert_eq!(run.arguments, arguments, "{words:?}");
        }
    }

    #[test]
    fn words_after_the_method_are_left_alone() {
        let cli = Cli::parse_from(["marsh", "-k", "K", "service.list", "-o", "raw", "type", "(list)a,b", "--odd"]);
        let Some(Command::Words(words)) = cli.command else { panic!("no words") };
        assert_eq!(words, ["service.list", "-o", "raw", "type", "(list)a,b", "--odd"]);
        assert_eq!((cli.global.api_key.as_deref(), cli.global.output), (Some("K"), None));
    }

    #[test]
    fn an_account_may_have_the_name_of_a_command() {
        for name in ["sandbox", "run", "login", "doctor", "config"] {
            for option in ["-p", "--user", "-k"] {
                let cli = Cli::parse_from(["marsh", option, name, "service.list"]);
                assert!(matches!(cli.command, Some(Command::Words(words)) if words == ["service.list"]), "{name}");
            }
        }
    }
}
