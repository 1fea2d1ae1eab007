//! The answer to a question for one value: read and checked as if it came after its parameter's name in a line.

use super::error::BindError;
use super::site::{Site, Sites};
use super::sources::Sources;
use super::{check, coerce, limits, positional};
use lang::{self, Item, Piece, Word};
use model::{Param, Secret, Span, Spec, Value};

/// The value that the user typed for a parameter when asked. A leading type works as in a line; otherwise spaces,
/// quotes and operators are text.
pub fn answer(param: &Param, text: &str, sources: &mut dyn Sources) -> Result<Value, BindError> {
    let item = typed(text).unwrap_or_else(|| plain(text.trim()));
    let pair = positional::pair(&param.name, &item);
    let (mut value, origin) = coerce::value(&pair, Some(Spec::of(param)), sources)?;
    let site = Site { pair, value: Value::Null, origin };
    match check::one(param, &Sites::new(vec![site], Span::default(), Vec::new()), &mut value) {
        Some(fault) => Err(fault),
        None => {
            check::seal_one(Spec::of(param), &[], &mut value);
            Ok(value)
        }
    }
}

/// The same for an answer that was hidden while it was typed: it is always plain text.
pub fn secret_answer(param: &Param, secret: Secret) -> Result<Value, BindError> {
    let value = Value::Secret(secret);
    match limits::broken(&Spec::of(param), &value) {
        Some(rule) => Err(BindError::Limit { name: param.name.clone(), rule, span: Span::default() }),
        None => Ok(value),
    }
}

/// The answer as a value with a type, if it has one: `(int)5`.
fn typed(text: &str) -> Option<Item> {
    if !text.trim_start().starts_with('(') {
        return None;
    }
    let mut line = lang::parse(&format!("x name {text}")).ok()?.pop()?;
    let item = line.items.pop().filter(|item| item.tag.is_some())?;
    (line.items.len() == 1 && line.redirect.is_none() && line.options.is_empty()).then_some(item)
}

fn plain(text: &str) -> Item {
    let pieces = match text.is_empty() {
        true => Vec::new(),
        false => vec![Piece { text: text.to_owned(), quoted: false }],
    };
    Item { tag: None, word: Word { pieces, span: Span::new(0, text.len()) } }
}
