//! Packs the policies of folders and shows how close to the lower bound that comes: one row for each folder.
//!
//! `cargo run --release -p lz-policy --example pack -- ../shared/policies/scp ../shared/policies/rcp`

#![expect(clippy::print_stdout, reason = "a measurement prints")]

use lz_policy::language::Policy;
use lz_policy::limits::Limits;
use lz_policy::pack::{merge_plainly, pack};
use std::error::Error;
use std::path::{Path as File, PathBuf};

fn files(folder: &File, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "json") {
            found.push(path);
        }
    }
    found.sort();
    Ok(())
}

fn row(name: &str, found: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let mut policies = Vec::new();
    let mut before = 0;
    for file in found {
        if let Ok(mut policy) = Policy::detect(&std::fs::read_to_string(file)?) {
            // A sample without a version is packed as if it had one: none of them holds a variable.
            policy.version = Some("2012-10-17".to_owned());
            before += policy.to_text().chars().count();
            policies.push(policy);
        }
    }
    let Some(first) = policies.first() else {
        return Ok(());
    };
    let limit = Limits::current().of(first.kind.policy_type()).characters;
    let packed = pack(&policies, limit, &[])?;
    let ratio = |characters: usize, bound: usize| {
        let thousandths = characters * 1000 / bound;
        format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
    };
    let (plain, bound) = (merge_plainly(&policies), packed.bound);
    println!(
        "{name:52} {:8} {:9} {before:8} {plain:8} {:8}   {} {}   {} {}",
        policies.len(),
        packed.documents.len(),
        packed.characters,
        ratio(plain, bound.literals),
        ratio(packed.characters, bound.literals),
        ratio(plain, bound.statements),
        ratio(packed.characters, bound.statements),
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "{:52} policies documents   before    plain   packed   plain and packed over literals; over statements",
        "folder"
    );
    for folder in std::env::args().skip(1) {
        let mut found = Vec::new();
        files(File::new(&folder), &mut found)?;
        row(&folder, &found)?;
        let mut folders: Vec<PathBuf> = found
            .iter()
            .filter_map(|f| f.parent().map(PathBuf::from))
            .collect();
        folders.dedup();
        for inner in folders {
            let inside: Vec<PathBuf> = found
                .iter()
                .filter(|f| f.parent() == Some(&inner))
                .cloned()
                .collect();
            let name = inner.file_name().map(|name| name.to_string_lossy().into_owned());
            row(&format!("  {}", name.unwrap_or_default()), &inside)?;
        }
    }
    Ok(())
}
