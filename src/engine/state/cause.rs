//! An error inside another one. Only what all errors have in common is known about it.

use model::Diagnostic;

/// Why something failed.
pub(crate) type Cause = Box<dyn Diagnostic + Send + Sync>;
