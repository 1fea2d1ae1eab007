//! What `marsh login` and `marsh add` take of an account.

use std::path::PathBuf;

use clap::Args;

use crate::config::credentials;

/// The options that both have.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct AccountArgs {
    /// The provider's id, or what the service speaks: xmlrpc jsonrpc openrpc rest
    #[arg(long, value_name = "ID")]
    pub(super) provider: Option<String>,
    /// A catalogue of your own: a file or an address
    #[arg(long, value_name = "FILE|URL")]
    pub(super) catalog: Option<String>,
    /// The account's user name, if the service needs one
    #[arg(long, value_name = "NAME")]
    pub(super) user: Option<String>,
    /// How the key is sent, such as bearer or header:NAME
    #[arg(long, value_name = "WAY")]
    pub(super) auth: Option<String>,
    /// How values are sent where a method does not say so
    #[arg(long, value_name = "HOW", value_parser = ["named", "positional", "struct"])]
    pub(super) arguments: Option<String>,
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
    /// The key is already in the keyring
    #[arg(long, group = "key", hide = !credentials::HAS_KEYRING)]
    pub(super) keyring: bool,
    /// Refuse every call that is not known to be a read
    #[arg(long)]
    pub(super) read_only: bool,
    /// Replace an existing profile of that name
    #[arg(short = 'y', long)]
    pub(super) yes: bool,
}

/// Options of `marsh add`. What is missing is found out, or asked for at a terminal.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Add {
    /// A name for the profile
    pub(super) name: String,
    /// The address of the service; a user's name in it is that of the account
    pub(super) url: String,
    #[command(flatten)]
    pub(super) own: AccountArgs,
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::args::{Cli, Command};
    use super::AccountArgs;

    fn own(words: &[&str]) -> AccountArgs {
        match Cli::parse_from(["marsh"].iter().chain(words)).command {
            Some(Command::Login(login)) => login.own,
            Some(Command::Add(add)) => add.own,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_commands_take_the_same_options() {
        let options = [
            "--provider=p --catalog=c --user=u --auth=a --arguments=named --ca=f --read-only -y",
            "--key-file=k",
            "--key-command=k",
            "--key-env=K",
            "--keyring",
        ];
        for given in options {
            let given: Vec<&str> = given.split(' ').collect();
            let (login, add) =
                (own(&[&["login"], &given[..]].concat()), own(&[&["add", "n", "u"], &given[..]].concat()));
            assert_eq!(format!("{login:?}"), format!("{add:?}"));
            assert_ne!(format!("{login:?}"), format!("{:?}", AccountArgs::default()), "{given:?}");
        }
    }
}
