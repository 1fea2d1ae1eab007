//! TLS for clients that require it: an authority created at the start, and its certificate for this machine.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// The TLS data of a server: its side of the handshake, and the certificate that clients must trust.
pub(super) struct Tls {
    pub(super) acceptor: TlsAcceptor,
    /// The certificate of the authority, as PEM.
    pub(super) authority: String,
}

impl Tls {
    /// Creates an authority and a certificate. The keys are only kept in memory.
    pub(super) fn new() -> io::Result<Tls> {
        let (authority, certificate, key) = certified().map_err(io::Error::other)?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![certificate], key.into()));
        let mut config = config.map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), authority })
    }
}

type Certified = (String, CertificateDer<'static>, PrivatePkcs8KeyDer<'static>);

/// The authority's certificate, the server's, and the server's key.
fn certified() -> Result<Certified, rcgen::Error> {
    let mut authority = CertificateParams::new(Vec::new())?;
    // It needs a different name from the server's certificate, which would otherwise look self-signed.
    authority.distinguished_name.push(DnType::CommonName, "marsh sandbox authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_key = KeyPair::generate()?;
    let root = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate()?;
    let mut server = CertificateParams::new(vec!["localhost".to_owned(), Ipv4Addr::LOCALHOST.to_string()])?;
    server.distinguished_name.push(DnType::CommonName, "marsh sandbox");
    // Some clients need the identifier of the authority's key to find its certificate.
    server.use_authority_key_identifier_extension = true;
    let certificate = server.signed_by(&key, &issuer)?;
    Ok((root.pem(), certificate.der().clone(), PrivatePkcs8KeyDer::from(key.serialize_der())))
}
