//! The policies that others publish: read where the folder is there (`../shared/policies`, or `LZ_POLICY_CORPUS`).

use lz_policy::compare::Comparer;
use lz_policy::language::{Code, Kind, Policy};
use std::path::{Path, PathBuf};

fn folder() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "the corpus lies outside of the project")]
    let named = std::env::var("LZ_POLICY_CORPUS").ok().map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/policies");
    Some(named.unwrap_or(beside)).filter(|path| path.is_dir())
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "json") {
            found.push(path);
        }
    }
}

/// Every published document with its kind, as the folder tells it.
pub(crate) fn documents() -> Vec<(PathBuf, Kind, String)> {
    let Some(folder) = folder() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    files(&folder, &mut found);
    let read = |path: PathBuf| {
        let kind = if path.starts_with(folder.join("rcp")) {
            Kind::Rcp
        } else {
            Kind::Scp
        };
        let text = std::fs::read_to_string(&path).unwrap();
        (path, kind, text)
    };
    found.into_iter().map(read).collect()
}

/// Two samples that AWS refuses as they are published. One has a comment, which it asks to take out; the other a
/// statement that allows and has no resource, where a resource control policy can only deny
/// (Organizations User Guide, "RCP syntax": `Effect` is `Deny`, `Resource` is required).
const BROKEN: [(&str, &[Code]); 2] = [
    ("deny-service-specific-credential-by-type.json", &[Code::NotJson]),
    ("Shared-Issuers.json", &[Code::MissingElement]),
];

#[test]
fn published_policies_are_read_and_their_kind_is_known() {
    for (path, kind, text) in documents() {
        match Policy::detect(&text) {
            Ok(policy) => {
                assert_eq!(policy.kind, kind, "{}", path.display());
                let again = Policy::parse(kind, &policy.to_text()).unwrap();
                assert_eq!(again.canonical(), policy.canonical(), "{}", path.display());
            }
            Err(problems) => {
                let codes: Vec<Code> = problems.list().iter().map(|problem| problem.code).collect();
                let name = path.file_name().and_then(|name| name.to_str()).unwrap();
                let known = BROKEN.iter().find(|(broken, _)| *broken == name);
                assert_eq!(
                    known.map(|(_, codes)| *codes),
                    Some(codes.as_slice()),
                    "{name}: {problems}"
                );
            }
        }
    }
}

#[test]
fn a_published_policy_differs_from_every_other_and_not_from_itself() {
    let full = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let mut policies = vec![Policy::detect(full).unwrap()];
    policies.extend(
        documents()
            .iter()
            .filter_map(|(_, _, text)| Policy::detect(text).ok()),
    );
    let count = policies.len();
    let mut comparer = Comparer::new(policies);
    for policy in 1..count {
        let with = vec![vec![0, policy]];
        assert!(comparer.compare(&with, &with).unwrap().is_equal());
        let added = comparer.compare(&vec![vec![0]], &with).unwrap();
        assert!(added.gains_nothing(), "a Deny gives nothing");
        let again = comparer.compare(&with, &vec![vec![0]]).unwrap();
        assert_eq!(again.gained.len(), added.lost.len());
    }
}
