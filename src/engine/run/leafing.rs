//! The pages of a list on the screen of a prompt, each shown before the next is read.
//!
//! Through a pager, the next page is read when the pager has taken the one before it. Whatever ends the list early, what has
//! come of it is the last result.

use crate::engine::call::pages::Pages;
use crate::engine::deliver::delivery::Done;
use crate::engine::deliver::output::Output;
use crate::engine::deliver::result::{deliver, tell_hidden};
use crate::engine::deliver::{mask, rescue};
use crate::engine::plan::Plan;
use crate::engine::run::session::Session;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::render::{self, Note, Sheet, View};
use model::{Class, Common, Diagnostic, Method, Shape, Value};

/// What has come of a list.
#[derive(Default)]
struct Come {
    /// As it came.
    members: Vec<Value>,
    /// The same with its secrets sealed, if it may have any.
    sealed: Option<Vec<Value>>,
    /// How many secrets there are.
    hidden: usize,
}

/// How a page becomes a part of the screen.
struct Form<'f> {
    method: &'f Method,
    shapes: &'f [Shape],
    common: &'f Common,
    /// Results keep their own spelling of moments, and only the screen has the common one.
    bare: bool,
    view: View,
}

impl Form<'_> {
    /// Adds a page, and returns it as it is shown.
    fn add(&self, come: &mut Come, mut page: Vec<Value>) -> Vec<Value> {
        let convert = |page: &mut Vec<Value>| page.iter_mut().for_each(|member| self.common.convert(member));
        if !self.bare {
            convert(&mut page);
        }
        let mut shown = page.clone();
        if self.method.returns_secret(self.shapes)
            && let (Value::List(sealed), hidden) = mask::seal(Value::List(page.clone()), self.method, self.shapes)
        {
            come.hidden += hidden;
            come.sealed.get_or_insert_default().extend(sealed.iter().cloned());
            shown = sealed;
        }
        if self.bare {
            convert(&mut shown);
        }
        come.members.extend(page);
        shown
    }
}

/// Shows the pages of a list, and keeps all of them.
pub(crate) fn show(session: &mut Session, plan: &Plan, mut output: Output) -> Result<(), CallError> {
    let Plan { profile, call, timeouts, .. } = plan;
    let (common, bare) = (session.accounts.common(profile, &call.method), !session.settings.named);
    let heading = session.accounts.heading(profile, &call.method.name);
    let view = output.on_screen(&session.console);
    let mut exchange = session.exchange(profile, *timeouts)?;
    let shapes = exchange.source.shapes_of(&call.method);
    let form = Form { method: &call.method, shapes, common: &common, bare, view };
    let mut come = Come::default();
    let (ended, notes) = {
        let mut pages = Pages::of(&mut exchange, call)?;
        let first = pages.next(false)?.unwrap_or_default();
        if pages.is_over() {
            let notes = pages.end().notes();
            drop(form);
            notes.iter().for_each(|note| session.console.note(note));
            return deliver(&mut session.delivery(), profile, call, Value::List(first), output);
        }
        let more = pages.exchange.console.window.more.clone();
        more.set(true);
        let ended = leaf(&mut pages, &form, &mut come, (first, &heading));
        more.set(false);
        // The pager shows no more, and is waited for.
        let _ = pages.exchange.console.out.to.flush();
        (ended, pages.end().notes())
    };
    output.heading = None;
    let accounts = &mut session.accounts;
    let sealed = come.sealed.filter(|_| come.hidden > 0).map(Value::List);
    sealed.iter().for_each(|sealed| mask::learn(sealed, &mut accounts.redactor));
    let (count, hides) = (come.members.len(), sealed.is_some());
    session.memory.keep(Value::List(come.members), sealed);
    if bare {
        session.memory.is_as_it_came(common);
    }
    let said = match &ended {
        Ok(said) => said.iter().map(Note::to_string).chain(notes).collect(),
        Err(error) if error.class() == Class::ReaderGone => vec![format!("note: stopped; `$_` has the first {count}")],
        Err(_) => vec![format!("note: `$_` has the first {count}")],
    };
    said.iter().for_each(|note| session.console.note(note));
    if hides {
        tell_hidden(&mut session.delivery(), Done::call(call));
    }
    match ended {
        Err(error) if error.class() != Class::ReaderGone => {
            Err(rescue::undelivered(&mut session.delivery(), Done::call(call), error, None, true))
        }
        _ => Ok(()),
    }
}

/// Shows page after page. Returns notes about the table.
fn leaf(
    pages: &mut Pages<'_, '_>,
    form: &Form<'_>,
    come: &mut Come,
    (first, heading): (Vec<Value>, &str),
) -> Result<Vec<Note>, CallError> {
    pages.fall_silent();
    let first = form.add(come, first);
    pages.exchange.console.note(&format!("({heading} result)"));
    let (sheet, notes) = begin(pages.exchange.console, form, &first)?;
    while let Some(page) = pages.next(true)? {
        let page = form.add(come, page);
        let out = &mut *pages.exchange.console.out.to;
        let shown = match &sheet {
            Some(sheet) => sheet.more(&page, &form.view, out),
            // Records need no columns.
            None => render::render_all(&[Value::List(page)], &form.view, out).map(|_| ()),
        };
        shown.and_then(|()| out.flush()).map_err(CallError::Output)?;
    }
    Ok(notes)
}

/// Shows the first page, which decides about the form of the others.
fn begin(console: &mut Console, form: &Form<'_>, page: &[Value]) -> Result<(Option<Sheet>, Vec<Note>), CallError> {
    let out = &mut *console.out.to;
    let begun = match Sheet::begin(page, &form.view, out) {
        Ok(Some((sheet, notes))) => Ok((Some(sheet), notes)),
        Ok(None) => render::render_all(&[Value::List(page.to_vec())], &form.view, out).map(|notes| (None, notes)),
        Err(error) => Err(error),
    };
    let begun = begun.map_err(CallError::Output)?;
    out.flush().map_err(CallError::Output)?;
    Ok(begun)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Format;
    use model::Provider;

    #[test]
    fn a_page_is_kept_whole_and_shown_without_its_secrets() {
        let method = r#"{"name":"a.b","returns":"list:dict","fields":[{"name":"key","type":"string","secret":true},
            {"name":"made","type":"date"}]}"#;
        let method: Method = serde_json::from_str(method).unwrap();
        let page: Vec<Value> = serde_json::from_str(r#"[{"key":"canary-1234","made":"2027-01-15 10:20:30"}]"#).unwrap();
        let common = Common::of(&method, &[], &Provider::default());
        for bare in [true, false] {
            let form = Form { method: &method, shapes: &[], common: &common, bare, view: View::of(Format::Table) };
            let mut come = Come::default();
            let json = |value: &[Value]| serde_json::to_string(value).unwrap();
            let shown = [form.add(&mut come, page.clone()), form.add(&mut come, page.clone())];
            let one = r#"[{"key":"(redacted)","made":"2027-01-15T10:20:30"}]"#;
            assert_eq!(shown.map(|shown| json(&shown)), [one, one]);
            let made = if bare { "2027-01-15 10:20:30" } else { "2027-01-15T10:20:30" };
            let whole = format!(r#"{{"key":"canary-1234","made":"{made}"}}"#);
            assert_eq!((json(&come.members), come.hidden), (format!("[{whole},{whole}]"), 2));
        }
    }
}
