//! What is fetched while the user types: the methods of a service, or a newer catalogue.

use std::sync::mpsc::{Receiver, TryRecvError, channel};

use crate::engine::accounts::catalogs::Remote;
use crate::engine::state::error::CallError;
use crate::wire::{Network, Timeouts, Wire};
use registry::catalog::Catalog;
use registry::listed::Listed;
use registry::{Changes, Source};

/// The answer of a service, or of the server with a catalogue.
#[derive(Debug)]
pub enum News {
    /// All methods.
    Methods(Vec<Listed>),
    /// A newer catalogue.
    Catalog(Box<Catalog>),
    /// Nothing new.
    Nothing,
}

/// The outcome of a fetch.
pub type Fetched = Result<News, String>;

/// A fetch in the background of the prompt.
#[derive(Debug)]
pub struct Background {
    done: Receiver<Fetched>,
}

impl Background {
    /// Runs a fetch on a thread of its own.
    pub fn start(fetch: impl FnOnce() -> Result<News, CallError> + Send + 'static) -> Background {
        let (sender, done) = channel();
        std::thread::spawn(move || {
            // This fails only if the session has ended.
            let _ = sender.send(fetch().map_err(|error| error.to_string()));
        });
        Background { done }
    }

    /// The outcome, once it is there. `None` until then.
    pub fn poll(&self) -> Option<Fetched> {
        match self.done.try_recv() {
            Ok(fetched) => Some(fetched),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err("the fetch ended without a list".into())),
        }
    }
}

/// Applies what was fetched. A catalogue that points to another host is refused: the key was given for the old host.
pub(crate) fn accept(source: &mut Source, news: News) -> Result<Changes, String> {
    match news {
        News::Methods(methods) => Ok(source.merge_live(methods)),
        News::Catalog(catalog) => {
            let catalog = source.adapted(*catalog);
            match catalog.provider().same_place(source.provider()) {
                true => Ok(source.replace(catalog)),
                false => Err("the new catalogue names another host; the old one stays in use".into()),
            }
        }
        News::Nothing => Ok(Changes::default()),
    }
}

/// A separate connection for work in the background of the prompt.
pub(crate) fn in_background(network: &Network) -> Result<Wire, CallError> {
    Wire::new(network.clone()).map(Wire::in_background).map_err(CallError::Address)
}

/// A newer version of a catalogue at an address, if there is one.
pub(crate) fn catalog_news(remote: &Remote, wire: &mut Wire, timeouts: Timeouts) -> Result<News, CallError> {
    Ok(remote.fetch(wire, timeouts)?.map_or(News::Nothing, |catalog| News::Catalog(Box::new(catalog))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fetch_ends_with_news_or_a_reason() {
        let end = |background: Background| loop {
            match background.poll() {
                Some(fetched) => break fetched,
                None => std::thread::yield_now(),
            }
        };
        assert!(matches!(end(Background::start(|| Ok(News::Nothing))), Ok(News::Nothing)));
        let failed = end(Background::start(|| Err(CallError::usage_of("no".into()))));
        assert_eq!(failed.unwrap_err(), "no");
    }
}
