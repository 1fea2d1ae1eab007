//! What `help TOPIC` explains: the shell itself, a screenful at a time.

use crate::render::text;
use model::EXITS;

/// A subject of help.
pub(super) struct Topic {
    /// The word behind `help`.
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
                Rows(rows) => out.push_str(&text::columns(&super::result::owned(rows.iter().copied()), width, 2)),
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
    text::columns(&super::result::owned(TOPICS.iter().map(|topic| (topic.name, topic.summary))), width, 0)
}

/// Every topic.
pub(super) static TOPICS: &[Topic] = &[
    Topic {
        name: "topics",
        summary: "The subjects that help explains",
        parts: &[Text("`help TOPIC` explains one; `help METHOD` describes a method.")],
    },
    Topic {
        name: "line",
        summary: "How a line is written",
        parts: &[
            Text("PROFILE:METHOD NAME VALUE … OPTIONS | FILE"),
            Rows(&[
                ("METHOD", "what is called; PROFILE: in front says for which account"),
                ("NAME VALUE", "a parameter and its value, in any order"),
                ("NAME.KEY, NAME[0]", "a place inside a parameter that is a dictionary or a list"),
                ("'…' or \"…\"", "text with blanks or signs in it; \"…\" knows \\n, \\t, \\\" and \\\\"),
                ("\\", "takes the next sign as it is; at the end of a line it joins the next"),
                (";", "stands between two lines on one"),
                ("#", "begins a comment"),
            ]),
            Text(
                "A word is read as the type that its parameter has. A line that is wrong in any way is refused as a \
                  whole, with a mark under the word, and nothing is sent. At a terminal, what is missing is asked for.",
            ),
        ],
    },
    Topic {
        name: "types",
        summary: "The types that a value can be given by hand, as in (int)5",
        parts: &[
            Rows(&[
                ("(string)", "text as it stands"),
                ("(int) (float)", "a number; every digit is kept"),
                ("(boolean)", "true or false; yes, no, on, off, 1 and 0 do as well"),
                ("(date)", "a date, or a date with a time"),
                ("(list)a, b", "members between commas; (list:int) gives them a type"),
                ("(json)'{\"a\": 1}'", "any JSON"),
                ("(null)", "no value"),
                ("(file)PATH", "the text of a file as the value"),
                ("(base64)PATH", "the bytes of a file as the value"),
                ("@-", "all of standard input as the value"),
            ]),
            Text(
                "Without a type the parameter's own counts; where none is known, a value is text. A type in the line \
                  always wins.",
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
                ("PROFILE:call …", "at another account than the current one"),
            ]),
            Text(
                "What the catalogue has goes by its entry, under whichever name or address: the same effect, the same \
                  question, the same secrets. Of anything else it is not known what it does: it counts as a change, is \
                  refused in a read-only profile, and is never sent twice. At services that keep GET for reading, a GET \
                  counts as reading.",
            ),
            Text(
                "The path is relative to that of the service, may have a query (quote it where the shell would read it), and \
                  {variables} of the catalogue in it are filled in. Names and values go into the query of a GET and into the \
                  body of the others; without a type a value is text. The name @ gives the whole body, as in @ (file)body.xml.",
            ),
        ],
    },
    Topic {
        name: "output",
        summary: "The forms of a result: -o FORMAT",
        parts: &[
            Rows(&[
                ("json", "JSON over several lines; what is written unless another form is chosen"),
                ("jsonl", "one JSON value a line, for programs that read row by row"),
                ("yaml, xml", "the same in another notation; -x is -o xml"),
                ("table", "rows under a line of names, as wide as the screen"),
                ("record", "one field a line"),
                ("csv, tsv", "rows for a spreadsheet"),
                ("value", "nothing but the values"),
                ("raw", "the provider's own bytes"),
            ]),
            Text(
                "--columns id,name chooses and orders the columns, --sort -name sorts downwards, --no-header leaves \
                  the names out. A file's ending chooses its form unless -o does. Results alone go to standard output; \
                  notes and errors go to standard error.",
            ),
        ],
    },
    Topic {
        name: "files",
        summary: "Where a result goes",
        parts: &[
            Rows(&[
                ("| FILE", "into a file, in place of what was there"),
                ("> FILE", "into a new file; one that exists is left alone"),
                (">! FILE", "into a file, whatever was there"),
                (">> FILE", "at the end of a file"),
                ("|! COMMAND", "to a command of this machine"),
            ]),
            Text(
                "The file is opened before anything is sent, so that a bad path never loses a result. It is written \
                  whole or not at all: after a failed call the old content is still there. A file that can hold a \
                  secret is for its owner alone.",
            ),
        ],
    },
    Topic {
        name: "options",
        summary: "The options that every line understands",
        parts: &[Text(
            "An option goes after all names and values. To send such a word as text, quote it at the prompt and in \
              scripts; in a command write (string) in front of it, as in '(string)--all'.",
        )],
    },
    Topic {
        name: "query",
        summary: "A jq filter over the result: -q FILTER",
        parts: &[
            Rows(&[
                ("-q '.[0].name'", "one field of the first row"),
                ("-q '.[] | select(.size > 5)'", "the rows that fit, one after the other"),
                ("-q 'map({id, name})'", "rows with fewer fields"),
                ("-q length", "how many there are"),
            ]),
            Text(
                "The filter sees the result as JSON before it is given its form. A filter that cannot be read is \
                  refused before anything is sent.",
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
                ("last", "shows the last result again, in any form"),
            ]),
            Text("A part that is not there is an error, and nothing is sent. In quotes a $ is a sign like any other."),
        ],
    },
    Topic {
        name: "pages",
        summary: "Lists that come page by page",
        parts: &[
            Text(
                "Some services answer with one page of a long list. A note on standard error says so, and how many \
                  there are in all.",
            ),
            Rows(&[("--all", "all pages, as one list"), ("--dry-run", "shows the request for the first page")]),
            Text("`help METHOD` names the parameters that choose a page and its size."),
        ],
    },
    Topic {
        name: "jobs",
        summary: "Calls that begin a longer task",
        parts: &[
            Text("Such a call answers before its work is done. Its result names the job."),
            Rows(&[
                ("--wait", "waits for the end, and gives the state after it"),
                ("--wait=10m", "waits for so long at most"),
                ("--no-wait", "does not wait, whatever the profile says"),
                ("wait ID", "comes back to a job"),
            ]),
            Text(
                "Ctrl-C while waiting leaves the job alone. It ends with 8 when the job still runs, and with 9 when \
                  the job went wrong.",
            ),
        ],
    },
    Topic {
        name: "safety",
        summary: "What is asked, and what is never done twice",
        parts: &[
            Rows(&[
                ("read", "changes nothing: sent at once, and again when the connection failed"),
                ("change", "can be changed back: sent once"),
                ("destroy", "loses something for good: you are asked first"),
                ("billable", "may cost money: you are asked first"),
            ]),
            Text(
                "Every method has one of these effects; `help METHOD` tells which. -y answers the question. Without a \
                  terminal and without -y such a call is refused and ends with 10. A profile can ask about more or \
                  less, and a read-only profile refuses all but reads.",
            ),
            Text(
                "--dry-run shows the request with its secrets hidden, and sends nothing; --as curl writes it for \
                  another program. After a failure the report says whether anything was sent. A change whose answer \
                  was lost ends with 7: look before you repeat it.",
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
                ("use NAME", "makes one the current one; the prompt names it"),
                ("NAME:METHOD", "calls for another one, without a switch"),
                ("help NAME", "lists its methods"),
                ("refresh NAME", "fetches its method list now"),
                ("methods --changes", "what came and went with the newest list"),
            ]),
            Text(
                "A method without a profile is the current one's. What only one other has is read there, and standard \
                  error says so; anything but a read has to be named with its profile. The profiles stand in config.toml, each with its provider, where its key \
                  comes from, and its rules. A key is sent to its own host only.",
            ),
        ],
    },
    Topic {
        name: "scripting",
        summary: "Lines without a prompt",
        parts: &[
            Rows(&[
                ("marsh METHOD NAME VALUE", "one call"),
                ("marsh < FILE, marsh run FILE", "a line after the other"),
                ("source FILE", "the same from the prompt"),
                ("--keep-going", "goes on behind a line that failed"),
            ]),
            Text(
                "All lines are checked before the first call is sent: names, values, accounts, questions, files. What a \
                  variable will hold is checked when its line runs. A script stops at its first failure, and ends with \
                  its code. Nothing is asked without a terminal: \
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
                ("Tab", "completes the word, or lists what fits: zr.cr finds zone_record.create"),
                ("Right", "at the end of the line takes the grey hint"),
                ("Up, Down", "earlier lines; with something typed, those that begin like it"),
                ("Ctrl-R", "searches the earlier lines"),
                ("Ctrl-C", "drops the line, or stops the call that runs"),
                ("Ctrl-D", "leaves, on an empty line"),
                ("Ctrl-A, Ctrl-E", "to the beginning or the end of the line"),
                ("Ctrl-W, Ctrl-U, Ctrl-K", "cut a word, the line before or behind the cursor; Ctrl-Y puts it back"),
                ("Ctrl-L", "clears the screen"),
            ]),
            Text("A line that begins with a blank is not kept. Secrets in a line are never kept."),
        ],
    },
];

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
