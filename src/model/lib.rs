//! The data types of the program: no input or output.
//!
//! All other folders use these types; nothing here depends on its users.

mod arguments;
pub mod base64;
pub mod call;
mod code;
pub mod date;
mod date_form;
pub mod diagnostic;
pub mod effect;
pub mod escape;
pub mod exits;
pub mod failure;
pub mod home;
pub mod http;
pub mod job;
pub mod method;
pub mod number;
pub mod pattern;
pub mod period;
pub mod price;
pub mod provider;
pub mod route;
pub mod rule;
pub mod secret;
pub mod spec;
pub mod suggest;
pub mod types;
pub mod unseen;
pub mod value;
pub mod value_serde;
pub mod value_source;
pub mod weight;

pub use arguments::Arguments;
pub use call::Call;
pub use code::Code;
pub use date::Date;
pub use diagnostic::{Before, Break, Class, Diagnostic, Sent, Span};
pub use effect::{Effect, EffectWhen, Effects};
pub use exits::{EXITS, Exit};
pub use failure::{ErrorCode, ErrorKind};
pub use home::Home;
pub use job::{Begins, JobRule};
pub use method::{Field, Form, Method, Param, Shape};
pub use number::Decimal;
pub use pattern::Pattern;
pub use price::PriceRule;
pub use provider::{Provider, Transport};
pub use rule::Rule;
pub use secret::{Redactor, Secret};
pub use spec::Spec;
pub use types::Type;
pub use value::{Map, Value};
pub use value_serde::Twins;
