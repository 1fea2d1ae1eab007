//! The prompt's text: the account that the next line will affect.

use crate::engine::Account;
use crate::render::style::{Role, paint};

/// A prompt in the line editor's form: without and with colours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Prompt {
    pub(super) plain: String,
    pub(super) styled: String,
}

/// A named account is shown as `provider:profile`, to prevent mistakes; a bare key as in ma-shell: its last eight
/// digits in brackets. `ro` follows if nothing can be changed, and `!` if the account has open calls.
pub(super) fn of(account: Option<&Account>, open: bool, colour: bool) -> Prompt {
    const SHOWN: usize = 8;
    let name = match account.map(|account| (account.named, &account.target)) {
        Some((true, target)) => format!("{}:{}", target.provider, target.profile),
        Some((false, target)) => match &target.credential {
            Some(credential) if target.auth.user == "{key}" => format!("[...{}]", credential.secret.tail(SHOWN)),
            _ => target.profile.clone(),
        },
        None => String::new(),
    };
    let read_only = account.is_some_and(|account| account.rules.read_only);
    dressed(&name, if read_only { " ro" } else { "" }, if open { "!" } else { "" }, colour)
}

fn dressed(name: &str, mark: &str, open: &str, colour: bool) -> Prompt {
    let part = |role, text: &str| if text.is_empty() { String::new() } else { paint(role, text, colour).into_owned() };
    let marks = [part(Role::Hint, mark), part(Role::Error, open)].concat();
    let styled = format!("{}{marks}{} ", part(Role::Head, name), part(Role::Head, ">"));
    Prompt { plain: format!("{name}{mark}{open}> "), styled }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_do_not_change_the_text() {
        for (name, mark, open, colour, plain, styled) in [
            ("a:b", "", "", false, "a:b> ", "a:b> "),
            ("a:b", " ro", "", false, "a:b ro> ", "a:b ro> "),
            ("a:b", "", "!", false, "a:b!> ", "a:b!> "),
            ("a:b", "", "", true, "a:b> ", "\x1b[1ma:b\x1b[0m\x1b[1m>\x1b[0m "),
            ("a", " ro", "", true, "a ro> ", "\x1b[1ma\x1b[0m\x1b[1;36m ro\x1b[0m\x1b[1m>\x1b[0m "),
            ("a", "", "!", true, "a!> ", "\x1b[1ma\x1b[0m\x1b[1;31m!\x1b[0m\x1b[1m>\x1b[0m "),
            ("a", " ro", "!", true, "a ro!> ", "\x1b[1ma\x1b[0m\x1b[1;36m ro\x1b[0m\x1b[1;31m!\x1b[0m\x1b[1m>\x1b[0m "),
        ] {
            assert_eq!(dressed(name, mark, open, colour), Prompt { plain: plain.into(), styled: styled.into() });
        }
    }
}
