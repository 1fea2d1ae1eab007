//! Properties that hold for any text.

use proptest::prelude::*;

use super::*;
use model::{Diagnostic, Span};

/// One of the texts between broken bars.
fn one_of(texts: &'static str) -> impl Strategy<Value = String> {
    prop::sample::select(texts.split('¦').collect::<Vec<_>>()).prop_map(str::to_owned)
}

/// Texts made only of characters with a meaning, to combine them.
fn special() -> impl Strategy<Value = String> {
    let sign = "[xé5?:=.$!(){}\\[\\]'\"\\\\\n\r\t ,;#|>\x07-]";
    let long = "work:¦call ¦call GET /x¦ POST ¦(int)¦(list)¦(json)¦(null)¦(string)¦(list:int)¦-o¦-x¦--output¦--xml¦|!¦let x = ¦save x ¦!ls -l¦>!¦| each ¦|each¦{a.b}¦''¦'a b'¦{\"a\": [1]}";
    prop::collection::vec(prop_oneof![sign, one_of(long), one_of(" ¦\\\n¦\\\r\n¦, ¦ ,")], 0..14)
        .prop_map(|parts| parts.concat())
}

/// Words of all kinds in any order, some of them without a space between.
fn mixed() -> impl Strategy<Value = String> {
    let words = " $_.a[0]¦ $x¦ '$_'¦ \\$_¦$¦a¦ b¦ é¦ ,b¦ a,¦ , ¦ 'q'¦ \"it's\"¦\\ ¦''¦'¦ #c¦\n¦; y¦:¦?";
    let tagged = " (list)a¦ (list) a,¦ (list)'a,¦ (int)-5¦ (null)¦ (string)-x¦ (string)(a)#¦ (json)[1, 2]¦ (json){}";
    let others = " -x¦ -ojson¦ -o ,c¦ --output='a b'¦ --output=-x¦ --output=¦ -o=¦ | f¦ | each y a {b}¦ | each¦ | 'each'¦ > each¦ {c}¦ >! -¦|!c '\n'";
    prop::collection::vec(prop_oneof![one_of(words), one_of(tagged), one_of(others)], 1..8)
        .prop_map(|words| "x".to_owned() + &words.concat())
}

/// Texts that are mostly valid lines.
fn typed() -> impl Strategy<Value = String> {
    let tags = ["", "(string)", "(INT) ", "(list)", "(list:int)", "(json)", "(file)", ""];
    let ends = [" | f", " > 'a b' -x", ">>f", " >!f", " |! jq '.a\n'", " -o json", "", ""];
    let value = prop_oneof![
        "[a-z0-9.:=*$-]{1,6}",
        "\\PC{0,8}".prop_map(|text| literal::quote(&text)),
        "[a-c]{0,2}(, ?('[a,. ]{0,3}'|[a-c]{1,2})){1,3}",
        special().prop_map(|text| literal::quote(&text)),
    ];
    let item = ("[a-z]{1,4}", prop::sample::select(tags.to_vec()), value);
    let heads = prop::sample::select(vec!["work:a.b", "call a.b", "work:call PUT /a/{b}?c", "call GET '/a b'", "call"]);
    (heads, prop::collection::vec(item, 0..5), prop::sample::select(ends.to_vec())).prop_map(|(head, items, end)| {
        let items: String = items.into_iter().map(|(name, tag, value)| format!(" {name} {tag}{value}")).collect();
        format!("{head}{items}{end}")
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), special(), mixed(), typed()]
}

/// The meaning of a line, and of the call for each member of its result.
fn meaning(line: &Line, quoting: bool) -> impl PartialEq + std::fmt::Debug + use<> {
    let each = line.each.iter().map(|each| of_one(each, quoting));
    [of_one(line, quoting)].into_iter().chain(each).collect::<Vec<_>>()
}

/// Everything except positions, and how a list separates its members.
fn of_one(line: &Line, quoting: bool) -> impl PartialEq + std::fmt::Debug + use<> {
    let word = move |word: &Word| (word.text(), quoting && word.is_bare());
    let item = |item: &Item| match item.tag.as_ref().map(|tag| tag.kind) {
        Some(kind @ TagKind::List(_)) => (Some(kind), item.word.members().iter().map(word).collect()),
        kind => (kind, vec![word(&item.word)]),
    };
    let option = |given: &OptionUse| (given.option.long, given.value.as_ref().map(word));
    let redirect = line
        .redirect
        .as_ref()
        .map(|Redirect { kind, .. }| (kind.symbol(), kind.file().map(word), kind.command().map(str::to_owned)));
    let items: Vec<_> = line.items.iter().map(item).collect();
    let options: Vec<_> = line.options.iter().map(option).collect();
    let raw = line.raw.as_ref().map(|raw| (word(&raw.word), raw.verb.as_ref().map(word)));
    let own = line.own.as_ref().map(|own| own.text.clone());
    let accounts = line.accounts.as_ref().map(word);
    (accounts, line.profile.as_ref().map(word), raw, word(&line.head), items, options, (redirect, own))
}

