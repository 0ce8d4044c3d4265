//! What AWS would refuse, each rule by a template that breaks it and nothing else.

use lz_model::stack::Capability;
use lz_template::{Given, Problem, ProblemKind, Template, Usage, problems};
use std::collections::{BTreeMap, BTreeSet};

const BUCKET: &str = "Resources:\n  A:\n    Type: AWS::S3::Bucket\n";

fn shown(found: &[Problem]) -> Vec<String> {
    found
        .iter()
        .map(|problem| match problem.line {
            Some(line) => format!("{line}: {}", problem.message),
            None => problem.message.clone(),
        })
        .collect()
}

fn of(text: &str) -> Vec<String> {
    shown(&problems(text, &Usage::default()))
}

fn with(text: &str, parameters: &[(&str, &str)]) -> Vec<Problem> {
    let parameters = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Given::Known((*value).to_owned())))
        .collect();
    problems(
        text,
        &Usage {
            parameters,
            ..Usage::default()
        },
    )
}

#[test]
fn a_template_that_is_right_has_no_problem() {
    let text = "AWSTemplateFormatVersion: 2010-09-09\nDescription: d\nParameters:\n  Name: {Type: String}\nMappings:\n  M: {a: {b: c}}\nConditions:\n  C: !Equals [!Ref Name, x]\n  D: !Not [!Condition C]\nResources:\n  A:\n    Type: AWS::S3::Bucket\n    Condition: C\n    DependsOn: B\n    Properties:\n      N: !Sub '${Name}-${AWS::AccountId}-${B.Arn}-${!x}'\n      O: !Sub ['${y}', {y: 1}]\n      P: !FindInMap [M, a, b]\n      Q: !If [D, !Ref B, !Ref 'AWS::NoValue']\n  B: {Type: 'Custom::Thing'}\nOutputs:\n  O: {Value: !GetAtt B.Arn, Condition: C}\n";
    assert_eq!(shown(&with(text, &[("Name", "x")])), [] as [&str; 0]);
}

#[test]
fn parts_that_templates_do_not_have_are_named_with_their_line() {
    let cases = [
        ("Description: x\n", "1: the template has no `Resources`"),
        ("Resources: {}\n", "1: the template has no resources"),
        ("Resources:\n  A: x\n", "2: the resource `A` is not a map"),
        (
            "Resources:\n  A: {Properties: {}}\n",
            "2: the resource `A` has no `Type`",
        ),
        (
            "Resources:\n  A: {Type: Bucket}\n",
            "2: the type of the resource `A` is not such as `AWS::S3::Bucket`",
        ),
        (
            "Resources:\n  A-b: {Type: T::A}\n",
            "2: the name of a resource has 1 to 255 letters and digits, not `A-b`",
        ),
        (
            "Resources:\n  A:\n    Type: T::A\n    Propertys: {}\n",
            "4: a resource has no `Propertys`",
        ),
        (
            "Resources:\n  A:\n    Type: T::A\n    Properties: []\n",
            "2: `Properties` of `A` is not a map",
        ),
        (
            "Resources:\n  A:\n    Type: T::A\n    Properties:\n      Tags:\n",
            "5: `Tags` in `Resources.A` has no value, which AWS refuses",
        ),
        (
            "Resources:\n  A:\n    Type: T::A\n    Properties:\n      Tags: [a, null]\n",
            "5: an element of a list in `Resources.A` is empty, which AWS refuses",
        ),
        (
            "Resources:\n  A:\n    Type: T::A\n    DependsOn: B\n",
            "4: the template declares no resource `B`",
        ),
        (
            "Resources:\n  A:\n    Type: T::A\n    Condition: B\n",
            "4: the template declares no condition `B`",
        ),
        (
            "Resources:\n  A:\n    Type: T::A\n    Properties:\n      P: !Ref B\n",
            "5: the template declares no parameter or resource `B`",
        ),
        (
            "Resources:\n  A:\n    Type: T::A\n    Properties:\n      P: !GetAtt B.Arn\n",
            "5: the template declares no resource `B`",
        ),
        (
            "Resources:\n  A:\n    Type: T::A\n    Properties:\n      P: !Sub 'x-${B}'\n",
            "5: the template declares no parameter or resource `B`",
        ),
        (
            "Resources:\n  A:\n    Type: T::A\n    Properties:\n      P: !Sub 'x-${B.Arn}'\n",
            "5: the template declares no parameter or resource `B`",
        ),
        (
            "Resources:\n  A:\n    Type: T::A\n    Properties:\n      P: !If [B, 1, 2]\n",
            "5: the template declares no condition `B`",
        ),
        (
            "Resources:\n  A:\n    Type: T::A\n    Properties:\n      P: !FindInMap [B, a, b]\n",
            "5: the template declares no mapping `B`",
        ),
        (
            "Resources: {A: {Type: T::A}}\nConditions:\n  C: !Not [!Condition D]\n",
            "3: the template declares no condition `D`",
        ),
        (
            "Resources: {A: {Type: T::A}}\nParameters:\n  P: x\n",
            "3: the parameter `P` is not a map",
        ),
        (
            "Resources: {A: {Type: T::A}}\nParameters:\n  P: {Default: x}\n",
            "3: the parameter `P` has no `Type`",
        ),
        (
            "Resources: {A: {Type: T::A}}\nParameters:\n  P: {Type: Number, Default: x}\n",
            "3: the parameter `P` does not take its own default: it takes a number",
        ),
        (
            "Resources: {A: {Type: T::A}}\nOutput: {}\n",
            "2: a template has no `Output`",
        ),
    ];
    for (text, message) in cases {
        let found = Template::parse(text).unwrap().problems();
        assert_eq!(shown(&found), [message], "{text}");
    }
    let found = problems("Resources: {A: {Type: T::A}}\nOutput: {}\n", &Usage::default());
    assert_eq!(found[0].help.as_deref(), Some("did you mean `Outputs`?"));
}

