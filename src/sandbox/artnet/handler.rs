//! The functions that answer methods.

use super::refusal::Refusal;
use super::world::World;
pub(super) use crate::kit::args::Args;
use model::Value;

/// The result of a call.
pub(super) type Reply = Result<Value, Refusal>;

/// Answers a method.
pub(super) type Handler = fn(&mut World, &Args) -> Reply;

/// The methods of one area, each with its handler.
pub(super) type Handlers = &'static [(&'static str, Handler)];
