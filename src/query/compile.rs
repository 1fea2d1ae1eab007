//! Compiles a filter, or says what is wrong with it and where.

use jaq_core::compile::Undefined;
use jaq_core::data::JustLut;
use jaq_core::load::parse::{Def, Term};
use jaq_core::load::{self, Arena, File, Loader, lex, parse};
use jaq_core::{Compiler, Ctx, Vars};
use jaq_json::Val;
use serde::de::IgnoredAny;

use super::message::Fault;
use super::{divide, moments};
use model::suggest;

type Data = JustLut<Val>;
/// A name with the number of its arguments.
type Known = (String, usize);

static PRELUDE: &str = include_str!("prelude.jq");

/// The name under which a filter is defined, so that it can be called. This prefix is reserved for the program.
static MAIN: &str = "_main";

/// The most characters of an error message: it may quote the whole result.
const LONGEST: usize = 300;
/// A list or a dictionary of at most this many bytes is quoted in full.
const SHORT: usize = 40;

/// A compiled filter.
pub(super) struct Compiled(jaq_core::Filter<Data>);

impl Compiled {
    /// Compiles a filter.
    pub(super) fn of(text: &str) -> Result<Compiled, Fault> {
        let own = load::parse(PRELUDE, |parser| parser.defs()).unwrap_or_default();
        let defs: Vec<_> = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs()).chain(own).collect();
        let funs: Vec<_> = jaq_core::funs::<Data>()
            .chain(jaq_std::funs::<Data>())
            .chain(jaq_json::funs::<Data>())
            // It would show every environment variable of this process.
            .filter(|(name, ..)| *name != "env")
            .collect();
        let defined = defs.iter().map(|def| (def.name.to_owned(), def.args.len()));
        let known: Vec<Known> =
            defined.chain(funs.iter().map(|(name, args, _)| ((*name).to_owned(), args.len()))).collect();
        let arena = Arena::default();
        let modules = Loader::new(defs.iter().cloned()).load(&arena, File { code: text, path: () });
        let mut modules = modules.map_err(|errors| first(errors, text, unread))?;
        load::import(&modules, |_| Err(String::new())).map_err(|errors| first(errors, text, unread))?;
        if let Some(body) = load::parse(text, |parser| parser.term()).map(guarded) {
            let main = Def { name: MAIN, args: Vec::new(), body };
            let loader = Loader::new(defs.into_iter().chain([main]));
            modules =
                loader.load(&arena, File { code: MAIN, path: () }).map_err(|errors| first(errors, text, unread))?;
        }
        let filter = Compiler::default().with_funs(funs).compile(modules);
        let filter = filter.map_err(|errors| first(errors, text, |text, wrong| undefined(text, &wrong, &known)))?;
        Ok(Compiled(filter))
    }

    /// Applies the filter and passes each result on until that fails.
    pub(super) fn run(&self, input: Val, mut each: impl FnMut(&Val) -> Result<(), Fault>) -> Result<(), Fault> {
        let context = Ctx::<Data>::new(&self.0.lut, Vars::new([]));
        for result in self.0.id.run((context, input)) {
            let exception = match result {
                Ok(val) => {
                    each(&val)?;
                    continue;
                }
                Err(exception) => exception,
            };
            return match exception.get_err().map_err(|exception| exception.get_halt()) {
                Ok(error) => Err(Fault::Value { message: plain(error.into_val()) }),
                Err(Ok(0)) => Ok(()),
                Err(Ok(code)) => Err(Fault::Value { message: format!("it halted with {code}") }),
                Err(Err(_)) => Err(Fault::Value { message: "a break without its label".into() }),
            };
        }
        Ok(())
    }
}

/// The filter with jq's meaning where the library's is different.
fn guarded(mut filter: Term<&str>) -> Term<&str> {
    divide::guard(&mut filter, &moments::aligned);
    filter
}

/// The message of an error: a text unchanged, anything else as JSON.
fn plain(said: Val) -> String {
    let words = match said {
        Val::TStr(bytes) => abridged(&String::from_utf8_lossy(&bytes)),
        other => other.to_string(),
    };
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words,
    }
}

/// The message of an error without the long lists and dictionaries that it quotes.
fn abridged(words: &str) -> String {
    let (mut out, mut rest) = (String::new(), words);
    while let Some(at) = rest.find(['[', '{']) {
        let (before, value) = rest.split_at(at);
        let mut values = serde_json::Deserializer::from_str(value).into_iter::<IgnoredAny>();
        let (Some(Ok(_)), end) = (values.next(), values.byte_offset()) else { break };
        let (quoted, behind) = value.split_at(end);
        out.push_str(before);
        out.push_str(match quoted.chars().next() {
            _ if quoted.len() <= SHORT => quoted,
            Some('[') => "[…]",
            _ => "{…}",
        });
        rest = behind;
    }
    out + rest
}

