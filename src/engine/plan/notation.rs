//! The request of a call as a command line or as HTTP. The same encoder makes it as for sending. Each secret is
//! replaced by the name of a shell variable, so that the text can be passed on and still be run.

use std::collections::BTreeSet;

use crate::engine::accounts::grant::TOKEN;
use crate::engine::accounts::target::Target;
use crate::engine::call::exchange::Exchange;
use crate::engine::state::error::CallError;
use lang::Word;
use model::escape::{Escape, form, unform};
use model::grant::HandshakeRule;
use model::http::{Body, Part, Request, split};
use model::provider::{AuthScheme, Variable};
use model::suggest::{nearest, phrase};
use model::{Arguments, Call, Secret, Value};

/// The variable that the key is taken from.
const KEY: &str = "MARSH_KEY";

/// The forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A command line for `sh`.
    Curl,
    /// The text of the message.
    Http,
}

impl Form {
    const NAMES: [(&'static str, Form); 2] = [("curl", Form::Curl), ("http", Form::Http)];

    /// The form with that name.
    pub(crate) fn named(word: &Word) -> Result<Form, CallError> {
        let (name, names) = (word.text(), forms);
        let found = Form::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, form)| form);
        found.ok_or_else(|| CallError::Usage {
            message: format!(
                "a request cannot be shown as `{name}`, only as {}",
                names().collect::<Vec<_>>().join(" or ")
            ),
            span: Some(word.span),
            hint: phrase(&nearest(&name, names())),
        })
    }
}

/// The names of the forms.
pub fn forms() -> impl Iterator<Item = &'static str> {
    Form::NAMES.into_iter().map(|(name, _)| name)
}

/// Prints a request in a form. Notes explain its variables.
pub(crate) fn show(exchange: Exchange<'_>, call: &Call, request: &Request, form: Form) -> Result<(), CallError> {
    let target = &exchange.account.target;
    let keyed = exchange.account.sends_key() && !target.is_free(&call.method);
    if keyed && target.auth.needs_user() {
        return Err(CallError::NoUser { profile: target.profile.clone() });
    }
    let provider = exchange.source.provider();
    let (variables, handshake) = (&provider.variables, provider.handshake.as_ref());
    let mut writer = Writer { call, target, keyed, variables, handshake, secrets: Vec::new(), notes: BTreeSet::new() };
    let text = match form {
        Form::Curl => writer.curl(request)?,
        Form::Http => writer.http(request),
    };
    for note in writer.notes {
        exchange.console.note(&format!("note: {note}"));
    }
    exchange.console.result(&exchange.redactor.apply(&text)).map_err(CallError::Output)
}

/// A piece of text, or a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Variable(String),
}

/// The parts of one word of a command.
type Pieces = Vec<Piece>;

struct Writer<'w> {
    call: &'w Call,
    target: &'w Target,
    /// A key is sent: services that may need none are called without one if there is none.
    keyed: bool,
    variables: &'w [Variable],
    /// How the service hands out a token, if it does.
    handshake: Option<&'w HandshakeRule>,
    /// The secrets with a variable, in the order of their numbers.
    secrets: Vec<Secret>,
    notes: BTreeSet<String>,
}

