//! A certificate for this machine, and the authority that clients are told to trust.

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;

/// Where systems keep the authorities they trust.
const SYSTEM: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// Files for clients.
pub(crate) struct Trusted {
    /// The authority alone.
    pub(crate) one: PathBuf,
    /// The authority behind all those that the system trusts, as a client finds them in everyday use.
    pub(crate) bundle: Option<PathBuf>,
}

/// Makes an authority, a certificate of it for the server, and the files that clients need.
pub(crate) fn make(folder: &Path) -> Result<(ServerConfig, Trusted), Box<dyn Error>> {
    let mut authority = CertificateParams::new(Vec::new())?;
    // A name of its own: one that has signed itself is what a certificate of the same name looks like.
    authority.distinguished_name.push(DnType::CommonName, "bench authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_key = KeyPair::generate()?;
    let root = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);

    let key = KeyPair::generate()?;
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names)?.signed_by(&key, &issuer)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((config, trusted(folder, &root.pem())?))
}

fn trusted(folder: &Path, pem: &str) -> std::io::Result<Trusted> {
    let one = folder.join("authority.pem");
    File::create(&one)?.write_all(pem.as_bytes())?;
    let Some(system) = SYSTEM.iter().find_map(|path| fs::read(path).ok()) else {
        return Ok(Trusted { one, bundle: None });
    };
    let bundle = folder.join("bundle.pem");
    let mut file = File::create(&bundle)?;
    file.write_all(&system)?;
    file.write_all(pem.as_bytes())?;
    Ok(Trusted { one, bundle: Some(bundle) })
}
