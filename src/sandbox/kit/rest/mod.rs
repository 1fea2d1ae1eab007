//! The server side of services with an address for each method: finds the method and the arguments of a request, and
//! puts its answer into the documented form.

pub(crate) mod form;
pub(crate) mod json;
mod path;
mod typed;

use super::values::merge;
use model::route::{Answers, Place, Sends};
use model::{Map, Method, Param, Shape, Value};
use registry::catalog::{Catalog, CatalogError};

/// The methods of a catalogue that have an address.
pub(crate) struct Routes(Vec<Method>);

/// The contents of a request besides its verb and its path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Carried {
    /// The fields of the query.
    pub(crate) query: Map,
    /// The fields of the body.
    pub(crate) body: Map,
}

/// The method of a request, and the values in its path.
pub(crate) struct Found<'r> {
    /// The method.
    pub(crate) method: &'r Method,
    values: Map,
}

impl Routes {
    /// Reads the methods of a catalogue.
    pub(crate) fn of(catalog: &Catalog) -> Result<Routes, CatalogError> {
        let methods = catalog.records().iter().filter_map(|record| catalog.method(record.name));
        let routed = methods.filter(|method| !matches!(method, Ok(Method { route: None, .. })));
        Ok(Routes(routed.collect::<Result<_, _>>()?))
    }

    /// The method at an address. If several share one, their distinguishing fields decide: the method that requires
    /// most of them wins.
    pub(crate) fn find(&self, verb: &str, path: &str, carried: &Carried) -> Option<Found<'_>> {
        let met = self.0.iter().filter_map(|method| {
            let (literal, values) = at(method, verb, path)?;
            Some((literal, asked(method, carried)?, Found { method, values }))
        });
        met.max_by_key(|(literal, asked, _)| (*literal, *asked)).map(|(.., found)| found)
    }
}

/// How much of the path consists of the method's own words, and the values between them; `None` if the path does not
/// match.
fn at(method: &Method, verb: &str, path: &str) -> Option<(usize, Map)> {
    let route = method.route.as_ref().filter(|route| route.verb.as_str() == verb)?;
    let chosen = route.by.iter().flat_map(|by| by.paths.iter().map(|(word, path)| (by.param.as_str(), word, path)));
    let mut met = chosen.filter_map(|(param, word, template)| {
        let (literal, mut values) = path::matched(template, path)?;
        values.insert(param, word.as_str());
        Some((literal, values))
    });
    met.next().or_else(|| path::matched(&route.path, path))
}

/// How many distinguishing fields a method requires at its address; `None` if one of them is missing.
fn asked(method: &Method, carried: &Carried) -> Option<usize> {
    let fixed = method.sends.as_ref().map(Sends::fixed);
    let fixed = fixed.into_iter().flat_map(Map::iter);
    let fixed = fixed.map(|(name, value)| carried.body.get(name) == Some(value));
    let choosing = method.route.as_ref().and_then(|route| route.by.as_ref()).map(|by| by.param.as_str());
    let sent = |param: &Param| Some(param.name.as_str()) != choosing;
    let in_query = |param: &&Param| param.required && sent(param) && method.place(param) == Place::Query;
    let queried = method.params.iter().filter(in_query).map(|param| carried.query.get(param.wire_name()).is_some());
    let met: Vec<bool> = fixed.chain(queried).collect();
    met.iter().all(|met| *met).then_some(met.len())
}

impl Found<'_> {
    /// The arguments by parameter names, converted to the required types if possible. Unknown fields keep their names,
    /// so that a check finds them.
    pub(crate) fn arguments(self, carried: Carried, shapes: &[Shape]) -> Map {
        let mut body = unwrapped(self.method.sends.as_ref(), carried.body);
        for (name, _) in self.method.sends.iter().flat_map(|sends| sends.fixed().iter()) {
            body.remove(name);
        }
        let mut given = body;
        merge(&mut given, carried.query);
        merge(&mut given, self.values);
        let known = |(name, value): (String, Value)| {
            let param = self.method.params.iter().find(|param| param.wire_name() == name);
            match param {
                Some(param) => (param.name.clone(), typed::fit(&param.type_, &param.fields, value, shapes)),
                None => (name, value),
            }
        };
        given.into_iter().filter(|(_, value)| *value != Value::Null).map(known).collect()
    }
}

/// The fields of a body without the single key around them.
fn unwrapped(sends: Option<&Sends>, mut body: Map) -> Map {
    match sends {
        Some(Sends::Json { wrap: Some(key), .. }) => match body.remove(key) {
            Some(Value::Map(inner)) => inner,
            _ => body,
        },
        _ => body,
    }
}