impl Writer<'_> {
    fn curl(&mut self, request: &Request) -> Result<String, CallError> {
        let body = request.body.parts();
        let url = quoted(&self.url(request))?;
        // To curl, brackets, as in an IPv6 address, mean several addresses.
        let curl = if url.contains(['[', '{']) { "curl -sSg" } else { "curl -sS" };
        let mut words = vec![match (request.verb, body) {
            ("GET", []) => format!("{curl} {url}"),
            (verb, _) => format!("{curl} -X {verb} {url}"),
        }];
        let mut options: Vec<(&str, Pieces)> = self.login().map(|login| ("-u", login)).into_iter().collect();
        options.extend(self.headers().into_iter().map(|value| ("-H", value)));
        let ca = self.target.ca.as_ref().map(|path| path.display().to_string());
        options.extend(ca.map(|path| ("--cacert", vec![Piece::Text(path)])));
        let header = |text: String| ("-H", vec![Piece::Text(text)]);
        options.extend(request.headers.iter().map(|(name, value)| header(format!("{name}: {value}"))));
        let is_form = request.headers.iter().any(|(name, value)| *name == "content-type" && value.starts_with(FORM));
        match body {
            [] if request.verb == "GET" => {}
            [Part::File(file)] => options.push(("--data-binary", vec![Piece::Text(format!("@{}", file.path))])),
            body if body.iter().any(|part| matches!(part, Part::File(_) | Part::Bytes(_))) => {
                return Err(CallError::usage_of(
                    "a body with files in it cannot be shown as a command; --as http shows it".into(),
                ));
            }
            [] => options.push(header("content-length: 0".to_owned())),
            body if is_form => options.extend(self.fields(body)),
            body => options.push(("--data-binary", self.pieces(body))),
        }
        for (option, word) in options {
            words.push(format!("{option} {}", quoted(&word)?));
        }
        Ok(words.join(" \\\n  ") + "\n")
    }

    fn http(&mut self, request: &Request) -> String {
        let url = plain(&self.url(request));
        let (origin, path) = split(&url);
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        let path = if path.is_empty() { "/" } else { path };
        let mut text = format!("{} {path} HTTP/1.1\nHost: {host}\n", request.verb);
        if let Some(login) = self.login() {
            text.push_str(&format!("Authorization: Basic base64({})\n", plain(&login)));
        }
        text.extend(self.headers().iter().map(|value| plain(value) + "\n"));
        for (name, value) in &request.headers {
            text.push_str(&format!("{name}: {value}\n"));
        }
        let body = self.pieces(request.body.parts());
        if let Some(length) = request.body.length().filter(|_| !body.is_empty()) {
            text.push_str(&format!("content-length: {length}\n"));
        }
        text.push_str(&format!("\n{}", plain(&body)));
        if text.ends_with('\n') { text } else { text + "\n" }
    }

    /// User name and password of HTTP Basic.
    fn login(&mut self) -> Option<Pieces> {
        let auth = self.target.auth_for(&self.call.method);
        let mut parts = auth.parts().filter(|part| part.scheme == AuthScheme::Basic && self.keyed);
        let template = parts.next().map(|part| format!("{}:{}", part.user, part.password))?;
        Some(self.placed(&template))
    }

    /// The headers with the key, but for that of HTTP Basic, and the one with the token of a handshake.
    fn headers(&mut self) -> Vec<Pieces> {
        let (target, keyed) = (self.target, self.keyed);
        let headers = target.auth_for(&self.call.method).headers().into_iter().filter(|_| keyed);
        let all: Vec<String> = headers.map(|(name, template)| format!("{name}: {template}")).collect();
        let token = self.handshake.map(|rule| format!("{}: {{{TOKEN}}}", rule.header));
        all.into_iter().chain(token).map(|template| self.placed(&template)).collect()
    }

    /// A template with a variable for each of its places.
    fn placed(&mut self, template: &str) -> Pieces {
        let mut body = Body::default();
        body.credential(template, Escape::Nothing);
        self.pieces(body.parts())
    }

    /// What the secret of a place is.
    fn secret(&self, name: &str) -> String {
        let auth = &self.target.auth;
        if let Some(rule) = self.handshake.filter(|_| name == TOKEN) {
            return format!("the {} of the service's last refusal (HTTP {})", rule.header, rule.status);
        }
        let session = auth.session.as_ref().filter(|rule| rule.takes.contains_key(name));
        match (auth.secrets.get(name), session) {
            (Some(title), _) => format!("the account's {title}"),
            (None, Some(rule)) => format!("what {} returns", rule.login),
            (None, None) => format!("{name} as Base64: {}", auth.base64),
        }
    }

    /// The address, with the key if it is sent there.
    fn url(&mut self, request: &Request) -> Pieces {
        let (target, keyed) = (self.target, self.keyed);
        let auth = target.auth_for(&self.call.method);
        let mut pieces = self.told_later(&auth.without_credentials(&request.url));
        let mut mark = if request.url.contains('?') { "&" } else { "?" };
        for (name, template) in auth.queries().into_iter().filter(|_| keyed) {
            let mut place = Body::default();
            place.push(&format!("{mark}{}=", form(name)));
            place.credential(template, Escape::Form);
            pieces.extend(self.pieces(place.parts()));
            mark = "&";
        }
        pieces
    }

    /// A text with variables for parts that the service has not returned yet.
    fn told_later(&mut self, text: &str) -> Pieces {
        let mut pieces = vec![Piece::Text(text.to_owned())];
        for variable in self.variables {
            let place = format!("{{{}}}", variable.name);
            if !text.contains(&place) || self.target.variables.contains_key(&variable.name) {
                continue;
            }
            let name: String = variable
                .name
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
                .collect();
            let (field, method) = (&variable.field, &variable.method);
            self.notes.insert(format!(
                "${name} is the {field} that {method} returns: `{method} -q .{field} -o value` shows it"
            ));
            let fill = |piece: Piece| match piece {
                Piece::Text(text) => filled(&text, &place, &name),
                variable @ Piece::Variable(_) => vec![variable],
            };
            pieces = pieces.into_iter().flat_map(fill).collect();
        }
        pieces
    }

    /// A body as it is.
    fn pieces(&mut self, parts: &[Part]) -> Pieces {
        let mut pieces = Pieces::new();
        for part in parts {
            match part {
                Part::Plain(text) => pieces.extend(self.told_later(text)),
                other => pieces.push(self.piece(other, |_| true)),
            }
        }
        pieces
    }

    /// The fields of a form: those with a variable separately, for curl to encode, and the others unchanged.
    fn fields(&mut self, parts: &[Part]) -> Vec<(&'static str, Pieces)> {
        let mut fields = vec![Pieces::new()];
        for part in parts {
            // A secret is encoded by curl, when its value is known.
            let piece = self.piece(part, |escape| escape != Escape::Form);
            let Piece::Text(text) = piece else {
                fields.last_mut().into_iter().for_each(|field| field.push(piece.clone()));
                continue;
            };
            for (nth, stretch) in text.split('&').enumerate() {
                if nth > 0 {
                    fields.push(Pieces::new());
                }
                fields.last_mut().into_iter().for_each(|field| field.push(Piece::Text(stretch.to_owned())));
            }
        }
        let mut options: Vec<(&'static str, Pieces)> = Vec::new();
        for field in fields {
            let is_plain = field.iter().all(|piece| matches!(piece, Piece::Text(_)));
            match (is_plain, options.last_mut()) {
                (true, Some(("--data-binary", before))) => {
                    before.push(Piece::Text("&".to_owned()));
                    before.extend(field);
                }
                (true, _) => options.push(("--data-binary", field)),
                (false, _) => options.push(("--data-urlencode", decoded(field))),
            }
        }
        options
    }

    /// A part as text or as a variable. `matters` says which notations around a secret must be mentioned to the user.
    fn piece(&mut self, part: &Part, matters: impl Fn(Escape) -> bool) -> Piece {
        let (name, what, escapes) = match part {
            Part::Plain(text) => return Piece::Text(text.clone()),
            Part::Bytes(bytes) => return Piece::Text(format!("({} bytes)", bytes.len())),
            Part::File(file) => return Piece::Text(format!("({file})")),
            Part::Key(escapes) => (KEY.to_owned(), "the key".to_owned(), escapes),
            Part::Named(name, escapes) => (variable(name), self.secret(name), escapes),
            Part::Sealed(secret, escapes) => (self.number(secret), self.called(secret), escapes),
        };
        let notations: Vec<&str> = escapes.iter().filter(|escape| matters(**escape)).filter_map(notation).collect();
        let written = match notations.as_slice() {
            [] => String::new(),
            notations => format!(", as {} writes it", notations.join(" inside ")),
        };
        if name != KEY || !written.is_empty() {
            self.notes.insert(format!("${name} is {what}{written}"));
        }
        Piece::Variable(name)
    }

    /// The variable of a secret.
    fn number(&mut self, secret: &Secret) -> String {
        let known = self.secrets.iter().position(|known| known == secret);
        let at = known.unwrap_or_else(|| {
            self.secrets.push(secret.clone());
            self.secrets.len() - 1
        });
        format!("SECRET_{}", at + 1)
    }

    /// The parameter that a secret was given for.
    fn called(&self, secret: &Secret) -> String {
        let Arguments::Named(given) = &self.call.arguments else { return "a secret of the line".to_owned() };
        let name = given.iter().find(|(_, value)| holds(value, secret)).map(|(name, _)| name);
        name.map_or_else(|| "a secret of the line".to_owned(), |name| format!("the value of {name}"))
    }
}

