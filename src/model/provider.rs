//! The description of a provider's service: its addresses, how to talk to it, and what its errors mean.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use serde::Deserialize;

pub use super::auth::{Auth, AuthScheme, KEY, KeyForm, USER};
use super::failure::{ErrorCode, FaultRule};
use super::grant::HandshakeRule;
pub use super::introspection::{Dialect, Introspection};
use super::job::{Begins, JobRule};
use super::method::Passing;
pub use super::paging::{PageStyle, Paging};
use super::{Code, IdempotencyRule, Later, Method, Type};

/// A provider, as described in its `provider.toml`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// The word before the colon in `provider:method`.
    pub id: String,
    /// Its display name; empty if it is the id.
    #[serde(default)]
    pub title: String,
    /// The document that `doc` pointers point into.
    #[serde(default)]
    pub document: String,
    /// Scheme, host and port of the service; empty when it has regions.
    #[serde(default)]
    pub host: String,
    /// The hosts to choose from; the first is the default.
    #[serde(rename = "region", default)]
    pub regions: Vec<Region>,
    /// The ways to talk to it; the first is the default.
    #[serde(rename = "transport")]
    pub transports: Vec<Transport>,
    /// Where the key goes; by default, none is sent.
    #[serde(default)]
    pub auth: Auth,
    /// Headers that every request has, without credentials: `X-Requested-With = "marsh"`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Other ways for the key to go, by the names under which an account chooses one of them.
    #[serde(default)]
    pub auths: BTreeMap<String, Auth>,
    /// A token that the service hands out when it refuses a call without one.
    #[serde(default)]
    pub handshake: Option<HandshakeRule>,
    /// How arguments are passed, for methods that do not say so themselves and for those that only the live list names.
    #[serde(default)]
    pub arguments: Option<Passing>,
    /// The names of parameters, and words such as operators, are not case-sensitive.
    #[serde(default)]
    pub any_case: bool,
    /// The zone of moments that do not name one, if the document gives it: `Z`, or an offset such as `+01:00`.
    #[serde(default)]
    pub zone: Option<String>,
    /// Where the live method list comes from.
    #[serde(default)]
    pub introspection: Option<Introspection>,
    /// Methods that carry calls of other methods. They belong to the transport and cannot be called by name: the calls
    /// inside could not be checked, confirmed or redacted.
    #[serde(default = "usual_carriers")]
    pub carriers: Vec<String>,
    /// A cheap reading method without parameters that every account may call, to test whether a key is accepted.
    #[serde(default)]
    pub probe: Option<String>,
    /// How long tasks are followed.
    #[serde(rename = "job", default)]
    pub jobs: Vec<JobRule>,
    /// Values for paths that the service itself returns.
    #[serde(rename = "variable", default)]
    pub variables: Vec<Variable>,
    /// How an answer reports a failure.
    #[serde(default)]
    pub fault: Option<FaultRule>,
    /// How many calls of one account it answers at once; without it, as many as the user allows.
    #[serde(default)]
    pub calls_at_once: Option<NonZeroUsize>,
    /// How a long list is read page by page, for all methods that do not say so themselves.
    #[serde(default)]
    pub paging: Option<Paging>,
    /// How it recognises a repeated change, for all methods that do not say so themselves.
    #[serde(default)]
    pub idempotency: Option<IdempotencyRule>,
    /// The names of its XML namespaces.
    #[serde(default)]
    pub xml: XmlRules,
    /// How to make a call that is not in the catalogue, where each method has its own address.
    #[serde(default)]
    pub raw: Option<RawRule>,
    /// Words that its users may type when they look for a method, each with what the catalogue says instead; in addition
    /// to those that all catalogues share.
    #[serde(default)]
    pub synonyms: BTreeMap<String, Vec<String>>,
    /// The error codes it documents.
    #[serde(rename = "error", default)]
    pub errors: Later<Vec<ErrorCode>>,
}

