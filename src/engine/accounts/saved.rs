//! The lines that are saved under a name, each with the account that it belongs to.

use std::collections::BTreeMap;

use crate::config::saved::{self, Saved};
use crate::engine::accounts::roster::Accounts;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use lang::Variable;
use model::{Diagnostic, Effect, Method, Param};

impl Accounts {
    /// Reads the saved lines again: another shell, or an editor, may have changed them.
    pub(crate) fn recall_saved(&mut self, console: &mut Console) {
        let Some(path) = &self.saved_lines else { return };
        let read = saved::read(path);
        let trouble = read.as_ref().err().map(|error| {
            let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
            format!("note: saved lines cannot be used: {error}{hint}")
        });
        if let (Some(trouble), true) = (&trouble, self.saved_trouble != trouble) {
            console.note(trouble);
        }
        self.saved_trouble = trouble;
        let mut by_profile: BTreeMap<String, Vec<Saved>> = BTreeMap::new();
        for line in read.unwrap_or_default() {
            by_profile.entry(line.profile.clone()).or_default().push(line);
        }
        for account in self.list.iter().filter(|account| account.named) {
            let profile = account.target.profile.as_str();
            let lines = by_profile.remove(profile).unwrap_or_default();
            if let Some(source) = self.registry.source_mut(profile) {
                source.set_saved(lines.iter().filter(|line| Variable::is_name(&line.name)).map(method).collect());
            }
        }
    }

    /// Saves a line of the current account under a name, or removes it. `false` if it lasts only as long as the session:
    /// the account is not in the configuration, or is simulated.
    pub(crate) fn save_line(&mut self, name: &str, line: Option<&str>) -> Result<bool, CallError> {
        let profile = self.registry.here().profile().to_owned();
        let lasting = self.saved_lines.as_ref().filter(|_| self.here().is_some_and(|account| account.named));
        if let Some(path) = lasting {
            saved::put(path, &profile, name, line)?;
        }
        let lasts = lasting.is_some();
        if let Some(source) = self.registry.source_mut(&profile) {
            let mut all: Vec<Method> = source.saved_lines().filter(|other| other.name != name).cloned().collect();
            let line = line.map(|line| Saved { profile, name: name.to_owned(), line: line.to_owned() });
            all.extend(line.as_ref().map(method));
            source.set_saved(all);
        }
        Ok(lasts)
    }
}

/// A saved line as the registry has it: its example is the line.
fn method(line: &Saved) -> Method {
    Method {
        name: line.name.clone(),
        summary: line.line.clone(),
        example: Some(line.line.clone()),
        // What it does is known when it runs.
        effect: Effect::Change,
        params: vec![Param {
            name: "value …".into(),
            summary: "Values for $1, $2 and $@ in the line".into(),
            ..Param::default()
        }],
        ..Method::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_line_is_known_by_its_name() {
        let line = Saved { profile: "work".into(), name: "zones".into(), line: "dns.zone_list -o table".into() };
        let method = method(&line);
        assert_eq!((method.name.as_str(), method.example.as_deref()), ("zones", Some("dns.zone_list -o table")));
        assert_eq!((method.effect, method.params.len()), (Effect::Change, 1));
    }
}
