//! Checks that are only possible before Rust's runtime starts: it opens `/dev/null` for a closed standard stream, and
//! from then on a closed output cannot be distinguished from one that was redirected to `/dev/null`.

use std::sync::atomic::{AtomicBool, Ordering};

static CLOSED: AtomicBool = AtomicBool::new(false);

ctor::declarative::ctor! {
    #[ctor(unsafe)]
    fn look() {
        // Asks the system directly, since the runtime is not ready yet.
        CLOSED.store(rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err(), Ordering::Relaxed);
    }
}

/// Whether standard output was closed when the process started.
pub fn stdout_was_closed() -> bool {
    CLOSED.load(Ordering::Relaxed)
}
