//! The completion scripts, one for each shell.

use clap::ValueEnum;

/// The first argument with which a script calls the program.
pub(crate) const ASKED: &str = "__complete";

/// How to install a script.
pub(crate) const SET_UP: &str = "bash        eval \"$(marsh completions bash)\"             in ~/.bashrc
zsh         eval \"$(marsh completions zsh)\"              in ~/.zshrc, after compinit
fish        marsh completions fish | source              in ~/.config/fish/config.fish
powershell  marsh completions powershell | Out-String | Invoke-Expression   in $PROFILE";

/// The supported shells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

impl Shell {
    /// The script for the shell.
    pub(crate) fn script(self) -> &'static str {
        match self {
            Shell::Bash => include_str!("scripts/marsh.bash"),
            Shell::Zsh => include_str!("scripts/marsh.zsh"),
            Shell::Fish => include_str!("scripts/marsh.fish"),
            Shell::Powershell => include_str!("scripts/marsh.ps1"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_asks_with_its_shells_name_and_has_a_way_to_be_set_up() {
        for shell in Shell::value_variants() {
            let name = shell.to_possible_value().unwrap().get_name().to_owned();
            assert!(shell.script().contains(&format!("{ASKED} {name}")), "{name}");
            assert!(SET_UP.contains(&format!("marsh completions {name}")), "{name}");
        }
    }
}