impl Provider {
    /// Whether another description sends calls, and with them the key, to the same places in the same way.
    pub fn same_place(&self, other: &Provider) -> bool {
        (&self.host, &self.regions, &self.auth) == (&other.host, &other.regions, &other.auth)
    }

    /// The other ways for the key to go, as an account chooses them: `header:NAME` where it also gives the name.
    pub fn ways(&self) -> Vec<String> {
        let way = |(name, auth): (&String, &Auth)| match auth.is_unnamed() {
            true => format!("{name}:NAME"),
            false => name.clone(),
        };
        self.auths.iter().map(way).collect()
    }

    /// One of these ways, as an account names it.
    pub fn way(&self, way: &str) -> Option<Auth> {
        let (name, given) = way.split_once(':').map_or((way, None), |(name, given)| (name, Some(given)));
        let auth = self.auths.get(name)?;
        match given {
            Some(given) => auth.named(given),
            None => Some(auth.clone()).filter(|auth| !auth.is_unnamed()),
        }
    }

    /// How its methods pass their arguments. `None` means by name, and that a method without parameters is sent nothing.
    pub fn passing(&self) -> Option<Passing> {
        let addressed = self.transports.iter().any(|transport| transport.protocol == Protocol::Rest);
        self.arguments.or(addressed.then_some(Passing::Named))
    }

    /// Whether a method of that name, in any letter case, carries calls of other methods.
    pub fn carries(&self, name: &str) -> bool {
        self.carriers.iter().any(|carrier| carrier.eq_ignore_ascii_case(name.trim()))
    }

    /// Whether two regions belong to the same company, so that a key for one may be sent to the other. `None` is the
    /// default region.
    pub fn same_vendor(&self, one: Option<&str>, other: Option<&str>) -> bool {
        let vendor = |name: Option<&str>| {
            let region = match name {
                Some(name) => self.regions.iter().find(|region| region.name == name),
                None => self.regions.first(),
            };
            region.map(|region| &region.vendor)
        };
        vendor(one) == vendor(other)
    }

    /// How a method's list is read page by page: as the method itself says, or else as the provider does.
    pub fn paging_of<'p>(&'p self, method: &'p Method) -> Option<&'p Paging> {
        method.paging.as_ref().or(self.paging.as_ref()).filter(|paging| paging.has_pages(method))
    }

    /// The field of the answers of a method that has the total number of members, whether or not it takes pages.
    pub fn total_of<'p>(&'p self, method: &'p Method) -> Option<&'p str> {
        method.paging.as_ref().or(self.paging.as_ref())?.total.as_deref()
    }

    /// What is known of an error code: its first meaning that applies to all methods, or else its first meaning.
    pub fn error(&self, code: &Code) -> Option<&ErrorCode> {
        let mut meanings = self.errors.iter().filter(|error| error.code == *code);
        let first = meanings.clone().next();
        meanings.find(|error| !error.is_special()).or(first)
    }

    /// What an error code means in the answer to a method: a meaning specific to the method takes precedence over a
    /// general one. `bare` when the answer gives nothing but the code.
    pub fn error_of(&self, method: &Method, code: &Code, bare: bool) -> Option<&ErrorCode> {
        let meanings = self.errors.iter().filter(|error| error.code == *code && error.suits(method, bare));
        meanings.min_by_key(|error| !error.is_special())
    }

    /// Scheme, host and port of a region, or of the default one. `None` when there is no such region.
    pub fn host_of(&self, region: Option<&str>) -> Option<&str> {
        match region {
            Some(name) => self.regions.iter().find(|region| region.name == name).map(|region| region.host.as_str()),
            None => Some(self.regions.first().map_or(&self.host, |region| &region.host)),
        }
    }

    /// The rule for following what a call started.
    pub fn job_rule(&self, begins: &Begins) -> Option<&JobRule> {
        match &begins.rule {
            Some(name) => self.jobs.iter().find(|rule| rule.name == *name),
            None => self.jobs.first(),
        }
    }

