//! Where the files of a document are: paths, or addresses of a host.

use model::http::split;

/// The address that a reference in another file means, without its fragment.
pub(crate) fn join(base: &str, reference: &str) -> String {
    let reference = reference.split('#').next().unwrap_or_default();
    if reference.is_empty() {
        return base.to_owned();
    }
    if has_scheme(reference) {
        return reference.to_owned();
    }
    if !has_scheme(base) {
        return match folder(base) {
            _ if reference.starts_with('/') => plain(reference),
            "" => plain(reference),
            folder => plain(&format!("{folder}/{reference}")),
        };
    }
    let (origin, path) = split(base);
    if let Some(other) = reference.strip_prefix("//") {
        let scheme = origin.split_once("://").map_or("https", |(scheme, _)| scheme);
        return format!("{scheme}://{other}");
    }
    let folder = folder(path.split('?').next().unwrap_or_default());
    let path = if reference.starts_with('/') { reference.to_owned() } else { format!("{folder}/{reference}") };
    format!("{origin}{}", plain(&path))
}

/// Whether an address is on the origin of another, or a path is in or below the folder of another.
pub(crate) fn stays_below(root: &str, found: &str) -> bool {
    match (has_scheme(root), has_scheme(found)) {
        (true, true) => split(root).0 == split(found).0,
        (false, false) => {
            let folder = folder(root);
            let rest = if folder.is_empty() {
                Some(found)
            } else {
                found.strip_prefix(folder).and_then(|it| it.strip_prefix('/'))
            };
            rest.is_some_and(|rest| !rest.starts_with('/') && !rest.split('/').any(|step| step == ".."))
        }
        _ => false,
    }
}

/// Whether a text is an address with a scheme such as `https:`. One letter is a drive.
pub fn has_scheme(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme).unwrap_or_default();
    scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path without steps that lead nowhere or back. Steps back at its beginning stay.
fn plain(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => drop(steps.pop()),
            ".." if absolute => {}
            step => steps.push(step),
        }
    }
    format!("{}{}", if absolute { "/" } else { "" }, steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_relative_to_their_file() {
        for (base, reference, address) in [
            ("d/a.yaml", "b.yaml#/x", "d/b.yaml"),
            ("d/a.yaml", "#/x", "d/a.yaml"),
            ("d/e/a.yaml", "../b.yaml", "d/b.yaml"),
            ("a.yaml", "b.yaml", "b.yaml"),
            ("a.yaml", "../b.yaml", "../b.yaml"),
            ("/d/a.yaml", "../../b.yaml", "/b.yaml"),
            ("/d/a.yaml", "/x/./b.yaml", "/x/b.yaml"),
            ("https://h/d/a.yaml?v=1", "b.yaml", "https://h/d/b.yaml"),
            ("https://h/d/a.yaml", "../../../b.yaml", "https://h/b.yaml"),
            ("https://h/d/a.yaml", "/b.yaml", "https://h/b.yaml"),
            ("https://h/d/a.yaml", "//o/b.yaml", "https://o/b.yaml"),
            ("https://h", "b.yaml", "https://h/b.yaml"),
            ("d/a.yaml", "https://h/b.yaml", "https://h/b.yaml"),
        ] {
            assert_eq!(join(base, reference), address, "{base} {reference}");
        }
    }

    #[test]
    fn what_is_beside_a_document_is_below_its_folder_or_on_its_host() {
        for (root, found, below) in [
            ("d/a.yaml", "d/e/b.yaml", true),
            ("d/a.yaml", "b.yaml", false),
            ("d/a.yaml", "dd/b.yaml", false),
            ("a.yaml", "b.yaml", true),
            ("a.yaml", "../b.yaml", false),
            ("a.yaml", "/b.yaml", false),
            ("/d/a.yaml", "/d/b.yaml", true),
            ("https://h/d/a.yaml", "https://h/b.yaml", true),
            ("https://h/d/a.yaml", "http://h/b.yaml", false),
            ("https://h/d/a.yaml", "https://h.evil/b.yaml", false),
            ("https://h/d/a.yaml", "/etc/passwd", false),
        ] {
            assert_eq!(stays_below(root, found), below, "{root} {found}");
        }
        assert!(has_scheme("file:///x") && !has_scheme("c:/x") && !has_scheme("a/b:c"));
    }
}
