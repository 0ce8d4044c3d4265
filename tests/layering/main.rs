//! The direction of dependencies between crates, as docs/architecture.md draws it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use cargo_metadata::{DependencyKind, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What each crate may depend on, of ours.
fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    BTreeMap::from([
        ("lz-model", &[] as &[&str]),
        ("lz-spec", &["lz-model", "lz-template"]),
        ("lz-template", &["lz-model"]),
        ("lz-policy", &["lz-model"]),
        ("lz-provider", &["lz-model"]),
        ("lz-plan", &["lz-model", "lz-policy", "lz-template"]),
        ("lz-apply", &["lz-model", "lz-plan", "lz-provider"]),
        ("lz-aws", &["lz-model", "lz-provider"]),
        ("lz-twin", &[]),
        (
            "lz",
            &[
                "lz-model",
                "lz-spec",
                "lz-policy",
                "lz-template",
                "lz-provider",
                "lz-plan",
                "lz-apply",
                "lz-aws",
                "lz-twin",
            ],
        ),
        (
            "lz-tests",
            &[
                "lz-model",
                "lz-spec",
                "lz-policy",
                "lz-template",
                "lz-provider",
                "lz-plan",
                "lz-apply",
                "lz-aws",
                "lz-twin",
                "lz",
            ],
        ),
    ])
}

fn packages() -> Vec<Package> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let metadata = MetadataCommand::new()
        .manifest_path(manifest)
        .no_deps()
        .exec()
        .unwrap();
    metadata.packages
}

#[test]
fn crates_depend_only_in_the_agreed_direction() {
    let allowed = allowed();
    let packages = packages();
    let names: BTreeSet<String> = packages.iter().map(|package| package.name.to_string()).collect();
    assert_eq!(
        names,
        allowed.keys().map(|name| (*name).to_owned()).collect(),
        "a crate is new or gone"
    );
    for package in &packages {
        let may = allowed[package.name.as_str()];
        for dependency in package
            .dependencies
            .iter()
            .filter(|dependency| names.contains(&dependency.name))
        {
            let name = dependency.name.as_str();
            assert!(may.contains(&name), "{} must not depend on {name}", package.name);
        }
    }
}

/// The twin's own tests call it with AWS's client, which is no part of the product.
#[test]
fn sdk_crates_appear_in_the_aws_provider_only() {
    for package in packages() {
        for dependency in package
            .dependencies
            .iter()
            .filter(|d| d.kind != DependencyKind::Development)
        {
            let is_sdk = dependency.name.starts_with("aws-sdk-") || dependency.name == "aws-config";
            assert!(
                !is_sdk || package.name.as_str() == "lz-aws",
                "{} uses {}",
                package.name,
                dependency.name
            );
        }
    }
}

#[test]
fn the_engine_below_apply_has_no_runtime() {
    for package in packages() {
        let pure =
            ["lz-model", "lz-spec", "lz-policy", "lz-plan", "lz-provider"].contains(&package.name.as_str());
        for dependency in package
            .dependencies
            .iter()
            .filter(|d| pure && d.kind == DependencyKind::Normal)
        {
            assert!(
                dependency.name != "tokio",
                "{} must not need a runtime",
                package.name
            );
        }
    }
}

/// Cargo runs a test file only if it is a target, so a suite that nobody listed would pass unseen.
#[test]
fn every_suite_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let package = packages()
        .into_iter()
        .find(|package| package.name.as_str() == "lz-tests")
        .unwrap();
    let listed: BTreeSet<String> = package
        .targets
        .iter()
        .filter(|target| target.is_test())
        .map(|target| target.name.clone())
        .collect();
    let present: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{error}"))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("main.rs").is_file())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(listed, present);
}
