//! The trusted issuers of server certificates: those of the system, or those in files that a variable or a profile
//! names. A named file without issuers is an error: otherwise the wrong issuers would be trusted.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::error::WireError;
use super::reach::plain;

/// The variables, which are those of OpenSSL.
pub const VARIABLES: [&str; 2] = [FILE, FOLDERS];
const FILE: &str = "SSL_CERT_FILE";
const FOLDERS: &str = "SSL_CERT_DIR";
/// The key of a profile that names a file.
const CA: &str = "ca";
/// The longest file that is read, in bytes: a hundred times the size of a system's bundle.
const LONGEST: u64 = 32 * 1024 * 1024;

/// The sources of trusted issuers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// The named places. If there are none, the system's issuers are trusted, or those built in.
    named: Vec<Place>,
    /// The system's issuers are trusted in addition.
    and_system: bool,
}

/// A file or a folder of certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    /// The variable or the key that names it.
    by: &'static str,
    path: PathBuf,
}

/// The issuers to trust.
#[derive(Debug)]
pub(super) enum Issuers {
    /// Those of the system.
    System,
    /// These.
    Only(RootCertStore),
    /// These in addition to those of the system, each as its certificate.
    Also(Vec<CertificateDer<'static>>),
}

impl Trust {
    /// The issuers set in the environment, which is queried by the names of the variables.
    pub fn new(environment: impl Fn(&str) -> Option<OsString>) -> Trust {
        let mut named: Vec<Place> =
            environment(FILE).map(|path| Place { by: FILE, path: path.into() }).into_iter().collect();
        if let Some(folders) = environment(FOLDERS) {
            let before = named.len();
            let paths = std::env::split_paths(&folders).filter(|path| !path.as_os_str().is_empty());
            named.extend(paths.map(|path| Place { by: FOLDERS, path }));
            if named.len() == before {
                // An empty variable is an error, like one that names something useless.
                named.push(Place { by: FOLDERS, path: PathBuf::new() });
            }
        }
        Trust { named, and_system: false }
    }

    /// Only the issuers in this file: what a profile sets for its own service.
    pub fn only(path: &Path) -> Trust {
        Trust { named: vec![Place { by: CA, path: path.to_owned() }], and_system: false }
    }

    /// The same issuers, and those in this file.
    pub fn and(&self, path: &Path) -> Trust {
        let mut both = self.clone();
        both.and_system |= both.named.is_empty();
        both.named.push(Place { by: CA, path: path.to_owned() });
        both
    }

    /// The named places, each with what names it and how many issuers it contains.
    pub fn check(&self) -> Vec<(&'static str, &Path, Result<usize, WireError>)> {
        let count = |place: &Place| place.issuers(&mut RootCertStore::empty()).map(|found| found.len());
        self.named.iter().map(|place| (place.by, place.path.as_path(), count(place))).collect()
    }

    pub(super) fn issuers(&self) -> Result<Issuers, WireError> {
        if self.named.is_empty() {
            return Ok(Issuers::System);
        }
        let (mut roots, mut certificates) = (RootCertStore::empty(), Vec::new());
        for place in &self.named {
            certificates.extend(place.issuers(&mut roots)?);
        }
        Ok(if self.and_system { Issuers::Also(certificates) } else { Issuers::Only(roots) })
    }
}

impl Place {
    /// Adds the certificates of issuers to `roots` and returns them; an error when there are none.
    fn issuers(&self, roots: &mut RootCertStore) -> Result<Vec<CertificateDer<'static>>, WireError> {
        let fault = |reason: String| WireError::Trust { by: self.by, path: self.path.clone(), reason };
        if self.path.as_os_str().is_empty() {
            return Err(fault("it is empty; unset it to use the system's issuers".into()));
        }
        let unreadable = |error: io::Error| fault(format!("cannot read {}: {}", self.path.display(), plain(&error)));
        let folder = self.by == FOLDERS;
        let mut found = if folder { in_folder(&self.path) } else { in_file(&self.path) }.map_err(unreadable)?;
        found.retain(|certificate| roots.add(certificate.clone()).is_ok());
        if found.is_empty() {
            let what = if folder { "no file in it contains a PEM certificate" } else { "it contains no certificate" };
            return Err(fault(format!("{}: {what}", self.path.display())));
        }
        Ok(found)
    }
}

/// The certificates in a PEM file, or else the whole file as one certificate.
fn in_file(path: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let found = fs::metadata(path)?;
    if found.len() > LONGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let bytes = fs::read(path)?;
    let in_pem: Vec<_> = CertificateDer::pem_slice_iter(&bytes).filter_map(Result::ok).collect();
    Ok(if in_pem.is_empty() { vec![CertificateDer::from(bytes)] } else { in_pem })
}

