//! Values without names: `--positional A B C`.
//!
//! A line that names every value keeps its names, and the method gives the order. If only some values have names, the
//! names could be values themselves, so the line is refused.

use super::error::BindError;
use lang::{Item, Line, Pair, Path, Segment};
use model::{Method, Param};

/// The values of a line paired with their parameters, in the order of the method, and the values left over.
pub(super) fn pairs<'l>(
    method: &Method,
    line: &'l Line,
    free: bool,
    faults: &mut Vec<BindError>,
) -> (Vec<Pair<'l>>, &'l [Item]) {
    // Parameters that the shell answers itself are not typed.
    let params: Vec<&Param> = method.params.iter().filter(|param| param.answer().is_none()).collect();
    let is_name = |item: &Item| item.tag.is_none() && item.word.is_bare() && method.param(&item.word.text()).is_some();
    if !line.items.is_empty() && line.items.len().is_multiple_of(2) && line.items.iter().step_by(2).all(is_name) {
        return match line.pairs() {
            Ok(pairs) => (pairs, &[]),
            Err(error) => {
                faults.push(BindError::Syntax(error));
                (Vec::new(), &[])
            }
        };
    }
    // The last parameter may take all that is left, each value as a member of its own.
    let open = params.last().filter(|param| param.variadic).map(|param| param.name.as_str());
    let single = params.len() - usize::from(open.is_some());
    let (known, rest) = line.items.split_at(single.min(line.items.len()));
    let (members, rest) = if open.is_some() { (rest, &[][..]) } else { (&[][..], rest) };
    let names = line.items.iter().filter(|item| !free && is_name(item));
    faults.extend(names.map(|item| BindError::NamedValue { name: item.word.text(), span: item.word.span }));
    if let (Some(extra), false) = (rest.first(), free) {
        let most = match params.len() {
            0 => "no values".to_owned(),
            1 => "one value".to_owned(),
            most => format!("{most} values"),
        };
        faults.push(BindError::TooMany { method: method.name.clone(), most, span: extra.word.span });
    }
    let pairs = params.iter().zip(known).map(|(param, item)| pair(&param.name, item));
    let members = members.iter().enumerate().flat_map(|(nth, item)| open.map(|name| member(name, nth, item)));
    (pairs.chain(members).collect(), rest)
}

/// A value that is a member of the list that a parameter takes.
fn member<'l>(name: &str, nth: usize, item: &'l Item) -> Pair<'l> {
    let segments = vec![Segment::Key(name.to_owned()), Segment::Index(nth)];
    let name = Path { text: format!("{name}[{nth}]"), segments, span: item.word.span };
    Pair { name, tag: item.tag.as_ref(), value: &item.word }
}

/// A value with a name that is not in the line.
pub(super) fn pair<'l>(name: &str, item: &'l Item) -> Pair<'l> {
    let segments = vec![Segment::Key(name.to_owned())];
    let name = Path { text: name.to_owned(), segments, span: item.word.span };
    Pair { name, tag: item.tag.as_ref(), value: &item.word }
}
