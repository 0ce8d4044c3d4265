//! Every error code: its page, the example on it, the fix on it, and what a person sees.

use crate::support::{codes, rendered, rendered_one, sources};
use lz_spec::{
    Code, Inputs, MAX_DATA_BYTES, MemoryData, Severity, SourceKind, Sources, SpecDiagnostic, error_codes,
    load, load_dir,
};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors")
}

/// Files of one section of a page: name and text of each fenced block.
fn files(page: &str, heading: &str) -> Vec<(String, String)> {
    let Some((_, section)) = page.split_once(&format!("\n## {heading}\n")) else {
        return Vec::new();
    };
    let section = section.split("\n## ").next().unwrap_or_default();
    let mut files = Vec::new();
    let mut rest = section;
    while let Some((_, after)) = rest.split_once("\n```") {
        let (info, after) = after.split_once('\n').unwrap();
        let (text, after) = after.split_once("\n```").unwrap();
        let name = match info.split_once(' ') {
            Some((_, name)) => name.to_owned(),
            None if info == "hcl" => "main.hcl".to_owned(),
            None => "main.lz.yaml".to_owned(),
        };
        files.push((name, format!("{text}\n")));
        rest = after;
    }
    files
}

/// Loads the files of a section. A landing zone is added unless the section speaks of one.
fn load_section(files: &[(String, String)]) -> (Vec<SpecDiagnostic>, bool) {
    let mut named: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    if !named.iter().any(|(_, text)| text.contains("landing_zone")) {
        named.push(("zone.hcl", "landing_zone \"acme\" {}\n"));
    }
    found(sources(&named))
}

fn found(sources: Sources) -> (Vec<SpecDiagnostic>, bool) {
    match load(sources, &Inputs::default()) {
        Ok(loaded) => (loaded.warnings, true),
        Err(errors) => (errors.diagnostics().to_vec(), false),
    }
}

/// Errors that no example on a page can show.
fn special(code: Code) -> Vec<SpecDiagnostic> {
    let folder = tempfile::tempdir().unwrap();
    let directory = |folder: &Path| match load_dir(folder, &Inputs::default()) {
        Ok(loaded) => loaded.warnings,
        Err(errors) => errors.diagnostics().to_vec(),
    };
    let zone = "landing_zone \"acme\" {}\n";
    match code.name() {
        "no_spec" => directory(folder.path()),
        "unreadable" => directory(&folder.path().join("nowhere")),
        "not_utf8" => {
            let mut sources = Sources::new();
            sources.add(
                "main.hcl",
                SourceKind::Hcl,
                b"ou \"a\" {\n  name = \"\x83\x74\"\n}\n".to_vec(),
            );
            found(sources).0
        }
        "too_large" => {
            let mut sources = Sources::hcl(zone);
            sources.add("big.hcl", SourceKind::Hcl, vec![b'#'; MAX_DATA_BYTES / 2 + 1]);
            found(sources).0
        }
        "file_unreadable" => {
            let text = format!("{zone}locals {{\n  logo = file(\"logo.png\")\n}}\n");
            found(Sources::hcl(&text).with_data(MemoryData::default().with("logo.png", b"\x89PNG".to_vec())))
                .0
        }
        "ignored" => {
            std::fs::write(folder.path().join("main.hcl"), zone).unwrap();
            std::fs::write(folder.path().join("more.lz.yml"), "").unwrap();
            directory(folder.path())
        }
        "bug" => Vec::new(),
        other => panic!("the page of {other} has no example"),
    }
}

fn example(code: Code, page: &str) -> Vec<SpecDiagnostic> {
    let files = files(page, "Example");
    if files.is_empty() {
        special(code)
    } else {
        load_section(&files).0
    }
}

#[test]
fn every_code_has_a_page_whose_example_shows_it_and_whose_fix_works() {
    for info in error_codes() {
        let path = pages().join(format!("{}.md", info.name));
        let page = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} has no page", info.code));
        assert!(
            page.starts_with(&format!("# {}\n\n{}\n", info.code, info.summary)),
            "{}",
            path.display()
        );
        assert!(page.contains("\n## Fix\n"), "{} has no fix", info.code);
        if info.code == Code::Bug {
            continue;
        }
        let shown: BTreeSet<Code> = example(info.code, &page)
            .iter()
            .map(SpecDiagnostic::code)
            .collect();
        assert_eq!(shown, BTreeSet::from([info.code]), "the example of {}", info.code);
        let fix = files(&page, "Fix");
        if !fix.is_empty() {
            let (left, right) = load_section(&fix);
            let left: Vec<&SpecDiagnostic> = left.iter().filter(|left| left.code() != Code::Unused).collect();
            assert!(
                right && left.is_empty(),
                "the fix of {} has errors: {left:?}",
                info.code
            );
        }
    }
}

#[test]
fn every_page_belongs_to_a_code_and_stands_in_the_list() {
    let names: BTreeSet<String> = error_codes()
        .iter()
        .map(|info| format!("{}.md", info.name))
        .collect();
    let list = std::fs::read_to_string(pages().join("index.md")).unwrap();
    for entry in std::fs::read_dir(pages()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            name == "index.md" || names.contains(&name),
            "{name} is the page of no code"
        );
    }
    for info in error_codes() {
        let line = format!("| [{0}]({0}.md) | {1} |", info.name, info.summary);
        assert!(list.contains(&line), "docs/errors/index.md lacks: {line}");
    }
}

#[test]
fn every_code_looks_as_it_should() {
    let folder = regex::Regex::new(r"/\S*/\.tmp\w+").unwrap();
    for info in error_codes().iter().filter(|info| info.code != Code::Bug) {
        let page = std::fs::read_to_string(pages().join(format!("{}.md", info.name))).unwrap();
        let text: String = example(info.code, &page).iter().map(rendered_one).collect();
        // Temporary folders have other names each time.
        let text = folder.replace_all(&text, "<folder>");
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(info.name, text.as_ref());
        });
    }
}

#[test]
fn warnings_are_no_errors() {
    let (found, right) = load_section(&[("main.hcl".to_owned(), "locals { a = 1 }\n".to_owned())]);
    assert!(right);
    assert!(
        found
            .iter()
            .all(|warning| warning.severity() == Severity::Warning)
    );
}

#[test]
fn an_error_that_has_a_second_place_in_another_file_shows_both() {
    let files = [
        ("a.hcl", "landing_zone \"acme\" {}\nou \"x\" {}\n"),
        ("b.lz.yaml", "ou:\n  x:\n    name: Ünder\n"),
    ];
    let errors = load(sources(&files), &Inputs::default()).unwrap_err();
    assert_eq!(codes(&errors), ["duplicate_label"]);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("two_files", rendered(&errors));
    });
}
