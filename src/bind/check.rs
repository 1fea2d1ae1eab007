//! Checks the values of a line against the catalogue, at every depth.

use super::depend::Scope;
use super::error::BindError;
use super::names::{operated, unknown_field};
use super::site::{Origin, Sites, shown};
use super::wording::{named, quoted, takes};
use super::{coerce, fit, limits};
use lang::{Segment, Variable};
use model::rule::words;
use model::{Field, Map, Method, Param, Rule, Shape, Spec, Type, Value};

/// All faults in the values of a call. Values of the right kind in another notation are converted.
pub(super) fn parameters(method: &Method, shapes: &[Shape], sites: &Sites<'_>, values: &mut Map) -> Vec<BindError> {
    let mut check =
        Check { shapes, sites, any_case: method.any_case, at: Vec::new(), hidden: false, faults: Vec::new() };
    let names: Vec<String> = values.keys().map(str::to_owned).collect();
    for name in names {
        let param = method.params.iter().find(|param| param.name == name);
        let spec = param.map(Spec::of).or_else(|| operated(method, &name));
        if let (Some(spec), Some(value)) = (spec, values.get_mut(&name)) {
            check.inner(Segment::Key(name), spec, value);
        }
    }
    let default = |name: &str| method.params.iter().find(|param| param.name == name)?.default.as_ref();
    let keyword = |name: &str| method.param(name).map(|param| param.type_.keyword()).unwrap_or_default();
    let meant = |name: &str| {
        let near =
            |fault: &BindError| matches!(fault, BindError::Unknown { near, .. } if near.iter().any(|it| it == name));
        sites.faults().iter().any(near)
    };
    let (default, keyword) = (&default, &keyword);
    let scope = Scope { given: values, at: &[], owner: &method.name, sites, default, keyword, meant: &meant };
    check.faults.extend(scope.broken(&method.rules));
    check.faults
}

/// The fault of one value that was not given in a line, if it has one.
pub(super) fn one(param: &Param, sites: &Sites<'_>, value: &mut Value) -> Option<BindError> {
    let mut check = Check { shapes: &[], sites, any_case: false, at: Vec::new(), hidden: false, faults: Vec::new() };
    check.inner(Segment::Key(param.name.clone()), Spec::of(param), value);
    check.faults.into_iter().next()
}

struct Check<'c> {
    shapes: &'c [Shape],
    sites: &'c Sites<'c>,
    any_case: bool,
    /// The path to the value that is being checked.
    at: Vec<Segment>,
    /// The given value must not be shown.
    hidden: bool,
    faults: Vec<BindError>,
}

impl<'c> Check<'c> {
    fn inner(&mut self, segment: Segment, spec: Spec<'_>, value: &mut Value) {
        let hidden = self.hidden;
        self.hidden = hidden || spec.secret;
        self.at.push(segment);
        self.value(spec, value);
        self.at.pop();
        self.hidden = hidden;
    }

    fn value(&mut self, spec: Spec<'_>, value: &mut Value) {
        let origin = self.sites.origin(&self.at);
        let explicit = origin == Origin::Explicit;
        if self.sites.is_blank(&self.at) || spec.or_empty && value.as_str() == Some("") {
            return;
        }
        if matches!(value, Value::Null) {
            // An explicit null, a value with a fault reported already, or one that is not known yet.
            if !explicit && self.at.len() == 1 && self.sites.exactly(&self.at).is_some() {
                self.misfit(spec.type_.described().to_owned(), value);
            }
            return;
        }
        let spec = match spec.type_ {
            Type::Any => match spec.takes.iter().find(|wanted| fit::is_of(value, wanted)) {
                Some(wanted) => spec.as_type(wanted),
                None if spec.takes.is_empty() || explicit => spec,
                None => return self.misfit(takes(spec.takes), value),
            },
            _ => spec,
        };
        if self.is_of_type(spec, value, explicit) && self.is_in_form(spec, value) {
            self.limits(spec, value);
        }
    }

