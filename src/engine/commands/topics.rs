//! What `help TOPIC` explains: the shell itself, a screenful at a time.

use crate::render::text;
use model::EXITS;

/// A subject of help.
pub(super) struct Topic {
    /// The word after `help`.
    pub(super) name: &'static str,
    /// One line of what it is about.
    pub(super) summary: &'static str,
    pub(super) parts: &'static [Part],
}

/// A piece of an explanation.
#[derive(Debug)]
pub enum Part {
    /// A paragraph.
    Text(&'static str),
    /// Words or lines, each with what it means.
    Rows(&'static [(&'static str, &'static str)]),
    /// The table of exit codes.
    Exits,
}

use Part::{Exits, Rows, Text};

impl Topic {
    /// The explanation at a width in columns; ends with a line feed.
    pub(super) fn page(&self, width: usize) -> String {
        let mut out = format!("{}\n", text::wrap(&format!("{}.", self.summary), width, 0));
        for part in self.parts {
            out.push('\n');
            match part {
                Text(paragraph) => {
                    out.push_str(&text::wrap(paragraph, width, 0));
                    out.push('\n');
                }
                Rows(rows) => out.push_str(&text::columns(&owned(rows.iter().copied()), width, 2)),
                Exits => {
                    let rows = EXITS.iter().map(|exit| (exit.code.to_string(), exit.meaning.to_owned()));
                    out.push_str(&text::columns(&rows.collect::<Vec<_>>(), width, 2));
                }
            }
        }
        out
    }
}

/// The topic of that name.
pub(super) fn find(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.name == name)
}

/// All topics with their summaries, at a width in columns.
pub(super) fn list(width: usize) -> String {
    text::columns(&owned(TOPICS.iter().map(|topic| (topic.name, topic.summary))), width, 0)
}

/// Every topic.
pub(super) static TOPICS: &[Topic] = &[
    Topic {
        name: "topics",
        summary: "The subjects that help covers",
        parts: &[Text("`help TOPIC` explains one; `help METHOD` describes a method.")],
    },
    Topic {
        name: "start",
        summary: "The first steps, and the habits of other shells",
        parts: &[
            Rows(&[
                ("login", "sets up an account; `marsh --sandbox` has simulated ones to try things with"),
                ("search add dns record", "finds a method in your own words"),
                ("help dns.zone_record_create", "what it does and takes; Tab completes names and values"),
                ("server.list -o table", "calls one; `set output table` makes every list a table"),
                ("server.reboot", "without its values: marsh asks for them, and shows the line before it is sent"),
                ("server.reboot --dry-run", "shows what would be sent, and sends nothing"),
            ]),
            Text("What does the same here:"),
            Rows(&[
                ("| grep, | jq, | less", "`|! grep x`, or a filter: -q 'map(select(.name == \"x\"))'"),
                ("name=value, --name value", "NAME VALUE: `service.info name myserver1`"),
                ("X=5, echo $X", "`let x = 5`, then `$x`"),
                ("cd, su", "`use NAME`, or NAME:METHOD for one line"),
                ("man, --help, ls", "`help`, `help METHOD`, `help dns`, METHOD --help"),
                ("if, for, while", "none: a script of your own shell calls `marsh METHOD …` (`help scripting`)"),
            ]),
        ],
    },
    Topic {
        name: "commands",
        summary: "The commands of the shell itself",
        parts: &[Text("`help COMMAND` describes one.")],
    },
    Topic {
        name: "line",
        summary: "How to write a line",
        parts: &[
            Text("PROFILE:METHOD NAME VALUE … OPTIONS | FILE"),
            Rows(&[
                ("METHOD", "the method to call; PROFILE: before it chooses the account"),
                ("NAME VALUE", "a parameter and its value, in any order"),
                ("NAME.KEY, NAME[0]", "a place inside a parameter that is a dictionary or a list"),
                ("'…' or \"…\"", "text with spaces or special characters; \"…\" also reads \\n, \\t, \\\" and \\\\"),
                ("\\", "takes the next character literally; at the end of a line it joins the next line"),
                (";", "separates two lines on one row"),
                ("#", "starts a comment"),
            ]),
            Text(
                "A word is read as the type of its parameter. If anything in a line is wrong, the whole line is refused, \
                  with a mark under the word, and nothing is sent. At a terminal, marsh asks for what is missing.",
            ),
        ],
    },
    Topic {
        name: "types",
        summary: "Types that you can write before a value, as in (int)5",
        parts: &[
            Rows(&[
                ("(string)", "text exactly as written"),
                ("(int) (float)", "a number; every digit is kept"),
                ("(boolean)", "true or false; yes, no, on, off, 1 and 0 work as well"),
                ("(date)", "a date, or a date with a time"),
                ("(list)a, b", "members separated by commas; (list:int) gives them a type"),
                ("(json)'{\"a\": 1}'", "any JSON"),
                ("(null)", "no value"),
                ("(file)PATH", "the text of a file as the value"),
                ("(base64)PATH", "the bytes of a file as the value"),
                ("@-", "all of standard input as the value"),
            ]),
            Text(
                "Without a type, the parameter's own type is used; if it is unknown, the value is text. A type in the line \
                  always takes precedence.",
            ),
        ],
    },
    Topic {
        name: "call",
        summary: "Calls that no catalogue has, by a name or an address",
        parts: &[
            Rows(&[
                ("call NAME name value …", "a method of a service whose methods have names"),
                ("call VERB /path name value …", "an address; VERB is GET, POST, PUT, PATCH or DELETE, in capitals"),
                ("PROFILE:call …", "for an account other than the current one"),
            ]),
            Text(
                "If the call is in the catalogue, under any name or address, its entry applies: the same effect, the same \
                  question, the same secrets. The effect of anything else is unknown: it is treated as a change, is \
                  refused in a read-only profile, and is never sent twice. For services that use GET only for reading, a \
                  GET is a read.",
            ),
            Text(
                "The path is relative to that of the service, may have a query (quote it if your shell would interpret it), \
                  and {variables} of the catalogue are filled in. Names and values go into the query of a GET and into the \
                  body of other verbs; without a type a value is text. The name @ supplies the whole body, as in @ (file)body.xml.",
            ),
        ],
    },
    Topic {
        name: "output",
        summary: "The formats of a result: -o FORMAT",
        parts: &[
            Rows(&[
                ("auto", "a table for a list, a record for one thing, else JSON; the default at the prompt"),
                ("json", "JSON on several lines; the default everywhere else"),
                ("jsonl", "one JSON value a line, for programs that read row by row"),
                ("yaml, xml", "the same in another notation; -x is -o xml"),
                ("table", "the columns that matter, as many as fit the screen"),
                ("record", "one field a line"),
                ("csv, tsv", "rows for a spreadsheet, rows for programs"),
                ("value", "only the values"),
                ("chart", "lines, bars or a sparkline of the numbers in the result"),
                ("svg", "the same chart as a picture, for a file"),
                ("raw", "exactly what the provider sent"),
            ]),
            Text(
                "--columns id,name chooses and orders the columns, +name adds one, all shows all; --sort=-name sorts in descending order, --no-header \
                  leaves out the header line. In a chart, --columns names the numbers to draw. In CSV, --safe keeps texts from being formulas, and --bom is for old \
                  versions of Excel. A file's extension chooses its format unless -o does. Only results go to \
                  standard output; notes and errors go to standard error.",
            ),
        ],
    },
    Topic {
        name: "views",
        summary: "One question to every provider",
        parts: &[
            Rows(&[
                ("servers", "the servers of the current account; home:servers those of another"),
                ("@all servers", "the servers of all accounts; @work,@home servers those of these two"),
                ("addresses, zones, records, domains, keys", "the same for other things"),
                ("expiring 60d", "what expires within 60 days, the earliest first; @all expiring 60d everywhere"),
                ("invoices since 2026-01", "invoices from a year, a month or a day on; also `until`, or 90d"),
                ("view jobs", "a view whose name is also that of a command"),
                ("view", "all views, and which accounts have them"),
                ("$_[0].account, $_[0].method", "where a row came from"),
            ]),
            Text(
                "The columns are the same whichever provider answers: dates in one form, sums with their currency beside \
                  them. `help servers` explains the columns of a view. A catalogue of your own can have further views.",
            ),
        ],
    },
    Topic {
        name: "files",
        summary: "Where a result goes",
        parts: &[
            Rows(&[
                ("| FILE", "write to a file, replacing it"),
                ("> FILE", "write to a new file; an existing one is left alone"),
                (">! FILE", "write to a file, replacing it"),
                (">> FILE", "append to a file"),
                ("|! COMMAND", "pipe to a command on this machine"),
            ]),
            Text(
                "The file is opened before anything is sent, so that a bad path never loses a result. It is written \
                  completely or not at all: after a failed call the old file is unchanged. A file that can contain a \
                  secret is readable only by its owner.",
            ),
        ],
    },
    Topic {
        name: "options",
        summary: "The options that every line understands",
        parts: &[Text(
            "Options come after all names and values. To send such a word as text, quote it at the prompt and in \
              scripts; on the command line write (string) before it, as in '(string)--all'.",
        )],
    },
    Topic {
        name: "query",
        summary: "A jq filter over the result: -q FILTER",
        parts: &[
            Rows(&[
                ("-q '.[0].name'", "one field of the first row"),
                ("-q '.[] | select(.size > 5)'", "the matching rows, one after the other"),
                ("-q 'map({id, name})'", "rows with fewer fields"),
                ("-q length", "how many there are"),
                (
                    "-q 'map(select(.expires | within(\"60d\")))'",
                    "what is due in the next 60 days; -7d is the last seven",
                ),
                ("-q 'map(.created | ago)'", "how long ago, in words"),
            ]),
            Text(
                "The filter sees the result as JSON, before it is formatted. Dates have one form from every provider \
                  (2027-01-15, 2027-01-15T10:20:30Z) and can be compared with `now`. A filter with a mistake is refused before \
                  anything is sent.",
            ),
        ],
    },
    Topic {
        name: "each",
        summary: "A call for each member of a list",
        parts: &[
            Text("LINE | each METHOD NAME {FIELD} … OPTIONS | FILE"),
            Rows(&[
                ("dns.zone_list | each dns.zone_info id {id}", "a call for each zone; {id} is its field"),
                ("$_ | each service.info name {name}", "for each member of the last result"),
                ("{a.b[0]}, {}", "a field inside a member, and the whole member"),
                ("-q FILTER, --all", "before `| each`: which members"),
                ("--keep-going", "goes on after a call that failed"),
                ("--jobs 8", "has up to eight calls under way at once; the results keep their order"),
                ("--destroy-limit 50", "allows the calls to destroy half of the list; otherwise it is 30 %"),
            ]),
            Text(
                "All calls are checked before the first is sent, and there is one question for all of them. The result is a \
                  list with the outcome of each.",
            ),
        ],
    },
    Topic {
        name: "variables",
        summary: "Earlier results as values",
        parts: &[
            Rows(&[
                ("$_", "the last result"),
                ("$_.id, $_[0].name", "a part of it"),
                ("let NAME = VALUE", "gives a value a name for the session"),
                ("$NAME, $NAME.key", "that value, or a part of it"),
                ("last", "shows the last result again, in any format"),
            ]),
            Text(
                "If a part does not exist, that is an error, and nothing is sent. In quotes, $ is an ordinary character.",
            ),
        ],
    },
    Topic {
        name: "pages",
        summary: "Lists that come in pages",
        parts: &[
            Text(
                "Some services return one page of a long list. A note on standard error says so, and how many members \
                  there are in all.",
            ),
            Rows(&[("--all", "all pages, as one list"), ("--dry-run", "shows the request for the first page")]),
            Text("`help METHOD` names the parameters that choose a page and its size."),
        ],
    },
    Topic {
        name: "jobs",
        summary: "Calls that start a longer task",
        parts: &[
            Text("Such a call answers before its work is done. Its result names the job."),
            Rows(&[
                ("--wait", "waits until it has finished, and shows the final state"),
                ("--wait=10m", "waits for at most this long"),
                ("--no-wait", "does not wait, whatever the profile says"),
                ("wait ID", "waits for a job that was started earlier"),
                ("watch 10s METHOD", "repeats a read and marks what changed; --times N ends it"),
                ("pending", "lists jobs that may still run, and calls whose outcome is unknown"),
            ]),
            Text(
                "Ctrl-C stops waiting and leaves the job alone. The exit code is 8 if the job is still running, and 9 if \
                  the job failed.",
            ),
        ],
    },
    Topic {
        name: "safety",
        summary: "When marsh asks first, and what it never does twice",
        parts: &[
            Rows(&[
                ("read", "changes nothing: sent at once, and retried if the connection failed"),
                ("change", "reversible: sent once"),
                ("destroy", "cannot be undone: asks first"),
                ("billable", "may cost money: asks first"),
            ]),
            Text(
                "Every method has one of these effects; `help METHOD` shows which. -y answers the question. Without a \
                  terminal and without -y such a call is refused with exit code 10. A profile can ask about more or \
                  fewer calls, and a read-only profile refuses everything except reads.",
            ),
            Text(
                "--dry-run shows the request with its secrets hidden, and sends nothing; --as curl writes it for \
                  another program. After a failure the message says whether anything was sent. A change whose answer \
                  was lost exits with 7: check before you repeat it. `pending` lists such calls, of earlier sessions \
                  too, and the prompt shows ! while there are any. `reconcile N` asks the provider what became of call N.",
            ),
        ],
    },
    Topic { name: "exit", summary: "The exit codes, for scripts", parts: &[Exits] },
    Topic {
        name: "profiles",
        summary: "Several accounts in one session",
        parts: &[
            Rows(&[
                ("profiles", "lists them"),
                ("use NAME", "switches to one; the prompt shows it"),
                ("NAME:METHOD", "calls a method of another one, without switching"),
                ("help NAME", "lists its methods; `help dns` those whose names begin with dns"),
                ("login", "sets up another account, `doctor` checks them all"),
                ("refresh NAME", "fetches its method list now"),
                ("methods --changes", "what is different in the newest list"),
            ]),
            Text(
                "A method without a profile belongs to the current one. If only one other profile has it, a read runs \
                  there, and standard error says so; anything but a read must be written with its profile. The profiles are in \
                  config.toml, each with its provider, where its key comes from, and its rules. A key is sent only to its own host.",
            ),
        ],
    },
    Topic {
        name: "scripting",
        summary: "Lines without a prompt",
        parts: &[
            Rows(&[
                ("marsh METHOD NAME VALUE", "one call"),
                ("marsh run FILE ARGUMENT…", "the lines of a file, one after the other; also marsh - < FILE"),
                ("run FILE ARGUMENT…", "the same from the prompt, or in a script; source is the same"),
                ("$1, $2, $@, $#", "in a script: an argument, all as a list, their number"),
                ("--keep-going", "continues after a line that failed"),
                ("save NAME LINE", "saves a line under a name, with $1 for a value; then: NAME VALUE"),
            ]),
            Text(
                "All lines are checked before the first call is sent: names, values, accounts, questions, files. The value \
                  of a variable is checked when its line runs. A script stops at its first failure, and exits with \
                  its code. Without a terminal marsh asks nothing: \
                  what is missing is an error. With -o json an error is one JSON object on standard error; `help exit` \
                  lists the codes.",
            ),
        ],
    },
    Topic {
        name: "keys",
        summary: "The keys of the prompt",
        parts: &[
            Rows(&[
                ("Tab", "completes the word, or lists the possibilities: zr.cr finds dns.zone_record_create"),
                ("Right", "at the end of the line accepts the grey hint"),
                ("Up, Down", "earlier lines; after you have typed something, those that begin with it"),
                ("Ctrl-R", "searches the earlier lines"),
                ("Ctrl-C", "discards the line, or stops waiting for the call"),
                ("Ctrl-D", "leaves, on an empty line"),
                ("Ctrl-A, Ctrl-E", "to the beginning or the end of the line"),
                ("Ctrl-W, Ctrl-U, Ctrl-K", "cut a word, the line before or after the cursor; Ctrl-Y pastes it"),
                ("Ctrl-L", "clears the screen"),
            ]),
            Text("A line that starts with a space is not saved. Secrets in a line are never saved."),
        ],
    },
];

/// Rows of a text as its layout takes them.
pub(super) fn owned<'t>(rows: impl Iterator<Item = (&'t str, &'t str)>) -> Vec<(String, String)> {
    rows.map(|(name, summary)| (name.to_owned(), summary.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_short_and_fits_the_screen() {
        for topic in TOPICS {
            for width in [80, 200] {
                let page = topic.page(width);
                assert!(page.lines().count() <= 30, "{}: {} lines", topic.name, page.lines().count());
                let widest = page.lines().map(text::width).max().unwrap_or(0);
                assert!(widest <= width, "{}: {widest} columns", topic.name);
            }
            assert!(topic.summary.len() <= 60 && !topic.summary.ends_with('.'), "{}", topic.name);
        }
    }
}
