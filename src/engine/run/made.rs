//! What the result of one of many calls becomes on the thread on which it came: a tree, or already the text that it will
//! be in the list of all results.

use std::sync::Arc;

use serde::de::IntoDeserializer;
use serde::de::value::Error;

use crate::disk;
use crate::engine::call::exchange::{Exchange, Landing, unstreamed};
use crate::engine::call::remarks;
use crate::engine::state::error::CallError;
use crate::render::{self, Fragment, LAST, Passage, Room, View};
use model::{Call, Common, Value};

/// A way to take results.
pub(super) trait Made: Sync {
    /// What a result is until its turn has come.
    type Result: Send;

    /// Makes a call, and tells what the provider said in addition.
    fn of_call(&self, exchange: &mut Exchange<'_>, call: &Call) -> Result<Self::Result, CallError>;

    /// Takes a result that came as one of several.
    fn of_tree(&self, value: Value) -> Result<Self::Result, CallError>;
}

/// Results as trees.
pub(super) struct Trees {
    /// How moments get the common form, if they are to have it.
    pub(super) common: Option<Common>,
}

impl Made for Trees {
    type Result = Value;

    fn of_call(&self, exchange: &mut Exchange<'_>, call: &Call) -> Result<Value, CallError> {
        let (value, aside) = exchange.value(call)?;
        remarks::tell(exchange, call, aside);
        self.of_tree(value)
    }

    fn of_tree(&self, mut value: Value) -> Result<Value, CallError> {
        if let Some(common) = &self.common {
            common.convert(&mut value);
        }
        Ok(value)
    }
}

/// Results as text, for a form that [`View::joins`].
pub(super) struct Texts<'t> {
    view: &'t View,
    common: Option<Common>,
    /// For all that wait.
    room: Arc<Room>,
}

impl<'t> Texts<'t> {
    pub(super) fn of(view: &'t View, common: Option<Common>) -> Texts<'t> {
        Texts { view, common, room: Arc::default() }
    }

    fn passage(&self) -> Passage<'_> {
        let Texts { view, common, .. } = self;
        Passage { view, common: common.as_ref(), spool: &disk::spool, at_once: false, within: LAST }
    }

    fn fragment(&self) -> Fragment {
        Fragment::of(&self.room, disk::spool)
    }
}

impl Made for Texts<'_> {
    type Result = Fragment;

    fn of_call(&self, exchange: &mut Exchange<'_>, call: &Call) -> Result<Fragment, CallError> {
        let mut fragment = self.fragment();
        let passed = exchange.stream(call, self.passage(), false, Landing::Fragment(&mut fragment))?;
        remarks::tell(exchange, call, passed.aside);
        Ok(fragment)
    }

    fn of_tree(&self, value: Value) -> Result<Fragment, CallError> {
        let mut fragment = self.fragment();
        let source = IntoDeserializer::<Error>::into_deserializer(value);
        render::stream(source, self.passage(), &mut fragment).map_err(unstreamed)?;
        Ok(fragment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Format;
    use model::Map;

    #[test]
    fn a_text_is_that_of_the_tree() {
        let json = r#"[{"a":1,"b":["x",{"c":2.50}]},null]"#;
        let value: Value = serde_json::from_str(json).unwrap();
        let trees = Trees { common: None };
        for format in [Format::Json, Format::Jsonl] {
            let view = View::of(format);
            let texts = Texts::of(&view, None);
            let (mut out, mut whole) = (Vec::new(), Vec::new());
            let mut list = vec![(Map::new(), Some(texts.of_tree(value.clone()).unwrap()))].into_iter();
            render::joined(&mut || list.next(), (&view, "r"), &mut out).unwrap();
            let tree = Map::from_iter([("r", trees.of_tree(value.clone()).unwrap())]);
            render::render_all(&[Value::List(vec![tree.into()])], &view, &mut whole).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), String::from_utf8(whole).unwrap());
        }
    }
}
