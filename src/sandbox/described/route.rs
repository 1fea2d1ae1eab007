//! Which operation of a document a request is for.

use model::escape::percent;
use openapi::Surface;

use crate::kit::rest::form::decoded;

/// A step of a path: literal texts and, between them, the names of values.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    /// A literal before each name, and one after the last.
    literals: Vec<String>,
    names: Vec<String>,
}

/// A path with one of the bases that come before it.
struct Row {
    /// The steps of the base, which are literal.
    base: usize,
    steps: Vec<Step>,
    endpoint: usize,
}

/// All paths, the most specific ones first.
pub(super) struct Routes(Vec<Row>);

/// What a request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The number of the endpoint.
    pub(super) endpoint: usize,
    /// The names and values of the path.
    pub(super) values: Vec<(String, String)>,
    /// The steps of the path behind the base.
    pub(super) steps: Vec<String>,
}

/// Why a request is for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// There is no such path.
    Path,
    /// The path has other verbs.
    Verb(Vec<&'static str>),
}

impl Routes {
    /// The paths of a document.
    pub(super) fn of(surface: &Surface) -> Routes {
        let mut rows = Vec::new();
        for (endpoint, it) in surface.endpoints.iter().enumerate() {
            for base in &it.bases {
                let before = parts(base).count();
                let steps = parts(base).chain(parts(&it.path)).map(step).collect();
                rows.push(Row { base: before, steps, endpoint });
            }
        }
        // The order of the document decides between equals.
        rows.sort_by_key(|row| row.steps.iter().map(Step::rank).collect::<Vec<_>>());
        Routes(rows)
    }

    /// What a request is for.
    pub(super) fn find(&self, surface: &Surface, verb: &str, path: &str) -> Result<Found, Lost> {
        let given: Vec<String> = parts(path).map(|part| decoded(part, false)).collect();
        let mut others = Vec::new();
        for row in &self.0 {
            let Some(values) = row.matched(&given) else { continue };
            let own = surface.endpoints.get(row.endpoint).map(|it| it.verb).unwrap_or_default();
            if own == verb || own == "GET" && verb == "HEAD" {
                let steps = given.into_iter().skip(row.base).collect();
                return Ok(Found { endpoint: row.endpoint, values, steps });
            }
            if !others.contains(&own) {
                others.push(own);
            }
        }
        if others.is_empty() { Err(Lost::Path) } else { Err(Lost::Verb(others)) }
    }
}

/// The steps of a path. An empty one at its end is none.
pub(super) fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// Steps as one text, from which they can be told apart.
pub(super) fn joined(steps: &[String]) -> String {
    steps.iter().map(|step| percent(step)).collect::<Vec<_>>().join("/")
}

fn step(text: &str) -> Step {
    let mut step = Step { literals: Vec::new(), names: Vec::new() };
    let mut rest = text;
    while let Some((before, name, after)) = rest
        .split_once('{')
        .and_then(|(before, after)| after.split_once('}').map(|(name, after)| (before, name, after)))
    {
        step.literals.push(decoded(before, false));
        step.names.push(name.to_owned());
        rest = after;
    }
    step.literals.push(decoded(rest, false));
    step
}

impl Step {
    /// Literal steps come first, those with a literal part next.
    fn rank(&self) -> u8 {
        match (self.names.is_empty(), self.literals.iter().all(String::is_empty)) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => 2,
        }
    }

    fn matched(&self, text: &str, values: &mut Vec<(String, String)>) -> Option<()> {
        let (first, others) = self.literals.split_first()?;
        let mut rest = text.strip_prefix(first.as_str())?;
        for (nth, (name, literal)) in self.names.iter().zip(others).enumerate() {
            let is_last = nth + 1 == self.names.len();
            let (value, after) = match (is_last, literal.as_str()) {
                (true, literal) => (rest.strip_suffix(literal)?, ""),
                (false, "") => rest.char_indices().nth(1).map(|(at, _)| rest.split_at(at))?,
                (false, literal) => rest.split_once(literal)?,
            };
            if value.is_empty() {
                return None;
            }
            values.push((name.clone(), value.to_owned()));
            rest = after;
        }
        rest.is_empty().then_some(())
    }
}

impl Row {
    fn matched(&self, given: &[String]) -> Option<Vec<(String, String)>> {
        if self.steps.len() != given.len() {
            return None;
        }
        let mut values = Vec::new();
        self.steps.iter().zip(given).try_for_each(|(step, text)| step.matched(text, &mut values))?;
        Some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use openapi::Endpoint;

    fn surface(paths: &[(&'static str, &str, &[&str])]) -> Surface {
        let endpoint = |(verb, path, bases): &(&'static str, &str, &[&str])| Endpoint {
            verb,
            path: (*path).to_owned(),
            bases: bases.iter().map(|base| (*base).to_owned()).collect(),
            ..Endpoint::default()
        };
        Surface { endpoints: paths.iter().map(endpoint).collect(), ..Surface::default() }
    }

    #[test]
    fn the_most_specific_path_is_found() {
        let surface = surface(&[
            ("GET", "/s/{id}", &["/v1", "/v2"]),
            ("GET", "/s/new", &["/v1"]),
            ("DELETE", "/s/{id}", &["/v1"]),
            ("GET", "/c/{a}...{b}", &[""]),
            ("GET", "/f/{name}.{ext}", &[""]),
            ("GET", "/{any}/x/", &[""]),
        ]);
        let routes = Routes::of(&surface);
        for (verb, path, found) in [
            ("GET", "/v1/s/5", "0 id=5 s/5"),
            ("GET", "/v2/s/a%2Fb", "0 id=a/b s/a%2Fb"),
            ("GET", "/v1/s/new", "1  s/new"),
            ("HEAD", "/v1/s/new/", "1  s/new"),
            ("DELETE", "/v1/s/new", "2 id=new s/new"),
            ("GET", "/c/x...y", "3 a=x&b=y c/x...y"),
            ("GET", "/f/a.b.c", "4 name=a&ext=b.c f/a.b.c"),
            ("GET", "/f/a.", "none"),
            ("GET", "/q/x", "5 any=q q/x"),
            ("POST", "/v1/s/5", "GET,DELETE"),
            ("POST", "/v1/s/new", "GET,DELETE"),
            ("GET", "/s/5", "none"),
            ("GET", "/", "none"),
        ] {
            let told = match routes.find(&surface, verb, path) {
                Ok(found) => {
                    let values: Vec<String> =
                        found.values.iter().map(|(name, value)| format!("{name}={value}")).collect();
                    format!("{} {} {}", found.endpoint, values.join("&"), joined(&found.steps))
                }
                Err(Lost::Path) => "none".to_owned(),
                Err(Lost::Verb(verbs)) => verbs.join(","),
            };
            assert_eq!(told, found, "{verb} {path}");
        }
    }
}
