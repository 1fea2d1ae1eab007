//! Rules for names that the provider's document describes and the catalogue has no pattern for.

use super::fault::Fault;
use crate::kit::args::Args;

/// The user name of a call: letters, digits, dots, dashes and underscores, not starting with a dot.
pub(super) fn username(args: &Args) -> Result<&str, Fault> {
    let rule = "Use letters, digits, dots, dashes and underscores, and no dot first.";
    checked(args, "username", rule, |name| consists_of(name, "._-") && !name.starts_with('.'))
}

/// The name of a call's load-balanced service: letters, digits, underscores and hyphens.
pub(super) fn service_name(args: &Args) -> Result<&str, Fault> {
    checked(args, "service_name", "Use letters, digits, underscores and hyphens.", |name| consists_of(name, "_-"))
}

/// The container of a call whose name becomes part of an address: letters, digits and inner hyphens.
pub(super) fn public_container(args: &Args) -> Result<&str, Fault> {
    let rule = "Use letters, digits and hyphens, and no hyphen first or last.";
    checked(args, "container", rule, |name| consists_of(name, "-") && !name.starts_with('-') && !name.ends_with('-'))
}

fn consists_of(name: &str, others: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}

fn checked<'a>(args: &'a Args, param: &str, rule: &str, fits: impl Fn(&str) -> bool) -> Result<&'a str, Fault> {
    let name = args.text(param);
    if fits(name) { Ok(name) } else { Err(Fault::parameter(param, rule)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::values::map;

    #[test]
    fn names_follow_their_rules() {
        type Rule = fn(&Args) -> Result<&str, Fault>;
        for (rule, param, name, fits) in [
            (username as Rule, "username", "a.b-c_d", true),
            (username, "username", ".alice", false),
            (username, "username", "al ice", false),
            (service_name, "service_name", "web_1-a", true),
            (service_name, "service_name", "web.1", false),
            (public_container, "container", "my-photos", true),
            (public_container, "container", "-photos", false),
            (public_container, "container", "my_photos", false),
        ] {
            let args = Args::new(map! { param => name });
            assert_eq!(rule(&args).is_ok(), fits, "{param} {name}");
        }
    }
}