    /// Whether a value has the right type, including its members. An explicit type before a scalar overrides the
    /// catalogue.
    fn is_of_type(&mut self, spec: Spec<'_>, value: &mut Value, explicit: bool) -> bool {
        let single = !matches!(value, Value::List(_) | Value::Map(_));
        match (spec.type_, &mut *value) {
            (Type::Any | Type::None, _) => return true,
            (Type::Dict | Type::Shape(_), Value::Map(map)) => {
                if let Some((fields, rules)) = spec.fields(self.shapes) {
                    self.dictionary(fields, rules, map);
                }
                return true;
            }
            (Type::MapOf(_), Value::Map(map)) => {
                let keys: Vec<String> = map.keys().map(str::to_owned).collect();
                for key in keys {
                    if let (Some(member), Some(value)) = (spec.member(), map.get_mut(&key)) {
                        self.inner(Segment::Key(key), member, value);
                    }
                }
                return true;
            }
            (Type::List(_), Value::List(list)) => {
                for (index, member) in list.iter_mut().enumerate() {
                    if let Some(spec) = spec.member() {
                        self.inner(Segment::Index(index), spec, member);
                    }
                }
                return true;
            }
            _ if single && explicit => return true,
            (Type::List(inner), Value::Text(_) | Value::Secret(_) | Value::Int(_)) => {
                if let Some(member) = fit::scalar(value, inner) {
                    *value = Value::List(vec![member]);
                    return self.is_of_type(spec, value, explicit);
                }
            }
            (Type::List(_) | Type::Dict | Type::MapOf(_) | Type::Shape(_), _) => {}
            (scalar, _) if single => {
                if let Some(fitted) = fit::scalar(value, scalar) {
                    *value = fitted;
                    return true;
                }
            }
            _ => {}
        }
        self.misfit(spec.form.map_or_else(|| spec.type_.described(), |form| form.wanted()).to_owned(), value);
        false
    }

    /// Whether a date can be written in the required form; it is converted.
    fn is_in_form(&mut self, spec: Spec<'_>, value: &mut Value) -> bool {
        let Some(form) = spec.form else { return true };
        match limits::rewritten(form, value) {
            Some(written) => {
                *value = written;
                true
            }
            None => {
                self.misfit(form.wanted().to_owned(), value);
                false
            }
        }
    }

    fn dictionary(&mut self, fields: &[Field], rules: &[Rule], map: &mut Map) {
        let keys: Vec<String> = map.keys().map(str::to_owned).collect();
        for key in keys {
            match (fields.iter().find(|field| field.name == key), map.get_mut(&key)) {
                (Some(field), _) if field.read_only => {
                    self.not_given(&key);
                    map.remove(&key);
                }
                (Some(field), Some(value)) => self.inner(Segment::Key(key), Spec::of_field(field), value),
                _ => {
                    self.at.push(Segment::Key(key.clone()));
                    let (span, named) = (self.sites.key(&self.at), self.sites.faulted_within(&self.at));
                    self.at.pop();
                    if named {
                        continue;
                    }
                    let known = fields.iter().map(|field| field.name.clone()).collect();
                    self.faults.push(unknown_field(shown(&self.at), &key, known, span));
                }
            }
        }
        let outer = shown(&self.at);
        let meant: Vec<String> = self
            .faults
            .iter()
            .chain(self.sites.faults())
            .flat_map(|fault| match fault {
                BindError::UnknownField { outer: of, near, .. } if *of == outer => near.clone(),
                _ => Vec::new(),
            })
            .collect();
        let meant = |name: &str| meant.iter().any(|near| near == name);
        self.missing(fields, map, &meant);
        let keyword = |name: &str| {
            let field = fields.iter().find(|field| field.name == name);
            field.map(|field| field.type_.keyword()).unwrap_or_default()
        };
        let owner = format!("`{outer}`");
        let (at, sites) = (self.at.as_slice(), self.sites);
        let scope =
            Scope { given: map, at, owner: &owner, sites, default: &|_| None, keyword: &keyword, meant: &meant };
        let broken = scope.broken(rules);
        self.faults.extend(broken);
    }

    /// A field that only the service sets may come with an object that was read, and is left out. Given by its own name,
    /// it is a mistake.
    fn not_given(&mut self, key: &str) {
        self.at.push(Segment::Key(key.to_owned()));
        if self.sites.exactly(&self.at).is_some() {
            let (name, span) = (shown(&self.at), self.sites.key(&self.at));
            let rule = "is set by the service and cannot be given".to_owned();
            self.faults.push(BindError::Limit { name, rule, span });
        }
        self.at.pop();
    }

