use super::page;
use crate::fixture;
use crate::map::Map;
use lz_model::plan::{Impact, Note, Plan, Severity};

fn shown(plan: &Plan) -> String {
    let next = [("To apply exactly this", "lz apply plan.lz".to_owned())];
    page(plan, &Map::of(plan, None), None, &next)
}

/// Returns what is between the style and the script, which change for other reasons.
fn body(html: &str) -> &str {
    let (_, rest) = html.split_once("<body>").unwrap();
    rest.split_once("<script>").unwrap().0
}

#[test]
fn every_action_and_reason_on_a_page() {
    let mut plan = fixture::everything();
    let sentences = vec!["lose s3:* on *".to_owned(), "possibly gain ec2:* on *".to_owned()];
    plan.impact = vec![Impact {
        accounts: vec!["222222222222".parse().unwrap()],
        sentences,
        difference: serde_json::Value::Null,
    }];
    insta::assert_snapshot!(body(&shown(&plan)));
}

#[test]
fn an_empty_plan_shows_the_organization() {
    insta::assert_snapshot!(body(&shown(&fixture::plan(Vec::new()))));
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    assert_eq!(shown(&fixture::everything()), shown(&fixture::everything()));
}

#[test]
fn hostile_text_is_never_an_element_an_attribute_or_a_script() {
    for text in [
        "</script><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</style><style>*{display:none}",
        "<!-- ",
        "]]>",
        "&lt;b&gt;",
    ] {
        let mut plan = fixture::odd();
        plan.zone = text.to_owned();
        plan.steps.extend([
            fixture::create_ou("ou.hostile", text),
            fixture::attach("policy.p", text, 3),
            fixture::update(
                "policy.p",
                "update",
                fixture::BEFORE,
                &fixture::BEFORE.replace("NoLeave", text.replace('"', "").as_str()),
            ),
        ]);
        plan.notes = vec![Note {
            severity: Severity::Warning,
            code: text.to_owned(),
            address: None,
            text: format!("`{text}` {text}"),
        }];
        let html = shown(&plan);
        let calm = shown(&fixture::plan(Vec::new()));
        for tag in ["<script", "<style", "<img", "<!--", "onerror=alert(1)>", "<b>"] {
            let allowed = calm.matches(tag).count();
            assert_eq!(html.matches(tag).count(), allowed, "{text}: {tag}");
        }
        assert!(!body(&html).contains(" onmouseover='"), "{text}");
    }
}

#[test]
fn nothing_on_the_page_points_elsewhere() {
    let html = shown(&fixture::everything());
    for word in ["http://", "https://", "src=", "@import", "url("] {
        assert!(!html.contains(word), "{word}");
    }
    let policy = html.split("Content-Security-Policy\" content=\"").nth(1).unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(!policy.split('"').next().unwrap().contains("unsafe"), "{policy}");
}
