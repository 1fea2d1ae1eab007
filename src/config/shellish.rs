//! Advice for a `key_command` written for a shell: it runs without one.

/// Programs that interpret their arguments like a shell.
const SHELLS: [&str; 8] = ["sh", "bash", "dash", "zsh", "ksh", "fish", "busybox", "env"];

/// Advice for a command that failed, if it contains characters that only a shell understands.
pub(super) fn advice(command: &str) -> Option<String> {
    let program = command.split_whitespace().next().unwrap_or_default();
    if SHELLS.contains(&program.rsplit('/').next().unwrap_or_default()) {
        return None;
    }
    let signs = signs(command);
    if signs.is_empty() {
        return None;
    }
    let quoted: Vec<String> = signs.iter().map(|sign| format!("`{sign}`")).collect();
    let have = if let [_] = quoted.as_slice() { "has" } else { "have" };
    Some(format!("no shell runs it, so {} {have} no meaning in it; put sh -c '…' around it", quoted.join(" and ")))
}

/// The unquoted characters and words that a shell would interpret, each once, in order.
fn signs(command: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let (mut quote, mut before) = (None, ' ');
    let mut rest = command.char_indices();
    while let Some((at, c)) = rest.next() {
        let sign = match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => {
                quote = None;
                None
            }
            (Some('\''), _) => None,
            (_, '\\') => {
                rest.next();
                None
            }
            (_, '$') => Some(word(command.get(at..).unwrap_or_default())),
            (_, '`') => Some("`".to_owned()),
            (Some(_), _) => None,
            (None, '\'' | '"') => {
                quote = Some(c);
                None
            }
            (None, '|' | '&' | ';' | '<' | '>' | '*') => Some(c.to_string()),
            (None, '~') if before.is_whitespace() => Some(c.to_string()),
            (None, _) => None,
        };
        found.extend(sign.filter(|sign| !found.contains(sign)));
        before = c;
    }
    found
}

/// `$HOME` of `$HOME/key`.
fn word(text: &str) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.chars().take(1).chain(text.chars().skip(1).take_while(|c| is_name(*c))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shell_syntax_is_found_where_a_shell_would_interpret_it() {
        for (command, found) in [
            ("pass show x | head -n 1", "|"),
            ("cat ~/kf", "~"),
            ("cat $HOME/kf ~/kf", "$HOME ~"),
            ("cat \"$HOME/kf\"", "$HOME"),
            ("echo `date`; echo `id`", "` ;"),
            ("a && b > c", "& >"),
            ("cat keys/*", "*"),
            ("awk '{print $1}' 'a|b'", ""),
            ("cat a\\ b \\| \\$x", ""),
            ("cat a~b", ""),
            ("pass show x", ""),
            ("", ""),
        ] {
            assert_eq!(signs(command).join(" "), found, "{command}");
        }
        let told = advice("cat ~/kf | head").unwrap();
        assert_eq!(told, "no shell runs it, so `~` and `|` have no meaning in it; put sh -c '…' around it");
        for command in ["sh -c 'a | b'", "/bin/bash -c \"cat $HOME/kf\"", "pass show x"] {
            assert_eq!(advice(command), None, "{command}");
        }
    }
}
