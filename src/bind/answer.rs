//! One value that was asked for apart from the line: read and checked as if it stood behind its parameter's name.

use super::error::BindError;
use super::{Sources, check, coerce};
use lang::{self, Item, Pair, Path, Piece, Segment, Word};
use model::{Param, Secret, Span, Value};

/// The value of a parameter that somebody was asked for. A type in front of it counts as in a line; apart from that
/// blanks, quotes and operators in an answer are text.
pub fn answer(param: &Param, text: &str, sources: &mut dyn Sources) -> Result<Value, BindError> {
    let item = typed(text).unwrap_or_else(|| plain(text.trim()));
    let span = item.word.span;
    let name = Path { text: param.name.clone(), segments: vec![Segment::Key(param.name.clone())], span };
    let pair = Pair { name, tag: item.tag.as_ref(), value: &item.word };
    let value = coerce::value(&pair, &param.type_, sources)?;
    check::allowed(param, &value, &pair)?;
    Ok(if param.secret { coerce::seal(value) } else { value })
}

/// The same for an answer that was not shown while it was typed: it is text as it stands.
pub fn secret_answer(param: &Param, secret: Secret) -> Result<Value, BindError> {
    let value = Value::Secret(secret);
    match check::broken_limit(param, &value) {
        Some(rule) => Err(BindError::Limit { name: param.name.clone(), rule, span: Span::default() }),
        None => Ok(value),
    }
}

/// The answer as a value with its type, where it is one: `(int)5`.
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
