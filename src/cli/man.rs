//! `marsh man`: the manual page, generated from the same tables as help, so that nothing is written twice.

use super::definition::{self, Opt, Part};
use super::help;
use crate::config::KEYS;
use crate::engine::commands::{self, Part as Piece};
use lang::OPTIONS;
use model::EXITS;

/// Help topics that are sections of the page, with their headings.
const SUBJECTS: [(&str, &str); 10] = [
    ("line", "LINES"),
    ("types", "TYPES"),
    ("output", "FORMATS"),
    ("files", "WHERE A RESULT GOES"),
    ("query", "FILTERS"),
    ("variables", "VARIABLES"),
    ("pages", "PAGES"),
    ("jobs", "JOBS"),
    ("safety", "SAFETY"),
    ("scripting", "SCRIPTS"),
];

/// Variables that are not keys of the configuration.
const VARIABLES: [(&str, &str); 7] = [
    ("MARSH_KEY", "The key. It overrides a profile's own key, and a note says so"),
    (
        "MARSH_<PROFILE>_KEY",
        "The key of a profile: its name in capitals, with _ for everything except letters and digits",
    ),
    ("PAGER", "The pager, unless marsh's own settings name one"),
    ("VISUAL, EDITOR", "The program in which Ctrl-X Ctrl-E edits a line"),
    ("NO_COLOR", "No colours, if it is not empty"),
    ("COLUMNS", "The width of the screen"),
    ("XDG_CONFIG_HOME, XDG_CACHE_HOME, XDG_STATE_HOME", "The folders in FILES"),
];

const FILES: [(&str, &str); 7] = [
    ("$XDG_CONFIG_HOME/marsh/config.toml", "The accounts and their settings; `marsh config path` prints its path"),
    ("$XDG_CONFIG_HOME/marsh/lines.toml", "Lines that were saved under a name"),
    ("$XDG_CONFIG_HOME/marsh/views.toml", "Views of your own"),
    ("$XDG_CONFIG_HOME/marsh/keys/", "Keys that marsh login saved, one file each, readable only by their owner"),
    ("$XDG_CACHE_HOME/marsh/methods/", "The method lists of services that provide one"),
    ("$XDG_CACHE_HOME/marsh/catalogs/", "Catalogues that were fetched"),
    ("$XDG_STATE_HOME/marsh/journal.db", "Typed lines, without their secrets"),
];

const EXAMPLES: [(&str, &str); 9] = [
    ("marsh --sandbox", "A prompt on simulated accounts"),
    ("marsh login", "Set up an account"),
    ("marsh -p work service.list", "One call"),
    ("marsh -k @key service.list -o table", "With a key from a file"),
    (
        "marsh service.list type '(list)a,b' '|' out.json",
        "Quotes protect special characters from your own shell; the result goes into a file",
    ),
    ("marsh service.list -q '.[].name'", "A part of the result"),
    ("marsh service.list --as curl", "The request as a command; nothing is sent"),
    ("marsh -p work run --keep-going lines.marsh", "A script, to its end"),
    ("marsh completions bash", "A script for Tab completion in bash"),
];

/// The page in roff.
pub(super) fn page() -> String {
    let program = definition::program();
    let mut page = Page(format!(".TH MARSH 1 \"\" \"marsh {}\" \"User Commands\"\n", env!("CARGO_PKG_VERSION")));
    page.section("NAME");
    page.text(&format!("marsh - {}", program.about));
    page.section("SYNOPSIS");
    page.rows(help::WAYS.iter().copied());
    page.section("DESCRIPTION");
    page.text(
        "marsh calls the methods of hosting providers. It finds a method in a catalogue, checks every word of the \
         line, makes the call, and shows the result or writes it to a file. The same line works at the prompt, as a \
         one-shot command and in a script. Only results go to standard output; everything else goes to standard error.",
    );
    page.section("OPTIONS");
    page.text("They come before the method or the command.");
    for (group, options) in help::groups(&program) {
        page.heading(group);
        page.options(options.into_iter());
    }
    page.section("COMMANDS");
    page.commands(&program, "marsh");
    line_sections(&mut page);
    page.section("ENVIRONMENT");
    let settings = KEYS.iter().filter_map(|key| Some((key.variable?, key.summary)));
    page.rows(VARIABLES.into_iter().chain(settings));
    page.section("FILES");
    page.rows(FILES.into_iter());
    page.section("EXIT STATUS");
    page.exits();
    page.section("EXAMPLES");
    page.rows(EXAMPLES.into_iter());
    page.section("SEE ALSO");
    page.text("`marsh help`, `marsh help topics`, and the manual in docs/manual. jq(1), curl(1)");
    page.0
}

