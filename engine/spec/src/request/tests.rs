use super::*;

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

fn change() -> RequestChange {
    RequestChange {
        template: Some("workload".to_owned()),
        ou: Some("workloads.prod".to_owned()),
        fields: map(&[("team", "shop"), ("cost_centre", "0815")]),
        tags: map(&[("owner", "ann")]),
        ..RequestChange::default()
    }
}

#[test]
fn a_new_request_has_a_fixed_order_and_texts_that_stay_texts() {
    let text = RequestChange {
        name: Some("Shop: \"web\" ${x}".to_owned()),
        expires: Some("2027-01-31".to_owned()),
        ..change()
    }
    .text();
    assert_eq!(
        text,
        "template: workload\nname: \"Shop: \\\"web\\\" $${x}\"\nou: ${ou.workloads.prod}\nexpires: \"2027-01-31\"\n\
         fields:\n  cost_centre: \"0815\"\n  team: shop\ntags:\n  owner: ann\n"
    );
}

#[test]
fn an_existing_request_keeps_comments_order_and_everything_that_is_not_named() {
    let before = "# who asked: TICKET-1\nname: 'Shop' # shown in the console\n\ntemplate: old\nfields:\n    # the team\n    \
                  team: blog   # chat: #blog\n    stage: dev\n\n# the end\ntags: {a: b, owner: bob}\nfull_access: true";
    let after = change().edit(before).unwrap();
    assert_eq!(
        after,
        "# who asked: TICKET-1\nname: 'Shop' # shown in the console\n\ntemplate: workload\nfields:\n    # the team\n    \
         team: shop   # chat: #blog\n    stage: dev\n    cost_centre: \"0815\"\n\n# the end\ntags: {a: b, owner: ann}\n\
         full_access: true\nou: ${ou.workloads.prod}\n"
    );
    assert_eq!(change().edit(&after).unwrap(), after, "nothing is left to change");
}

#[test]
fn maps_that_are_not_there_or_empty_are_filled() {
    let fields = RequestChange {
        fields: map(&[("team", "shop")]),
        ..RequestChange::default()
    };
    assert_eq!(fields.edit("").unwrap(), "fields:\n  team: shop\n");
    assert_eq!(
        fields.edit("fields: # all of them\nname: a\n").unwrap(),
        "fields: # all of them\n  team: shop\nname: a\n"
    );
    assert_eq!(fields.edit("fields: {}\n").unwrap(), "fields: {team: shop}\n");
    assert_eq!(
        fields.edit("fields:\n  team:\n").unwrap(),
        "fields:\n  team: shop\n"
    );
    let name = RequestChange {
        name: Some("Shop".to_owned()),
        ..RequestChange::default()
    };
    assert_eq!(name.edit("name:\nemail: e\n").unwrap(), "name: Shop\nemail: e\n");
    assert_eq!(
        name.edit("name: >\n  a\n  b\nemail: e\n"),
        Err(RequestError::NoPlace("name".to_owned())),
        "a text over several lines is left to people"
    );
}

#[test]
fn what_cannot_be_changed_in_place_is_refused_and_not_spoilt() {
    let edit = |text: &str| change().edit(text).unwrap_err();
    assert_eq!(edit("- a\n"), RequestError::NotAMap);
    assert_eq!(
        edit("template: [a]\n"),
        RequestError::NoPlace("template".to_owned())
    );
    assert_eq!(
        edit("template: workload\nou: ${ou.workloads.prod}\nfields: ${local.x}\n"),
        RequestError::NoPlace("fields.cost_centre".to_owned())
    );
    assert!(matches!(edit("a: [\n"), RequestError::NotYaml { .. }));
    // An alias would change two places at once.
    let shared = "template: &t old\nname: *t\nfields: {team: shop, cost_centre: \"0815\"}\n";
    assert_eq!(edit(shared), RequestError::NoPlace("template".to_owned()));
}

#[test]
fn answers_are_a_request_with_its_label() {
    let (label, read) =
        RequestChange::answers("label: shop\ntemplate: workload\nou: workloads.prod\nfields: {team: shop, cost_centre: 0815}\ntags: {owner: ann}\n")
            .unwrap();
    assert_eq!((label.as_deref(), read), (Some("shop"), change()));
    assert_eq!(
        RequestChange::answers("lable: shop\n"),
        Err(RequestError::Unknown("lable".to_owned()))
    );
    assert_eq!(
        RequestChange::answers("fields: {team: [a]}\n"),
        Err(RequestError::NoPlace("fields".to_owned()))
    );
}

#[test]
fn later_answers_win() {
    let mut all = change();
    all.with(RequestChange {
        template: Some("sandbox".to_owned()),
        fields: map(&[("team", "blog")]),
        ..RequestChange::default()
    });
    assert_eq!(all.template.as_deref(), Some("sandbox"));
    assert_eq!(all.ou.as_deref(), Some("workloads.prod"));
    assert_eq!(all.fields, map(&[("team", "blog"), ("cost_centre", "0815")]));
}

#[test]
fn what_is_no_yaml_is_said_once_with_its_line() {
    let text = "label: shop\ntags: {owner: ann}\nfields: {team: [\n";
    let error = RequestChange::answers(text).unwrap_err().to_string();
    assert!(error.starts_with("line 4: this is not YAML: "), "{error}");
    assert_eq!(error.matches("not YAML").count(), 1, "{error}");
    assert_eq!(change().edit(text).unwrap_err().to_string(), error);
}
