//! The options of `marsh sandbox serve`.

use clap::Args;

/// Options of `marsh sandbox serve`.
#[derive(Clone, Debug, Args)]
pub(super) struct Serve {
    /// Simulate the service of an OpenAPI or Swagger document instead of the built-in providers
    #[arg(long, value_name = "FILE|URL", conflicts_with = "partner")]
    pub(super) openapi: Option<String>,
    /// The port on loopback; 0 takes any free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) port: u16,
    /// The key it accepts
    #[arg(long, value_name = "KEY")]
    pub(super) key: Option<String>,
    /// Print the address and the key as one line of JSON
    #[arg(short = 'o', long, value_name = "FORMAT", value_parser = ["json"])]
    pub(super) output: Option<String>,
    /// Delay each answer by this time
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub(super) latency: u64,
    /// How long every job takes
    #[arg(long, value_name = "MS", default_value_t = 3000)]
    pub(super) job_time: u64,
    /// Add this many servers to the cloud with pages, or this many objects to each list of a document
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) more_servers: usize,
    /// Make the first account a partner's, with a customer's account to manage
    #[arg(long)]
    pub(super) partner: bool,
    /// Use TLS, with a new certificate; prints the file to trust
    #[arg(long)]
    pub(super) tls: bool,
    /// Show every request on stderr
    #[arg(long)]
    pub(super) log: bool,
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        serve: Serve,
    }

    #[test]
    fn a_document_has_no_partners() {
        let parse = |words: &[&str]| Line::try_parse_from([&["serve"], words].concat()).map(|line| line.serve);
        let served = parse(&["--openapi", "a.json", "--port", "4010"]).unwrap();
        assert_eq!((served.openapi.as_deref(), served.port, served.job_time), (Some("a.json"), 4010, 3000));
        assert!(parse(&["--openapi", "a.json", "--partner"]).is_err());
    }
}
