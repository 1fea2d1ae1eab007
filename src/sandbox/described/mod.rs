//! The service that an OpenAPI or Swagger document describes: answers with the shapes of its schemas, and a memory of what
//! was made.
//!
//! From the bottom upwards: `words` knows what names mean, `check`, `invent` and `lay` deal with the values of schemas,
//! `plan` finds out what each operation is about, `memory` and `jobs` remember, `world` has the objects, `answer` carries
//! a request out that `route`, `access` and `intake` have let pass.

mod access;
mod answer;
mod check;
mod intake;
mod invent;
mod jobs;
mod lay;
mod memory;
mod pages;
mod patch;
mod pattern;
mod plan;
mod refusal;
mod route;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod text;
mod words;
mod world;

use std::sync::Arc;
use std::time::Duration;

use answer::Call;
use jobs::Jobs;
use memory::Memory;
use openapi::{Endpoint, Surface};
use plan::Plan;
use refusal::{Refusal, Why};
use route::{Lost, Routes};
use world::World;

use super::kit::clock::Clock;
use super::log::Log;
use super::{Account, Options, Request, Response, Service};
use model::Value;

/// The day on which everything was made that is there at the start.
const BEFORE: &str = "2011-06-17T09:00:00Z";

/// The service of a document.
pub(super) struct Described {
    surface: Arc<Surface>,
    routes: Routes,
    world: World,
    /// The only key that is taken; without it, any.
    only: Option<String>,
    /// The key that is shown.
    key: String,
    scheme: &'static str,
    log: Log,
}

impl Service for Described {
    fn account(&self, root: &str) -> Account {
        let Surface { base, named, .. } = &*self.surface;
        let user = named.then(|| "user".to_owned());
        Account { provider: "openapi", url: format!("{root}{base}"), user, key: self.key.clone() }
    }

    fn claims(&self, _path: &str) -> bool {
        true
    }

    fn respond(&mut self, request: &Request) -> Response {
        let surface = Arc::clone(&self.surface);
        let mut endpoint = None;
        self.answer(&surface, request, &mut endpoint)
            .unwrap_or_else(|refusal| refusal.response(&surface, endpoint, &self.world.about("error", 1)))
    }

    fn requests(&self) -> &[(String, String)] {
        self.log.calls()
    }

    fn advance(&mut self, by: Duration) {
        self.world.clock.advance(by);
    }
}

impl Described {
    /// The service of a document in its first state. Without a `key` it takes any.
    pub(super) fn new(surface: Surface, key: Option<String>, options: &Options) -> Described {
        let surface = Arc::new(surface);
        let clock = Clock::starting(options.starts);
        let world = World {
            surface: Arc::clone(&surface),
            plan: Arc::new(Plan::of(&surface)),
            memory: Memory::default(),
            jobs: Jobs::taking(options.job_time),
            before: clock.moved(BEFORE),
            clock,
            more: options.more_servers,
        };
        Described {
            routes: Routes::of(&surface),
            surface,
            world,
            key: key.clone().unwrap_or_else(|| options.key.clone()),
            only: key,
            scheme: if options.tls { "https" } else { "http" },
            log: Log::default(),
        }
    }

    fn answer<'s>(
        &mut self,
        surface: &'s Surface,
        request: &Request,
        own: &mut Option<&'s Endpoint>,
    ) -> Result<Response, Refusal> {
        let found = self.routes.find(surface, &request.verb, &request.path).map_err(|lost| match lost {
            Lost::Path => Refusal::new(Why::Missing, format!("the document has no path {}", request.path)),
            Lost::Verb(verbs) => {
                let words = format!("{} is not possible here, only {}", request.verb, verbs.join(", "));
                Refusal::new(Why::Verb(verbs), words)
            }
        })?;
        let plan = Arc::clone(&self.world.plan);
        let missing = || Refusal::new(Why::Missing, "there is no such operation");
        let (endpoint, part) =
            surface.endpoints.get(found.endpoint).zip(plan.parts.get(found.endpoint)).ok_or_else(missing)?;
        *own = Some(endpoint);
        if !access::is_let_in(surface, endpoint, request, self.only.as_deref()) {
            return Err(Refusal::new(Why::Unknown, "the credentials are missing or wrong"));
        }
        let given = intake::given(&surface.schemas, endpoint, &found, request)?;
        let values: Vec<Value> = found.values.iter().map(|(_, value)| value.as_str().into()).collect();
        self.log.note(&format!("{} {}", endpoint.verb, endpoint.path), &[values, vec![given.body.clone()]].concat());
        let host = request.header("host").unwrap_or("127.0.0.1");
        let address = format!("{}://{host}{}", self.scheme, request.path);
        self.world.carry_out(&Call { endpoint, part, found: &found, given, address })
    }
}
