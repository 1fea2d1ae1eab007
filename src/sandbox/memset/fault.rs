//! The provider's documented errors.

/// The documented error codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// Any other error.
    ApiError = 1,
    /// A failure on the provider's side.
    InternalError = 2,
    /// The named thing does not exist.
    DoesNotExist = 3,
    /// The key is wrong or has no permission.
    Forbidden = 4,
    /// There is no such method, or the service does not support it.
    MethodNotFound = 5,
    /// The same request is already being worked on.
    AlreadyInProgress = 6,
    /// A parameter is invalid.
    BadParameters = 7,
    /// The value is taken.
    NotUnique = 8,
    /// The object's state does not allow this.
    PreconditionFailed = 9,
    /// No credentials were given.
    NotAuthorized = 10,
    /// Out of action for the moment.
    ServiceTemporarilyUnavailable = 11,
    /// Temporarily unavailable.
    Throttled = 12,
    /// A quota is used up.
    Overquota = 13,
    /// No such account.
    AccountDoesNotExist = 14,
    /// No such service.
    ServiceDoesNotExist = 15,
    /// For partners only.
    PartnerOnly = 16,
    /// Not allowed for partners on an account they manage.
    PartnerRestriction = 17,
}

/// Why a call was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The provider's code.
    pub(crate) code: Code,
    /// The message.
    pub(crate) message: String,
}

impl Fault {
    /// A fault with its message.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Fault {
        Fault { code, message: message.into() }
    }

    /// There is no such thing with that key: `Couldn't find service with name 'nosuch'`.
    pub(crate) fn missing(what: &str, key: &str, value: &str) -> Fault {
        Fault::new(Code::DoesNotExist, format!("Couldn't find {what} with {key} '{value}'"))
    }

    /// An invalid parameter: `ttl: Ensure this value is greater than or equal to 0.`
    pub(crate) fn parameter(name: &str, complaint: &str) -> Fault {
        Fault::new(Code::BadParameters, format!("{name}: {complaint}"))
    }

    /// There is no such method, or none for this service.
    pub(crate) fn unknown_method(name: &str) -> Fault {
        Fault::new(Code::MethodNotFound, format!("Method '{name}' not found"))
    }

    /// The object's state does not allow the call.
    pub(crate) fn state(message: impl Into<String>) -> Fault {
        Fault::new(Code::PreconditionFailed, message)
    }
}
