//! Generated specs as text, in both languages.

use crate::model::{Block, Part, Written};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Prints blocks as HCL.
pub(crate) fn hcl(blocks: &[Block]) -> String {
    let mut out = String::new();
    blocks.iter().for_each(|block| hcl_block(block, 0, &mut out));
    out
}

fn hcl_block(block: &Block, depth: usize, out: &mut String) {
    let pad = "  ".repeat(depth);
    let labels: String = block
        .labels
        .iter()
        .map(|label| format!(" {}", quoted(label)))
        .collect();
    writeln!(out, "{pad}{}{labels} {{", block.kind).unwrap();
    for (name, value) in &block.attributes {
        writeln!(out, "{pad}  {name} = {}", hcl_value(value)).unwrap();
    }
    block
        .blocks
        .iter()
        .for_each(|inner| hcl_block(inner, depth + 1, out));
    writeln!(out, "{pad}}}").unwrap();
}

fn hcl_value(value: &Written) -> String {
    match value {
        Written::String(parts) => {
            let inside: String = parts
                .iter()
                .map(|part| match part {
                    Part::Text(text) => escaped(text),
                    Part::Expression(expression) => format!("${{{expression}}}"),
                })
                .collect();
            format!("\"{}\"", inside)
        }
        Written::Number(number) => number.to_string(),
        Written::Bool(value) => value.to_string(),
        Written::Null => "null".to_owned(),
        Written::Expression(text) => text.clone(),
        Written::List(items) => format!("[{}]", items.iter().map(hcl_value).collect::<Vec<_>>().join(", ")),
        Written::Map(pairs) => {
            let pairs: Vec<String> = pairs
                .iter()
                .map(|(key, value)| format!("{} = {}", quoted(key), hcl_value(value)))
                .collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    let text = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
        .replace('\t', "\\t");
    text.replace("${", "$${").replace("%{", "%%{")
}

/// Prints blocks as YAML.
pub(crate) fn yaml(blocks: &[Block]) -> String {
    let mut out = String::new();
    yaml_body(blocks, &[], 0, &mut out);
    out
}

fn yaml_body(blocks: &[Block], attributes: &[(&'static str, Written)], depth: usize, out: &mut String) {
    let pad = "  ".repeat(depth);
    for (name, value) in attributes {
        writeln!(out, "{pad}{name}: {}", yaml_value(value)).unwrap();
    }
    let mut kinds: Vec<&str> = Vec::new();
    for block in blocks {
        if !kinds.contains(&block.kind) {
            kinds.push(block.kind);
        }
    }
    for kind in kinds {
        let of_kind: Vec<&Block> = blocks.iter().filter(|block| block.kind == kind).collect();
        if kind == "condition" {
            // In YAML conditions are a map of maps.
            let mut operators: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for block in of_kind {
                let pair = format!(
                    "{}: {}",
                    quoted(&block.labels[1]),
                    yaml_value(&block.attributes[0].1)
                );
                operators.entry(&block.labels[0]).or_default().push(pair);
            }
            let operators: Vec<String> = operators
                .iter()
                .map(|(name, keys)| format!("{name}: {{ {} }}", keys.join(", ")))
                .collect();
            writeln!(out, "{pad}condition: {{ {} }}", operators.join(", ")).unwrap();
            continue;
        }
        writeln!(out, "{pad}{kind}:").unwrap();
        for block in of_kind {
            match block.labels.first() {
                Some(label) => {
                    writeln!(out, "{pad}  {}:", yaml_quoted(label)).unwrap();
                    yaml_body(&block.blocks, &block.attributes, depth + 2, out);
                    if block.blocks.is_empty() && block.attributes.is_empty() {
                        writeln!(out, "{pad}    {{}}").unwrap();
                    }
                }
                None if matches!(kind, "locals" | "safety" | "gate" | "rollout") => {
                    yaml_body(&block.blocks, &block.attributes, depth + 1, out)
                }
                None => {
                    let mut inner = String::new();
                    yaml_body(&block.blocks, &block.attributes, depth + 2, &mut inner);
                    // The first line of an element stands behind its dash.
                    let first = format!("{pad}  - {}", inner.trim_start());
                    out.push_str(&first);
                }
            }
        }
    }
}

fn yaml_value(value: &Written) -> String {
    match value {
        Written::String(parts) => {
            let inside: String = parts
                .iter()
                .map(|part| match part {
                    Part::Text(text) => text.replace("${", "$${").replace("%{", "%%{"),
                    Part::Expression(expression) => format!("${{{expression}}}"),
                })
                .collect();
            yaml_quoted(&inside)
        }
        Written::Number(number) => number.to_string(),
        Written::Bool(value) => value.to_string(),
        Written::Null => "~".to_owned(),
        Written::Expression(text) if text == "string" => text.clone(),
        Written::Expression(text) => yaml_quoted(&format!("${{{text}}}")),
        Written::List(items) => format!(
            "[{}]",
            items.iter().map(yaml_value).collect::<Vec<_>>().join(", ")
        ),
        Written::Map(pairs) => {
            let key = |key: &str| yaml_quoted(&key.replace("${", "$${").replace("%{", "%%{"));
            let pairs: Vec<String> = pairs
                .iter()
                .map(|(name, value)| format!("{}: {}", key(name), yaml_value(value)))
                .collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}

fn yaml_quoted(text: &str) -> String {
    let text = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
        .replace('\t', "\\t");
    format!("\"{text}\"")
}
