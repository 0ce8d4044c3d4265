use super::{Shown, plan_page};
use crate::fixture;
use crate::render::safe;
use lz_model::plan::Plan;

fn text(plan: &Plan, columns: usize, all: bool) -> String {
    let next = vec![("To apply exactly this", "lz apply plan.lz".to_owned())];
    plan_page(plan, &Shown { columns, all, next }).to_plain()
}

#[test]
fn every_action_and_reason_at_80_columns() {
    insta::assert_snapshot!(text(&fixture::everything(), 80, false));
}

#[test]
fn every_action_and_reason_at_120_columns() {
    insta::assert_snapshot!(text(&fixture::everything(), 120, false));
}

#[test]
fn access_and_settings_at_80_columns() {
    insta::assert_snapshot!(text(&fixture::access_plan(), 80, false));
}

#[test]
fn access_and_settings_at_120_columns() {
    insta::assert_snapshot!(text(&fixture::access_plan(), 120, true));
}

#[test]
fn a_narrow_terminal_gets_every_word() {
    insta::assert_snapshot!(text(&fixture::everything(), 40, false));
}

#[test]
fn administrators_share_a_row_where_they_share_their_regions() {
    insta::assert_snapshot!(text(&fixture::services(), 80, false));
}

#[test]
fn odd_names_stay_in_their_line_at_80_columns() {
    insta::assert_snapshot!(text(&fixture::odd(), 80, false));
}

#[test]
fn odd_names_stay_in_their_line_at_120_columns() {
    insta::assert_snapshot!(text(&fixture::odd(), 120, false));
}

#[test]
fn three_hundred_accounts_do_not_flood_the_page() {
    insta::assert_snapshot!(text(&fixture::large(303), 80, false));
}

#[test]
fn everything_is_shown_on_request() {
    let shown = text(&fixture::large(303), 80, true);
    for n in 0..303 {
        assert!(shown.contains(&format!("site-{n:03}")), "{n}");
    }
    insta::assert_snapshot!(text(&fixture::everything(), 120, true));
}

#[test]
fn an_empty_plan_says_so() {
    insta::assert_snapshot!(text(&fixture::plan(Vec::new()), 80, false));
}

#[test]
fn no_line_is_wider_than_the_terminal_and_none_holds_a_control_character() {
    for plan in [fixture::everything(), fixture::odd(), fixture::large(20)] {
        for columns in [40, 60, 80, 100, 120] {
            for line in text(&plan, columns, true).lines() {
                assert!(safe::width(line) <= columns, "{columns}: {line}");
                assert_eq!(safe::escape(line), line);
            }
        }
    }
}

#[test]
fn a_policy_that_changes_in_two_steps_shows_what_it_comes_to() {
    let both = fixture::BEFORE.replace("NoLeave", "Both");
    let after = fixture::BEFORE.replace("StopLogging", "PutEventSelectors");
    let steps = vec![
        fixture::update("policy.a", "grow", fixture::BEFORE, &both),
        fixture::attach("policy.a", "Sandbox", 3),
        fixture::update("policy.a", "update", &both, &after),
    ];
    let plan = fixture::plan(steps);
    insta::assert_snapshot!(text(&plan, 80, false));
    assert!(
        text(&plan, 80, true).contains("\"Sid\": \"Both\""),
        "every document is shown on request"
    );
}