/// Those of all files in a folder. Other files may be there too.
fn in_folder(path: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let files = fs::read_dir(path)?.flatten().map(|entry| entry.path()).filter(|path| path.is_file());
    let mut found: Vec<_> = files.flat_map(|file| in_file(&file).unwrap_or_default()).collect();
    // Several links may lead to the same file.
    found.sort_unstable_by(|a, b| a.cmp(b));
    found.dedup();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Class, Diagnostic, Sent};

    fn issuer() -> rcgen::CertifiedKey<rcgen::KeyPair> {
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap()
    }

    fn put(path: &Path, bytes: &[u8]) {
        io::Write::write_all(&mut fs::File::create(path).unwrap(), bytes).unwrap();
    }

    fn trust(set: &[(&str, &Path)]) -> Trust {
        Trust::new(|name| set.iter().find(|(set, _)| *set == name).map(|(_, path)| path.as_os_str().to_owned()))
    }

    #[test]
    fn every_named_place_gives_issuers_or_a_named_error() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let (one, two) = (issuer().cert, issuer().cert);
        put(&at("one.pem"), one.pem().as_bytes());
        put(&at("both.pem"), format!("# ours\n{}junk\n{}", one.pem(), two.pem()).as_bytes());
        put(&at("one.der"), one.der());
        put(&at("none.pem"), b"-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n");
        put(&at("key.pem"), issuer().signing_key.serialize_pem().as_bytes());
        put(&at("empty"), b"");
        for (name, count) in [("good", 2), ("bad", 0)] {
            fs::create_dir(at(name)).unwrap();
            put(&at(name).join("README"), b"no certificate");
            (0..count).for_each(|nth| put(&at(name).join(format!("{nth}.0")), [one.pem(), two.pem()][nth].as_bytes()));
        }
        std::os::unix::fs::symlink("0.0", at("good/link.pem")).unwrap();
        for (by, name, count) in [
            (FILE, "one.pem", Ok(1)),
            (FILE, "both.pem", Ok(2)),
            (FILE, "one.der", Ok(1)),
            (FOLDERS, "good", Ok(2)),
            (FILE, "none.pem", Err("none.pem: it contains no certificate")),
            (FILE, "key.pem", Err("key.pem: it contains no certificate")),
            (FILE, "empty", Err("empty: it contains no certificate")),
            (FILE, "missing", Err("missing: No such file")),
            (FILE, "good", Err("good: Is a directory")),
            (FOLDERS, "bad", Err("bad: no file in it contains a PEM certificate")),
            (FOLDERS, "missing", Err("missing: No such file")),
            (FOLDERS, "one.pem", Err("one.pem: Not a directory")),
        ] {
            let trust = trust(&[(by, &at(name))]);
            match (trust.check().remove(0).2, count) {
                (Ok(found), Ok(count)) => assert_eq!(found, count, "{by} {name}"),
                (Err(error), Err(words)) => {
                    let shown = error.to_string();
                    assert!(shown.starts_with(&format!("{by}: ")) && shown.contains(words), "{shown}");
                    assert_eq!((error.class(), error.sent()), (Class::Local, Sent::No));
                    assert!(trust.issuers().is_err());
                }
                (found, _) => panic!("{by} {name}: {found:?}"),
            }
        }
    }

    #[test]
    fn named_issuers_replace_the_systems_or_add_to_them() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a.pem"), folder.path().join("b.pem"));
        put(&a, issuer().cert.pem().as_bytes());
        put(&b, issuer().cert.pem().as_bytes());
        assert!(matches!(Trust::default().issuers(), Ok(Issuers::System)));
        assert!(matches!(trust(&[(FILE, &a)]).issuers(), Ok(Issuers::Only(found)) if found.len() == 1));
        assert!(matches!(trust(&[(FILE, &a)]).and(&b).issuers(), Ok(Issuers::Only(found)) if found.len() == 2));
        assert!(matches!(Trust::only(&a).issuers(), Ok(Issuers::Only(found)) if found.len() == 1));
        assert!(matches!(Trust::default().and(&a).issuers(), Ok(Issuers::Also(found)) if found.len() == 1));
        // Both variables count, and each must be valid.
        assert!(trust(&[(FILE, &a), (FOLDERS, folder.path())]).issuers().is_ok());
        assert!(trust(&[(FILE, &a), (FOLDERS, &b)]).issuers().is_err());
        for name in VARIABLES {
            let error = trust(&[(name, Path::new(""))]).issuers().unwrap_err();
            assert!(error.to_string().starts_with(&format!("{name}: it is empty; unset it")), "{error}");
        }
    }
}
