//! Words of other shells and programs, and what does the same here.

/// A word of another program: what is said about it, and the line to type instead, in which `{}` is what followed.
pub(super) struct Foreign {
    words: &'static [&'static str],
    /// The line that does the same; empty if none does.
    pub(super) line: &'static str,
    pub(super) says: &'static str,
}

const fn foreign(words: &'static [&'static str], line: &'static str, says: &'static str) -> Foreign {
    Foreign { words, line, says }
}

/// What is known of a word, in any letter case.
pub(super) fn find(word: &str) -> Option<&'static Foreign> {
    let bare = word.trim_end_matches(';').trim_end_matches("()");
    let is = |known: &&str| known.eq_ignore_ascii_case(bare);
    FOREIGN.iter().find(|foreign| foreign.words.iter().any(is))
}

static FOREIGN: &[Foreign] = &[
    foreign(
        &["ls", "dir", "ll"],
        "",
        "there are no files here: `search WORDS` finds a method, `help` explains the rest",
    ),
    foreign(&["man", "info", "describe", "explain", "doc", "docs", "usage", "apropos", "--help"], "help {}", ""),
    foreign(
        &[
            "quit",
            "exit",
            "bye",
            "q",
            ":q",
            ":q!",
            ":wq",
            ":x",
            "\\q",
            "logout",
            "logoff",
            "disconnect",
            "end",
            "leave",
        ],
        "quit",
        "",
    ),
    foreign(&["clear", "cls", "reset"], "", "Ctrl-L clears the screen"),
    foreign(
        &["cd", "chdir", "connect", "switch", "profile", "account"],
        "use {}",
        "`use PROFILE` switches to another account; `profiles` lists them",
    ),
    foreign(&["accounts"], "profiles", ""),
    foreign(
        &["pwd", "status", "env", "printenv", "whereami"],
        "profiles",
        "the prompt shows the current account; `profiles` lists all",
    ),
    foreign(
        &["echo", "print", "printf", "cat", "puts", "say"],
        "{}",
        "a variable alone shows its value: `$_`, `$name`",
    ),
    foreign(&["vars", "variables", "locals"], "let", ""),
    foreign(
        &["export", "declare", "var", "const", "local", "setvar"],
        "",
        "`let NAME = VALUE` gives a value a name, which is then `$NAME`",
    ),
    foreign(
        &["unset", "unlet", "del"],
        "",
        "a name can be given another value with `let NAME = VALUE`; it is forgotten when the session ends",
    ),
    foreign(
        &["select", "insert", "from", "where", "desc"],
        "",
        "marsh is not SQL: call a method, and filter its result with -q, as in `METHOD -q 'map(select(.size > 5))'` (`help query`)",
    ),
    foreign(
        &["curl", "wget", "http", "https", "httpie", "fetch"],
        "",
        "`call GET /path name value …` calls an address of the current account; `METHOD … --as curl` shows a call as curl (`help call`)",
    ),
    foreign(
        &["GET", "POST", "PUT", "PATCH", "DELETE"],
        "call {0} {}",
        "`call VERB /path name value …` calls an address of the current account (`help call`)",
    ),
    foreign(
        &[
            "if", "then", "else", "elif", "fi", "case", "for", "foreach", "while", "until", "do", "done", "loop",
            "function", "def", "return", "begin", "try", "break", "continue",
        ],
        "",
        "lines run one after the other, without conditions or loops: put them into a script of your own shell, which runs `marsh METHOD …` and sees the exit code (`help scripting`)",
    ),
    foreign(
        &["import", "include", ".", "load", "run", "exec", "execute", "call_file"],
        "",
        "`source FILE` runs the lines of a file",
    ),
    foreign(
        &["sleep", "watch"],
        "",
        "`METHOD … --wait` waits for the job that a call starts, and `wait` for one that runs already (`help jobs`)",
    ),
    foreign(
        &[
            "grep", "egrep", "awk", "sed", "sort", "head", "tail", "less", "more", "wc", "jq", "cut", "uniq", "tee",
            "xargs",
        ],
        "",
        "a command goes after a call: `METHOD … |! COMMAND`; -q filters a result without one (`help files`)",
    ),
    foreign(
        &["vi", "vim", "nano", "emacs", "edit"],
        "",
        "Ctrl-X Ctrl-E edits the line in the program that VISUAL or EDITOR names",
    ),
    foreign(
        &[
            "sudo", "ssh", "scp", "git", "ping", "docker", "python", "python3", "bash", "sh", "date", "which", "rm",
            "mv", "cp", "mkdir", "chmod", "kill",
        ],
        "",
        "a line calls a method of the account and runs no program of this machine; Ctrl-Z goes back to your own shell, and `fg` returns",
    ),
    foreign(
        &["version", "ver", "about", "--version", "-v"],
        "",
        "`marsh --version` in your own shell prints the version",
    ),
    foreign(&["commands", "methods?", "tools", "list-commands"], "help commands", ""),
    foreign(&["find", "lookup", "query", "searching"], "search {}", ""),
    foreign(
        &["token", "auth", "signin", "sign-in", "register", "add-account", "key"],
        "login",
        "`login` sets up an account",
    ),
    foreign(&["check", "diagnose", "selftest"], "doctor", ""),
    foreign(
        &["config", "configure", "settings", "options", "setting"],
        "set",
        "`set` lists the settings of this session; `marsh config explain` in your own shell shows where each comes from",
    ),
    foreign(
        &["format"],
        "set output {}",
        "`set output FORMAT` sets the format of results, `-o FORMAT` that of one line",
    ),
    foreign(
        &["undo", "revert", "rollback"],
        "",
        "nothing can be undone from here: `history --changes` lists what was changed",
    ),
    foreign(&["log", "logs", "journal"], "history", ""),
    foreign(&["fg", "bg", "ps", "top", "jobs?"], "jobs", ""),
    foreign(&["update", "upgrade", "reload", "sync"], "refresh", "`refresh` fetches the list of methods again"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_known_once_and_something_is_said_about_it() {
        let mut seen = std::collections::BTreeSet::new();
        for foreign in FOREIGN {
            assert!(!foreign.line.is_empty() || !foreign.says.is_empty(), "{:?}", foreign.words);
            for word in foreign.words {
                assert!(seen.insert(word.to_lowercase()), "{word}");
                assert!(find(word).is_some_and(|found| found.words == foreign.words), "{word}");
            }
        }
        assert!(find("LS").is_some() && find("quit()").is_some() && find("service.list").is_none());
    }
}