    /// The required fields that are missing. Not those that a mistyped key may have been meant for: that key has been
    /// reported.
    fn missing(&mut self, fields: &[Field], map: &Map, meant: &dyn Fn(&str) -> bool) {
        let absent = |name: &str| match map.get(name) {
            None => true,
            Some(Value::Null) => {
                let path: Vec<Segment> = self.at.iter().cloned().chain([Segment::Key(name.to_owned())]).collect();
                self.sites.origin(&path) == Origin::Declared && !self.sites.faulted_within(&path)
            }
            Some(_) => false,
        };
        let given = |field: &&Field| !field.optional && !field.read_only;
        let needed = fields.iter().filter(given).filter(|field| absent(&field.name) && !meant(&field.name));
        let names: Vec<String> = needed.map(|field| field.name.clone()).collect();
        if !names.is_empty() {
            let (outer, span) = (shown(&self.at), self.sites.value(&self.at));
            self.faults.push(BindError::MissingFields { outer, names, span });
        }
    }

    fn limits(&mut self, spec: Spec<'_>, value: &Value) {
        let single = !matches!(value, Value::List(_) | Value::Map(_));
        if single && !spec.choices.is_empty() && !spec.choices.contains(value) {
            return self.choice(value, words(spec.choices));
        }
        if let Value::Text(text) = value
            && let Some(sorting) = spec.sorts
            && let Some(part) = limits::unsortable(&spec, text, self.any_case)
        {
            let with = sorting.with.iter().map(|word| format!(".{word}")).collect::<Vec<_>>().join(" or ");
            let mut choices = sorting.by.clone();
            if let (Some(last), false) = (choices.last_mut(), with.is_empty()) {
                last.push_str(&format!(", each optionally with {with}"));
            }
            return self.choice(&Value::from(part), choices);
        }
        if let Some(rule) = limits::broken(&spec, value) {
            let (name, span) = (shown(&self.at), self.sites.value(&self.at));
            self.faults.push(BindError::Limit { name, rule, span });
        }
    }

    fn choice(&mut self, value: &Value, choices: Vec<String>) {
        let given = (!self.hidden).then(|| quoted(&value.plain()));
        let (name, span) = (shown(&self.at), self.sites.value(&self.at));
        self.faults.push(BindError::Choice { name, given, choices, span });
    }

    fn misfit(&mut self, wanted: String, value: &Value) {
        if self.sites.faulted_within(&self.at) {
            return;
        }
        let given = (!self.hidden).then(|| self.given(value));
        let (name, span) = (shown(&self.at), self.sites.value(&self.at));
        self.faults.push(BindError::Type { name, wanted, given, span });
    }

    /// How an error names a value that does not fit: a variable by its name, a single value as it was typed.
    fn given(&self, value: &Value) -> String {
        let word = self.sites.exactly(&self.at).map(|site| site.pair.value);
        let variable = word.filter(|word| Variable::of(word).is_some());
        match (variable, value) {
            (Some(word), value) => named(&word.text(), value),
            (None, Value::List(_)) => "a list".into(),
            (None, Value::Map(_)) => "a dictionary".into(),
            (None, Value::Null | Value::Bytes(_) | Value::Secret(_)) => value.kind().into(),
            (None, single) => quoted(&single.plain()),
        }
    }
}

/// Seals what the catalogue marks as secret, at any depth. If the method takes a secret, an unknown name may be a
/// misspelling of its name, so its value is sealed too.
pub(super) fn seal(method: &Method, shapes: &[Shape], values: &mut Map) {
    if method.params.iter().any(|param| param.secret) {
        let strange = |name: &&str| method.param(name).is_none() && operated(method, name).is_none();
        let names: Vec<String> = values.iter().map(|(name, _)| name).filter(strange).map(str::to_owned).collect();
        for name in names {
            if let Some(value) = values.get_mut(&name) {
                *value = coerce::seal(std::mem::take(value));
            }
        }
    }
    for param in &method.params {
        if let Some(value) = values.get_mut(&param.name) {
            seal_one(Spec::of(param), shapes, value);
        }
    }
}

/// Seals one value if it is a secret, or the secrets inside it.
pub(super) fn seal_one(spec: Spec<'_>, shapes: &[Shape], value: &mut Value) {
    if spec.secret {
        *value = coerce::seal(std::mem::take(value));
        return;
    }
    match value {
        Value::List(list) => {
            if let Some(member) = spec.member() {
                list.iter_mut().for_each(|value| seal_one(member, shapes, value));
            }
        }
        Value::Map(map) => match (spec.fields(shapes), spec.member()) {
            (Some((fields, _)), _) => {
                for field in fields {
                    if let Some(value) = map.get_mut(&field.name) {
                        seal_one(Spec::of_field(field), shapes, value);
                    }
                }
            }
            (None, Some(member)) => map.values_mut().for_each(|value| seal_one(member, shapes, value)),
            (None, None) => {}
        },
        _ => {}
    }
}
