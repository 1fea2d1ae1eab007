//! What can be seen only before Rust's runtime begins: it opens `/dev/null` for a standard stream that is closed, and
//! from then on a result that nobody can get looks like one that nobody wants.

use std::sync::atomic::{AtomicBool, Ordering};

static CLOSED: AtomicBool = AtomicBool::new(false);

ctor::declarative::ctor! {
    #[ctor(unsafe)]
    fn look() {
        // Asks the system, and nothing of the runtime that is not there yet.
        CLOSED.store(rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err(), Ordering::Relaxed);
    }
}

/// Whether standard output was closed when the process began.
pub fn stdout_was_closed() -> bool {
    CLOSED.load(Ordering::Relaxed)
}
