//! The prompt's text: which account the next line will hit.

use crate::engine::Account;

/// A prompt as the line editor wants it: without and with colours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Prompt {
    pub(super) plain: String,
    pub(super) styled: String,
}

/// A named account as `provider:profile`, so that nobody hits the wrong one; for a bare key, ma-shell's prompt: its
/// last eight digits in brackets.
pub(super) fn of(account: Option<&Account>, colour: bool) -> Prompt {
    const SHOWN: usize = 8;
    let name = match account.map(|account| (account.named, &account.target)) {
        Some((true, target)) => format!("{}:{}", target.provider, target.profile),
        Some((false, target)) => match &target.credential {
            Some(credential) if target.auth.user == "{key}" => format!("[...{}]", credential.secret.tail(SHOWN)),
            _ => target.profile.clone(),
        },
        None => String::new(),
    };
    let plain = format!("{name}> ");
    let styled = if colour { format!("\x1b[1m{name}>\x1b[0m ") } else { plain.clone() };
    Prompt { plain, styled }
}
