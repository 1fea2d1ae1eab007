//! The embedded catalogues, as `build.rs` packed them from `src/catalogs/`.

/// The provider that a key without a provider belongs to: marsh is modelled on this one's own shell.
pub const DEFAULT: &str = "memset";

/// One provider's catalogue, unparsed.
#[derive(Debug)]
pub struct Embedded {
    /// The provider's id.
    pub id: &'static str,
    /// `provider.toml` as JSON, without the error codes.
    pub provider: &'static str,
    /// The error codes as a JSON list.
    pub errors: &'static str,
    /// All shapes as JSON, each after its name.
    pub shapes: &'static str,
    /// Where each of them is in that text, sorted by name: where the name begins, where the JSON begins, and where it
    /// ends.
    pub places: &'static [[u32; 3]],
    /// Names and summaries of all methods, their aliases, and their entries as JSON.
    pub text: &'static str,
    /// Where in it each method is, sorted by name: where its name begins and ends, where its summary ends, 1 if it is
    /// deprecated, and where its JSON begins and ends.
    pub methods: &'static [[u32; 6]],
    /// Where in it each alias is, sorted: where it begins and ends, and where the method's own name behind it ends.
    pub aliases: &'static [[u32; 3]],
    /// How it answers views, as a JSON list.
    pub views: &'static str,
}

/// The catalogue with that id: a provider's, or that of a kind of services.
pub fn find(id: &str) -> Option<&'static Embedded> {
    EMBEDDED.iter().chain(GENERIC).find(|catalogue| catalogue.id == id)
}

/// Kinds of services that have no methods of their own: the services list theirs, and accounts say where they are.
pub fn generic() -> &'static [Embedded] {
    GENERIC
}

/// The ids of all catalogues, those of kinds of services last.
pub fn ids() -> impl Iterator<Item = &'static str> {
    EMBEDDED.iter().chain(GENERIC).map(|catalogue| catalogue.id)
}

/// The catalogue of every provider.
pub fn all() -> &'static [Embedded] {
    EMBEDDED
}

/// What was reviewed about documents of services, as TOML.
pub fn overlays() -> &'static [&'static str] {
    OVERLAYS
}

include!(concat!(env!("OUT_DIR"), "/catalogs.rs"));
