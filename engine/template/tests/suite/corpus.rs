//! The templates of the examples, which pass `cfn-lint`: lz must find nothing wrong with them either.

use lz_template::{Given, Template, Usage, problems, same};
use std::path::{Path, PathBuf};

fn templates() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/baselines");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path().join("template.yaml");
        if let Ok(text) = std::fs::read_to_string(&path) {
            found.push((path, text));
        }
    }
    assert!(found.len() >= 10, "{}", found.len());
    found
}

#[test]
fn the_baselines_have_no_problem_in_a_service_managed_set() {
    for (path, text) in templates() {
        let template = Template::parse(&text).unwrap();
        let usage = Usage {
            parameters: template
                .parameters()
                .into_keys()
                .map(|name| (name, Given::Later))
                .collect(),
            capabilities: template.needs(),
            service_managed: true,
        };
        assert_eq!(problems(&text, &usage), [], "{}", path.display());
        assert!(template.fits_service_managed() && !template.resources().is_empty());
    }
}

#[test]
fn the_baselines_written_as_json_are_the_same_templates() {
    for (path, text) in templates() {
        let template = Template::parse(&text).unwrap();
        let json = serde_json::to_string_pretty(template.value()).unwrap();
        assert!(same(&text, &json), "{}", path.display());
    }
}
