//! The functions that answer methods.

use super::fault::Fault;
use super::world::World;
use crate::kit::args::Args;
use crate::kit::values::list;
use model::{Map, Value};

/// The answer to a call that is not refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// A result of the documented type.
    Value(Value),
    /// Only the message that it succeeded, and facts by name.
    Done(String, Vec<(&'static str, String)>),
}

/// The result of a call.
pub(crate) type Reply = Result<Answer, Fault>;

/// Answers a method.
pub(crate) type Handler = fn(&mut World, &Args) -> Reply;

/// The methods of one area, each with its handler.
pub(crate) type Handlers = &'static [(&'static str, Handler)];

/// The answer that a call succeeded.
pub(crate) fn done(detail: impl Into<String>) -> Reply {
    Ok(Answer::Done(detail.into(), Vec::new()))
}

/// A result.
pub(crate) fn value(value: impl Into<Value>) -> Reply {
    Ok(Answer::Value(value.into()))
}

/// Dictionaries as a result.
pub(crate) fn rows(maps: impl IntoIterator<Item = Map>) -> Reply {
    value(list(maps))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_result_or_a_sentence() {
        assert_eq!(done("It went well"), Ok(Answer::Done("It went well".into(), Vec::new())));
        assert_eq!(rows([Map::new()]), value(vec![Value::Map(Map::new())]));
    }
}
