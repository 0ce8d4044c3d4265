//! What people are shown of two templates.

use lz_template::{Change, Template, diff, diff_text};

const BEFORE: &str = "Description: one\nResources:\n  Gone: {Type: 'AWS::SNS::Topic'}\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub 'logs-${AWS::AccountId}'\n      Tags:\n        - {Key: a, Value: b}\n        - {Key: c, Value: d}\n      Versioning: {Status: Suspended}\n";
const AFTER: &str = r#"{"Description": "one", "Resources": {
  "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {
    "BucketName": {"Fn::Sub": "logs-${AWS::AccountId}"},
    "Tags": [{"Key": "a", "Value": "x"}, {"Key": "c", "Value": "d"}, {"Key": "e", "Value": "f"}],
    "Versioning": {"Status": "Enabled"}, "Lock": true}},
  "New": {"Type": "AWS::SNS::Topic"}}}"#;

fn templates() -> (Template, Template) {
    (Template::parse(BEFORE).unwrap(), Template::parse(AFTER).unwrap())
}

#[test]
fn each_resource_that_differs_is_named_with_the_properties_that_do() {
    let (before, after) = templates();
    let found: Vec<(String, Change)> = diff(&before, &after)
        .into_iter()
        .map(|one| (one.name.unwrap(), one.change))
        .collect();
    let changed = [
        "Properties.Lock: + true",
        "Properties.Tags[0].Value: b -> x",
        "Properties.Tags[2]: + {Key: e, Value: f}",
        "Properties.Versioning.Status: Suspended -> Enabled",
    ];
    assert_eq!(
        found,
        [
            (
                "Bucket".to_owned(),
                Change::Changed(changed.map(str::to_owned).to_vec())
            ),
            ("Gone".to_owned(), Change::Removed),
            ("New".to_owned(), Change::Added),
        ]
    );
}

#[test]
fn the_text_shows_the_lines_that_come_and_go() {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("diff_text", diff_text(BEFORE, AFTER));
    });
}

#[test]
fn templates_of_one_meaning_have_no_difference() {
    assert_eq!(
        diff_text(
            "Resources: {A: {Type: T::A}}",
            "{\"Resources\": {\"A\": {\"Type\": \"T::A\"}}}"
        ),
        ""
    );
}

#[test]
fn a_long_difference_is_cut_and_says_so() {
    let text = |word: &str| {
        let lines: String = (0..100).map(|at| format!("      P{at}: {word}\n")).collect();
        format!("Resources:\n  A:\n    Type: T::A\n    Properties:\n{lines}")
    };
    let shown = diff_text(&text("a"), &text("b"));
    assert!(shown.lines().count() <= 42, "{shown}");
    assert!(shown.contains("more lines)"), "{shown}");
}

#[test]
fn texts_too_long_to_be_held_against_each_other_are_counted() {
    let text = |word: &str| {
        (0..8_000)
            .map(|at| format!("{word}{at}: [\n"))
            .collect::<String>()
    };
    assert_eq!(
        diff_text(&text("a"), &text("b")),
        "  (8000 lines -> 8000 lines)\n"
    );
    let list = |word: &str| {
        let items: Vec<String> = (0..8_000).map(|at| format!("\"{word}{at}\"")).collect();
        let list = items.join(",");
        Template::parse(&format!(
            "{{\"Resources\": {{\"A\": {{\"Type\": \"T::A\", \"Properties\": {{\"P\": [{list}]}}}}}}}}"
        ))
        .unwrap()
    };
    let found = diff(&list("a"), &list("b"));
    let expected = "Properties.P: 8000 elements -> 8000 elements".to_owned();
    assert_eq!(found[0].change, Change::Changed(vec![expected]));
}

#[test]
fn control_characters_cannot_forge_lines() {
    let shown = diff_text(
        "Resources: {A: {Type: T::A, Properties: {P: x}}}",
        "Resources: {A: {Type: T::A, Properties: {P: \"x\\e[2K\\r+ fake\\nz\"}}}",
    );
    assert!(!shown.contains(['\u{1b}', '\r']), "{shown:?}");
    let shown = diff_text("- a", "- \u{1b}[2K");
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
}
