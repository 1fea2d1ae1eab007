//! An address as users write it, with a user's name in it.

use super::args::Global;
use model::http::{userinfo, without_userinfo};

/// Moves a user's name in the address to where it belongs. The key has other ways in than the address.
pub(super) fn settled(global: &mut Global) -> Result<(), String> {
    if let Some(url) = &global.url {
        let (url, user) = apart(url, global.user.take())?;
        (global.url, global.user) = (Some(url), user);
    }
    Ok(())
}

/// An address and the user's name that was in it or is given beside it. ma-shell's `%s` stays in the address.
pub(super) fn apart(url: &str, given: Option<String>) -> Result<(String, Option<String>), String> {
    let (user, password) = match userinfo(url) {
        None | Some(("" | "%s", _)) => return Ok((url.to_owned(), given)),
        Some(found) => found,
    };
    match given {
        // What is in the place of the user may be a key, so it is not shown.
        Some(other) if user != other => Err("the address names another user than --user".to_owned()),
        _ if !["", "%s"].contains(&password) => {
            Err("the address contains a password: give it with -k @FILE or in MARSH_KEY".to_owned())
        }
        _ => Ok((without_userinfo(url), Some(user.to_owned()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_in_the_address_is_the_user() {
        for (url, given, found) in [
            ("http://me:%s@h/x", None, Ok((Some("me"), "http://h/x"))),
            ("http://me@h/x", Some("me"), Ok((Some("me"), "http://h/x"))),
            ("http://%s:@h/x", None, Ok((None, "http://%s:@h/x"))),
            ("http://h/x", Some("me"), Ok((Some("me"), "http://h/x"))),
            ("http://me@h", Some("you"), Err("another user than --user")),
            ("http://me:canary@h", None, Err("contains a password")),
        ] {
            let given = given.map(str::to_owned);
            let mut global = Global { url: Some(url.to_owned()), user: given, ..Global::default() };
            match (settled(&mut global), found) {
                (Ok(()), Ok((user, url))) => {
                    assert_eq!((global.user.as_deref(), global.url.as_deref()), (user, Some(url)));
                }
                (Err(said), Err(wanted)) => assert!(said.contains(wanted) && !said.contains("canary"), "{said}"),
                (found, _) => panic!("{url}: {found:?}"),
            }
        }
    }
}