/// The first of several faults, in words.
fn first<E>(errors: load::Errors<&str, (), E>, text: &str, words: impl FnOnce(&str, E) -> Option<Fault>) -> Fault {
    let first = errors.into_iter().next().and_then(|(_, error)| words(text, error));
    first.unwrap_or_else(|| fault(text, text, "the filter cannot be understood", None))
}

/// The fault of a text that cannot be parsed.
fn unread(text: &str, error: load::Error<&str>) -> Option<Fault> {
    Some(match error {
        load::Error::Io(wrong) => {
            let (path, _) = wrong.into_iter().next()?;
            fault(text, path, "a filter cannot load other files", None)
        }
        load::Error::Lex(wrong) => {
            let (expected, found) = wrong.into_iter().next()?;
            unlexed(text, &expected, found)
        }
        load::Error::Parse(wrong) => {
            let (expected, found) = wrong.into_iter().next()?;
            fault(text, found, missing(&expected, found), None)
        }
    })
}

fn unlexed(text: &str, expected: &lex::Expect<&str>, found: &str) -> Fault {
    let message = match expected {
        lex::Expect::Digit => "a digit belongs here".into(),
        lex::Expect::Ident => "a name belongs here".into(),
        lex::Expect::Delim(open) => format!("a `{open}` is still open here"),
        lex::Expect::Escape => "no such escape in a text".into(),
        lex::Expect::Unicode => "four hexadecimal digits of a character belong here".into(),
        _ => "this means nothing in a filter".into(),
    };
    // The rest of the filter begins at the fault.
    let end = found.chars().next().map_or(0, char::len_utf8);
    fault(text, found.get(..end).unwrap_or(found), message, None)
}

fn missing(expected: &parse::Expect<&str>, found: &str) -> String {
    let wanted = match expected {
        parse::Expect::Just(word) => format!("`{word}`"),
        parse::Expect::Var => "a variable such as $x".into(),
        parse::Expect::Pattern => "a pattern such as $x or [$x]".into(),
        parse::Expect::ElseOrEnd => "`else` or `end`".into(),
        parse::Expect::CommaOrRBrack => "`,` or `]`".into(),
        parse::Expect::CommaOrRBrace => "`,` or `}`".into(),
        parse::Expect::SemicolonOrRParen => "`;` or `)`".into(),
        parse::Expect::Term => "a filter such as . or .name".into(),
        parse::Expect::Key => "a name, a text or `[` for a member".into(),
        parse::Expect::Ident => "a name".into(),
        parse::Expect::Arg => "the name of an argument".into(),
        parse::Expect::Str => "a text in quotes".into(),
        _ => return "the filter should end here".into(),
    };
    match found {
        "" => format!("the filter stops where {wanted} belongs"),
        _ => format!("{wanted} belongs here"),
    }
}

/// The fault of an undefined name.
fn undefined(text: &str, wrong: &[(&str, Undefined)], known: &[Known]) -> Option<Fault> {
    let (name, kind) = wrong.first()?;
    let count = match kind {
        Undefined::Filter(count) => *count,
        Undefined::Var if *name == "$ENV" => return Some(beyond_its_input(text, name)),
        other => return Some(fault(text, name, format!("there is no {} `{name}`", other.as_str()), None)),
    };
    if matches!(*name, "env" | "input" | "inputs" | "input_filename" | "input_line_number" | "get_search_list") {
        return Some(beyond_its_input(text, name));
    }
    let mut counts: Vec<usize> = known.iter().filter(|(known, _)| known == name).map(|(_, count)| *count).collect();
    counts.sort_unstable();
    if !counts.is_empty() {
        let plural = if counts == [1] { "" } else { "s" };
        let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
        let message = format!("`{name}` takes {} argument{plural}, not {count}", counts.join(" or "));
        return Some(fault(text, name, message, Some("arguments are written in (…), separated by `;`".into())));
    }
    let usual =
        known.iter().map(|(name, _)| name.as_str()).filter(|name| !name.ends_with("_empty") && !name.starts_with('_'));
    let hint = suggest::phrase(&suggest::nearest(name, usual));
    Some(fault(text, name, format!("there is no filter `{name}`"), hint))
}

