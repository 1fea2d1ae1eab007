//! HTML's names for characters.

/// Names and their characters, for ASCII and Latin-1: the characters that occur in a key or a password, and that a
/// server may write by name (HTML 4.01, section 24.2; HTML, section 13.5). It is one text because a table of all 2,231
/// references adds a quarter of a millisecond to every start.
const NAMED: &str = "\
    excl ! quot \" num # dollar $ percnt % amp & apos ' lpar ( rpar ) ast * midast * plus + comma , period . \
    sol / colon : semi ; lt < equals = gt > quest ? commat @ lsqb [ lbrack [ bsol \\ rsqb ] rbrack ] Hat ^ \
    lowbar _ grave ` lcub { lbrace { verbar | vert | rcub } rbrace } AMP & LT < GT > QUOT \" iexcl ¡ cent ¢ \
    pound £ curren ¤ yen ¥ brvbar ¦ sect § uml ¨ copy © ordf ª laquo « not ¬ shy \u{ad} reg ® macr ¯ deg ° plusmn ± \
    sup2 ² sup3 ³ acute ´ micro µ para ¶ middot · cedil ¸ sup1 ¹ ordm º raquo » frac14 ¼ frac12 ½ frac34 ¾ \
    iquest ¿ Agrave À Aacute Á Acirc Â Atilde Ã Auml Ä Aring Å AElig Æ Ccedil Ç Egrave È Eacute É Ecirc Ê Euml Ë \
    Igrave Ì Iacute Í Icirc Î Iuml Ï ETH Ð Ntilde Ñ Ograve Ò Oacute Ó Ocirc Ô Otilde Õ Ouml Ö times × Oslash Ø \
    Ugrave Ù Uacute Ú Ucirc Û Uuml Ü Yacute Ý THORN Þ szlig ß agrave à aacute á acirc â atilde ã auml ä aring å \
    aelig æ ccedil ç egrave è eacute é ecirc ê euml ë igrave ì iacute í icirc î iuml ï eth ð ntilde ñ ograve ò \
    oacute ó ocirc ô otilde õ ouml ö divide ÷ oslash ø ugrave ù uacute ú ucirc û uuml ü yacute ý thorn þ yuml ÿ";

/// The character with that name, given without `&` and `;`.
pub(super) fn named(name: &str) -> Option<&'static str> {
    let mut words = NAMED.split(' ');
    while let (Some(known), Some(meant)) = (words.next(), words.next()) {
        if known == name {
            return Some(meant);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_with_a_name_is_in_the_table() {
        let mut words = NAMED.split(' ');
        let mut found = std::collections::BTreeSet::new();
        while let Some(name) = words.next() {
            let meant = words.next().unwrap();
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
            assert_eq!(meant.chars().count(), 1, "{name}");
            assert_eq!(named(name), Some(meant));
            found.extend(meant.chars());
        }
        let all = ('!'..='~').filter(|c| c.is_ascii_punctuation()).chain('\u{a1}'..='\u{ff}');
        // HTML has no name for these.
        let missing: String = all.filter(|c| !found.contains(c)).collect();
        assert_eq!(missing, "-~");
        for none in ["", " ", "nosuch", "!", "amp amp"] {
            assert_eq!(named(none), None, "{none}");
        }
    }
}