#[test]
fn what_macros_make_is_not_known_before() {
    assert_eq!(
        of("Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: T::A, Properties: {P: !Ref B}}}\n"),
        ["the template needs CAPABILITY_AUTO_EXPAND"]
    );
}

#[test]
fn limits_hold_at_their_border() {
    let resources = |count: usize| {
        let all: String = (0..count)
            .map(|at| format!("  A{at}: {{Type: T::A}}\n"))
            .collect();
        of(&format!("Resources:\n{all}"))
    };
    assert_eq!(resources(500), [] as [&str; 0]);
    assert_eq!(
        resources(501),
        ["1: the template has 501 resources, AWS takes 500"]
    );
    let parameters = |count: usize| {
        let all: String = (0..count)
            .map(|at| format!("  A{at}: {{Type: String, Default: ''}}\n"))
            .collect();
        of(&format!("{BUCKET}Parameters:\n{all}"))
    };
    assert_eq!(parameters(200), [] as [&str; 0]);
    assert_eq!(
        parameters(201),
        ["4: the template has 201 parameters, AWS takes 200"]
    );
    let description = |size: usize| of(&format!("{BUCKET}Description: {}\n", "x".repeat(size)));
    assert_eq!(description(1_024), [] as [&str; 0]);
    assert_eq!(
        description(1_025),
        ["4: the description has 1025 bytes, AWS takes 1024"]
    );
    let template = |size: usize| {
        let text = format!("{BUCKET}# ");
        of(&format!("{text}{}", "x".repeat(size - text.len())))
    };
    assert_eq!(template(1_048_576), [] as [&str; 0]);
    assert_eq!(
        template(1_048_577),
        ["1: the template has 1048577 bytes, AWS takes 1048576"]
    );
}

#[test]
fn values_are_held_against_their_parameters() {
    let parameter = |declaration: &str, value: &str| {
        shown(&with(
            &format!("{BUCKET}Parameters:\n  P: {declaration}\n"),
            &[("P", value)],
        ))
    };
    let cases = [
        ("{Type: String, AllowedValues: [a, b]}", "a", ""),
        (
            "{Type: String, AllowedValues: [a, b]}",
            "c",
            "it takes `a` or `b`",
        ),
        ("{Type: CommaDelimitedList, AllowedValues: [a, b]}", "a, b", ""),
        (
            "{Type: CommaDelimitedList, AllowedValues: [a, b]}",
            "a,c",
            "it takes `a` or `b`",
        ),
        ("{Type: Number}", "5", ""),
        ("{Type: Number}", "five", "it takes a number"),
        ("{Type: List<Number>}", "1,2", ""),
        ("{Type: List<Number>}", "1,x", "it takes a number"),
        ("{Type: Number, MinValue: 1, MaxValue: 3}", "3", ""),
        (
            "{Type: Number, MinValue: 1, MaxValue: 3}",
            "0",
            "it takes 1 or more",
        ),
        (
            "{Type: Number, MinValue: 1, MaxValue: 3}",
            "4",
            "it takes 3 or less",
        ),
        ("{Type: String, MinLength: 2, MaxLength: 3}", "ab", ""),
        (
            "{Type: String, MinLength: 2, MaxLength: 3}",
            "a",
            "it takes 2 characters or more, this one has 1",
        ),
        (
            "{Type: String, MinLength: 2, MaxLength: 3}",
            "abcd",
            "it takes 3 characters or less, this one has 4",
        ),
        ("{Type: String, AllowedPattern: '[a-z]+'}", "abc", ""),
        (
            "{Type: String, AllowedPattern: '[a-z]+'}",
            "abc1",
            "it takes what matches `[a-z]+`",
        ),
        (
            "{Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: small letters only.}",
            "A",
            "small letters only",
        ),
        ("{Type: String, AllowedPattern: '(?=a)b'}", "c", ""),
        (
            "{Type: String, AllowedPattern: '[a-z]+'}",
            "{{resolve:ssm:x}}",
            "",
        ),
    ];
    for (declaration, value, refusal) in cases {
        let expected: Vec<String> = if refusal.is_empty() {
            Vec::new()
        } else {
            vec![format!("the parameter `P` does not take `{value}`: {refusal}")]
        };
        assert_eq!(parameter(declaration, value), expected, "{declaration} {value}");
    }
    let long = parameter("{Type: String}", &"x".repeat(4_097));
    assert!(long[0].ends_with("it has 4097 bytes, AWS takes 4096"), "{long:?}");
    assert!(parameter("{Type: String}", &"x".repeat(4_096)).is_empty());
}