/// The fault of a filter that accesses more than its input.
fn beyond_its_input(text: &str, name: &str) -> Fault {
    fault(text, name, format!("`{name}` is not allowed here: a filter sees the result and nothing else"), None)
}

fn fault(text: &str, part: &str, message: impl Into<String>, hint: Option<String>) -> Fault {
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize).filter(|start| *start <= text.len());
    let place = start.map_or((0, text.len()), |start| (start, (start + part.len()).min(text.len())));
    Fault::Text { message: message.into(), place, hint }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::tree::{Portable, from_val, to_val};
    use model::Value;
    use proptest::prelude::*;

    /// The results, separated by spaces, or the fault.
    fn filtered(text: &str, input: &str) -> String {
        let value: Value = serde_json::from_str(input).unwrap();
        let mut results = Vec::new();
        let each = |val: &Val| {
            results.push(serde_json::to_string(&Portable(&from_val(val))).unwrap());
            Ok(())
        };
        match Compiled::of(text).and_then(|filter| filter.run(to_val(value), each)) {
            Ok(()) => results.join(" "),
            Err(Fault::Value { message }) => format!("{}!{message}", results.join(" ")),
            Err(fault) => panic!("{text}: {fault:?}"),
        }
    }

    #[test]
    fn filters_give_results() {
        for (text, input, results) in [
            (".", r#"{"z":1,"a":[]}"#, r#"{"z":1,"a":[]}"#),
            (".[].id", r#"[{"id":1},{"id":"b"},{}]"#, r#"1 "b" null"#),
            ("empty", "1", ""),
            ("length", "[1,2]", "2"),
            ("keys_unsorted", r#"{"z":1,"a":2}"#, r#"["z","a"]"#),
            ("keys", r#"{"z":1,"a":2}"#, r#"["a","z"]"#),
            ("to_entries[0]", r#"{"z":1,"a":2}"#, r#"{"key":"z","value":1}"#),
            ("with_entries(.value += 1)", r#"{"z":1,"a":2}"#, r#"{"z":2,"a":3}"#),
            (".", "100000000000000000000.50", "100000000000000000000.50"),
            (". + 1", "12345678901234567890123", "12345678901234567890124"),
            (". / 2, . / 4", "6", "3 1.5"),
            (".a, .b", r#"{"a":21.60,"b":-0}"#, "21.60 -0"),
            ("map(select(.on) | .n) | join(\",\")", r#"[{"n":"a","on":true},{"n":"b"}]"#, r#""a""#),
            ("INDEX(.id) | keys_unsorted", r#"[{"id":2},{"id":1}]"#, r#"["2","1"]"#),
            ("INDEX(.[]; .id)[\"1\"].n", r#"[{"id":1,"n":"x"}]"#, r#""x""#),
            (".[] | IN(1, 2)", "[1,3]", "true false"),
            ("IN(.[]; 3), IN(.[]; 4)", "[1,3]", "true false"),
            ("toarray, (.[0] | toarray)", "[1]", "[1] [1]"),
            ("@csv", r#"["a\"b",1,null,true,2.50]"#, r#""\"a\"\"b\",1,,true,2.50""#),
            ("@tsv", r#"["a\tb\\",1,null]"#, r#""a\\tb\\\\\t1\t""#),
            ("@base64, @sh, @uri", r#""a b""#, r#""YSBi" "'a b'" "a%20b""#),
            ("test(\"^web\"), sub(\"we\"; \"WE\")", r#""web1""#, r#"true "WEb1""#),
            (
                "group_by(.c) | map({c: .[0].c, n: length})",
                r#"[{"c":2},{"c":1},{"c":2}]"#,
                r#"[{"c":1,"n":1},{"c":2,"n":2}]"#,
            ),
            ("todate", "0", r#""1970-01-01T00:00:00Z""#),
            (".[] | halt", "[1,2]", ""),
            (".[] | debug", "[1,2]", "1 2"),
            (".a?", "1", ""),
            ("try error(\"x\") catch .", "1", r#""x""#),
            ("# a remark\n.", "1", "1"),
            (".a", "1", "!cannot index 1 with \"a\""),
            (".[] | if . > 1 then error(\"too many\") else . end", "[1,2]", "1!too many"),
            (".a", "[1]", "!cannot index [1] with \"a\""),
            (".a", "[11111111111111111111,[22222222222222222222]]", "!cannot index […] with \"a\""),
            (". + 1", "{\"a\":\"]11111111111111111111111111111111111\"}", "!cannot calculate {…} + 1"),
            ("error", "[11111111111111111111,22222222222222222222]", "![11111111111111111111,22222222222222222222]"),
            ("error(\"[x\")", "1", "![x"),
            ("halt_error", "1", "!it halted with 5"),
            (".used / .total", r#"{"used":5,"total":0}"#, "!a number cannot be divided by 0"),
            (".used / .total", r#"{"used":5,"total":2}"#, "2.5"),
            (".[] |= (1 / .)", "[2,0.0]", "!a number cannot be divided by 0"),
            (".a /= 0", r#"{"a":1}"#, "!a number cannot be divided by 0"),
            (".a %= 0", r#"{"a":1}"#, "!a number cannot be divided by 0"),
            ("[1 % 0]", "1", "!a number cannot be divided by 0"),
            ("def f: 1 / 0; f", "1", "!a number cannot be divided by 0"),
            ("{a: (1 / 0)}, 2", "1", "!a number cannot be divided by 0"),
            ("\"\\(1 / 0)\"", "1", "!a number cannot be divided by 0"),
            ("if 1 / 0 > 1 then 1 end", "1", "!a number cannot be divided by 0"),
            ("reduce .[] as $x (1; . / $x)", "[2,0]", "!a number cannot be divided by 0"),
            (". as [$x] | .[1 / $x]", "[0]", "!a number cannot be divided by 0"),
            ("map(1 / .)", "[0]", "!a number cannot be divided by 0"),
            ("try (1 / 0) catch .", "1", r#""a number cannot be divided by 0""#),
            ("-(1 / 0)", "1", "!a number cannot be divided by 0"),
            ("[(1,2) / (1,2)]", "1", "[1,0.5,2,1]"),
            ("\"a,b\" / \",\"", "1", r#"["a","b"]"#),
            ("7 % 4, 6 / 3", "1", "3 2"),
            ("del(.[1, 2]), del(.[2, 0])", "[1,2,3,4]", "[1,4] [2,4]"),
            ("del(.[7], .[0], .[0]), del(.[1:])", "[1,2]", "[2] [1]"),
            ("del(.a.b, .c), del(..|.a?)", r#"{"a":null,"c":1}"#, r#"{"a":null} {"c":1}"#),
            ("del(.a), del(.)", "null", "null null"),
            ("del(.a)", "[1]", "!cannot index [1] with \"a\""),
            ("ltrimstr(\"éa\", 1), rtrimstr(\"b\", 1, \"\")", r#""éab""#, r#""b" "éab" "éa" "éab" "éab""#),
            ("ltrimstr(\"a\"), rtrimstr(\"a\"), abs", "1.50", "1.50 1.50 1.50"),
            ("trimstr(\"x\")", r#""xax""#, r#""a""#),
            ("map(abs)", "[-1,0,-2.50]", "[1,0,2.50]"),
            ("abs", "{}", "!{} has no absolute value"),
            ("[leaf_paths]", r#"{"a":[1,{"b":2}]}"#, r#"[["a",0],["a",1,"b"]]"#),
            ("[nan, infinite]", "1", "[null,null]"),
            ("[(1,2) < (1,2)]", "1", "[false,true,false,false]"),
            (".[] < 86400", r#"["1970-01-01","1970-01-02T00:00:00Z",5,"x",null]"#, "true false true false true"),
            ("86400 >= .[]", r#"["1970-01-01T12:00:00","1970-01-02T01:00:00+01:00","1970-01-03"]"#, "true true false"),
            (".[0] < .[1]", r#"["2027-01-05T00:00:00","2027-01-05T00:00:00Z"]"#, "true"),
            (
                ".[] | todate",
                r#"[0,"1970-01-02","1970-01-02T00:00:01Z"]"#,
                r#""1970-01-01T00:00:00Z" "1970-01-02" "1970-01-02T00:00:01Z""#,
            ),
            (".[] | fromdate", r#"["1970-01-02","1970-01-02T00:00:01","1970-01-02T00:00:02Z"]"#, "86400 86401 86402"),
            ("[\"a\" < \"b\", 2 > 1, null < 0, [1] < {}]", "1", "[true,true,true,true]"),
            (
                "(now + 86400 | todate) as $on | [$on | within(\"2d\"), within(\"1h\"), within(\"-2d\"), within(\"1y\")]",
                "1",
                "[true,false,false,true]",
            ),
            (
                "(now - 86400 | todate) as $on | [$on | within(\"2d\"), within(\"-12h\"), within(\"-2d\"), within(-90000)]",
                "1",
                "[false,false,true,true]",
            ),
            // A day is over when its last second is.
            ("(now | todate[:10]) | [within(\"1d\"), within(\"-1d\")]", "1", "[true,true]"),
            ("(now | todate[:10]) + \"T00:00:00\" | within(\"1d\")", "1", "true"),
            ("[.[] | within(\"1d\")]", r#"[null,"",0]"#, "[false,false,false]"),
            (".[] | within(\"1d\")", r#"["soon"]"#, "!soon is no date"),
            (
                "\"2027-01-01\" | within(\"soon\")",
                "1",
                "!soon is no length of time: it is written like 60d, 12h or -7d",
            ),
            (
                "[(now - 200000, now + 200000, now - 90, now - 5000, now + 86400*400 + 60) | todate | ago]",
                "1",
                r#"["2 days ago","in 2 days","1 minute ago","1 hour ago","in 400 days"]"#,
            ),
            ("null | ago", "1", "null"),
            ("[null, \"\"] | map(ago)", "1", "[null,null]"),
            ("@csv", "1", "!1 is no row: a list belongs here"),
            ("@csv", "[[]]", "![] cannot stand in a cell"),
        ] {
            assert_eq!(filtered(text, input), results, "{text}");
        }
    }

    #[test]
    fn faults_have_positions() {
        for (text, place, message, hint) in [
            (".a | nope", (5, 9), "there is no filter `nope`", None),
            (".a | lenght", (5, 11), "there is no filter `lenght`", Some("did you mean length?")),
            ("\"é\" | selct(.a)", (7, 12), "there is no filter `selct`", Some("did you mean select?")),
            (
                ".a | map",
                (5, 8),
                "`map` takes 1 argument, not 0",
                Some("arguments are written in (…), separated by `;`"),
            ),
            ("$x", (0, 2), "there is no variable `$x`", None),
            ("break $x", (6, 8), "there is no label `$x`", None),
            ("m::f", (0, 1), "there is no module `m`", None),
            ("{a: }", (4, 5), "a filter such as . or .name belongs here", None),
            (".a[", (3, 3), "a `[` is still open here", None),
            ("(.a]", (3, 4), "a `(` is still open here", None),
            (".a]", (2, 3), "this means nothing in a filter", None),
            ("\"a", (2, 2), "a `\"` is still open here", None),
            ("\"\\q\"", (2, 3), "no such escape in a text", None),
            ("", (0, 0), "the filter stops where a filter such as . or .name belongs", None),
            (".a |", (4, 4), "the filter stops where a filter such as . or .name belongs", None),
            ("if . then 1", (11, 11), "the filter stops where `else` or `end` belongs", None),
            (".a b", (3, 4), "the filter should end here", None),
            ("@nope", (0, 5), "there is no filter `@nope`", None),
            ("$ENV.KEY", (0, 4), "`$ENV` is not allowed here: a filter sees the result and nothing else", None),
            ("env", (0, 3), "`env` is not allowed here: a filter sees the result and nothing else", None),
            ("[., input]", (4, 9), "`input` is not allowed here: a filter sees the result and nothing else", None),
            ("import \"a\" as a; .", (8, 9), "a filter cannot load other files", None),
            ("import \"a\" as $a; .", (8, 9), "a filter cannot load other files", None),
            ("include \"a\"; .", (9, 10), "a filter cannot load other files", None),
        ] {
            let expected = Fault::Text { message: message.into(), place, hint: hint.map(str::to_owned) };
            assert_eq!(Compiled::of(text).err(), Some(expected), "{text}");
        }
    }

    fn any_text() -> impl Strategy<Value = String> {
        let pieces = [
            ".",
            ".a",
            "[",
            "]",
            "(",
            ")",
            "{",
            "}",
            "|",
            ",",
            "if ",
            "then ",
            "end",
            "def f: ",
            "; ",
            " as $x",
            "$x",
            "\"",
            "\\(",
            "map",
            "nope",
            "@csv",
            "@nope",
            "é",
            "\u{1f600}",
            "1",
            "0.",
            "-",
            "?",
            "//",
            "import \"a\" as $a;",
            "#",
            "\n",
        ];
        prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_fault_is_inside_the_filter(text in any_text()) {
            if let Err(fault) = Compiled::of(&text) {
                let Fault::Text { place: (start, end), message, .. } = fault else { panic!("{text}: {fault:?}") };
                prop_assert!(start <= end && text.get(start..end).is_some() && !message.is_empty(), "{}: {:?}", text, (start, end));
            }
        }
    }
}
