//! Properties over generated specs.

use crate::model::spec;
use crate::support::{load_files, rendered, sources};
use crate::written::{hcl, yaml};
use lz_spec::{Inputs, Severity, SourceKind, Sources, format_hcl, load};
use proptest::prelude::*;
use std::path::Path;

fn desired(name: &str, text: &str) -> Result<lz_model::desired::Desired, TestCaseError> {
    match load_files(&[(name, text)]) {
        Ok(loaded) => Ok(loaded.desired.without_origins()),
        Err(errors) => Err(TestCaseError::fail(format!("{text}\n{}", rendered(&errors)))),
    }
}

/// Cuts a text into pieces and puts some of them elsewhere.
fn mutated(text: &str, edits: &[(usize, usize, u8)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (from, length, kind) in edits {
        if chars.is_empty() {
            break;
        }
        let from = from % chars.len();
        let end = (from + length % 24).min(chars.len());
        let piece: Vec<char> = chars[from..end].to_vec();
        match kind % 7 {
            0 => drop(chars.drain(from..end)),
            1 => drop(chars.splice(from..from, piece)),
            2 => chars.extend(piece),
            3 => chars.insert(
                from,
                [
                    '"', '{', '}', '[', '$', '%', ':', '-', '\n', '*', '&', '~', '#', '<', '\\',
                ][length % 15],
            ),
            4 => chars[from..end].reverse(),
            5 => drop(
                chars.splice(
                    from..end,
                    [
                        "${",
                        "%{ for x in ",
                        "<<-A\n",
                        "for_each = ",
                        "null",
                        "local.a",
                        "...",
                        "🔑",
                        "\t",
                        "- ",
                    ][length % 10]
                        .chars(),
                ),
            ),
            _ => {
                let at = length % chars.len();
                chars.swap(from, at);
            }
        }
    }
    chars.into_iter().collect()
}

fn edits() -> impl Strategy<Value = Vec<(usize, usize, u8)>> {
    proptest::collection::vec((any::<usize>(), any::<usize>(), any::<u8>()), 0..6)
}

/// Every place of every error must lie in its file, at the border of a character.
fn check_places(sources: Sources) -> Result<(), TestCaseError> {
    let Err(errors) = load(sources.clone(), &Inputs::default()) else {
        return Ok(());
    };
    prop_assert!(
        errors
            .diagnostics()
            .iter()
            .any(|error| error.severity() == Severity::Error)
    );
    for error in errors.diagnostics() {
        prop_assert_ne!(error.code().name(), "bug");
        for label in error.labels() {
            let file = sources
                .file(label.span.file)
                .ok_or_else(|| TestCaseError::fail("no such file"))?;
            let range = label.span.start as usize..label.span.end as usize;
            prop_assert!(file.text().get(range.clone()).is_some(), "{error} at {range:?}");
        }
        rendered(&errors);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hcl_and_yaml_of_one_spec_mean_the_same(blocks in spec()) {
        let from_hcl = desired("main.hcl", &hcl(&blocks))?;
        let from_yaml = desired("main.lz.yaml", &yaml(&blocks))?;
        prop_assert_eq!(from_hcl, from_yaml, "\n{}\n{}", hcl(&blocks), yaml(&blocks));
    }

    #[test]
    fn the_order_of_blocks_and_files_does_not_matter(blocks in spec(), split in any::<usize>()) {
        let one = desired("main.hcl", &hcl(&blocks))?;
        let mut reversed = blocks.clone();
        reversed.reverse();
        let (first, second) = reversed.split_at(split % reversed.len());
        let files = [("z.hcl", hcl(first)), ("a.lz.yaml", yaml(second))];
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let two = load_files(&files).map_err(|errors| TestCaseError::fail(rendered(&errors)))?;
        prop_assert_eq!(one, two.desired.without_origins());
    }

    #[test]
    fn formatting_changes_no_meaning_and_is_done_after_once(blocks in spec()) {
        let text = hcl(&blocks);
        let formatted = format_hcl(&text).map_err(|errors| TestCaseError::fail(rendered(&errors)))?;
        prop_assert_eq!(format_hcl(&formatted).unwrap(), formatted.clone());
        prop_assert_eq!(desired("main.hcl", &text)?, desired("main.hcl", &formatted)?);
    }

    #[test]
    fn a_spoilt_spec_never_panics_and_its_errors_have_places(blocks in spec(), edits in edits()) {
        check_places(Sources::hcl(&mutated(&hcl(&blocks), &edits)))?;
        check_places(Sources::yaml(&mutated(&yaml(&blocks), &edits)))?;
    }

    #[test]
    fn spoilt_text_that_is_still_hcl_is_formatted_once_and_for_all(blocks in spec(), edits in edits()) {
        let text = mutated(&hcl(&blocks), &edits);
        if let Ok(formatted) = format_hcl(&text) {
            let again = format_hcl(&formatted).map_err(|errors| TestCaseError::fail(rendered(&errors)))?;
            prop_assert_eq!(&again, &formatted, "{}", text);
        }
    }

    #[test]
    fn any_text_at_all_is_read_without_panic(text in "\\PC{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        check_places(Sources::hcl(&text))?;
        check_places(Sources::yaml(&text))?;
        for kind in [SourceKind::Hcl, SourceKind::Yaml, SourceKind::AccountRequest, SourceKind::Variables] {
            let mut sources = Sources::new();
            sources.add("accounts/x.yaml", kind, bytes.clone());
            drop(load(sources, &Inputs::default()));
        }
    }
}

/// Replays what a fuzzer found, or may begin with.
#[test]
fn every_text_of_the_corpus_is_read_without_panic() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/spec");
    let mut count = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for kind in [
            SourceKind::Hcl,
            SourceKind::Yaml,
            SourceKind::AccountRequest,
            SourceKind::Variables,
        ] {
            let mut found = sources(&[("zone.hcl", "landing_zone \"z\" {}\n")]);
            found.add("accounts/x.yaml", kind, bytes.clone());
            drop(load(found, &Inputs::default()));
        }
        if let Ok(text) = String::from_utf8(bytes)
            && let Ok(formatted) = format_hcl(&text)
        {
            assert_eq!(format_hcl(&formatted).unwrap(), formatted);
        }
        count += 1;
    }
    assert!(count >= 30, "{count}");
}
