//! What may leave: the one place that every call of a user passes before it is sent.

use super::error::CallError;
use super::session::Session;
use crate::lang::Line;
use crate::model::{Effect, Method};

/// Refuses what the account's rules do not allow.
pub(super) fn admit(session: &mut Session, profile: &str, method: &Method, line: &Line) -> Result<(), CallError> {
    if session.rules(profile).read_only && method.effect != Effect::Read {
        return Err(CallError::Blocked {
            message: format!("{} is a {} call, and {profile} is read-only", method.name, method.effect.as_str()),
            span: Some(line.head.span),
            hint: Some("another profile of the account may do it; `profiles` lists them".into()),
        });
    }
    Ok(())
}
