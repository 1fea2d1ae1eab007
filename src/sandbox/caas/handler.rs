//! What answers a method.

use super::fault::Fault;
use super::world::World;
use crate::kit::args::Args;
use crate::kit::values::list;
use model::{Map, Value};

/// What a call comes to when it is not refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// A result of the documented type.
    Value(Value),
    /// Nothing but that it went well: a sentence, and facts by name.
    Done(String, Vec<(&'static str, String)>),
}

/// What a call comes to.
pub(crate) type Reply = Result<Answer, Fault>;

/// What answers a method.
pub(crate) type Handler = fn(&mut World, &Args) -> Reply;

/// The methods of one area, each with what answers it.
pub(crate) type Handlers = &'static [(&'static str, Handler)];

/// That it went well.
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
