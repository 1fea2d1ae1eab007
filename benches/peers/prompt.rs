//! The prompt at a pseudo-terminal: how soon it is there, how soon a key shows, and how long Tab takes.

use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use expectrl::process::Process;
use expectrl::process::unix::{PtyStream, UnixProcess};

use super::bare::PROMPT;
use super::imported;
use super::server::{LATER, Server};
use super::tools::Tools;

const ROUNDS: usize = 21;
/// Nothing takes longer, or it will never come.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is typed of a name before Tab, and what all names that begin so have in common.
const NAME: Option<(&str, &str)> = Some(("group3.m", "group3.method3"));

/// A program with a prompt.
struct Shell {
    label: &'static str,
    words: Vec<OsString>,
    /// What its prompt ends with.
    prompt: &'static str,
    /// The beginning of a name, and what Tab makes visible of it; nothing where only the first prompt is compared.
    tab: Option<(&'static str, &'static str)>,
    /// The folder of its settings.
    config: &'static str,
}

/// The settings of the four accounts, and those of an imported provider.
const ACCOUNTS: &str = "prompt-config";
const IMPORTED: &str = "import-config";

/// Milliseconds, each the median of the rounds.
struct Times {
    prompt: f64,
    key: f64,
    tab: f64,
}

/// Measures, and prints both tables.
pub(crate) fn run(
    tools: &Tools,
    server: &Server,
    environment: &[(OsString, OsString)],
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    profiles(&tools.file(ACCOUNTS).join("marsh"), server)?;
    imported::profile(&tools.file(IMPORTED).join("marsh"), server)?;
    let with_settings = |folder: &str| {
        let config = ("XDG_CONFIG_HOME".into(), tools.file(folder).into());
        [environment, &[config, ("TERM".into(), "xterm".into())]].concat()
    };
    let environment = with_settings(ACCOUNTS);
    let shells: Vec<Shell> = shells(tools);
    writeln!(out, "\n### P9, P10: the prompt, {ROUNDS} rounds\n")?;
    writeln!(out, "| | first prompt / {} | first prompt | a key | Tab |", shells.first().map_or("", |s| s.label))?;
    writeln!(out, "|---|---:|---:|---:|---:|")?;
    let mut base = None;
    for shell in &shells {
        let times = shell.times(&with_settings(shell.config))?;
        let base = *base.get_or_insert(times.prompt);
        let Times { prompt, key, tab } = times;
        let shown = |time: f64| if time > 0.0 { format!("{time:.2} ms") } else { "–".into() };
        let (key, tab) = (shown(key), shown(tab));
        writeln!(out, "| {} | {:.2} | {prompt:.1} ms | {key} | {tab} |", shell.label, prompt / base)?;
    }
    if let Some(marsh) = shells.iter().find(|shell| shell.label == "marsh") {
        // The lists of an earlier run are of no use to this.
        let cold = tools.file("prompt-cache");
        let all = [environment.as_slice(), &[("XDG_CACHE_HOME".into(), cold.into())]].concat();
        let (prompt, lists) = marsh.lists(&all)?;
        let wait = LATER.as_secs_f64() * 1000.0;
        writeln!(
            out,
            "\n- four profiles whose services take {wait:.0} ms: the prompt after {prompt:.1} ms, all lists after {lists:.0} ms"
        )?;
    }
    Ok(())
}

/// Four accounts whose keys are at hand.
fn profiles(folder: &Path, server: &Server) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut text = String::new();
    for name in ["one", "two", "three", "four"] {
        let url = server.http("/later");
        text += &format!("[profiles.{name}]\nprovider = \"memset\"\nurl = {url:?}\nkey_env = \"BENCH_KEY\"\n");
    }
    fs::File::create(folder.join("config.toml"))?.write_all(text.as_bytes())
}

fn shells(tools: &Tools) -> Vec<Shell> {
    let mut shells = vec![
        Shell { label: "rustyline", words: tools.bare_prompt(), prompt: PROMPT, tab: NAME, config: ACCOUNTS },
        Shell { label: "marsh", words: tools.marsh_prompt(), prompt: "memset:four", tab: NAME, config: ACCOUNTS },
        Shell {
            label: "marsh, 1,200 imported operations",
            words: tools.marsh_prompt(),
            prompt: imported::PROMPT,
            tab: Some(("group3.m", "group3.method")),
            config: IMPORTED,
        },
    ];
    if let Some(python) = tools.python_prompt() {
        shells.push(Shell { label: "python3 -q", words: python, prompt: ">>> ", tab: None, config: ACCOUNTS });
    }
    shells
}

