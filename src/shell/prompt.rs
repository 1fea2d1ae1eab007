//! The prompt's text: which account the next line will hit.

use crate::engine::Target;

/// A prompt as the line editor wants it: without and with colours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Prompt {
    pub(super) plain: String,
    pub(super) styled: String,
}

/// ma-shell's prompt for a bare key: its last eight digits in brackets.
pub(super) fn of(target: &Target, colour: bool) -> Prompt {
    const SHOWN: usize = 8;
    let account = match &target.credential {
        Some(credential) => format!("[...{}]", credential.secret.tail(SHOWN)),
        None => target.profile.clone(),
    };
    let plain = format!("{account}> ");
    let styled = if colour { format!("\x1b[1m{account}>\x1b[0m ") } else { plain.clone() };
    Prompt { plain, styled }
}
