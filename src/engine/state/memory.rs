//! What a session remembers between lines: the complete last result, and the variables. Nothing of it is saved.
//!
//! While lines that have not run yet are judged, a second layer contains what they will set, whether the value is known or
//! not.

use std::collections::BTreeMap;

use crate::bind::Absent;
use lang::{Segment, Slot, Variable};
use model::{Common, Map, Value, suggest};

/// The most names in a hint.
const TOLD: usize = 10;

/// The last result and the variables.
#[derive(Debug, Default)]
pub struct Memory {
    last: Last,
    named: Map,
    ahead: Option<Ahead>,
    /// The member of a result for which a call is planned; nothing in it while it is not known yet.
    member: Option<Option<Value>>,
}

/// What will be remembered when the lines that are being judged have run.
#[derive(Debug, Default)]
struct Ahead {
    /// The names that they set, with the value if it is in the line.
    named: BTreeMap<String, Option<Value>>,
    last: Next,
}

/// What the last result will be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Next {
    /// The present one.
    #[default]
    Same,
    /// One that is not known yet.
    Open,
    /// None, and why.
    Gone(&'static str),
}

/// What is known about the last result.
#[derive(Debug, Default)]
pub(crate) enum Last {
    /// There has been none yet.
    #[default]
    None,
    /// There is none, although one was expected, or it could not be kept; why.
    Gone(&'static str),
    /// It is here.
    Kept(Kept),
}

/// A result that was kept.
#[derive(Debug)]
pub(crate) struct Kept {
    value: Value,
    /// With its secrets sealed, when it has any.
    sealed: Option<Value>,
    /// How its moments get the common form, if they do not have it.
    common: Option<Common>,
}

impl Kept {
    /// With its secrets, for files and commands.
    pub(crate) fn whole(&self) -> &Value {
        &self.value
    }

    /// Without its secrets, for the screen.
    pub(crate) fn shown(&self) -> &Value {
        self.sealed.as_ref().unwrap_or(&self.value)
    }

    /// The same with its moments in the common form; `None` if they have it.
    pub(crate) fn converted(&self) -> Option<Kept> {
        let common = self.common.as_ref()?;
        let mut kept = Kept { value: self.value.clone(), sealed: self.sealed.clone(), common: None };
        common.convert(&mut kept.value);
        kept.sealed.iter_mut().for_each(|sealed| common.convert(sealed));
        Some(kept)
    }

    /// Whether it contains a secret.
    pub(crate) fn is_secret(&self) -> bool {
        self.sealed.is_some()
    }
}

impl Memory {
    /// The last result with its secrets sealed, if there is one and it was kept.
    pub fn last(&self) -> Option<&Value> {
        self.kept().map(Kept::shown)
    }

    /// The names of the variables in the order they were set, without `_`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named.keys()
    }

