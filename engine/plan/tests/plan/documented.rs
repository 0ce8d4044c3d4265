//! Every code of a refusal is explained in docs/refused-plans.md, and every explained code exists.

use std::collections::BTreeSet;
use std::path::Path;

fn codes_in_source(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_in_source(&path, codes);
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            for after in text
                .split("problems.add(")
                .skip(1)
                .chain(text.split("problems.add_at(").skip(1))
                .chain(text.split("code: ").skip(1))
            {
                let literal = after
                    .trim_start()
                    .strip_prefix('"')
                    .and_then(|rest| rest.split_once('"'));
                codes.extend(literal.map(|(code, _)| code.to_owned()));
            }
        }
    }
}

#[test]
fn every_refusal_has_its_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut codes = BTreeSet::new();
    codes_in_source(&root.join("src"), &mut codes);
    // Codes of notes stand in the same form and are no refusals; one bound speaks for three names.
    for note in [
        "allow_lists",
        "unguarded_moment",
        "impact_unknown",
        "impact_without",
    ] {
        codes.remove(note);
    }
    let page = std::fs::read_to_string(root.join("../../docs/refused-plans.md")).unwrap();
    let explained: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .map(str::to_owned)
        .collect();
    assert_eq!(codes, explained);
}

/// `LoosenBeforeArrival` becomes `loosen_before_arrival`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

#[test]
fn every_rule_of_order_is_explained_and_shown() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("../../docs/ordering.md")).unwrap();
    let tests: String = [
        "identity_rules.rs",
        "rules.rs",
        "safety.rs",
        "services.rs",
        "stack_rules.rs",
        "tower_rules.rs",
    ]
    .iter()
    .map(|file| std::fs::read_to_string(root.join("tests/plan").join(file)).unwrap())
    .collect();
    for rule in lz_model::rule::Rule::ALL {
        let name = format!("{rule:?}");
        assert!(
            page.contains(&format!("| `{}` |", snake(&name))),
            "docs/ordering.md does not explain {name}"
        );
        assert!(
            tests.contains(&format!("Rule::{name}")),
            "no test breaks without {name}"
        );
    }
}
