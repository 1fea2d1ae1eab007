//! The command line as typed.

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};

use super::line_options::LineOptions;
use crate::render::Format;

/// What stands before the method. What stands behind it is a line of the shell's own language.
#[derive(Debug, Parser)]
#[command(
    name = "marsh",
    version,
    about = "One interactive shell for hosting-provider APIs",
    override_usage = "marsh [OPTIONS]                          a prompt\n       \
                      marsh [OPTIONS] METHOD [NAME VALUE]...   one call\n       \
                      marsh [OPTIONS] run FILE                 a call a line\n       \
                      marsh [OPTIONS] < FILE                   the same from stdin\n       \
                      marsh login | doctor | config explain    set up an account; check all; who set what\n       \
                      marsh sandbox serve [--port N]           a simulated provider for scripts and tests",
    after_help = "In one shot, results go to stdout and everything else to stderr. Behind the method: \
                  NAME VALUE pairs, (type)value, -o FORMAT, '|' FILE; options of a call, such as --dry-run, \
                  on either side. `marsh help` tells more.\n\
                  Exit: 0 done, 1 local, 2 usage, 3 credentials, 4 refused, 5 provider failed, 6 not reached, \
                  7 outcome unknown, 8 still running, 9 the job failed, 10 blocked, 11 some of several failed, \
                  130 Ctrl-C.",
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

/// Options of every form.
#[derive(Clone, Debug, Args)]
pub(super) struct Global {
    /// The API key: `-` reads it from stdin, @FILE from a file; given plainly, `ps` shows it [env: MARSH_KEY]
    #[arg(short = 'k', long, value_name = "KEY")]
    pub(super) api_key: Option<String>,
    /// The service's address; ma-shell's %s in it is understood [env: MARSH_URL]
    #[arg(short = 'u', long, value_name = "URL")]
    pub(super) url: Option<String>,
    /// How the service is spoken to, where there are several ways: jsonrpc, say
    #[arg(long, value_name = "NAME")]
    pub(super) transport: Option<String>,
    /// Which of the provider's places the account is at, where there are several
    #[arg(long, value_name = "NAME", conflicts_with = "sandbox")]
    pub(super) region: Option<String>,
    /// The account's name, for providers that want one beside the key
    #[arg(long, value_name = "NAME", conflicts_with = "sandbox")]
    pub(super) user: Option<String>,
    /// The account to begin with, of those in config.toml [env: MARSH_PROFILE]
    #[arg(short = 'p', long, value_name = "NAME", conflicts_with = "sandbox")]
    pub(super) profile: Option<String>,
    /// Results as XML, the same as -o xml
    #[arg(short = 'x', long, conflicts_with = "output")]
    pub(super) xml: bool,
    /// Results as json, jsonl, yaml, xml, csv, tsv, table, record, value or raw
    #[arg(short = 'o', long, value_name = "FORMAT", value_parser = format)]
    pub(super) output: Option<Format>,
    /// Yes to every question whether one is sure
    #[arg(short = 'y', long)]
    pub(super) yes: bool,
    /// How long to wait for an answer
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(super) timeout: Option<f64>,
    /// How often a call is repeated at most that failed for a passing reason, where that is safe
    #[arg(long, value_name = "N")]
    pub(super) retries: Option<u8>,
    /// Work on a simulated account, without a key
    #[arg(long, conflicts_with_all = ["api_key", "url"])]
    pub(super) sandbox: bool,
    /// Run the other lines of a script when one fails; the exit code is that of the first
    #[arg(long)]
    pub(super) keep_going: bool,
    /// Refuse every call that is not known to read only [env: MARSH_READ_ONLY]
    #[arg(long)]
    pub(super) read_only: bool,
    /// Tell what is sent and what comes back, without headers, bodies and secrets
    #[arg(short = 'v', long)]
    pub(super) verbose: bool,
    /// Allow http without TLS to this host
    #[arg(long, value_name = "HOST")]
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
    /// Run the lines of a file; all are checked before the first runs
    Run(RunFile),
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

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.001..=86_400.0).contains(seconds));
    seconds.ok_or_else(|| "not a number of seconds from 0.001 to 86400".into())
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
}
