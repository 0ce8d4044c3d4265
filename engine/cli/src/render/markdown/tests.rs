use super::comment::LONGEST;
use super::escape::{code, prose, sentence};
use super::{Comment, comment};
use crate::fixture;
use crate::map::Map;
use lz_model::plan::{Impact, Note, Plan, Severity};

/// What people could write into a name to do harm in a comment.
const HOSTILE: [&str; 9] = [
    "</details><script>alert(1)</script>",
    "a | b | c",
    "@octocat please #1 !2 $3 ~bug %4 &5",
    "[click](https://evil.example) ![x](https://evil.example/p.png)",
    "``` \n```\n# heading",
    "`code` **bold** _under_",
    "--> <!-- lz plan acme -->",
    "https://evil.example/login www.evil.example",
    "\\| \\",
];

fn shown(plan: &Plan, how: &Comment<'_>) -> String {
    comment(plan, &Map::of(plan, None), how)
}

fn plain(plan: &Plan) -> String {
    let next = [("To apply exactly this", "lz apply plan.lz".to_owned())];
    let how = Comment {
        next: &next,
        ..Comment::default()
    };
    shown(plan, &how)
}

fn impact(digits: &[u8], sentences: &[&str]) -> Impact {
    let account = |digit: &u8| digit.to_string().repeat(12).parse().unwrap();
    Impact {
        accounts: digits.iter().map(account).collect(),
        sentences: sentences.iter().map(|text| (*text).to_owned()).collect(),
        difference: serde_json::Value::Null,
    }
}

#[test]
fn every_action_and_reason_in_a_comment() {
    let mut plan = fixture::everything();
    plan.impact = vec![
        impact(&[2, 3], &["lose s3:PutBucketPolicy on *", "gain ec2:* on *"]),
        impact(
            &[4],
            &["lose s3:PutBucketPolicy on *", "possibly lose iam:* on *"],
        ),
    ];
    insta::assert_snapshot!(plain(&plan));
}

#[test]
fn an_empty_plan_is_a_short_comment() {
    let mut plan = fixture::plan(Vec::new());
    plan.tests_passed = 3;
    insta::assert_snapshot!(plain(&plan));
}

#[test]
fn a_comment_that_does_not_fit_says_what_is_missing_and_where_it_is() {
    let plan = fixture::large(303);
    let how = Comment {
        longest: Some(6_000),
        link: Some("https://ci.example/run/(7)"),
        ..Comment::default()
    };
    let text = shown(&plan, &how);
    assert!(text.chars().count() <= 6_000, "{}", text.chars().count());
    insta::assert_snapshot!(text);
}

#[test]
fn no_comment_is_longer_than_github_takes() {
    for accounts in [0, 303, 3_000] {
        let mut plan = fixture::large(accounts);
        let note = Note {
            severity: Severity::Warning,
            code: "long".into(),
            address: None,
            text: "x".repeat(9_000),
        };
        plan.notes = vec![note; 400];
        let text = plain(&plan);
        assert!(text.chars().count() <= LONGEST, "{}", text.chars().count());
        let is_cut = text.contains("> Left out to stay under 65,536 characters:");
        assert_eq!(is_cut, accounts == 3_000, "{accounts}");
    }
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    assert_eq!(plain(&fixture::everything()), plain(&fixture::everything()));
}

#[test]
fn what_changed_since_the_former_plan_is_told() {
    let former = fixture::everything();
    let mut plan = fixture::everything();
    plan.steps.remove(3);
    plan.steps.push(fixture::attach("policy.late", "Sandbox", 3));
    let how = Comment {
        since: Some(&former),
        ..Comment::default()
    };
    let text = shown(&plan, &how);
    assert!(
        text.contains("\n**Since the former plan:** 1 step is new and 1 step is gone.\n"),
        "{text}"
    );
    assert!(
        text.contains("\n+ policy.late attach to Sandbox\n- organization."),
        "{text}"
    );
    let how = Comment {
        since: Some(&former),
        ..Comment::default()
    };
    assert!(shown(&former, &how).contains("nothing has changed"));
}

/// A plan in which every text is hostile.
fn hostile(text: &str) -> Plan {
    let mut plan = fixture::odd();
    plan.steps.extend([
        fixture::create_ou("ou.hostile", text),
        fixture::attach("policy.p", text, 3),
        fixture::update(
            "policy.p",
            "update",
            fixture::BEFORE,
            &fixture::BEFORE.replace("NoLeave", "```"),
        ),
    ]);
    plan.notes = [Severity::Consent, Severity::Warning, Severity::Info]
        .into_iter()
        .map(|severity| Note {
            severity,
            code: "odd".into(),
            address: None,
            text: format!("the OU `{text}` is odd, {text}"),
        })
        .collect();
    plan.impact = vec![impact(&[2], &[&format!("lose s3:* on {text}")])];
    plan
}

/// Returns the comment without what markdown does not interpret: fences and code.
fn interpreted(text: &str) -> String {
    let mut kept = String::new();
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        match fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None if line.starts_with("```") => fence = Some(line.trim_end_matches("diff")),
            None => {
                let mut pieces = line.split('`');
                kept.push_str(pieces.next().unwrap());
                while pieces.next().is_some() {
                    kept.push_str(pieces.next().expect("code is closed"));
                }
                kept.push('\n');
            }
        }
    }
    assert_eq!(fence, None, "every fence is closed");
    kept
}

#[test]
fn hostile_names_stay_text() {
    let ours = [
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<br>",
        "<code>",
        "</code>",
        "<!-- lz plan ",
    ];
    for name in HOSTILE {
        let text = plain(&hostile(name));
        let text = interpreted(&text);
        for (at, _) in text.match_indices('<') {
            let (_, rest) = text.split_at(at);
            assert!(ours.iter().any(|tag| rest.starts_with(tag)), "{name}: {rest}");
        }
        assert_eq!(
            text.matches("<details>").count(),
            text.matches("</details>").count(),
            "{name}"
        );
        assert_eq!(text.matches("<!--").count(), 1, "{name}");
        for sign in ['@', '#'] {
            for (at, _) in text.match_indices(sign) {
                let (before, after) = text.split_at(at);
                let next = after.chars().nth(1);
                let is_heading = before.ends_with(['\n', '#']);
                let is_entity = before.ends_with('&');
                assert!(
                    is_heading || is_entity || !next.is_some_and(char::is_alphanumeric),
                    "{name}"
                );
            }
        }
        for line in text.lines().filter(|line| line.starts_with('|')) {
            assert_eq!(line.matches('|').count(), 3, "{name}: {line}");
        }
        assert!(!text.contains("]("), "{name}");
        assert!(!text.contains("://"), "{name}");
        assert!(
            text.lines().all(|line| !line.starts_with('/')),
            "{name}: a quick action of GitLab"
        );
    }
}

#[test]
fn foreign_text_is_written_as_references_and_backticks_become_code() {
    assert_eq!(prose("a@b <i>"), "a&#64;&#8203;b &#60;i&#62;");
    assert_eq!(prose("x https://y www.z"), "x https:&#8203;//y www.&#8203;z");
    assert_eq!(code("plain @name"), "`plain @name`");
    assert_eq!(code("a|b"), "<code>a&#124;b</code>");
    assert_eq!(code(" "), "<code> </code>");
    assert_eq!(sentence("take `a b` away"), "take `a b` away");
    assert_eq!(sentence("odd ` tick"), "odd &#96; tick");
}
