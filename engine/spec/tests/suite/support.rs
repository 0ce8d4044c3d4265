//! What all tests share.

use lz_model::desired::Desired;
use lz_spec::{Inputs, Loaded, MemoryData, SourceKind, Sources, SpecDiagnostic, SpecErrors, load};

/// Loads texts by their names, data files included.
pub(crate) fn load_files(files: &[(&str, &str)]) -> Result<Loaded, SpecErrors> {
    load(sources(files), &Inputs::default())
}

/// Sorts texts into spec files and data files by their names.
pub(crate) fn sources(files: &[(&str, &str)]) -> Sources {
    let mut sources = Sources::new();
    let mut data = MemoryData::default();
    for (name, text) in files {
        let kind = if name.starts_with("accounts/") {
            SourceKind::AccountRequest
        } else if name.ends_with(".hcl") {
            SourceKind::Hcl
        } else if name.ends_with(".lz.yaml") {
            SourceKind::Yaml
        } else if name.ends_with(".lzvars") {
            SourceKind::Variables
        } else {
            data = data.with(name, *text);
            continue;
        };
        sources = sources.with(name, kind, text);
    }
    sources.with_data(data)
}

/// Loads files that are expected to be right.
pub(crate) fn desired(files: &[(&str, &str)]) -> Desired {
    match load_files(files) {
        Ok(loaded) => loaded.desired,
        Err(errors) => panic!("{}", rendered(&errors)),
    }
}

/// Loads one HCL text that is expected to be right; a landing zone is added.
pub(crate) fn hcl(text: &str) -> Desired {
    desired(&[("main.hcl", text), ("zone.hcl", "landing_zone \"test\" {}\n")])
}

/// Loads one HCL text that is expected to be wrong.
pub(crate) fn wrong(text: &str) -> SpecErrors {
    match load_files(&[("main.hcl", text), ("zone.hcl", "landing_zone \"test\" {}\n")]) {
        Ok(loaded) => panic!("no error: {:?}", loaded.desired),
        Err(errors) => errors,
    }
}

/// Returns the codes of all errors, in order.
pub(crate) fn codes(errors: &SpecErrors) -> Vec<&'static str> {
    errors
        .diagnostics()
        .iter()
        .map(|diagnostic| diagnostic.code().name())
        .collect()
}

/// Renders errors the way a person sees them, without colour.
pub(crate) fn rendered(errors: &SpecErrors) -> String {
    errors.diagnostics().iter().map(rendered_one).collect()
}

/// Renders one error.
pub(crate) fn rendered_one(diagnostic: &SpecDiagnostic) -> String {
    let handler = miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor())
        .with_width(100)
        .with_links(false);
    let mut text = String::new();
    handler
        .render_report(&mut text, diagnostic)
        .expect("rendering succeeds");
    text
}
