//! The command line as typed.

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};

use super::completions::{self, Shell};
use super::line_options::LineOptions;
use crate::render::Format;
use model::period;

/// What stands before the method. What stands behind it is a line of the shell's own language.
#[derive(Debug, Parser)]
#[command(
    name = "marsh",
    version,
    about = "One interactive shell for hosting-provider APIs",
    override_usage = "marsh [OPTIONS] [METHOD [NAME VALUE]... | run FILE | COMMAND]",
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
#[derive(Clone, Debug, Args)]
pub(super) struct Global {
    /// The key: @FILE, - for standard input (MARSH_KEY)
    #[arg(short = 'k', long, value_name = "KEY", help_heading = ACCOUNT)]
    pub(super) api_key: Option<String>,
    /// The address of the service (MARSH_URL)
    #[arg(short = 'u', long, value_name = "URL", help_heading = ACCOUNT)]
    pub(super) url: Option<String>,
    /// One of the provider's protocols
    #[arg(long, value_name = "NAME", help_heading = ACCOUNT)]
    pub(super) transport: Option<String>,
    /// One of the provider's places
    #[arg(long, value_name = "NAME", conflicts_with = "sandbox", help_heading = ACCOUNT)]
    pub(super) region: Option<String>,
    /// The account's name, if it wants one beside the key
    #[arg(long, value_name = "NAME", conflicts_with = "sandbox", help_heading = ACCOUNT)]
    pub(super) user: Option<String>,
    /// The account of config.toml (MARSH_PROFILE)
    #[arg(short = 'p', long, value_name = "NAME", conflicts_with = "sandbox", help_heading = ACCOUNT)]
    pub(super) profile: Option<String>,
    /// Results as XML, the same as -o xml
    #[arg(short = 'x', long, conflicts_with = "output", help_heading = CALLS)]
    pub(super) xml: bool,
    /// json jsonl yaml xml csv tsv table record value raw
    #[arg(short = 'o', long, value_name = "FORMAT", value_parser = format, help_heading = CALLS)]
    pub(super) output: Option<Format>,
    /// Yes to every question whether one is sure
    #[arg(short = 'y', long, help_heading = CALLS)]
    pub(super) yes: bool,
    /// How long to wait for an answer: 30, 90s or 2m
    #[arg(long, value_name = "DURATION", value_parser = length, help_heading = CALLS)]
    pub(super) timeout: Option<String>,
    /// How often a call is repeated where that is safe
    #[arg(long, value_name = "N", help_heading = CALLS)]
    pub(super) retries: Option<u8>,
    /// A simulated account; no key, no network
    #[arg(long, conflicts_with_all = ["api_key", "url"], help_heading = ACCOUNT)]
    pub(super) sandbox: bool,
    /// Run the lines of a script behind one that failed
    #[arg(long, help_heading = CALLS)]
    pub(super) keep_going: bool,
    /// Refuse all calls but reads (MARSH_READ_ONLY)
    #[arg(long, help_heading = CALLS)]
    pub(super) read_only: bool,
    /// Tell what is sent and what comes back
    #[arg(short = 'v', long, help_heading = CALLS)]
    pub(super) verbose: bool,
    /// Allow http without TLS to this host
    #[arg(long, value_name = "HOST", help_heading = ACCOUNT)]
    pub(super) plain_http: Vec<String>,
}

impl Cli {
    /// With what is said behind `run` in its place: it is for the whole script.
    pub(super) fn settled(mut self) -> Cli {
        if let Some(Command::Run(RunFile { output: Some(output), .. })) = &self.command {
            (self.global.output, self.global.xml) = (Some(*output), false);
        }
        self
    }

