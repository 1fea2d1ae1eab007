//! The options of `marsh import`.

use std::path::PathBuf;

use clap::Args;

use crate::render::{Format, UnknownFormat};

/// Options of `marsh import`.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Import {
    /// The document: a file or an address
    #[arg(value_name = "FILE|URL")]
    pub(super) document: String,
    /// A name for the provider
    #[arg(long, value_name = "NAME")]
    pub(super) name: String,
    /// The server to call, if it is not the first that the document names
    #[arg(long, value_name = "URL")]
    pub(super) server: Option<String>,
    /// Also read files of the document from this host
    #[arg(long, value_name = "HOST")]
    pub(super) allow: Vec<String>,
    /// A file with certificate authorities to trust in addition, for fetching it
    #[arg(long, value_name = "FILE")]
    pub(super) ca: Option<PathBuf>,
    /// What was reviewed of it, instead of what marsh has
    #[arg(long, value_name = "FILE")]
    pub(super) overlay: Option<PathBuf>,
    /// Show what it would become, and save nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Replace an imported provider of that name
    #[arg(short = 'y', long)]
    pub(super) yes: bool,
    /// The format of the list of methods, instead of a report
    #[arg(short = 'o', long, value_name = "FORMAT", value_parser = format)]
    pub(super) output: Option<Format>,
}

fn format(text: &str) -> Result<Format, String> {
    text.parse().map_err(|error: UnknownFormat| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_name() {
        assert_eq!(format("json"), Ok(Format::Json));
        assert!(format("jsn").is_err());
    }
}