/// Puts a result into the documented form: keys around objects, and the path to it.
pub(crate) fn dressed(value: Value, answers: &Answers) -> Value {
    let wrapped = match value {
        Value::List(members) => Value::List(members.into_iter().map(|member| wrap(member, answers)).collect()),
        value => wrap(value, answers),
    };
    let path = answers.list.first().or(answers.at.as_ref());
    let steps = path.into_iter().flat_map(|path| path.rsplit('.'));
    steps.fold(wrapped, |value, step| Value::Map(Map::from_iter([(step, value)])))
}

fn wrap(value: Value, answers: &Answers) -> Value {
    match (answers.unwrap.first(), &value) {
        (Some(key), Value::Map(_)) => Value::Map(Map::from_iter([(key.as_str(), value)])),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::super::values::map;
    use super::*;
    use model::route::AnswerForm;

    fn routes() -> Routes {
        Routes::of(&crate::kit::catalog("vpsnet").unwrap()).unwrap()
    }

    #[test]
    fn a_request_finds_its_method_and_its_arguments() {
        let routes = routes();
        let none = Map::new;
        for (verb, path, query, body, name, args) in [
            ("GET", "/virtual_machines", none(), none(), "virtual_machine.list", none()),
            (
                "GET",
                "/virtual_machines",
                map! { "search" => "a" },
                none(),
                "virtual_machine.search",
                map! { "search" => "a" },
            ),
            (
                "GET",
                "/virtual_machines",
                map! { "basic" => "true" },
                none(),
                "virtual_machine.list",
                map! { "basic" => true },
            ),
            ("GET", "/virtual_machines/12", none(), none(), "virtual_machine.get", map! { "id" => 12 }),
            ("GET", "/virtual_machines/recoverable", none(), none(), "virtual_machine.list_recoverable", none()),
            (
                "POST",
                "/virtual_machines",
                none(),
                map! { "instant" => true, "country" => 1 },
                "virtual_machine.create_instant",
                map! { "country" => 1 },
            ),
            (
                "PUT",
                "/nodes/5/update_ram_node",
                none(),
                map! { "consumer_id" => "7" },
                "node.edit",
                map! { "consumer_id" => 7, "type" => "ram", "id" => 5 },
            ),
            ("DELETE", "/nodes/5", none(), none(), "node.delete", map! { "type" => "vps", "id" => 5 }),
            (
                "PUT",
                "/ips/3",
                none(),
                map! { "ip_address" => map! { "notes" => "n", "stray" => Value::Int(1) } },
                "ip.edit",
                map! { "notes" => "n", "stray" => 1, "id" => 3 },
            ),
        ] {
            let carried = Carried { query, body };
            let found = routes.find(verb, &format!("{path}.api10json"), &carried).unwrap();
            assert_eq!(found.method.name, name, "{verb} {path}");
            let found = found.arguments(carried, &[]);
            assert_eq!(found.len(), args.len(), "{found:?}");
            assert!(args.iter().all(|(key, value)| found.get(key) == Some(value)), "{name} {found:?}");
        }
        for (verb, path) in [("GET", "/"), ("PATCH", "/ips.api10json"), ("GET", "/ips.api10json/"), ("GET", "/ips")] {
            assert!(routes.find(verb, path, &Carried::default()).is_none(), "{verb} {path}");
        }
    }

    #[test]
    fn results_get_their_wrappers() {
        let answers = |list: Option<&str>, at: Option<&str>, unwrap: &[&str]| Answers {
            form: AnswerForm::Json,
            root: Vec::new(),
            list: list.into_iter().map(str::to_owned).collect(),
            beside: Default::default(),
            at: at.map(str::to_owned),
            unwrap: unwrap.iter().map(|key| (*key).to_owned()).collect(),
            id: None,
        };
        let one = || map! { "id" => 1 };
        for (answers, value, dressed_value) in [
            (answers(None, None, &[]), Value::Map(one()), Value::Map(one())),
            (answers(None, None, &["a"]), one().into(), map! { "a" => one() }.into()),
            (answers(None, None, &["a"]), vec![one().into()].into(), vec![map! { "a" => one() }.into()].into()),
            (answers(None, None, &["a"]), false.into(), false.into()),
            (
                answers(Some("x.y"), None, &[]),
                vec![].into(),
                map! { "x" => map! { "y" => Value::List(vec![]) } }.into(),
            ),
            (answers(None, Some("x"), &[]), "en".into(), map! { "x" => "en" }.into()),
        ] {
            assert_eq!(dressed(value, &answers), dressed_value);
        }
    }
}
