//! Values of parameters: whatever the spec writes becomes text, as CloudFormation wants it.

use crate::check::attributes::{Placed, Reader};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::value::{self, Type, Value};
use lz_model::text::Text;
use lz_template::Given;
use std::collections::BTreeMap;

/// Reads `parameters`; null leaves a parameter out.
pub(super) fn parameters(reader: &Reader<'_, '_>) -> Option<BTreeMap<String, Text>> {
    let Placed { value, span } = reader.value("parameters")?;
    let Some(fields) = value.fields() else {
        let message = format!("`parameters` takes a map, this is {}", value.described());
        reader.error(
            SpecDiagnostic::new(Code::Type, span, message).help("write `parameters = { Name = \"value\" }`"),
        );
        return None;
    };
    let mut parameters = BTreeMap::new();
    for (name, value) in fields.iter() {
        match text(value) {
            Ok(None) => {}
            Ok(Some(text)) => {
                parameters.insert(name.to_string(), text);
            }
            Err(words) => {
                let at = reader.key_place("parameters", name).unwrap_or(span);
                let message = format!("the parameter `{name}`: {words}");
                let mut error = SpecDiagnostic::new(Code::Type, at, message);
                if matches!(value, Value::Thing(_)) {
                    error = error.help("add `.id` or `.name`");
                }
                reader.error(error);
            }
        }
    }
    Some(parameters)
}

/// Numbers and truth values are written out, elements of lists joined with commas.
fn text(value: &Value) -> Result<Option<Text>, String> {
    let Some(items) = value.elements() else {
        let text = value::convert(value, &Type::String).map_err(|mismatch| mismatch.to_string())?;
        return Ok(text.as_text());
    };
    let mut joined = Text::default();
    for (at, item) in items.iter().enumerate() {
        let item = value::convert(item, &Type::String).map_err(|mismatch| mismatch.to_string())?;
        let item = item.as_text().ok_or("an element of the list is null")?;
        if item.known().is_some_and(|item| item.contains(',')) {
            return Err("an element of the list holds a comma, which would divide it".to_owned());
        }
        if at > 0 {
            joined.push_str(",");
        }
        joined.push_text(item);
    }
    Ok(Some(joined))
}

/// Returns the values as the template is held against them.
pub(super) fn given(parameters: &BTreeMap<String, Text>) -> BTreeMap<String, Given> {
    let value = |text: &Text| {
        text.known()
            .map_or(Given::Later, |known| Given::Known(known.to_owned()))
    };
    parameters
        .iter()
        .map(|(name, text)| (name.clone(), value(text)))
        .collect()
}