    /// The value of a name; `_` is the last result.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let ahead = self.ahead.as_ref();
        match ahead.and_then(|ahead| ahead.named.get(name)) {
            Some(set) => Some(set.as_ref().unwrap_or(&Value::Null)),
            None if name == Variable::LAST => match self.next() {
                Next::Same => self.last(),
                Next::Open => Some(&Value::Null),
                Next::Gone(_) => None,
            },
            None => self.named.get(name),
        }
    }

    /// Begins to look ahead: what is set from here on lasts until [`Memory::recall`].
    pub(crate) fn look_ahead(&mut self) {
        self.ahead = Some(Ahead::default());
    }

    /// Ends looking ahead.
    pub(crate) fn recall(&mut self) {
        self.ahead = None;
    }

    /// Notes that a line that has not run yet sets a name, with the value if it is in the line.
    pub(crate) fn expect(&mut self, name: &str, value: Option<Value>) {
        if let Some(ahead) = &mut self.ahead {
            ahead.named.insert(name.to_owned(), value);
        }
    }

    /// Notes what the last result will be after a line that has not run yet; returns what it was before.
    pub(crate) fn expect_last(&mut self, next: Next) -> Next {
        self.ahead.as_mut().map(|ahead| std::mem::replace(&mut ahead.last, next)).unwrap_or_default()
    }

    /// What the last result will be.
    pub(crate) fn next(&self) -> Next {
        self.ahead.as_ref().map(|ahead| ahead.last).unwrap_or_default()
    }

    /// Whether the value of a variable is not known yet.
    pub(crate) fn is_open(&self, variable: &Variable) -> bool {
        let Some(ahead) = &self.ahead else { return false };
        match variable.name.as_str() {
            Variable::LAST => ahead.last == Next::Open,
            name => ahead.named.get(name).is_some_and(Option::is_none),
        }
    }

    /// Sets the member of a result for which calls are planned from now on: `None` for ordinary lines, nothing in it while
    /// it is not known yet. Gives the one before it back.
    pub(crate) fn feed(&mut self, member: Option<Option<Value>>) -> Option<Option<Value>> {
        std::mem::replace(&mut self.member, member)
    }

    /// The member of a result for which calls are planned.
    pub(crate) fn member(&self) -> Option<Option<&Value>> {
        self.member.as_ref().map(Option::as_ref)
    }

    /// A field of that member.
    pub(crate) fn field(&self, slot: &Slot) -> Result<Value, Absent> {
        let mut value = self.member().flatten().unwrap_or(&Value::Null);
        let mut so_far = String::new();
        for segment in &slot.path {
            value = member(value, segment).ok_or_else(|| no_member(value, segment, &format!("{{{so_far}}}")))?;
            match segment {
                Segment::Key(key) if so_far.is_empty() => so_far.push_str(key),
                Segment::Key(key) => so_far.push_str(&format!(".{key}")),
                Segment::Index(index) => so_far.push_str(&format!("[{index}]")),
            }
        }
        Ok(value.clone())
    }

    /// All variables by their names.
    pub(crate) fn all(&self) -> &Map {
        &self.named
    }

    /// Sets a variable.
    pub(crate) fn set(&mut self, name: &str, value: Value) {
        self.named.insert(name, value);
    }

    /// Removes a variable.
    pub(crate) fn unset(&mut self, name: &str) {
        self.named.remove(name);
    }

    /// Keeps a result; `sealed` is the same with its secrets sealed, when it has any.
    pub(crate) fn keep(&mut self, value: Value, sealed: Option<Value>) {
        self.last = Last::Kept(Kept { value, sealed, common: None });
    }

    /// The moments of the last result are spelled as they came.
    pub(crate) fn is_as_it_came(&mut self, by: Common) {
        if let Last::Kept(kept) = &mut self.last {
            kept.common = Some(by);
        }
    }

    /// Forgets the last result, so that an older one is not mistaken for it.
    pub(crate) fn forget(&mut self, why: &'static str) -> Last {
        std::mem::replace(&mut self.last, Last::Gone(why))
    }

    /// Restores what was forgotten.
    pub(crate) fn restore(&mut self, last: Last) {
        self.last = last;
    }

    /// The last result as it was kept.
    pub(crate) fn kept(&self) -> Option<&Kept> {
        match &self.last {
            Last::Kept(kept) => Some(kept),
            _ => None,
        }
    }

    /// Why there is no last result.
    pub(crate) fn nothing_kept(&self) -> String {
        match (&self.last, &self.next()) {
            (_, Next::Gone(why)) | (Last::Gone(why), _) => format!("the last result was not kept: {why}"),
            _ => "there is no result yet".into(),
        }
    }

    /// The value of a variable, or of a part of it.
    pub(crate) fn look_up(&self, variable: &Variable) -> Result<Value, Absent> {
        let mut value = self.get(&variable.name).ok_or_else(|| self.unset_variable(variable))?;
        let mut so_far = format!("${}", variable.name);
        for segment in &variable.path {
            value = member(value, segment).ok_or_else(|| no_member(value, segment, &so_far))?;
            match segment {
                Segment::Key(key) => so_far.push_str(&format!(".{key}")),
                Segment::Index(index) => so_far.push_str(&format!("[{index}]")),
            }
        }
        Ok(value.clone())
    }

    fn unset_variable(&self, variable: &Variable) -> Absent {
        if variable.name == Variable::LAST {
            return Absent { message: self.nothing_kept(), hint: None };
        }
        let name = &variable.name;
        let names = self.names().chain(self.ahead.iter().flat_map(|ahead| ahead.named.keys().map(String::as_str)));
        let near = suggest::nearest(name, names).into_iter().map(|name| format!("${name}")).collect::<Vec<_>>();
        let near: Vec<&str> = near.iter().map(String::as_str).collect();
        let sets = || "`let NAME = VALUE` sets one; to send it as text, quote it".to_owned();
        // The whole text as typed: if it was meant as a secret, the redactor knows it in this form.
        let message = format!("`{}` is not set", variable.text);
        Absent { message, hint: Some(suggest::phrase(&near).unwrap_or_else(sets)) }
    }
}

