//! The catalogues that the program carries, as `build.rs` packed them from `src/catalogs/`.

/// The provider that a bare key belongs to: marsh follows this one's own shell.
pub const DEFAULT: &str = "memset";

/// One provider's catalogue, unparsed.
#[derive(Debug)]
pub struct Embedded {
    /// The provider's id.
    pub id: &'static str,
    /// `provider.toml` as JSON.
    pub provider: &'static str,
    /// All shapes as a JSON list.
    pub shapes: &'static str,
    /// Sorted by name.
    pub methods: &'static [Record],
    /// Other names of methods, each with its method's own; sorted.
    pub aliases: &'static [(&'static str, &'static str)],
}

/// One method, unparsed but for what lists and completion show.
#[derive(Debug)]
pub struct Record {
    /// The method's name.
    pub name: &'static str,
    /// One line of what it does.
    pub summary: &'static str,
    /// The whole entry as JSON.
    pub json: &'static str,
}

/// The catalogue of that id.
pub fn find(id: &str) -> Option<&'static Embedded> {
    EMBEDDED.iter().find(|catalogue| catalogue.id == id)
}

/// Every catalogue.
pub fn all() -> &'static [Embedded] {
    EMBEDDED
}

include!(concat!(env!("OUT_DIR"), "/catalogs.rs"));
