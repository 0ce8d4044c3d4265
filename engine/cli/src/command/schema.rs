//! `lz schema`: JSON Schemas, generated from the types.

use crate::answer::Answer;
use crate::args::{Schema, SchemaKind};
use crate::context::Context;
use crate::exit::Exit;
use crate::outputs::Outputs;
use crate::problem::Failure;
use crate::record::Row;
use lz_model::event::Stamped;
use lz_model::plan::Plan;
use serde_json::Value;

/// Prints a schema.
///
/// # Errors
/// What keeps standard output from being written.
pub(super) fn run(context: &Context<'_>, args: &Schema) -> Result<Exit, Failure> {
    context.answer(&Answer::Text(&text(args.kind)))?;
    Ok(Exit::Done)
}

/// Returns a schema as it stands in `schemas/`.
fn text(kind: SchemaKind) -> String {
    let (title, mut schema) = match kind {
        SchemaKind::Spec => return pretty(&lz_spec::yaml_schema()),
        SchemaKind::Account => return pretty(&lz_spec::account_request_schema()),
        SchemaKind::Plan => ("A plan of lz", schemars::schema_for!(Plan).to_value()),
        SchemaKind::Events => (
            "A line of `lz apply --events FILE`",
            schemars::schema_for!(Stamped).to_value(),
        ),
        SchemaKind::Outputs => (
            "Accounts of a spec: `lz output --document`",
            schemars::schema_for!(Outputs).to_value(),
        ),
        SchemaKind::Output => ("A line of `lz --json`", schemars::schema_for!(Row<'_>).to_value()),
    };
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), title.into());
    }
    pretty(&schema)
}

fn pretty(schema: &Value) -> String {
    format!("{schema:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `LZ_UPDATE_SCHEMAS=1 cargo test -p lz schemas` writes the files.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "a developer's switch")]
    fn the_schemas_in_the_repository_are_those_of_the_types() {
        let kinds = [
            (SchemaKind::Spec, "spec"),
            (SchemaKind::Account, "account"),
            (SchemaKind::Plan, "plan"),
            (SchemaKind::Events, "events"),
            (SchemaKind::Output, "output"),
            (SchemaKind::Outputs, "outputs"),
        ];
        for (kind, name) in kinds {
            let path = format!("{}/../../schemas/{name}.json", env!("CARGO_MANIFEST_DIR"));
            if std::env::var("LZ_UPDATE_SCHEMAS").is_ok() {
                std::fs::write(&path, text(kind)).unwrap();
            }
            let stored = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                stored == text(kind),
                "schemas/{name}.json is not what `lz schema {name}` prints"
            );
        }
    }
}