fn member<'v>(value: &'v Value, segment: &Segment) -> Option<&'v Value> {
    match (segment, value) {
        (Segment::Key(key), Value::Map(map)) => map.get(key),
        // A dictionary may have numbers as names.
        (Segment::Index(index), Value::Map(map)) => map.get(&index.to_string()),
        (Segment::Index(index), Value::List(list)) => list.get(*index),
        _ => None,
    }
}

/// The error of a missing member, with what is there instead.
fn no_member(value: &Value, segment: &Segment, place: &str) -> Absent {
    let wanted = match segment {
        Segment::Key(key) => format!("`{key}`"),
        Segment::Index(index) => format!("member {index}"),
    };
    let (what, hint) = match value {
        Value::List(list) if list.is_empty() => ("is an empty list".to_owned(), None),
        Value::List(list) => {
            let hint = match segment {
                Segment::Key(key) if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()) => {
                    format!("a member has its number in brackets: {place}[{key}]")
                }
                Segment::Key(key) => format!("{place}[0].{key} is that of the first member"),
                Segment::Index(_) => format!("the last is {place}[{}]", list.len() - 1),
            };
            let members = if list.len() == 1 { "member" } else { "members" };
            (format!("is a list of {} {members} and has no {wanted}", list.len()), Some(hint))
        }
        Value::Map(map) if map.is_empty() => ("is an empty dictionary".to_owned(), None),
        Value::Map(map) => {
            let key = match segment {
                Segment::Key(key) => key.as_str(),
                Segment::Index(_) => "",
            };
            let near = suggest::phrase(&suggest::nearest(key, map.keys()));
            (format!("has no {wanted}"), Some(near.unwrap_or_else(|| format!("it has {}", some(map)))))
        }
        other => (format!("is {} and has no {wanted}", other.kind()), None),
    };
    Absent { message: format!("`{place}` {what}"), hint }
}