fn places(line: &Line) -> Vec<Span> {
    let mut places = vec![line.span, line.head.span];
    places.extend(line.profile.as_ref().map(|profile| profile.span));
    for item in &line.items {
        places.push(item.word.span);
        places.extend(item.tag.as_ref().map(|tag| tag.span));
        places.extend(item.word.members().iter().map(|member| member.span));
    }
    for given in &line.options {
        places.push(given.span);
        places.extend(given.value.as_ref().map(|value| value.span));
    }
    places.extend(line.redirect.as_ref().map(|redirect| redirect.span));
    places.extend(line.each.iter().flat_map(|each| self::places(each)));
    match line.pairs() {
        Ok(pairs) => places.extend(pairs.iter().map(|pair| pair.name.span)),
        Err(error) => places.extend(error.span()),
    }
    places
}

/// The variables used as values, with their paths.
fn variables(line: &Line) -> Vec<(String, Vec<Segment>)> {
    let words = line.items.iter().flat_map(|item| match item.is_list() {
        true => item.word.members(),
        false => vec![item.word.clone()],
    });
    let found = words.filter_map(|word| Variable::of(&word)?.ok());
    found.map(|variable| (variable.name, variable.path)).collect()
}

fn is_inside(span: &Span, text: &str) -> bool {
    text.get(span.range()).is_some()
}

/// The line that the text parses to; fails the test if there is not exactly one.
fn reread(text: &str) -> Result<Line, TestCaseError> {
    match parse(text) {
        Ok(lines) if lines.len() == 1 => Ok(lines[0].clone()),
        other => Err(TestCaseError::fail(format!("{text:?} reads as {other:?}"))),
    }
}

proptest! {
    #[test]
    fn a_line_has_the_same_tokens_alone_as_in_its_text(texts in prop::collection::vec(any_text(), 1..3)) {
        let text = texts.join("\n");
        let (all, lines) = read(&text);
        prop_assert_eq!(&all, &tokens(&text));
        for line in lines.unwrap_or_else(|faults| faults.lines) {
            prop_assert_eq!(tokens_within(&all, line.span), tokens(&text[line.span.range()]), "{:?}", line.span);
        }
    }

    #[test]
    fn a_printed_line_reads_back(text in any_text()) {
        for line in parse(&text).unwrap_or_default() {
            let printed = line.to_string();
            let read = reread(&printed)?;
            prop_assert_eq!(meaning(&read, true), meaning(&line, true), "{:?}", printed);
            prop_assert_eq!(variables(&read), variables(&line), "{:?}", printed);
            prop_assert_eq!(read.to_string(), printed);
        }
    }

    #[test]
    fn separate_words_read_back(words in prop::collection::vec(any_text(), 0..6)) {
        let words = [vec!["x".to_owned()], words].concat();
        if let Ok((line, _)) = parse_words(&words) {
            let printed = line.to_string();
            let read = reread(&printed)?;
            prop_assert_eq!(meaning(&read, false), meaning(&line, false), "{:?}", printed);
            prop_assert_eq!(variables(&read), vec![]);
            let again = arguments(&line);
            let (same, _) = parse_words(&again).map_err(|error| TestCaseError::fail(format!("{again:?}: {error}")))?;
            prop_assert_eq!(meaning(&same, false), meaning(&line, false), "{:?}", again);
        }
    }

    #[test]
    fn positions_are_inside_the_text(text in any_text(), words in prop::collection::vec(any_text(), 0..6)) {
        match parse(&text) {
            Ok(lines) => prop_assert!(lines.iter().flat_map(places).all(|span| is_inside(&span, &text))),
            Err(error) => prop_assert!(error.span().is_some_and(|span| is_inside(&span, &text)), "{:?}", error),
        }
        match parse_words(&words) {
            Ok((line, joined)) => prop_assert!(places(&line).iter().all(|span| is_inside(span, &joined))),
            Err(error) => prop_assert!(error.span().is_some_and(|span| is_inside(&span, &words.join(" ")))),
        }
    }

    #[test]
    fn tokens_are_in_order(text in any_text()) {
        let tokens = tokens(&text);
        let mut end = 0;
        for token in &tokens {
            prop_assert!(token.span.start >= end && is_inside(&token.span, &text), "{:?}", tokens);
            end = token.span.end;
        }
        if parse(&text).is_ok() {
            prop_assert!(tokens.iter().all(|token| token.kind != TokenKind::Error), "{:?}", tokens);
        }
    }
}
