//! The options of `marsh add`.

use std::path::PathBuf;

use clap::Args;

/// Options of `marsh add`. What is missing is found out, or asked for at a terminal.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Add {
    /// A name for the profile
    pub(super) name: String,
    /// The address of the service; a user's name in it is that of the account
    pub(super) url: String,
    /// What it speaks, instead of finding out: xmlrpc jsonrpc openrpc rest, or a provider that you have imported
    #[arg(long, value_name = "ID")]
    pub(super) provider: Option<String>,
    /// A catalogue of its methods, instead of finding out: a file or an address
    #[arg(long, value_name = "FILE|URL")]
    pub(super) catalog: Option<String>,
    /// How the key is sent, such as bearer or header:NAME
    #[arg(long, value_name = "WAY")]
    pub(super) auth: Option<String>,
    /// How values are sent where a method does not say so
    #[arg(long, value_name = "HOW", value_parser = ["named", "positional", "struct"])]
    pub(super) arguments: Option<String>,
    /// The account's user name
    #[arg(long, value_name = "NAME")]
    pub(super) user: Option<String>,
    /// A file with the certificate authorities to trust for the service
    #[arg(long, value_name = "FILE")]
    pub(super) ca: Option<PathBuf>,
    /// A file that contains the key
    #[arg(long, value_name = "FILE", group = "key")]
    pub(super) key_file: Option<PathBuf>,
    /// A command that prints the key
    #[arg(long, value_name = "COMMAND", group = "key")]
    pub(super) key_command: Option<String>,
    /// The variable that contains the key
    #[arg(long, value_name = "VARIABLE", group = "key")]
    pub(super) key_env: Option<String>,
    /// Refuse every call that is not known to be a read
    #[arg(long)]
    pub(super) read_only: bool,
    /// Replace an existing profile of that name
    #[arg(short = 'y', long)]
    pub(super) yes: bool,
}