/// The variable of a secret with this name.
fn variable(name: &str) -> String {
    format!("MARSH_SECRET_{}", name.to_ascii_uppercase())
}

/// The beginning of the media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

fn holds(value: &Value, secret: &Secret) -> bool {
    match value {
        Value::Secret(own) => own == secret,
        Value::List(list) => list.iter().any(|member| holds(member, secret)),
        Value::Map(map) => map.iter().any(|(_, member)| holds(member, secret)),
        _ => false,
    }
}

fn notation(escape: &Escape) -> Option<&'static str> {
    match escape {
        Escape::Nothing => None,
        Escape::Xml | Escape::XmlAttribute => Some("XML"),
        Escape::Json => Some("JSON"),
        Escape::Form => Some("a form"),
    }
}

/// A text with a variable at some positions.
fn filled(text: &str, place: &str, variable: &str) -> Pieces {
    let mut pieces = Pieces::new();
    for (nth, stretch) in text.split(place).enumerate() {
        if nth > 0 {
            pieces.push(Piece::Variable(variable.to_owned()));
        }
        if !stretch.is_empty() {
            pieces.push(Piece::Text(stretch.to_owned()));
        }
    }
    pieces
}

/// A field with its content decoded. Its name stays encoded.
fn decoded(field: Pieces) -> Pieces {
    let mut behind_name = false;
    let plain = |piece: Piece| match piece {
        Piece::Text(text) if behind_name => Piece::Text(unform(&text)),
        Piece::Text(text) => match text.split_once('=') {
            Some((name, content)) => {
                behind_name = true;
                Piece::Text(format!("{name}={}", unform(content)))
            }
            None => Piece::Text(text),
        },
        variable @ Piece::Variable(_) => variable,
    };
    field.into_iter().map(plain).collect()
}

