//! The errors of the TLS library, in plain words.

use std::error::Error as StdError;

use rustls::pki_types::{ServerName, UnixTime};
use rustls::{AlertDescription as Alert, CertificateError, Error, InvalidMessage, PeerIncompatible};

use super::error::Fault;
use model::Date;

/// How to add a trusted issuer.
const NAME_THE_ISSUER: &str = "if the issuer is your own, name its certificate with ca = \"FILE\" in the profile, or with SSL_CERT_FILE; otherwise add it to the system's";
const ASK_THE_PROVIDER: &str = "only the operator of the service can fix that";
const LOOK_AT_THE_CLOCK: &str =
    "check the clock of this machine; if it is right, only the operator of the service can fix that";

/// What is wrong, if the error comes from the TLS library.
pub(super) fn fault(error: &(dyn StdError + 'static)) -> Option<Fault> {
    error.downcast_ref::<Error>().map(words)
}

/// Whether the other side answered with something that is not TLS.
pub(super) fn is_no_tls(error: &(dyn StdError + 'static)) -> bool {
    error.downcast_ref().is_some_and(|error| {
        matches!(
            error,
            Error::InvalidMessage(InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion)
        )
    })
}

fn words(error: &Error) -> Fault {
    match error {
        Error::InvalidCertificate(error) => certificate(error),
        error if is_no_tls(error) => Fault::lasting("it does not answer in TLS (https)")
            .advise("if it speaks plain http on this port, write http:// in its address"),
        Error::InvalidMessage(_) | Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => {
            Fault::lasting("its answer is not valid TLS").advise(ASK_THE_PROVIDER)
        }
        Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13) => too_old(),
        Error::AlertReceived(Alert::ProtocolVersion | Alert::InsufficientSecurity) => too_old(),
        Error::PeerIncompatible(_) | Error::AlertReceived(Alert::HandshakeFailure) => {
            Fault::lasting("it and marsh support no TLS version and cipher in common").advise(ASK_THE_PROVIDER)
        }
        Error::AlertReceived(Alert::UnrecognisedName) => {
            Fault::lasting("it has no site of that name").advise("check the name in its address")
        }
        Error::AlertReceived(Alert::CertificateRequired | Alert::BadCertificate | Alert::AccessDenied) => {
            Fault::lasting("it asks for a client certificate, and marsh has none").advise(ASK_THE_PROVIDER)
        }
        Error::AlertReceived(alert) => {
            Fault::lasting(format!("it broke off the TLS handshake ({})", spelled(&format!("{alert:?}"))))
        }
        Error::NoCertificatesPresented => Fault::lasting("it sends no certificate").advise(ASK_THE_PROVIDER),
        Error::FailedToGetCurrentTime | Error::FailedToGetRandomBytes => {
            Fault::lasting("this machine provides no time or no random numbers, and TLS needs both")
        }
        Error::PeerMisbehaved(_) | Error::DecryptError | Error::PeerSentOversizedRecord => {
            Fault::lasting("it violates the TLS protocol, or something on the way alters the connection")
        }
        _ => Fault::lasting("TLS could not be set up").advise(ASK_THE_PROVIDER),
    }
}

fn too_old() -> Fault {
    Fault::lasting("it supports only versions of TLS older than 1.2, which are no longer safe").advise(ASK_THE_PROVIDER)
}

fn certificate(error: &CertificateError) -> Fault {
    use CertificateError as Bad;
    match error {
        Bad::UnknownIssuer => {
            Fault::lasting("its certificate comes from an issuer that is not trusted here").advise(NAME_THE_ISSUER)
        }
        Bad::Expired => Fault::lasting("its certificate has expired").advise(LOOK_AT_THE_CLOCK),
        Bad::ExpiredContext { time, not_after } => {
            Fault::lasting(format!("its certificate expired on {}, and here it is {}", day(*not_after), day(*time)))
                .advise(LOOK_AT_THE_CLOCK)
        }
        Bad::NotValidYet => Fault::lasting("its certificate is not valid yet").advise(LOOK_AT_THE_CLOCK),
        Bad::NotValidYetContext { time, not_before } => Fault::lasting(format!(
            "its certificate is not valid before {}, and here it is {}",
            day(*not_before),
            day(*time)
        ))
        .advise(LOOK_AT_THE_CLOCK),
        Bad::NotValidForName => Fault::lasting("its certificate is for another name").advise("check its address"),
        Bad::NotValidForNameContext { expected, presented } => named(expected, presented),
        Bad::Revoked => Fault::lasting("its certificate has been revoked").advise(ASK_THE_PROVIDER),
        Bad::BadEncoding => Fault::lasting("its certificate cannot be read").advise(ASK_THE_PROVIDER),
        Bad::BadSignature => {
            Fault::lasting("its certificate is not signed by the trusted issuer of that name").advise(NAME_THE_ISSUER)
        }
        Bad::UnsupportedSignatureAlgorithmContext { .. }
        | Bad::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => Fault::lasting(
            "its certificate is signed in a way that is unsafe or unknown here (such as SHA-1 or a short key)",
        )
        .advise(ASK_THE_PROVIDER),
        Bad::InvalidPurpose | Bad::InvalidPurposeContext { .. } => purpose(),
        Bad::Other(other) => unusual(&other.0.to_string()),
        _ => Fault::lasting("its certificate cannot be trusted").advise(ASK_THE_PROVIDER),
    }
}

fn purpose() -> Fault {
    Fault::lasting("its certificate is not meant for a server (extended key usage)").advise(ASK_THE_PROVIDER)
}

/// An error of the certificate library, which gives nothing but its name.
fn unusual(error: &str) -> Fault {
    let name: String = error.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
    match name.as_str() {
        "CaUsedAsEndEntity" => Fault::lasting("its certificate belongs to an issuer, and cannot be used for a server")
            .advise("make one for the server, with basicConstraints=CA:FALSE"),
        "UnsupportedCertVersion" => {
            Fault::lasting("its certificate has an old format (before version 3)").advise(ASK_THE_PROVIDER)
        }
        // The messages of the platform's verifier.
        "certificate" if error.contains("invalid extensions") => purpose(),
        _ => Fault::lasting(format!("its certificate is not valid ({})", spelled(error))).advise(ASK_THE_PROVIDER),
    }
}

/// The most names in a message.
const SHOWN: usize = 3;

fn named(expected: &ServerName<'_>, presented: &[String]) -> Fault {
    let quoted = |name: &String| {
        // `DnsName("a.example")` and `IpAddress(192.0.2.1)`.
        let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
        inner.trim_matches('"').to_owned()
    };
    let mut names: Vec<String> = presented.iter().take(SHOWN).map(quoted).collect();
    if presented.len() > SHOWN {
        names.push(format!("{} more", presented.len() - SHOWN));
    }
    let theirs = if names.is_empty() { "is for no host".to_owned() } else { format!("is for {}", names.join(", ")) };
    Fault::lasting(format!("its certificate {theirs}, and not for {}", expected.to_str()))
        .advise("check its address; the name in it must be one of those in the certificate")
}

/// `2024-01-31`
fn day(time: UnixTime) -> String {
    let date = i64::try_from(time.as_secs()).ok().and_then(Date::of_unix);
    date.map_or_else(|| "a day beyond all calendars".into(), |date| date.as_str().chars().take(10).collect())
}

/// The name of an error in words: `MaximumPathDepthExceeded` → `maximum path depth exceeded`.
fn spelled(name: &str) -> String {
    let name: String = name.chars().take_while(|c| !"({".contains(*c)).collect();
    let mut words = String::new();
    let mut before_lower = false;
    for c in name.trim().chars() {
        if c.is_ascii_uppercase() && before_lower {
            words.push(' ');
        }
        before_lower = c.is_ascii_lowercase();
        words.push(c.to_ascii_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;
    use std::time::Duration;

    use rustls::client::danger::ServerCertVerifier as _;
    use rustls::{OtherError, PeerMisbehaved};

    use super::*;

    fn on(day: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(day * 86_400))
    }

    /// An error as the platform's verifier wraps one.
    fn other(words: &'static str) -> Error {
        CertificateError::Other(OtherError(Arc::new(io::Error::other(words)))).into()
    }

    fn wrong_name(presented: &[&str]) -> Error {
        let expected = ServerName::try_from("api.example.com").unwrap();
        let presented = presented.iter().map(|name| (*name).to_owned()).collect();
        CertificateError::NotValidForNameContext { expected, presented }.into()
    }

    #[test]
    fn every_fault_has_words_and_advice() {
        let sha_1 = CertificateError::UnsupportedSignatureAlgorithmContext {
            signature_algorithm_id: vec![6, 9, 42],
            supported_algorithms: Vec::new(),
        };
        let expired = CertificateError::ExpiredContext { time: on(20_000), not_after: on(19_000) };
        let too_new = CertificateError::NotValidYetContext { time: on(20_000), not_before: on(21_000) };
        for (error, words, advice) in [
            (
                CertificateError::UnknownIssuer.into(),
                "an issuer that is not trusted here",
                "ca = \"FILE\" in the profile",
            ),
            (CertificateError::UnknownIssuer.into(), "an issuer that is not trusted here", "SSL_CERT_FILE"),
            (expired.into(), "expired on 2022-01-08, and here it is 2024-10-04", "the clock of this machine"),
            (CertificateError::Expired.into(), "has expired", "the clock"),
            (too_new.into(), "not valid before 2027-07-01, and here it is 2024-10-04", "the clock"),
            (CertificateError::NotValidYet.into(), "not valid yet", "the clock"),
            (
                wrong_name(&["DnsName(\"a.example\")", "IpAddress(192.0.2.1)"]),
                "is for a.example, 192.0.2.1, and not for api.example.com",
                "check its address",
            ),
            (wrong_name(&["a", "b", "c", "d", "e"]), "is for a, b, c, 2 more, and not", "check its address"),
            (wrong_name(&[]), "is for no host, and not for api.example.com", "check its address"),
            (sha_1.into(), "signed in a way that is unsafe", "the operator of the service"),
            (CertificateError::BadSignature.into(), "not signed by the trusted issuer", "name its certificate with ca"),
            (CertificateError::InvalidPurpose.into(), "not meant for a server", "the operator of"),
            (other("certificate had invalid extensions"), "not meant for a server", "the operator of"),
            (other("CaUsedAsEndEntity"), "belongs to an issuer", "basicConstraints=CA:FALSE"),
            (other("MaximumPathDepthExceeded"), "(maximum path depth exceeded)", "the operator of"),
            (other("TrailingData(CertificateTbs)"), "(trailing data)", "the operator of"),
            (CertificateError::Revoked.into(), "revoked", "the operator of"),
            (InvalidMessage::InvalidContentType.into(), "does not answer in TLS", "write http:// in its address"),
            (PeerIncompatible::ServerDoesNotSupportTls12Or13.into(), "older than 1.2", "the operator of"),
            (Error::AlertReceived(Alert::ProtocolVersion), "older than 1.2", "the operator of"),
            (Error::AlertReceived(Alert::HandshakeFailure), "no TLS version and cipher in common", "the operator of"),
            (Error::AlertReceived(Alert::UnrecognisedName), "no site of that name", "check the name in its address"),
            (Error::AlertReceived(Alert::CertificateRequired), "asks for a client certificate", "the operator of"),
            (Error::AlertReceived(Alert::InternalError), "(internal error)", ""),
            (Error::NoCertificatesPresented, "sends no certificate", "the operator of"),
        ] {
            let fault = fault(&error).unwrap();
            let hint = fault.advice.clone().unwrap_or_default();
            assert!(fault.words.contains(words) && hint.contains(advice) && !fault.passing, "{error:?}: {fault:?}");
        }
        assert_eq!(fault(&io::Error::other("x")), None);
    }

    /// All errors that the library can be made to return here, and those of the library below it by name.
    fn all() -> Vec<Error> {
        let alerts = (0..=255).map(|code| Error::AlertReceived(Alert::from(code)));
        let names = ["BadDer", "EmptyEkuExtension", "RequiredEkuNotFoundContext(RequiredEkuNotFoundContext { a: [] })"];
        let certificate = [
            CertificateError::BadEncoding,
            CertificateError::UnhandledCriticalExtension,
            CertificateError::UnknownRevocationStatus,
            CertificateError::ExpiredRevocationList,
            CertificateError::InvalidOcspResponse,
            CertificateError::ApplicationVerificationFailure,
        ];
        let messages = [InvalidMessage::HandshakePayloadTooLarge, InvalidMessage::UnknownProtocolVersion];
        let misbehaved = [PeerMisbehaved::IncorrectBinder, PeerMisbehaved::UnexpectedCleartextExtension];
        let rest = [
            Error::General("a::B { c: [1] }".into()),
            Error::DecryptError,
            Error::EncryptError,
            Error::HandshakeNotComplete,
            Error::FailedToGetCurrentTime,
            Error::UnsupportedNameType,
            Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon),
            Error::NoApplicationProtocol,
        ];
        alerts
            .chain(names.map(other))
            .chain(certificate.map(Error::from))
            .chain(messages.map(Error::from))
            .chain(misbehaved.map(Error::from))
            .chain(rest)
            .collect()
    }

    #[test]
    fn no_message_is_the_librarys_own() {
        for error in all() {
            let Fault { words, passing, .. } = fault(&error).unwrap();
            let odd = |c: char| "{}[]:_\"".contains(c);
            let camel = words.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
                !["TLS", "SHA", "marsh"].contains(&word) && word.chars().skip(1).any(|c| c.is_ascii_uppercase())
            });
            assert!(!words.contains(odd) && !camel && !passing, "{error:?}: {words}");
            assert!(
                words.starts_with("it ")
                    || words.starts_with("its ")
                    || words.starts_with("th")
                    || words.starts_with("TLS"),
                "{words}"
            );
        }
    }

    #[test]
    fn the_library_still_uses_these_names() {
        // A CA certificate used as a server's own.
        let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let cert = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(cert.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = rustls::client::WebPkiServerVerifier::builder_with_provider(roots.into(), provider);
        let name = ServerName::try_from("localhost").unwrap();
        let found = verifier.build().unwrap().verify_server_cert(cert.der(), &[], &name, &[], UnixTime::now());
        assert!(fault(&found.unwrap_err()).unwrap().words.contains("belongs to an issuer"));
    }
}
