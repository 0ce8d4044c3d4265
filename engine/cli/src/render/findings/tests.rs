use super::finding::Spot;
use super::{Finding, github, gitlab, sarif};
use crate::exit::Exit;
use crate::fixture;
use crate::problem::Level;
use serde_json::Value;
use std::path::Path;

fn finding(level: Level, path: Option<&str>, end: Option<(usize, usize)>) -> Finding {
    Finding {
        level,
        code: "lz::spec::unknown_ou".into(),
        message: "ou.x: `50%`, a\nb".into(),
        help: Some("did you mean `y`?".into()),
        spot: path.map(|path| Spot {
            path: path.into(),
            line: 3,
            column: 9,
            end,
        }),
        related: Vec::new(),
    }
}

fn findings() -> Vec<Finding> {
    let related = Spot {
        path: "zone/a.hcl".into(),
        line: 1,
        column: 1,
        end: None,
    };
    vec![
        Finding {
            related: vec![("declared here".into(), related)],
            ..finding(Level::Error, Some("zone/東 京,x:y.hcl"), Some((3, 12)))
        },
        finding(Level::Warning, Some("zone/main.hcl"), Some((5, 2))),
        finding(Level::Warning, Some("zone/main.hcl"), Some((5, 2))),
        finding(Level::Advice, None, None),
    ]
}

/// What SARIF 2.1.0 demands of the members that lz writes (its section 3), and GitHub's code scanning beyond it.
const ESSENTIAL: &str = include_str!("sarif-essentials.json");

#[test]
fn a_log_has_what_sarif_demands_and_rules_are_found_by_their_index() {
    let log: Value = serde_json::from_str(&sarif(
        &findings(),
        Exit::SpecWrong,
        Some("https://docs.example/lz/"),
    ))
    .unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(ESSENTIAL).unwrap()).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&log)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}\n{log:#}");
    let run = &log["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    let prints: Vec<_> = run["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["partialFingerprints"]["lz/v1"])
        .collect();
    assert_ne!(prints[1], prints[2], "equal findings are told apart");
    insta::assert_snapshot!(format!("{log:#}"));
}

#[test]
fn without_an_address_of_the_documentation_no_link_is_made_up() {
    let log = sarif(&findings(), Exit::Done, None);
    assert!(
        !log.contains("helpUri") && log.contains("docs/errors/unknown_ou.md"),
        "{log}"
    );
}

#[test]
fn annotations_are_one_line_each_and_nothing_breaks_out_of_them() {
    insta::assert_snapshot!(github(&findings()));
}

#[test]
fn a_code_quality_report_has_what_gitlab_reads() {
    insta::assert_snapshot!(gitlab(&findings()));
}

#[test]
fn notes_of_a_plan_stand_where_the_objects_are_declared() {
    let found = Finding::of_plan(&fixture::everything(), Path::new("nowhere"));
    let words: Vec<_> = found
        .iter()
        .map(|one| (one.level, one.code.as_str(), one.spot.is_some()))
        .collect();
    assert_eq!(
        words,
        [
            (Level::Advice, "lz::plan::creation_pending", false),
            (Level::Warning, "lz::plan::near_limit", false),
            (Level::Warning, "lz::plan::unguarded_moment", false),
        ]
    );
    assert!(
        found[1].message.ends_with("(main.hcl:12)"),
        "{}: a file that is not there has no lines",
        found[1].message
    );
}
