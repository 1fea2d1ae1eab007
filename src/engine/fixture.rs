//! A session for tests, with one account.

use crate::bind::Nowhere;
use crate::config::KeySource;
use crate::engine::run::session::Parts;
use crate::engine::state::ledger::Records;
use crate::engine::state::settings::{Manner, Settings};
use crate::engine::{AccountParts, Console, Place, Rules};
use model::Secret;
use registry::catalog::Catalog;

/// An account of the catalogue `own`, under the name of a profile.
pub(crate) fn account(profile: &str, catalog: &str, key: &str) -> AccountParts {
    AccountParts {
        profile: profile.into(),
        named: true,
        catalog: Catalog::parse("own", catalog).unwrap(),
        place: Place::default(),
        key: Some(KeySource::Argument(Secret::new(key))),
        secrets: Default::default(),
        renewal: None,
        rules: Rules::default(),
    }
}

/// The parts of a session that runs no programs, keeps no files and records nothing.
pub(crate) fn parts(account: AccountParts, console: Console) -> Parts {
    let settings = Settings {
        yes: true,
        network: crate::wire::Network::default(),
        home: model::Home::default(),
        surroundings: crate::engine::state::settings::Surroundings { shell: || None, has: |_| false },
        search_path: "".into(),
        program: "".into(),
        trace: None,
        waits: None,
        stdout_closed: false,
        kept: None,
        calls_at_once: 8,
        simulated: false,
        named: false,
        errors_as_json: false,
    };
    Parts {
        account,
        others: vec![],
        left_out: vec![],
        manner: Manner::Batch,
        settings,
        console,
        sources: Box::new(Nowhere),
        paths: None,
        lines: None,
        records: Records::Off,
    }
}
