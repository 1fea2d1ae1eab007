//! Documents of our own, for the tests of this folder.

use std::sync::Arc;
use std::time::Duration;

use model::Value;
use openapi::{Library, Schemas, Surface};

use super::jobs::Jobs;
use super::memory::Memory;
use super::plan::Plan;
use super::text::About;
use super::world::World;
use crate::kit::clock::{Clock, testing::story};

/// A small cloud with one of everything.
pub(super) const CLOUD: &str = include_str!("cloud.json");

/// What a document says.
pub(super) fn surface(text: &str) -> Surface {
    let value: Value = serde_json::from_str(text).unwrap();
    Surface::of(&Library::of(value), "cloud.json").unwrap()
}

/// What the small cloud says.
pub(super) fn cloud() -> Surface {
    surface(CLOUD)
}

/// A schema, which other parts of it can name as `#/s`.
pub(super) fn schema(text: &str) -> (Schemas, usize) {
    schema_of(&format!(r#"{{"s":{text}}}"#))
}

/// The schema `s` of several.
pub(super) fn schema_of(text: &str) -> (Schemas, usize) {
    let (_, parts) = text.split_once('{').unwrap();
    let answer = r##"{"200":{"content":{"application/json":{"schema":{"$ref":"#/s"}}}}}"##;
    let head = format!(r#"{{"openapi":"3.1.0","paths":{{"/a":{{"get":{{"responses":{answer}}}}}}}"#);
    let surface = surface(&format!("{head},{parts}"));
    let id = surface.endpoints[0].replies[0].forms[0].schema.unwrap();
    (surface.schemas, id)
}

/// A first thing.
pub(super) fn about() -> About {
    About { number: 1, word: "thing".into(), moment: "2011-08-01T09:00:00Z".into() }
}

/// The small cloud in its first state.
pub(super) fn world() -> World {
    let surface = Arc::new(cloud());
    World {
        plan: Arc::new(Plan::of(&surface)),
        surface,
        memory: Memory::default(),
        jobs: Jobs::taking(Duration::from_secs(3)),
        clock: Clock::starting(story()),
        more: 0,
        before: "2011-06-17T09:00:00Z".into(),
    }
}
