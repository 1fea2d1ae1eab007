//! The programs that are compared, each as the jobs it can do; one that is not installed can do none.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::bare::BARE;
use super::floor::FLOOR;
use super::meter::Job;

const CLIENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/client.py");
const KEY: &str = "0123456789abcdef0123456789abcdef";
/// What stands before the address: it does not say by itself whose it is.
const ACCOUNT: [&str; 4] = ["-k", KEY, "--provider", "memset"];
const QUESTION: &str =
    "<?xml version='1.0'?>\n<methodCall>\n<methodName>service.list</methodName>\n<params>\n</params>\n</methodCall>\n";

/// What is installed, and a folder for results.
pub(crate) struct Tools {
    folder: PathBuf,
    marsh: OsString,
    bench: PathBuf,
    hello: Option<PathBuf>,
    python: Option<OsString>,
}

impl Tools {
    /// Looks for them.
    pub(crate) fn find(folder: &Path) -> io::Result<Tools> {
        let tools = Tools {
            folder: folder.to_owned(),
            marsh: marsh(),
            bench: std::env::current_exe()?,
            hello: hello(folder),
            python: python(),
        };
        Ok(tools)
    }

    /// The smallest program that Rust makes.
    pub(crate) fn hello(&self) -> Option<Job> {
        self.hello.as_ref().map(|path| Job::new([path]))
    }

    /// Any program with any arguments.
    pub(crate) fn any(&self, words: &[&str]) -> Option<Job> {
        installed(words.first()?).then(|| Job::new(words))
    }

    /// marsh with any arguments.
    pub(crate) fn marsh(&self, words: &[&str]) -> Option<Job> {
        Some(Job::new([&*self.marsh].into_iter().chain(words.iter().map(OsStr::new))))
    }

    /// marsh at a prompt.
    pub(crate) fn marsh_prompt(&self) -> Vec<OsString> {
        vec![self.marsh.clone()]
    }

    /// The line editor alone.
    pub(crate) fn bare_prompt(&self) -> Vec<OsString> {
        vec![self.bench.clone().into(), BARE.into()]
    }

    /// Python at a prompt.
    pub(crate) fn python_prompt(&self) -> Option<Vec<OsString>> {
        Some(vec![self.python.clone()?, "-q".into()])
    }

    /// marsh, with the result on standard output.
    pub(crate) fn marsh_call(&self, url: &str) -> Option<Job> {
        self.marsh(&[&ACCOUNT[..], &["-u", url, "service.list"]].concat())
    }

    /// marsh, with the result in a file.
    pub(crate) fn marsh_store(&self, url: &str) -> Option<Job> {
        let file = self.file("marsh.json");
        let into = ["-u", url, "service.list", "|", &file.to_string_lossy()];
        self.marsh(&[&ACCOUNT[..], &into].concat())
    }

    /// marsh, with that many calls in one process.
    pub(crate) fn marsh_script(&self, url: &str, calls: usize) -> io::Result<Option<Job>> {
        let script = self.file("script");
        File::create(&script)?.write_all("service.list\n".repeat(calls).as_bytes())?;
        Ok(self.marsh(&[&ACCOUNT[..], &["-u", url]].concat()).map(|job| job.reading(script)))
    }

    /// The least that a call over http can cost.
    pub(crate) fn floor(&self, url: &str, out: impl AsRef<OsStr>) -> Option<Job> {
        let (address, path) = url.strip_prefix("http://")?.split_once('/')?;
        let path = format!("/{path}");
        let words: [&OsStr; 6] =
            [self.bench.as_ref(), FLOOR.as_ref(), address.as_ref(), path.as_ref(), QUESTION.as_ref(), out.as_ref()];
        Some(Job::new(words))
    }

    /// curl, which keeps the bytes as they come.
    pub(crate) fn curl(&self, url: &str) -> Option<Job> {
        let user = format!("{KEY}:");
        self.any(&["curl", "-s", "-u", &user, "-H", "Content-Type: text/xml", "--data-binary", QUESTION, url])
    }

    /// curl and jq, for JSON.
    pub(crate) fn curl_jq(&self, url: &str) -> Option<Job> {
        let pipe = format!("curl -s -u {KEY}: {url} | jq .");
        (installed("jq") && installed("curl")).then(|| Job::new(["sh", "-c", &pipe]))
    }

    /// Python's own client.
    pub(crate) fn python(&self, manner: &str, url: &str, out: impl AsRef<OsStr>) -> Option<Job> {
        let python = self.python.as_ref()?;
        let url = url.replace("://", &format!("://{KEY}:@"));
        let words: [&OsStr; 5] = [python, CLIENT.as_ref(), manner.as_ref(), url.as_ref(), out.as_ref()];
        Some(Job::new(words))
    }

    /// Whether instructions can be counted.
    pub(crate) fn has_valgrind(&self) -> bool {
        installed("valgrind")
    }

    /// A file for a result.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn installed(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The program that is measured: the one that was built for the bench, or another, such as the packaged one.
#[expect(clippy::disallowed_methods, reason = "the measured program is chosen by hand")]
fn marsh() -> OsString {
    std::env::var_os("MARSH_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_marsh").into())
}

/// The interpreter itself: what is found by its name may be a script that looks for it.
fn python() -> Option<OsString> {
    let ask = ["-c", "import json, xmlrpc.client, sys; print(sys.executable)"];
    let answer = Command::new("python3").args(ask).output().ok().filter(|answer| answer.status.success())?;
    Some(String::from_utf8(answer.stdout).ok()?.trim().into())
}

fn hello(folder: &Path) -> Option<PathBuf> {
    let (source, program) = (folder.join("hello.rs"), folder.join("hello"));
    File::create(&source).ok()?.write_all(b"fn main() { println!(\"hello\"); }").ok()?;
    let compiled = Command::new("rustc").args(["-O", "-Cstrip=symbols", "-o"]).arg(&program).arg(&source).status();
    compiled.is_ok_and(|status| status.success()).then_some(program)
}