impl Shell {
    fn times(&self, environment: &[(OsString, OsString)]) -> Result<Times, Box<dyn Error>> {
        let (mut prompts, mut keys, mut tabs) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let started = Instant::now();
            let mut open = Open::start(self, environment)?;
            open.until(self.prompt)?;
            let prompt = started.elapsed();
            if round == 0 {
                // The lists of the services come, and are on disk from then on.
                thread::sleep(LATER * 2);
            }
            open.until_quiet();
            prompts.extend((round > 0).then_some(prompt));
            let Some((begun, shown)) = self.tab else { continue };
            let mut key = Duration::ZERO;
            for letter in begun.chars() {
                let letter = letter.to_string();
                key = key.max(open.timed(&letter, &letter)?);
            }
            open.until_quiet();
            let tab = open.timed("\t", shown)?;
            // The first run warms what is read from disk.
            if round > 0 {
                keys.push(key);
                tabs.push(tab);
            }
        }
        Ok(Times { prompt: median(prompts), key: median(keys), tab: median(tabs) })
    }

    /// Milliseconds to the prompt without any list on disk, and to the moment when what is in the lists is completed.
    fn lists(&self, environment: &[(OsString, OsString)]) -> Result<(f64, f64), Box<dyn Error>> {
        let started = Instant::now();
        let mut open = Open::start(self, environment)?;
        open.until(self.prompt)?;
        let prompt = started.elapsed();
        open.keys.write_all(b"group3.m")?;
        while !open.shows("method35") {
            open.keys.write_all(b"\t")?;
            open.take(Duration::from_millis(2));
            if started.elapsed() > PATIENCE {
                return Err("the lists never came".into());
            }
        }
        Ok((prompt.as_secs_f64() * 1000.0, started.elapsed().as_secs_f64() * 1000.0))
    }
}

/// A program that runs at a terminal.
struct Open {
    _process: UnixProcess,
    keys: PtyStream,
    output: Receiver<Vec<u8>>,
    seen: Vec<u8>,
}

impl Open {
    fn start(shell: &Shell, environment: &[(OsString, OsString)]) -> Result<Open, Box<dyn Error>> {
        let (program, arguments) = shell.words.split_first().ok_or("no program")?;
        let mut command = Command::new(program);
        command.args(arguments).env_clear().envs(environment.iter().cloned());
        command.env("BENCH_KEY", "0123456789abcdef0123456789abcdef");
        let mut process = UnixProcess::spawn_command(command)?;
        let keys = process.open_stream()?;
        let mut display = process.open_stream()?;
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = display.read(&mut buffer) {
                if sender.send(buffer.get(..count).unwrap_or_default().to_vec()).is_err() {
                    break;
                }
            }
        });
        Ok(Open { _process: process, keys, output, seen: Vec::new() })
    }

    /// Takes in what comes within that time; false when nothing did.
    fn take(&mut self, patience: Duration) -> bool {
        let piece = self.output.recv_timeout(patience);
        piece.map(|piece| self.seen.extend(piece)).is_ok()
    }

    fn shows(&self, text: &str) -> bool {
        self.seen.windows(text.len()).any(|window| window == text.as_bytes())
    }

    fn until(&mut self, text: &str) -> Result<(), Box<dyn Error>> {
        while !self.shows(text) {
            if !self.take(PATIENCE) {
                return Err(format!("`{text}` never came: {}", String::from_utf8_lossy(&self.seen)).into());
            }
        }
        Ok(())
    }

    fn until_quiet(&mut self) {
        while self.take(Duration::from_millis(30)) {}
        self.seen.clear();
    }

    /// From the pressing of keys to the moment when a text shows.
    fn timed(&mut self, keys: &str, text: &str) -> Result<Duration, Box<dyn Error>> {
        self.seen.clear();
        let started = Instant::now();
        self.keys.write_all(keys.as_bytes())?;
        self.until(text)?;
        Ok(started.elapsed())
    }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}
