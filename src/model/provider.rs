//! What one provider's service is like: where it is, how it is spoken to, what its errors mean.

use serde::Deserialize;

/// A provider, as its `provider.toml` states it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// The word before the colon in `provider:method`.
    pub id: String,
    /// The name people know it by.
    pub title: String,
    /// The document that `doc` pointers point into.
    #[serde(default)]
    pub document: String,
    /// Scheme, host and port of the service.
    pub host: String,
    /// The ways to speak to it; the first is the default.
    #[serde(rename = "transport")]
    pub transports: Vec<Transport>,
    /// Where the key goes.
    pub auth: Auth,
    /// Where the live method list comes from.
    #[serde(default)]
    pub introspection: Option<Introspection>,
    /// How a long task is followed.
    #[serde(default)]
    pub job: Option<JobRule>,
    /// The error codes it documents.
    #[serde(rename = "error", default)]
    pub errors: Vec<ErrorCode>,
}

impl Provider {
    /// What is known of an error code.
    pub fn error(&self, code: i64) -> Option<&ErrorCode> {
        self.errors.iter().find(|error| error.code == code)
    }

    /// The way to speak to it of that name.
    pub fn transport(&self, name: &str) -> Option<&Transport> {
        self.transports.iter().find(|transport| transport.name == name)
    }

    /// The way to speak to it that is used unless another is asked for.
    pub fn default_transport(&self) -> Option<&Transport> {
        self.transports.first()
    }
}

/// A protocol of this program: the shape of a call and of its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// XML-RPC over one URL.
    XmlRpc,
    /// JSON-RPC 2.0 over one URL.
    JsonRpc,
    /// A form with one field of JSON, sent to an address for each method.
    Json,
}

/// One way to speak to a provider.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transport {
    /// The word a user chooses it by.
    pub name: String,
    /// Who encodes and decodes.
    pub protocol: Protocol,
    /// The path below the host, with `{method}` for the method's name where each has its own.
    pub path: String,
    /// How many calls one request may carry, where it may carry several.
    #[serde(default)]
    pub batch: Option<usize>,
}

/// Where the key goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// How.
    pub scheme: AuthScheme,
    /// The user name, with `{key}` for the secret.
    #[serde(default)]
    pub user: String,
    /// The password, with `{key}` for the secret.
    #[serde(default)]
    pub password: String,
}

/// The auth schemes of this program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthScheme {
    /// No credentials.
    #[default]
    None,
    /// HTTP Basic.
    Basic,
}

/// The methods by which a service describes itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Introspection {
    /// Lists the names of all methods.
    pub list: String,
    /// Describes one method in prose.
    pub help: String,
}

/// How a long task is followed: the method that reads it, and the fields of its answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobRule {
    /// The method that reads a job.
    pub method: String,
    /// Its parameter.
    pub parameter: String,
    /// The field with the job's id.
    pub id: String,
    /// The field with words about its state.
    pub status: String,
    /// The boolean field that says it is over.
    pub finished: String,
    /// The boolean field that says it went wrong.
    pub failed: String,
}

/// What a documented error means to whoever called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ErrorKind {
    /// The provider understood and said no.
    Refused,
    /// The key is wrong, missing or not allowed to do this.
    Credentials,
    /// The provider broke down.
    Failed,
    /// The same call may work later.
    Busy,
}

/// One documented error.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorCode {
    /// The provider's number for it.
    pub code: i64,
    /// The provider's name for it.
    pub name: String,
    /// The HTTP status it comes with where the protocol has one.
    #[serde(default)]
    pub http: Option<u16>,
    /// What it means to whoever called.
    pub kind: ErrorKind,
    /// In our words.
    pub summary: String,
    /// The line of the provider's document.
    #[serde(default)]
    pub doc: Option<u32>,
}
