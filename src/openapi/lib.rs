//! OpenAPI and Swagger documents as catalogues of this program.
//!
//! A document is read with all files that it refers to ([`Library`]). A front end for its version gives the same operations
//! for all of them. Each becomes a method: its name comes from its path, its parameters from the address and the body, its
//! result from the answer, and its effect from rules that nobody has reviewed.

mod address;
mod assemble;
mod auth;
mod body;
mod effect;
mod encoding;
mod entry;
mod error;
mod fault;
mod fingerprint;
mod front;
mod identity;
mod imported;
mod kept;
mod keywords;
mod kinds;
mod library;
mod names;
mod node;
mod operation;
mod overlay;
mod paging;
mod params;
mod place;
mod prose;
mod read;
mod report;
mod result;
mod schema;
mod secret;
mod shape;
mod surface;
pub mod whereabouts;
mod words;

pub use address::has_scheme;
pub use assemble::{Options, import};
pub use error::{ImportError, LONGEST, ReadError};
pub use imported::Imported;
pub use kept::Origin;
pub use library::{Library, Shelf};
pub use overlay::Overlay;
pub use report::{Guess, Report};
pub use surface::{Credential, Endpoint, Form, Input, Kind, Place, Property, Reply, Schema, Schemas, Sent, Surface};

#[cfg(test)]
mod tests;
