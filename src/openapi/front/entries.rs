//! What every version of the format writes in the same way.

use std::collections::BTreeSet;

use model::route::Verb;

use crate::node::Node;
use crate::operation::{Operation, Parameter, Requirement};

/// The names of operations in the entry of a path.
const VERBS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

/// One entry of a path: the verb as it is written there, and what is under it.
pub(super) struct Entry<'d> {
    pub(super) verb: Verb,
    pub(super) path: &'d str,
    pub(super) node: Node<'d>,
    pub(super) item: Node<'d>,
}

/// All operations below `paths`, in order; those with a verb that this program does not have are given apart.
pub(super) fn entries<'d>(root: Node<'d>) -> (Vec<Entry<'d>>, Vec<(String, &'d str)>) {
    let (mut entries, mut strange) = (Vec::new(), Vec::new());
    for (path, item) in root.members_of("paths").filter(|(path, _)| !path.starts_with("x-")) {
        for (key, node) in item.members().filter(|(_, node)| node.value().as_map().is_some()) {
            let name = key.to_ascii_lowercase();
            if !VERBS.contains(&name.as_str()) {
                continue;
            }
            match Verb::named(&key.to_ascii_uppercase()) {
                Some(verb) => entries.push(Entry { verb, path, node, item }),
                None => strange.push((key.to_ascii_uppercase(), path)),
            }
        }
    }
    (entries, strange)
}

/// The parameters of a path and of its operation; those of the operation replace those of the path.
pub(super) fn parameters<'d, T>(
    entry: &Entry<'d>,
    read: impl Fn(Node<'d>) -> Option<T>,
    key: impl Fn(&T) -> (String, u8),
) -> Vec<T> {
    let mut seen = BTreeSet::new();
    let own: Vec<T> = entry.node.list("parameters").filter_map(&read).collect();
    seen.extend(own.iter().map(&key));
    let shared = entry.item.list("parameters").filter_map(&read).filter(|it| !seen.contains(&key(it)));
    shared.collect::<Vec<_>>().into_iter().chain(own).collect()
}

/// The parameters by name and place.
pub(super) fn named(parameter: &Parameter<'_>) -> (String, u8) {
    (parameter.name.to_owned(), parameter.place as u8)
}

/// What an operation or a document wants to be authenticated with; `None` if it does not say.
pub(super) fn security<'d>(node: Node<'d>) -> Option<Vec<Requirement<'d>>> {
    node.value().get("security")?.as_list()?;
    let scopes = |(name, _), it: Node<'d>| (name, it.texts(name));
    Some(node.list("security").map(|it| it.members().map(|member| scopes(member, it)).collect()).collect())
}

/// An operation with the parts that every version writes in the same way.
pub(super) fn common<'d>(entry: &Entry<'d>) -> Operation<'d> {
    let node = entry.node;
    Operation {
        verb: entry.verb,
        path: entry.path,
        id: node.text("operationId"),
        summary: if node.text("summary").is_empty() { entry.item.text("summary") } else { node.text("summary") },
        description: node.text("description"),
        deprecated: node.flag("deprecated"),
        params: Vec::new(),
        body: None,
        answers: Vec::new(),
        security: security(node),
        servers: Vec::new(),
        node,
        item: entry.item,
    }
}

/// Sorts answers by status, so that the usual one comes first.
pub(super) fn in_order<'d>(mut operation: Operation<'d>) -> Operation<'d> {
    operation.answers.sort_by_key(|answer| answer.status);
    operation
}

#[cfg(test)]
mod tests {
    use crate::front::read;
    use crate::library::Library;

    #[test]
    fn parameters_of_the_operation_replace_those_of_the_path() {
        let text = r#"{"openapi":"3.0.0","paths":{"x-note":{},"/a":{
            "parameters":[{"name":"a","in":"query","description":"1"},{"name":"a","in":"header"},{"name":"b","in":"query"}],
            "get":{"parameters":[{"name":"a","in":"query","description":"2"},{"in":"query"}],"security":[{"k":["read"]},{}]},
            "TRACE":{},"description":"x","post":5}}}"#;
        let library = Library::of(serde_json::from_str(text).unwrap());
        let api = read(&library).unwrap();
        assert_eq!((api.operations.len(), api.strange.clone()), (1, vec![("TRACE".to_owned(), "/a")]));
        let operation = &api.operations[0];
        let params: Vec<(&str, &str)> = operation.params.iter().map(|it| (it.name, it.description)).collect();
        assert_eq!(params, [("a", ""), ("b", ""), ("a", "2")]);
        assert_eq!(operation.security, Some(vec![vec![("k", vec!["read"])], vec![]]));
    }
}