    /// The transport of that name.
    pub fn transport(&self, name: &str) -> Option<&Transport> {
        self.transports.iter().find(|transport| transport.name == name)
    }

    /// The transport that is used unless the user chooses another.
    pub fn default_transport(&self) -> Option<&Transport> {
        self.transports.first()
    }
}

impl Paging {
    /// Whether a method answers in such pages.
    pub fn has_pages(&self, method: &Method) -> bool {
        let takes = |name: &str| method.param(name).is_some();
        match self.style {
            PageStyle::Number | PageStyle::Offset => takes(&self.page) && takes(&self.size),
            PageStyle::Cursor => takes(&self.page),
            PageStyle::Url | PageStyle::Link => {
                matches!(method.returns, Type::List(_)) && method.effects().only_reads()
            }
        }
    }
}

/// The conventional name of such methods in XML-RPC services; some list it among their methods.
fn usual_carriers() -> Vec<String> {
    vec!["system.multicall".to_owned()]
}

/// The protocols of this program: the format of a call and of its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// XML-RPC at one URL.
    XmlRpc,
    /// JSON-RPC 2.0 at one URL.
    JsonRpc,
    /// A form with one field of JSON, with an address for each method.
    Json,
    /// HTTP with an address for each method.
    Rest,
}

/// One way to talk to a provider.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transport {
    /// The name by which a user chooses it.
    pub name: String,
    /// The protocol that encodes and decodes calls.
    pub protocol: Protocol,
    /// The path below the host, with `{method}` for the method's name where each has its own path.
    pub path: String,
    /// The most calls in one request, if a request can carry several: a batch of JSON-RPC, or the first of the methods
    /// that carry others of an XML-RPC service.
    #[serde(default)]
    pub batch: Option<usize>,
    /// Values can only be sent by name, not as a list.
    #[serde(default)]
    pub named: bool,
    /// The media type of a request, for a service that refuses the usual one: `text/xml` without a character set.
    #[serde(default)]
    pub media: Option<String>,
}

impl Transport {
    /// Whether values without names can be sent.
    pub fn carries_lists(&self) -> bool {
        match self.protocol {
            Protocol::XmlRpc => true,
            Protocol::JsonRpc => !self.named,
            Protocol::Json | Protocol::Rest => false,
        }
    }
}

/// One of several hosts of a service.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// The name by which a user chooses it.
    pub name: String,
    /// Scheme, host and port.
    pub host: String,
    /// The company that runs the region, where they are run by different ones: each company has its own customers, and
    /// must not see a key for another.
    #[serde(default)]
    pub vendor: String,
}

/// A value for paths that the service returns; it is read once.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its name in paths.
    pub name: String,
    /// The method that returns it.
    pub method: String,
    /// The field of the result.
    pub field: String,
}

/// What is specific to a provider that uses XML.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct XmlRules {
    /// Short names, and the namespaces they mean in messages.
    #[serde(default)]
    pub namespaces: BTreeMap<String, String>,
}

/// How to make a call that is not in the catalogue: the form of its body, and what its HTTP verb means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRule {
    /// The notation of the body in which names and values are written.
    pub body: RawBody,
    /// `GET` never changes anything, at any address.
    #[serde(default)]
    pub get_reads: bool,
}

