//! `system.methodHelp`: a text for people, in which authors describe parameters in one of four ways.

mod fields;
mod python;
mod sections;
mod words;

use super::text;
use crate::listed::Parameter;
use model::Type;

/// What a help text says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Help {
    /// The text without what is about parameters, which is in `params`.
    pub text: String,
    /// The parameters that it describes, in order.
    pub params: Vec<Parameter>,
}

/// Reads a help text: `@param TYPE NAME text`, `:param NAME: text`, a section `Args:` or `Parameters`, and a first line
/// that looks like a definition, `name(a, b=1)`. The definition gives the order, the rest types and words.
pub fn read(said: &str) -> Help {
    let whole = text::lines(said);
    let (definition, rest) = python::definition(&whole);
    let (rest, mut described) = fields::read(&rest);
    let rest = match described.is_empty() {
        true => {
            let (rest, found) = sections::read(&rest);
            described = found;
            rest
        }
        false => rest,
    };
    described.truncate(text::PARAMS);
    let params = match definition {
        Some(params) if !params.is_empty() => params.into_iter().map(|own| beside(own, &described)).collect(),
        _ => described,
    };
    Help { text: rest.trim().to_owned(), params: distinct(params) }
}

/// A parameter of a definition, with what the text says about it.
fn beside(own: Parameter, described: &[Parameter]) -> Parameter {
    let Some(said) = described.iter().find(|said| said.name == own.name) else { return own };
    let type_ = if own.type_ == Type::Any { said.type_.clone() } else { own.type_ };
    Parameter { type_, summary: said.summary.clone(), ..own }
}

/// None if two have the same name: it is unclear what is meant.
fn distinct(params: Vec<Parameter>) -> Vec<Parameter> {
    let twice = |(nth, one): (usize, &Parameter)| params.iter().skip(nth + 1).any(|other| other.name == one.name);
    if params.iter().enumerate().any(twice) { Vec::new() } else { params }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(help: &Help) -> String {
        let param = |it: &Parameter| {
            let star = if it.variadic { "*" } else { "" };
            let mark = if it.required { "!" } else { "" };
            format!("{star}{}{mark} {} ({})", it.name, it.type_, it.summary)
        };
        help.params.iter().map(param).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn every_way_of_describing_parameters_is_read() {
        for (said, text, params) in [
            // supervisor 4.3.0, rpcinterface.py, startProcess
            (
                " Start a process\n\n        @param string name Process name (or ``group:name``, or ``group:*``)\n        \
                 @param boolean wait Wait for process to be fully started\n        @return boolean result     Always true unless error\n\n        ",
                "Start a process",
                "name string (Process name (or ``group:name``, or ``group:*``)); wait boolean (Wait for process to be fully started)",
            ),
            (
                "Adds.\n\n@param int $a the first\n@param {number} b - the other",
                "Adds.",
                "a int (the first); b float (the other)",
            ),
            ("Adds.\n\n@param a the first", "Adds.", "a any (the first)"),
            (
                "Adds.\n\n:param int a: the first,\n    and more\n:param b: other\n:type b: str\n:returns: a sum",
                "Adds.",
                "a int (the first, and more); b string (other)",
            ),
            (
                "Adds.\n\nArgs:\n    a (int): the first\n        goes on\n    b (str, optional): the other\n    *rest: more\n\nReturns:\n    int: a sum",
                "Adds.\n\nReturns:\n    int: a sum",
                "a int (the first goes on); b string (the other); *rest list (more)",
            ),
            (
                "Adds.\n\nParameters\n----------\na : int\n    the first\nb : str, optional\n    the other\n\nReturns\n-------\nint",
                "Adds.\n\nReturns\n-------\nint",
                "a int (the first); b string (the other)",
            ),
            // Koji, kojixmlrpc.py, system_methodHelp
            (
                "getBuild(buildInfo, strict=False)\ndescription: Return information about a build",
                "description: Return information about a build",
                "buildInfo! any (); strict boolean ()",
            ),
            (
                "add(a: int, b: str = 'x', *more, **named) -> int\n\nAdds.\n:param b: words",
                "Adds.",
                "a! int (); b string (words); *more list ()",
            ),
            ("Just words (with a bracket)", "Just words (with a bracket)", ""),
            ("Now(a, b) we go on", "Now(a, b) we go on", ""),
            (":param a: one\n:param a: two", "", ""),
            ("", "", ""),
        ] {
            let help = read(said);
            assert_eq!((help.text.as_str(), shown(&help).as_str()), (text, params), "{said}");
        }
    }

    #[test]
    fn a_hostile_help_ends() {
        for said in [
            "@param int a\n".repeat(5_000),
            "(".repeat(50_000),
            "f(".to_owned() + &"a,".repeat(50_000),
            ":param ".repeat(9_000),
        ] {
            assert!(read(&said).params.len() <= text::PARAMS);
        }
    }
}