/// The sections about lines.
fn line_sections(page: &mut Page) {
    for (topic, heading) in SUBJECTS {
        page.section(heading);
        for piece in commands::topic(topic) {
            match piece {
                Piece::Text(text) => page.text(text),
                Piece::Rows(rows) => page.rows(rows.iter().copied()),
                Piece::Exits => page.exits(),
            }
        }
    }
    page.section("OPTIONS OF A LINE");
    page.text("They come after the method, or before it in a one-shot call.");
    for option in OPTIONS {
        let of = match option.commands {
            [] => String::new(),
            commands => format!("With `{}`: ", commands.join("`, `")),
        };
        page.row(&option.usage(), &format!("{of}{}", option.summary));
    }
    page.section("COMMANDS OF A LINE");
    for method in commands::methods() {
        let words: Vec<&str> = method.params.iter().map(|param| param.name.as_str()).collect();
        page.row(&format!("{} {}", method.name, words.join(" ")), &method.summary);
    }
}

/// A page under construction.
struct Page(String);

impl Page {
    fn line(&mut self, macro_: &str, text: &str) {
        self.0.push_str(&format!("{macro_} \"{}\"\n", escaped(text).replace('"', "\\(dq")));
    }

    fn section(&mut self, name: &str) {
        self.line(".SH", name);
    }

    fn heading(&mut self, name: &str) {
        self.line(".SS", name);
    }

    fn text(&mut self, text: &str) {
        self.0.push_str(&format!(".PP\n{}\n", guarded(&escaped(text))));
    }

    fn row(&mut self, name: &str, text: &str) {
        self.0.push_str(&format!(".TP\n\\fB{}\\fR\n{}\n", escaped(name.trim()), guarded(&escaped(text))));
    }

    fn rows<'r>(&mut self, rows: impl Iterator<Item = (&'r str, &'r str)>) {
        rows.for_each(|(name, text)| self.row(name, text));
    }

    fn exits(&mut self) {
        EXITS.iter().for_each(|exit| self.row(&exit.code.to_string(), exit.meaning));
    }

    fn options<'o>(&mut self, options: impl Iterator<Item = &'o Opt>) {
        for option in options.filter(|option| !option.of_lines && option.long != "help") {
            self.row(&option.usage(), &option.about);
        }
    }

    /// The subcommands, each with its options.
    fn commands(&mut self, part: &Part, before: &str) {
        for inner in &part.parts {
            let whole = format!("{before} {}", inner.name);
            if inner.parts.is_empty() {
                let words: Vec<String> =
                    inner.words.iter().map(|word| format!(" {}", word.long.to_uppercase())).collect();
                self.heading(&format!("{whole}{}", words.concat()));
                self.text(&format!("{}.", inner.about));
                self.rows(inner.words.iter().map(|word| (word.long.as_str(), word.about.as_str())));
                self.options(inner.options.iter());
            }
            self.commands(inner, &whole);
        }
    }
}

/// A text with roff commands escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for sign in text.chars() {
        match sign {
            '\\' => out.push_str("\\e"),
            '-' => out.push_str("\\-"),
            '`' => out.push_str("\\(ga"),
            '\'' => out.push_str("\\(aq"),
            '^' => out.push_str("\\(ha"),
            '~' => out.push_str("\\(ti"),
            '…' => out.push_str("..."),
            sign => out.push(sign),
        }
    }
    out
}

/// A line that does not begin with a roff command.
fn guarded(text: &str) -> String {
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_out() {
        let page = page();
        let has = |text: &str| assert!(page.contains(&escaped(text)), "{text}");
        let program = definition::program();
        program.options.iter().for_each(|option| has(&format!("--{}", option.long)));
        program.parts.iter().for_each(|part| has(&format!("marsh {}", part.name)));
        OPTIONS.iter().for_each(|option| has(&option.usage()));
        KEYS.iter().filter_map(|key| key.variable).for_each(has);
        commands::methods().iter().for_each(|method| has(&method.name));
        for exit in EXITS {
            assert!(page.contains(&format!("\\fB{}\\fR\n{}", exit.code, escaped(exit.meaning))), "{}", exit.code);
        }
    }

    #[test]
    fn every_line_is_a_known_command_or_text() {
        for line in page().lines() {
            let known = [".TH ", ".SH ", ".SS ", ".PP", ".TP"].iter().any(|name| line.starts_with(name));
            assert!(known || !line.starts_with(['.', '\'']), "{line}");
            assert!(line.is_ascii() && !line.trim().is_empty(), "{line}");
        }
    }
}
