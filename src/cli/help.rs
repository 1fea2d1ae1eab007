//! `marsh --help`: the options before the method, on one screen; everything else is in `marsh help` and the man page.

use super::definition::{self, Opt, Part};
use crate::render::text;
use model::EXITS;

/// The default width of a terminal, in columns.
const WIDTH: usize = 80;

/// The ways to start the program.
pub(super) static WAYS: &[(&str, &str)] = &[
    ("marsh [OPTIONS]", "a prompt"),
    ("marsh [OPTIONS] METHOD [NAME VALUE]…", "one call"),
    ("marsh [OPTIONS] run FILE ARGUMENT…", "the lines of a file; also: < FILE"),
    ("marsh help [TOPIC | METHOD]", "explain a topic or a method"),
    ("marsh login | add NAME URL | doctor", "set up accounts; check everything"),
    ("marsh config …, journal …, man", "settings; the record; the manual"),
    ("marsh catalogue …, import FILE", "catalogues of your own; OpenAPI"),
    ("marsh sandbox serve, completions SHELL", "simulated providers; completion"),
];

/// The page.
pub(super) fn page() -> String {
    let program = definition::program();
    let mut out = format!("{}\n", program.about);
    for (nth, (way, about)) in WAYS.iter().enumerate() {
        let front = if nth == 0 { "Usage: " } else { "       " };
        out.push_str(&format!("{front}{way:<38}  {about}\n"));
    }
    for (group, options) in groups(&program) {
        out.push_str(&format!("{group}\n"));
        for option in options {
            // Short options have their own column.
            let front = if option.short.is_some() { "" } else { "    " };
            out.push_str(&format!("  {:<23}  {}\n", format!("{front}{}", option.usage()), option.about));
        }
    }
    let behind = "After the method: NAME VALUE pairs, (type)value, -o FORMAT, '|' FILE, and options \
                  of the call such as --dry-run, --wait, -q (`marsh help options`).";
    let exits: Vec<String> = EXITS.iter().map(|exit| format!("{} {}", exit.code, exit.name)).collect();
    for paragraph in [behind, &format!("Exit: {}.", exits.join(", "))] {
        out.push_str(&format!("{}\n", text::wrap(paragraph, WIDTH, 0)));
    }
    out
}

/// The options of the program by subject, in the order of their declaration.
pub(super) fn groups(program: &Part) -> Vec<(&str, Vec<&Opt>)> {
    let mut groups: Vec<(&str, Vec<&Opt>)> = Vec::new();
    for option in program.options.iter().filter(|option| !option.of_lines) {
        let group = option.group.as_deref().unwrap_or("Program");
        match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, options)) => options.push(option),
            None => groups.push((group, vec![option])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_fits_one_screen_and_says_everything() {
        let page = page();
        assert!(page.lines().count() <= 40, "{} lines\n{page}", page.lines().count());
        assert!(page.lines().all(|line| text::width(line) <= WIDTH), "{page}");
        for option in definition::program().options.iter().filter(|option| !option.of_lines) {
            assert!(page.contains(&format!("--{}", option.long)), "--{}", option.long);
        }
        for part in definition::program().parts {
            assert!(page.contains(&part.name), "{}", part.name);
        }
        let joined = page.split_whitespace().collect::<Vec<_>>().join(" ");
        for exit in EXITS {
            assert!(joined.contains(&format!("{} {}", exit.code, exit.name)), "{}", exit.code);
        }
    }
}
