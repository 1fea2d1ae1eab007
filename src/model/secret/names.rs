//! Names that secrets have.

use crate::suggest::is_slip;

/// Parts of names that secrets have.
const PARTS: [&str; 7] = ["passw", "passphrase", "secret", "token", "api_key", "apikey", "private_key"];
/// Words of names that secrets have.
const WORDS: [&str; 11] =
    ["pw", "pwd", "pass", "key", "keys", "pin", "otp", "psk", "auth", "credential", "credentials"];
/// Names of secrets that are often mistyped.
const NAMES: [&str; 5] = ["password", "passwd", "passphrase", "secret", "token"];

/// Whether a name is one that secrets have, or one of these mistyped.
pub fn sounds_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    PARTS.iter().any(|part| name.contains(part))
        || name.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
        || NAMES.iter().any(|known| is_slip(&name, known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known_and_so_are_mistyped_ones() {
        for name in [
            "password",
            "Password2",
            "pasword",
            "passwrod",
            "pw",
            "db_pw",
            "api-key",
            "key",
            "OTP",
            "secrte",
            "x_token",
        ] {
            assert!(sounds_secret(name), "{name}");
        }
        for name in ["name", "nickname", "zone", "domain", "monkey", "passive", "author", "pages", "keyboard", "", "x"]
        {
            assert!(!sounds_secret(name), "{name}");
        }
    }
}
