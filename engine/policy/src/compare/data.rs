//! Losses and gains as data, for programs.

use super::difference::{Access, Certainty, Difference, Fact, Literal, Term};
use super::words::sentences;
use crate::evaluate::Request;
use crate::language::Sense;
use serde_json::{Map, Value, json};

/// Returns a difference as JSON: `lost` and `gained` with actions, circumstances and witnesses, and `sentences` in
/// people's words.
#[must_use]
pub fn to_value(difference: &Difference) -> Value {
    let accesses = |list: &[Access]| list.iter().map(access).collect::<Vec<_>>();
    json!({
        "lost": accesses(&difference.lost),
        "gained": accesses(&difference.gained),
        "sentences": sentences(difference),
    })
}

fn access(access: &Access) -> Value {
    json!({
        "actions": {
            "patterns": access.actions.patterns,
            "except": access.actions.except,
            "count": access.actions.count,
        },
        "terms": access.terms.iter().map(term).collect::<Vec<_>>(),
        "complete": access.complete,
    })
}

fn term(term: &Term) -> Value {
    let certainty = match term.certainty {
        Certainty::Certain => "certain",
        Certainty::Possible => "possible",
    };
    json!({
        "facts": term.literals.iter().map(fact).collect::<Vec<_>>(),
        "certainty": certainty,
        "witness": term.witness.as_ref().map(witness),
    })
}

fn fact(literal: &Literal) -> Value {
    let holds = literal.holds;
    match &literal.fact {
        Fact::Resource(pattern) => json!({"fact": "resource", "pattern": pattern, "holds": holds}),
        Fact::Present(key) => json!({"fact": "present", "key": key, "holds": holds}),
        Fact::Single(key) => json!({"fact": "single", "key": key, "holds": holds}),
        Fact::Compares {
            key,
            comparison,
            value,
        } => {
            json!({"fact": "compares", "key": key, "operator": comparison.name(Sense::Is), "values": [value], "holds": holds})
        }
        Fact::Outside {
            key,
            comparison,
            values,
        } => {
            json!({"fact": "outside", "key": key, "operator": comparison.name(Sense::Is), "values": values, "holds": holds})
        }
    }
}

/// A request in the form that [`crate::line`] takes.
fn witness(request: &Request) -> Value {
    let context: Map<String, Value> = request
        .context()
        .iter()
        .map(|(key, values)| (key.clone(), json!(values)))
        .collect();
    json!({
        "principal": request.principal(),
        "action": request.action(),
        "resource": request.resource(),
        "context": context,
    })
}
