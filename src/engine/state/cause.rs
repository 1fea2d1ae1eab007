//! An error inside another one, of which no more is known than what every error can say.

use model::Diagnostic;

/// Why something failed.
pub(crate) type Cause = Box<dyn Diagnostic + Send + Sync>;