/// The first names of a dictionary.
fn some(map: &Map) -> String {
    let names = map.keys().take(TOLD).collect::<Vec<_>>().join(", ");
    if map.len() > TOLD { format!("{names}, …") } else { names }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lang;
    use model::Secret;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    fn memory() -> Memory {
        let mut memory = Memory::default();
        let result = value(
            r#"{"id":7,"job":{"id":"4d2e"},"name":"web","roles":[{"name":"a"},{"name":"b"}],"none":[],"2":true,"empty":{}}"#,
        );
        let mut sealed = result.clone();
        if let Value::Map(map) = &mut sealed {
            map.insert("password", Value::Secret(Secret::new("hunter22")));
        }
        memory.keep(result, Some(sealed));
        memory.set("zone", value(r#"[1,2]"#));
        memory
    }

    fn look_up(memory: &Memory, variable: &str) -> Result<Value, Absent> {
        let lines = lang::parse(&format!("x n {variable}")).unwrap();
        memory.look_up(&Variable::of(&lines[0].items[1].word).unwrap().unwrap())
    }

    #[test]
    fn paths_lead_into_results() {
        let memory = memory();
        for (variable, found) in [
            ("$_.id", "7"),
            ("$_.job.id", r#""4d2e""#),
            ("$_[job][id]", r#""4d2e""#),
            ("$_.job", r#"{"id":"4d2e"}"#),
            ("$_.roles[1].name", r#""b""#),
            ("$_[2]", "true"),
            ("$_.2", "true"),
            ("$zone", "[1,2]"),
            ("$zone[0]", "1"),
        ] {
            assert_eq!(look_up(&memory, variable), Ok(value(found)), "{variable}");
        }
        assert_eq!(look_up(&memory, "$_.password"), Ok(Value::Secret(Secret::new("hunter22"))));
    }

    #[test]
    fn fields_lead_into_the_member() {
        let mut memory = memory();
        let slot = |text: &str| {
            let each = lang::parse(&format!("x | each y n {text}")).unwrap().remove(0).each.unwrap();
            each.slots().remove(0)
        };
        assert!(memory.member().is_none());
        memory.feed(Some(Some(value(r#"{"id":7,"a":{"b-c":["x"]},"none":null}"#))));
        for (text, found) in [("{id}", "7"), ("{a[b-c][0]}", r#""x""#), ("{none}", "null"), ("{a}", r#"{"b-c":["x"]}"#)]
        {
            assert_eq!(memory.field(&slot(text)), Ok(value(found)), "{text}");
        }
        let absent = memory.field(&slot("{idd}")).unwrap_err();
        assert_eq!((absent.message.as_str(), absent.hint.as_deref()), ("`{}` has no `idd`", Some("did you mean id?")));
        assert_eq!(memory.field(&slot("{id.x}")).unwrap_err().message, "`{id}` is int and has no `x`");
        memory.feed(Some(Some(value("[1,2]"))));
        assert_eq!(memory.field(&slot("{}")), Ok(value("[1,2]")));
        assert_eq!(memory.feed(Some(None)), Some(Some(value("[1,2]"))));
        assert!(memory.member() == Some(None));
    }

    #[test]
    fn what_is_missing_is_reported_with_what_is_there() {
        let memory = memory();
        for (variable, message, hint) in [
            ("$_.nam", "`$_` has no `nam`", "did you mean name?"),
            ("$_.job.zzz", "`$_.job` has no `zzz`", "it has id"),
            ("$_.roles[2]", "`$_.roles` is a list of 2 members and has no member 2", "the last is $_.roles[1]"),
            (
                "$_.roles.name",
                "`$_.roles` is a list of 2 members and has no `name`",
                "$_.roles[0].name is that of the first member",
            ),
            (
                "$_.roles.1",
                "`$_.roles` is a list of 2 members and has no `1`",
                "a member has its number in brackets: $_.roles[1]",
            ),
            ("$_.none[0]", "`$_.none` is an empty list", ""),
            ("$_.empty.x", "`$_.empty` is an empty dictionary", ""),
            ("$_.id.x", "`$_.id` is int and has no `x`", ""),
            ("$_.password.x", "`$_.password` is string and has no `x`", ""),
            ("$_[3]", "`$_` has no member 3", "it has id, job, name, roles, none, 2, empty, password"),
            ("$zon", "`$zon` is not set", "did you mean $zone?"),
            ("$qqq.x", "`$qqq.x` is not set", "`let NAME = VALUE` sets one; to send it as text, quote it"),
        ] {
            let absent = look_up(&memory, variable).unwrap_err();
            assert_eq!((absent.message.as_str(), absent.hint.as_deref().unwrap_or("")), (message, hint), "{variable}");
        }
    }

    #[test]
    fn what_lines_will_have_set_is_known_as_far_as_possible() {
        let mut memory = memory();
        let variable = |text: &str| Variable::of(&lang::parse(&format!("x n {text}")).unwrap()[0].items[1].word);
        memory.look_ahead();
        memory.expect("new", None);
        memory.expect("zone", Some(Value::Int(5)));
        for (text, open, value) in
            [("$new.id", true, None), ("$zone", false, Some("5")), ("$_.id", false, Some("7")), ("$gone", false, None)]
        {
            assert_eq!(memory.is_open(&variable(text).unwrap().unwrap()), open, "{text}");
            assert_eq!(value.is_some(), !open && look_up(&memory, text) == Ok(self::value(value.unwrap_or("0"))));
        }
        memory.expect_last(Next::Gone("so"));
        assert_eq!(look_up(&memory, "$_.id").unwrap_err().message, "the last result was not kept: so");
        memory.expect_last(Next::Open);
        assert!(memory.is_open(&variable("$_[3].x").unwrap().unwrap()) && memory.get("new").is_some());
        memory.recall();
        assert_eq!(look_up(&memory, "$zone"), Ok(self::value("[1,2]")));
        assert!(memory.get("new").is_none() && look_up(&memory, "$_.id").is_ok());
    }

    #[test]
    fn a_result_that_was_not_kept_is_not_taken_for_an_older_one() {
        let mut memory = memory();
        let before = memory.forget("it went into a file");
        let absent = look_up(&memory, "$_.id").unwrap_err();
        assert_eq!(absent.message, "the last result was not kept: it went into a file");
        memory.restore(before);
        assert_eq!(look_up(&memory, "$_.id"), Ok(Value::Int(7)));
        assert_eq!(look_up(&Memory::default(), "$_").unwrap_err().message, "there is no result yet");
    }
}