#[test]
fn parameters_without_a_value_and_values_without_a_parameter_are_named() {
    let text = format!("{BUCKET}Parameters:\n  P: {{Type: String}}\n  Q: {{Type: String, Default: x}}\n");
    let found = with(&text, &[("R", "1")]);
    let kinds: Vec<&ProblemKind> = found.iter().map(|problem| &problem.kind).collect();
    assert_eq!(
        kinds,
        [
            &ProblemKind::UnknownParameter("R".to_owned()),
            &ProblemKind::MissingParameter("P".to_owned())
        ]
    );
    assert_eq!(found[0].help.as_deref(), Some("it has `P` and `Q`"));
}

#[test]
fn a_secret_is_given_by_reference() {
    let text = format!("{BUCKET}Parameters:\n  P: {{Type: String, NoEcho: true}}\n");
    let kind = |value: &str| with(&text, &[("P", value)]).pop().map(|problem| problem.kind);
    let secret = Some(ProblemKind::Secret("P".to_owned()));
    assert_eq!(kind("hunter2"), secret);
    assert_eq!(kind("{{resolve:ssm:plain}}"), secret);
    assert_eq!(kind("{{resolve:secretsmanager:hook:SecretString:url}}"), None);
    assert_eq!(kind("{{resolve:ssm-secure:hook:1}}"), None);
    let found = with(&text, &[("P", "hunter2")]);
    assert!(
        !format!("{found:?}").contains("hunter2"),
        "a secret is never shown"
    );
}

#[test]
fn a_value_that_is_known_later_is_not_held_against_anything() {
    let text = format!("{BUCKET}Parameters:\n  P: {{Type: String, AllowedValues: [a], NoEcho: true}}\n");
    let parameters = BTreeMap::from([("P".to_owned(), Given::Later)]);
    let usage = Usage {
        parameters,
        ..Usage::default()
    };
    assert_eq!(shown(&problems(&text, &usage)), [] as [&str; 0]);
}

#[test]
fn capabilities_that_are_missing_are_named() {
    let role = "Resources: {A: {Type: 'AWS::IAM::Role'}}";
    let named = "Resources: {A: {Type: 'AWS::IAM::Role', Properties: {RoleName: x}}}";
    let found = |text: &str, given: &[Capability]| {
        let capabilities: BTreeSet<Capability> = given.iter().copied().collect();
        let usage = Usage {
            capabilities,
            ..Usage::default()
        };
        problems(text, &usage).pop().map(|problem| problem.help.unwrap())
    };
    assert_eq!(
        found(role, &[]).unwrap(),
        "add `capabilities = [\"CAPABILITY_IAM\"]`"
    );
    assert_eq!(found(role, &[Capability::Iam]), None);
    assert_eq!(
        found(role, &[Capability::NamedIam]),
        None,
        "the wider one is enough"
    );
    assert_eq!(
        found(named, &[Capability::Iam]).unwrap(),
        "add `capabilities = [\"CAPABILITY_IAM\", \"CAPABILITY_NAMED_IAM\"]`"
    );
    assert_eq!(found(named, &[Capability::NamedIam]), None);
}

#[test]
fn a_service_managed_set_refuses_nested_stacks() {
    let text = "Resources:\n  A: {Type: 'AWS::CloudFormation::Stack'}\n";
    let usage = Usage {
        service_managed: true,
        ..Usage::default()
    };
    assert_eq!(
        shown(&problems(text, &usage)),
        ["2: `A` is a nested stack, which a service-managed stack set does not take"]
    );
    assert_eq!(of(text), [] as [&str; 0]);
}

#[test]
fn aliases_are_doubtful() {
    let found = problems(
        &format!("{BUCKET}    Metadata: &x {{a: b}}\nMetadata: *x\n"),
        &Usage::default(),
    );
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0].kind, found[0].line), (&ProblemKind::Doubtful, Some(5)));
}
