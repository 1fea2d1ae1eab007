//! What answers a method.

use super::fault::Fault;
use super::world::World;
use crate::kit::args::Args;
use model::Value;

/// What a call comes to.
pub(crate) type Reply = Result<Value, Fault>;

/// What answers a method.
pub(crate) type Handler = fn(&mut World, &Args) -> Reply;

/// The methods of one area, each with what answers it.
pub(crate) type Handlers = &'static [(&'static str, Handler)];