    /// The option of the program that a word behind the method was meant for, as it is typed before the method.
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
    /// Set up an account, and try it before it is written down
    #[command(hide = true)]
    Login(Login),
    /// Check the configuration, the files and every account
    #[command(hide = true)]
    Doctor(Doctor),
    /// What is set, and who set it
    #[command(hide = true)]
    Config {
        #[command(subcommand)]
        action: ConfigAction,
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
    /// is sent; what is wrong is listed with its line. Values of variables are checked when their line runs. A name
    /// that only the service knows needs a line `refresh` before it.
    #[command(hide = true)]
    Run(RunFile),
    /// Print what makes Tab know methods and options in your own shell
    #[command(hide = true, after_help = completions::SET_UP)]
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
    /// Stay up until Ctrl-C; prints the address and the key
    Serve(Serve),
}

/// Options of `marsh login`. What is missing is asked for at a terminal.
#[derive(Clone, Debug, Args)]
pub(super) struct Login {
    /// The provider's id
    #[arg(long, value_name = "ID")]
    pub(super) provider: Option<String>,
    /// A catalogue of your own: a file or an address
    #[arg(long, value_name = "FILE|URL")]
    pub(super) catalog: Option<String>,
    /// What the profile is to be called
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
    /// One of the provider's places, where there are several
    #[arg(long, value_name = "NAME")]
    pub(super) region: Option<String>,
    /// The account's name, where the provider wants one beside the key
    #[arg(long, value_name = "NAME")]
    pub(super) user: Option<String>,
    /// The address, where it is not the provider's own
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    /// A file with the issuers that may vouch for the service
    #[arg(long, value_name = "FILE")]
    pub(super) ca: Option<PathBuf>,
    /// A file that holds the key
    #[arg(long, value_name = "FILE", group = "key")]
    pub(super) key_file: Option<PathBuf>,
    /// A command that prints the key
    #[arg(long, value_name = "COMMAND", group = "key")]
    pub(super) key_command: Option<String>,
    /// The variable that holds the key
    #[arg(long, value_name = "VARIABLE", group = "key")]
    pub(super) key_env: Option<String>,
    /// The key is in the keyring already
    #[arg(long, group = "key")]
    pub(super) keyring: bool,
    /// Refuse every call that is not known to read only
    #[arg(long)]
    pub(super) read_only: bool,
    /// Write it down without trying it
    #[arg(long)]
    pub(super) no_test: bool,
    /// Replace a profile of that name
    #[arg(short = 'y', long)]
    pub(super) yes: bool,
}

/// Options of `marsh doctor`.
#[derive(Clone, Debug, Args)]
pub(super) struct Doctor {
    /// This account alone
    #[arg(short = 'p', long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Ask no service
    #[arg(long)]
    pub(super) offline: bool,
    /// The form of the list
    #[arg(short = 'o', long, value_name = "FORMAT", value_parser = format)]
    pub(super) output: Option<Format>,
}

#[derive(Clone, Debug, Subcommand)]
pub(super) enum ConfigAction {
    /// Which value counts, who set it, and whom it overruled
    Explain(Explain),
    /// Where config.toml is, or would be
    Path,
}

/// Options of `marsh config explain`.
#[derive(Clone, Debug, Args)]
pub(super) struct Explain {
    /// A key of config.toml; all of them when none is named
    pub(super) key: Option<String>,
    /// For this account, and not the one a session begins with
    #[arg(short = 'p', long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// The form of the list
    #[arg(short = 'o', long, value_name = "FORMAT", value_parser = format)]
    pub(super) output: Option<Format>,
}

/// Options of `marsh sandbox serve`.
#[derive(Clone, Debug, Args)]
pub(super) struct Serve {
    /// The port on loopback; 0 takes any free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) port: u16,
    /// The key it accepts
    #[arg(long, value_name = "KEY")]
    pub(super) key: Option<String>,
    /// Print the address and the key as one line of JSON
    #[arg(short = 'o', long, value_name = "FORMAT", value_parser = ["json"])]
    pub(super) output: Option<String>,
    /// Wait so long before each answer
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub(super) latency: u64,
    /// Let every job take so long
    #[arg(long, value_name = "MS", default_value_t = 3000)]
    pub(super) job_time: u64,
    /// Give the cloud with pages so many servers more
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) more_servers: usize,
    /// Make the first account a partner's, with a customer's account to manage
    #[arg(long)]
    pub(super) partner: bool,
    /// Speak TLS, with a certificate made now; prints the file to trust
    #[arg(long)]
    pub(super) tls: bool,
    /// Tell every request on stderr
    #[arg(long)]
    pub(super) log: bool,
}

/// Options of `marsh run`.
#[derive(Clone, Debug, Args)]
pub(super) struct RunFile {
    /// Run the other lines when one fails; the exit code is that of the first
    #[arg(long)]
    pub(super) keep_going: bool,
    /// The calls in as few requests as can be, and one list of results
    #[arg(long)]
    pub(super) batch: bool,
    /// Yes to every question whether one is sure
    #[arg(short = 'y', long)]
    pub(super) yes: bool,
    /// The form of results
    #[arg(short = 'o', long, value_name = "FORMAT", value_parser = format)]
    pub(super) output: Option<Format>,
    /// The file; `-` is standard input
    pub(super) file: String,
}

fn format(text: &str) -> Result<Format, String> {
    text.parse().map_err(|error: crate::render::UnknownFormat| error.to_string())
}

/// A length of time, as it was typed.
fn length(text: &str) -> Result<String, String> {
    period::parse(text).map(|_| text.to_owned()).ok_or_else(|| format!("it must be {}", period::FORM))
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
    fn a_value_that_is_called_like_a_command_is_a_value() {
        let cli = Cli::parse_from(["marsh", "-k", "run", "--user", "sandbox", "server.list"]);
        assert!(matches!(cli.command, Some(Command::Words(_))), "{:?}", cli.command);
        assert_eq!((cli.global.api_key.as_deref(), cli.global.user.as_deref()), (Some("run"), Some("sandbox")));
    }

    #[test]
    fn the_form_of_a_scripts_results_stands_on_either_side() {
        for words in
            [["marsh", "-o", "csv", "run", "f"], ["marsh", "run", "-o", "csv", "f"], ["marsh", "run", "f", "-o", "csv"]]
        {
            assert_eq!(Cli::parse_from(words).settled().global.output, Some(Format::Csv), "{words:?}");
        }
    }

    #[test]
    fn words_behind_the_method_are_left_alone() {
        let cli = Cli::parse_from(["marsh", "-k", "K", "service.list", "-o", "raw", "type", "(list)a,b", "--odd"]);
        let Some(Command::Words(words)) = cli.command else { panic!("no words") };
        assert_eq!(words, ["service.list", "-o", "raw", "type", "(list)a,b", "--odd"]);
        assert_eq!((cli.global.api_key.as_deref(), cli.global.output), (Some("K"), None));
    }

    #[test]
    fn an_account_may_be_called_like_a_command() {
        for name in ["sandbox", "run", "login", "doctor", "config"] {
            for option in ["-p", "--user", "-k"] {
                let cli = Cli::parse_from(["marsh", option, name, "service.list"]);
                assert!(matches!(cli.command, Some(Command::Words(words)) if words == ["service.list"]), "{name}");
            }
        }
    }
}