/// As one word for `sh`.
fn quoted(word: &[Piece]) -> Result<String, CallError> {
    let nul = |_| CallError::usage("the request contains a NUL, which no shell can pass on", None);
    let (mut out, mut text) = (String::new(), String::new());
    for piece in word {
        match piece {
            Piece::Text(more) => text.push_str(more),
            Piece::Variable(name) => {
                if !text.is_empty() {
                    out.push_str(&shlex::try_quote(&std::mem::take(&mut text)).map_err(nul)?);
                }
                out.push_str(&format!("\"${name}\""));
            }
        }
    }
    if out.is_empty() || !text.is_empty() {
        out.push_str(&shlex::try_quote(&text).map_err(nul)?);
    }
    Ok(out)
}

/// As text for people.
fn plain(word: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Variable(name) => format!("${name}"),
    };
    word.iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_one_word_to_a_shell() {
        let text = |text: &str| Piece::Text(text.to_owned());
        let key = || Piece::Variable(KEY.to_owned());
        for (word, shown) in [
            (vec![text("plain")], "plain"),
            (vec![], "''"),
            (vec![text("it's"), text(" $x")], r#""it's "'$x'"#),
            (vec![key(), text(":")], r#""$MARSH_KEY":"#),
            (vec![text("a=b c"), key()], r#"'a=b c'"$MARSH_KEY""#),
            (vec![text("{\"k\":\""), key(), text("\"}")], r#"'{"k":"'"$MARSH_KEY"'"}'"#),
        ] {
            assert_eq!(quoted(&word).unwrap(), shown);
        }
        assert!(quoted(&[text("a\0b")]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn a_shell_reads_the_text_that_was_meant(text in "[^\0]*") {
            let word = quoted(&[Piece::Text(text.clone())]).unwrap();
            proptest::prop_assert_eq!(shlex::split(&word), Some(vec![text]));
        }
    }

    #[test]
    fn a_field_is_plain_for_who_encodes_it() {
        let field =
            vec![Piece::Text("a%5B0%5D=x%26y+z%3D".into()), Piece::Variable(KEY.into()), Piece::Text("%25".into())];
        assert_eq!(plain(&decoded(field)), "a%5B0%5D=x&y z=$MARSH_KEY%");
        assert_eq!(plain(&filled("{key}:{key}", "{key}", KEY)), "$MARSH_KEY:$MARSH_KEY");
    }
}
