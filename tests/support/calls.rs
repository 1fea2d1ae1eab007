//! A line as a call and its request, without a process or a network.

use std::collections::BTreeMap;
use std::sync::Arc;

use marsh::bind::{self, Faults, Rules, Sources};
use marsh::codec::{self, Limits, Outcome, Service};
use marsh::engine::target::{Place, Target};
use marsh::lang;
use marsh::model::http::{Head, Request};
use marsh::model::{Call, Diagnostic, Method, Value};
use marsh::registry::catalog::Catalog;
use marsh::registry::embedded;

/// Any file has something in it.
struct AnyFile;

impl Sources for AnyFile {
    fn file(&mut self, path: &str) -> Result<Vec<u8>, String> {
        Ok(path.as_bytes().to_vec())
    }

    fn stdin(&mut self) -> Result<Vec<u8>, String> {
        Err("an example that needs a pipe".into())
    }
}

/// A provider as a session would speak to it.
pub(crate) struct Spoken {
    pub(crate) catalog: Catalog,
    pub(crate) target: Target,
}

impl Spoken {
    /// The built-in provider of that id, for an account named `me`. Its variables are known by their names.
    pub(crate) fn to(id: &str) -> Spoken {
        let catalog = Catalog::open(embedded::find(id).unwrap()).unwrap();
        let place = Place { user: Some("me".into()), ..Place::default() };
        let mut target = Target::new(id, catalog.provider(), place).unwrap();
        let variables = catalog.provider().variables.iter().map(|variable| &variable.name);
        target.variables = variables.map(|name| (name.clone(), name.clone())).collect::<BTreeMap<_, _>>();
        Spoken { catalog, target }
    }

    fn service(&self, method: &Method) -> Service<'_> {
        self.target.service(self.catalog.provider(), self.catalog.shapes(), method)
    }

    /// The one call that a line makes.
    pub(crate) fn call(&self, line: &str) -> Result<Call, String> {
        self.bound(line)?.map_err(|error| error.to_string())
    }

    /// Everything that is said of the values of a line, with its hints; nothing if it can be sent.
    pub(crate) fn said(&self, line: &str) -> Result<String, String> {
        let Err(faults) = self.bound(line)? else { return Ok(String::new()) };
        let rest = faults.more().into_iter().map(|fault| (fault.to_string(), fault.hint()));
        let all = std::iter::once((faults.to_string(), faults.hint())).chain(rest);
        Ok(all.map(|(said, hint)| format!("{said}; {}\n", hint.unwrap_or_default())).collect())
    }

    fn bound(&self, line: &str) -> Result<Result<Call, Faults>, String> {
        let lines = lang::parse(line).map_err(|error| error.to_string())?;
        let [line] = &lines[..] else { return Err(format!("{} lines", lines.len())) };
        let method = self.catalog.method(&line.head.text()).ok_or("it calls no method")?;
        let method = Arc::new(method.map_err(|error| error.to_string())?);
        Ok(bind::bind(&method, line, self.rules(), &mut AnyFile))
    }

    fn rules(&self) -> Rules<'_> {
        Rules { shapes: self.catalog.shapes(), ..Rules::default() }
    }

    pub(crate) fn request(&self, call: &Call) -> Result<Request, String> {
        codec::encode(&self.service(&call.method), call).map_err(|error| error.to_string())
    }

    /// What a line sends: verb and address below the transport's, and the body with secrets replaced.
    pub(crate) fn sent(&self, line: &str) -> (String, String) {
        let request = self.call(line).and_then(|call| self.request(&call)).unwrap_or_else(|e| panic!("{line}: {e}"));
        let address = request.url.strip_prefix(self.target.url.trim_end_matches('/')).unwrap();
        (format!("{} {address}", request.verb), request.body.preview())
    }

    /// What an answer to a method means; the error in words.
    pub(crate) fn answered(&self, method: &str, status: u16, body: &[u8]) -> Result<Outcome<Value>, String> {
        let method = self.catalog.method(method).unwrap().unwrap();
        let head = Head { status, ..Head::default() };
        let outcome = codec::decode_value(&self.service(&method), &method, &head, body, Limits::default());
        outcome.map_err(|error| error.to_string())
    }
}
