//! Drawings: a plan's order, or the organization of a spec, in Graphviz or Mermaid.

use crate::args::GraphFormat;
use crate::render::safe;
use crate::render::title::Titles;
use lz_model::desired::{Desired, DesiredParent};
use lz_model::plan::Plan;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Nodes and edges in the order in which they are drawn.
#[derive(Debug, Default)]
struct Drawing {
    /// Key and label.
    nodes: Vec<(String, String, Shape)>,
    /// From, to, label.
    edges: Vec<(String, String, String)>,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    Box,
    Round,
    Note,
}

/// Returns the order of a plan: each edge leads from what comes first and names its rule.
pub(crate) fn of_plan(plan: &Plan, format: GraphFormat) -> String {
    let titles = Titles::of(plan);
    let mut drawing = Drawing::default();
    for step in &plan.steps {
        let label = titles.line(&step.id).to_plain();
        drawing.nodes.push((step.id.to_string(), label, Shape::Box));
    }
    for step in &plan.steps {
        for edge in &step.after {
            drawing
                .edges
                .push((edge.step.to_string(), step.id.to_string(), rule_name(edge.rule)));
        }
    }
    drawing.write(format)
}

/// Returns the name of a rule as plans write it.
pub(crate) fn rule_name(rule: lz_model::rule::Rule) -> String {
    match serde_json::to_value(rule) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(_) | Err(_) => format!("{rule:?}"),
    }
}

/// Returns the organization that a spec wants: OUs, accounts, and the policies attached to them.
pub(crate) fn of_spec(desired: &Desired, format: GraphFormat) -> String {
    let mut drawing = Drawing::default();
    drawing
        .nodes
        .push(("root".to_owned(), "Root".to_owned(), Shape::Box));
    for (address, ou) in &desired.ous {
        drawing
            .nodes
            .push((address.to_string(), ou.name.clone(), Shape::Box));
        let parent = address
            .parent()
            .map_or_else(|| "root".to_owned(), |parent| parent.to_string());
        drawing.edges.push((parent, address.to_string(), String::new()));
    }
    for (name, account) in &desired.accounts {
        let key = format!("account.{name}");
        drawing
            .nodes
            .push((key.clone(), account.name.clone(), Shape::Round));
        let parent = account.parent.as_ref().unwrap_or(&DesiredParent::Root);
        drawing
            .edges
            .push((parent.address().to_string(), key, String::new()));
    }
    for (name, policy) in &desired.policies {
        let key = format!("policy.{name}");
        drawing.nodes.push((
            key.clone(),
            format!("{} {}", policy.policy_type, policy.name),
            Shape::Note,
        ));
        for target in policy.attach.iter().flatten() {
            drawing
                .edges
                .push((key.clone(), target.address().to_string(), "guards".to_owned()));
        }
    }
    drawing.write(format)
}

impl Drawing {
    fn write(&self, format: GraphFormat) -> String {
        match format {
            GraphFormat::Dot => self.dot(),
            GraphFormat::Mermaid => self.mermaid(),
        }
    }

    fn dot(&self) -> String {
        let quoted = |text: &str| {
            format!(
                "\"{}\"",
                safe::escape(text).replace('\\', "\\\\").replace('"', "\\\"")
            )
        };
        let mut text = "digraph lz {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n".to_owned();
        for (key, label, shape) in &self.nodes {
            let shape = match shape {
                Shape::Box => "shape=box",
                Shape::Round => "shape=box, style=rounded",
                Shape::Note => "shape=note",
            };
            let _ = writeln!(text, "  {} [label={}, {shape}];", quoted(key), quoted(label));
        }
        for (from, to, label) in &self.edges {
            let label = if label.is_empty() {
                String::new()
            } else {
                format!(" [label={}]", quoted(label))
            };
            let _ = writeln!(text, "  {} -> {}{label};", quoted(from), quoted(to));
        }
        text.push_str("}\n");
        text
    }

    /// Mermaid takes no free text as a key, so nodes are numbered.
    fn mermaid(&self) -> String {
        let quoted = |text: &str| {
            let entities = safe::escape(text).replace('&', "&amp;").replace('"', "&quot;");
            format!("\"{}\"", entities.replace('<', "&lt;").replace('>', "&gt;"))
        };
        let keys: BTreeMap<&str, usize> = self
            .nodes
            .iter()
            .enumerate()
            .map(|(at, (key, ..))| (key.as_str(), at))
            .collect();
        let mut text = "flowchart LR\n".to_owned();
        for (at, (_, label, shape)) in self.nodes.iter().enumerate() {
            let (open, close) = match shape {
                Shape::Box => ("[", "]"),
                Shape::Round => ("(", ")"),
                Shape::Note => ("[/", "/]"),
            };
            let _ = writeln!(text, "  n{at}{open}{}{close}", quoted(label));
        }
        for (from, to, label) in &self.edges {
            let (Some(from), Some(to)) = (keys.get(from.as_str()), keys.get(to.as_str())) else {
                continue;
            };
            let label = if label.is_empty() {
                String::new()
            } else {
                format!("|{}|", quoted(label))
            };
            let _ = writeln!(text, "  n{from} -->{label} n{to}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_plan_s_order_in_graphviz() {
        insta::assert_snapshot!(of_plan(&fixture::large(2), GraphFormat::Dot));
    }

    #[test]
    fn a_plan_s_order_in_mermaid() {
        insta::assert_snapshot!(of_plan(&fixture::large(2), GraphFormat::Mermaid));
    }

    #[test]
    fn no_name_can_leave_its_quotes() {
        let mut drawing = Drawing::default();
        drawing
            .nodes
            .push(("k".into(), "a\"]; evil [x=\"\\\n<b>".into(), Shape::Box));
        assert_eq!(
            drawing.dot().lines().nth(3).unwrap(),
            r#"  "k" [label="a\"]; evil [x=\"\\\\n<b>", shape=box];"#
        );
        assert_eq!(
            drawing.mermaid().lines().nth(1).unwrap(),
            r#"  n0["a&quot;]; evil [x=&quot;\\n&lt;b&gt;"]"#
        );
    }
}
