//! The functions that answer methods.

use super::fault::Fault;
use super::world::World;
use crate::kit::args::Args;
use model::Value;

/// The result of a call.
pub(crate) type Reply = Result<Value, Fault>;

/// Answers a method.
pub(crate) type Handler = fn(&mut World, &Args) -> Reply;

/// The methods of one area, each with its handler.
pub(crate) type Handlers = &'static [(&'static str, Handler)];