/// The notations for the body of a call that is not in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RawBody {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// A JSON object.
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_chosen_by_its_name() {
        let one = Provider { host: "https://one.example".into(), ..Provider::default() };
        let region =
            |name: &str| Region { name: name.into(), host: format!("https://{name}.example"), vendor: String::new() };
        let many = Provider { regions: vec![region("eu"), region("na")], ..Provider::default() };
        for (provider, asked, host) in [
            (&one, None, Some("https://one.example")),
            (&one, Some("eu"), None),
            (&many, None, Some("https://eu.example")),
            (&many, Some("na"), Some("https://na.example")),
            (&many, Some("au"), None),
        ] {
            assert_eq!(provider.host_of(asked), host);
        }
    }

    #[test]
    fn a_way_for_the_key_may_need_a_name() {
        let auth = |scheme| Auth { scheme, value: KEY.into(), ..Auth::default() };
        let auths = [("bearer", auth(AuthScheme::Bearer)), ("header", auth(AuthScheme::Header))];
        let auths = auths.into_iter().map(|(name, auth)| (name.to_owned(), auth)).collect();
        let provider = Provider { auths, ..Provider::default() };
        assert_eq!(provider.ways(), ["bearer", "header:NAME"]);
        for (way, name) in [
            ("bearer", Some("")),
            ("header:X-Key", Some("X-Key")),
            ("header:Authorization:Token", Some("Authorization")),
            ("header", None),
            ("header:a b", None),
            ("bearer:x", None),
            ("query:x", None),
        ] {
            assert_eq!(provider.way(way).map(|auth| auth.name).as_deref(), name, "{way}");
        }
    }

    #[test]
    fn a_method_has_pages_if_it_takes_what_chooses_them() {
        let read = |params: &str| -> Method {
            let list = r#""name":"a.list","effect":"read","returns":"list:dict""#;
            serde_json::from_str(&format!("{{{list},\"params\":[{params}]}}")).unwrap()
        };
        let (none, page) = (read(""), read(r#"{"name":"page"}"#));
        let both = read(r#"{"name":"page"},{"name":"size"}"#);
        let change: Method = serde_json::from_str(r#"{"name":"a.make","returns":"list:dict"}"#).unwrap();
        for (rule, pages) in [
            (r#""style":"number","page":"page","size":"size""#, [false, false, true, false]),
            (r#""style":"offset","page":"page","size":"size""#, [false, false, true, false]),
            (r#""style":"cursor","page":"page","next":"meta.next""#, [false, true, true, false]),
            (r#""style":"url","next":"links.next""#, [true, true, true, false]),
            (r#""style":"link""#, [true, true, true, false]),
        ] {
            let paging: Paging = serde_json::from_str(&format!("{{{rule}}}")).unwrap();
            assert_eq!([&none, &page, &both, &change].map(|method| paging.has_pages(method)), pages, "{rule}");
            let provider = Provider { paging: Some(paging), ..Provider::default() };
            assert_eq!(provider.paging_of(&both).is_some(), pages[2], "{rule}");
        }
        let own = Method { paging: serde_json::from_str(r#"{"style":"link","total":"count"}"#).unwrap(), ..both };
        let found = (Provider::default().paging_of(&own).map(|paging| paging.style), Provider::default());
        assert_eq!((found.0, found.1.total_of(&own)), (Some(PageStyle::Link), Some("count")));
    }

    #[test]
    fn regions_of_one_company_share_a_key() {
        let region =
            |name: &str, vendor: &str| Region { name: name.into(), host: String::new(), vendor: vendor.into() };
        let regions = vec![region("a.eu", "a"), region("a.na", "a"), region("b.eu", "b")];
        let provider = Provider { regions, ..Provider::default() };
        for (one, other, same) in [
            (None, Some("a.na"), true),
            (Some("a.eu"), Some("a.na"), true),
            (None, Some("b.eu"), false),
            (Some("b.eu"), Some("a.na"), false),
            (Some("a.eu"), Some("c.eu"), false),
            (None, None, true),
        ] {
            assert_eq!(provider.same_vendor(one, other), same, "{one:?} {other:?}");
        }
    }

    #[test]
    fn keys_have_a_form_and_carriers_any_letters() {
        for (form, right, wrong) in [
            (KeyForm::Hex32, "0123456789abcdef0123456789ABCDEF", "\"123456789abcdef0123456789ABCDEF"),
            (KeyForm::Alphanumeric, "aB1", "a-b"),
        ] {
            assert!(form.fits(right) && !form.fits(wrong) && !form.fits(""), "{}", form.words());
        }
        let provider = Provider { carriers: usual_carriers(), ..Provider::default() };
        assert!(provider.carries("System.MultiCall ") && !provider.carries("system.listMethods"));
    }
}
