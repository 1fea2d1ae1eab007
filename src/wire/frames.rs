//! The only file that uses the HTTP/2 crate: what an error of a connection with many calls says about one of them.

use std::error::Error;

use h2::Reason;

/// Whether the service says that it did not take this call: it refused it before it was processed, or ended the
/// connection before its turn came. Either can be said of each call alone, whatever became of the others.
pub(super) fn is_untouched(links: &[&(dyn Error + 'static)]) -> bool {
    found(links).is_some_and(|error| {
        let said = if error.is_go_away() { Reason::NO_ERROR } else { Reason::REFUSED_STREAM };
        error.is_remote() && (error.is_go_away() || error.is_reset()) && error.reason() == Some(said)
    })
}

/// The error in plain words, if it is one of HTTP/2.
pub(super) fn words(links: &[&(dyn Error + 'static)]) -> Option<String> {
    let error = found(links)?;
    let reason = error.reason().map(|reason| format!(" ({})", reason.description())).unwrap_or_default();
    let what = match error {
        _ if error.get_io().is_some() => return Some("it was closed before the answer".into()),
        _ if !error.is_remote() => return Some(format!("what came is not valid HTTP/2{reason}")),
        _ if error.is_go_away() => "the service ended it",
        _ => "the service broke off this call",
    };
    Some(format!("{what}{reason}"))
}

fn found<'e>(links: &[&'e (dyn Error + 'static)]) -> Option<&'e h2::Error> {
    links.iter().find_map(|link| link.downcast_ref::<h2::Error>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_service_has_said_leaves_a_call_untouched() {
        // An error with a reason alone was made here. Those that came are in `cases::http_two`.
        for reason in [Reason::REFUSED_STREAM, Reason::NO_ERROR, Reason::CANCEL] {
            let error = h2::Error::from(reason);
            assert!(!is_untouched(&[&error]), "{reason:?}");
            assert!(words(&[&error]).is_some_and(|words| words.starts_with("what came is not valid HTTP/2 (")));
        }
        let other = std::io::Error::other("cut");
        assert!(!is_untouched(&[&other]) && words(&[&other]).is_none());
    }
}
