//! Input that is wrong in ways that people and machines come up with.

use crate::support::{codes, load_files, rendered, sources, wrong};
use lz_spec::{Inputs, SourceKind, Sources, SpecErrors, format_hcl, load};

/// Returns code and marked text of each error.
fn marked(text: &str, kind: SourceKind) -> Vec<(String, String)> {
    let sources = Sources::new().with("main", kind, text);
    let errors = load(sources, &Inputs::default()).unwrap_err();
    let label = |error: &lz_spec::SpecDiagnostic| {
        error.labels().first().map(|label| {
            let (start, end) = (label.span.start as usize, label.span.end as usize);
            text.get(start..end).unwrap_or("outside the text").to_owned()
        })
    };
    errors
        .diagnostics()
        .iter()
        .filter(|error| error.code().name() != "missing_zone")
        .map(|error| (error.code().name().to_owned(), label(error).unwrap_or_default()))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected
        .iter()
        .map(|(code, text)| ((*code).to_owned(), (*text).to_owned()))
        .collect()
}

#[test]
fn places_are_right_behind_text_that_is_not_ascii() {
    let text = "# 日本語のコメント\nou \"é\" { name = \"Prüfung 検査\" }\naccount \"ü\" {\n  name  = \"U\"\n  email = \"ü@例え.com\"\n  ou    = ou.é.ñ\n  tags  = { \"鍵🔑\" = upper(local.ß) }\n}\n";
    assert_eq!(
        marked(text, SourceKind::Hcl),
        pairs(&[
            ("bad_email", "\"ü@例え.com\""),
            ("unknown_ou", "ñ"),
            ("unknown_local", "ß")
        ])
    );
    let errors = load(
        Sources::new().with("main.hcl", SourceKind::Hcl, text),
        &Inputs::default(),
    )
    .unwrap_err();
    let places: Vec<_> = errors
        .diagnostics()
        .iter()
        .filter_map(|error| error.place())
        .collect();
    assert_eq!(
        places,
        [("main.hcl", 5, 11), ("main.hcl", 6, 16), ("main.hcl", 7, 32)]
    );
}

#[test]
fn places_inside_yaml_strings_are_exact() {
    let text = "# 日本語\naccount:\n  ü:\n    email: \"é${ local.ñ }@x.com\"\n    name: 検${var.q}\n    ou: '${ou.é}'\n    tags:\n      k: |\n        zeile 日\n        ${local.b}\n      z: plain ${upper(local.c)} end\nlocals:\n  x: >\n    folded\n    ${local.d}\n";
    assert_eq!(
        marked(text, SourceKind::Yaml),
        pairs(&[
            ("unknown_local", "ñ"),
            ("unknown_variable", "q"),
            ("unknown_ou", "é"),
            ("unknown_local", "b"),
            ("unknown_local", "c"),
            // A folded text is no longer as it was written, so the whole of it is meant.
            ("unknown_local", "folded\n    ${local.d}\n"),
        ])
    );
}

#[test]
fn syntax_errors_of_hcl_name_the_place_and_a_remedy() {
    let cases = [
        ("ou \"a\" { name = 'A' }\n", "'", "double quotes"),
        ("locals {\n  a = \"x\n  b = 1\n}\n", "\"", "closing `\"`"),
        ("locals {\n  a = [1, 2\n}\n", "}", ""),
        ("locals {\n  a = 1\n", "{", "closes it"),
        ("locals { a = 1 }}\n", "}", "missing opening bracket"),
        ("locals {\n  a = <<EOT\n  b\n}\n", "<<EOT\n", "closes it"),
        ("locals { a = 1 +\n}\n", "", ""),
        ("locals { a = \"\\q\" }\n", "\\q", "backslash"),
        ("ou \"a\" { name: \"A\" }\n", ":", "`name = value`"),
        ("locals {\n  a = 1 b = 2\n}\n", "b", "line of its own"),
        ("locals { a = b & c }\n", "&", "`&&`"),
        ("locals { a = 1; b = 2 }\n", ";", "line end"),
        ("locals { a = “x” }\n", "“", "double quotes"),
    ];
    for (text, place, help) in cases {
        let sources = Sources::new().with("main.hcl", SourceKind::Hcl, text);
        let errors = load(sources, &Inputs::default()).unwrap_err();
        let first = &errors.diagnostics()[0];
        assert_eq!(first.code().name(), "syntax", "{text}: {}", rendered(&errors));
        let span = first.labels()[0].span;
        assert_eq!(
            text.get(span.start as usize..span.end as usize).unwrap(),
            place,
            "{text}: {}",
            rendered(&errors)
        );
        assert!(
            first.help_text().unwrap_or_default().contains(help),
            "{text}: {}",
            rendered(&errors)
        );
    }
}

#[test]
fn an_error_in_one_statement_does_not_hide_those_of_others() {
    let errors = wrong(
        "ou \"a\" { name: 1 }\nou \"b\" { nam = 1 }\nou \"c\" { name = }\naccount \"d\" { email = 1 }\n",
    );
    assert_eq!(
        codes(&errors),
        ["syntax", "unknown_attribute", "syntax", "bad_email"],
        "{}",
        rendered(&errors)
    );
}

#[test]
fn what_an_unread_statement_would_have_declared_is_not_missed() {
    let errors =
        wrong("ou \"a\" { name: 1 }\naccount \"d\" {\n  email = \"d@example.com\"\n  ou = ou.a\n}\n");
    assert_eq!(codes(&errors), ["syntax"], "{}", rendered(&errors));
}

#[test]
fn syntax_errors_of_yaml_name_the_place() {
    let cases = [
        ("a: [1, 2\n", "syntax"),
        ("a: \"x\n", "syntax"),
        ("a: b: c\n", "syntax"),
        ("- a\nb: 1\n", "syntax"),
        ("ou:\n  a:\n\t name: x\n", "syntax"),
        ("- a\n", "yaml_shape"),
        ("just text\n", "yaml_shape"),
        ("ou: 1\n", "yaml_shape"),
        ("ou:\n  a: [1]\n", "yaml_shape"),
        ("? [a]\n: 1\n", "yaml_shape"),
        ("ou:\n  a: { name: \"${1 +}\" }\n", "syntax"),
        ("ou:\n  a: { name: \"%{ if true }x\" }\n", "syntax"),
        ("removed: 3\n", "yaml_shape"),
        ("a: *b\n", "syntax"),
    ];
    for (text, code) in cases {
        let found = marked(text, SourceKind::Yaml);
        assert_eq!(found[0].0, code, "{text}: {found:?}");
        assert_ne!(found[0].1, "outside the text", "{text}");
    }
}

#[test]
fn yaml_errors_are_the_same_errors() {
    let cases = [
        ("acount:\n  a: {}\n", "unknown_attribute"),
        ("ou:\n  a: { nane: x }\n", "unknown_attribute"),
        ("ou:\n  a:\n    ou:\n      id: {}\n", "bad_label"),
        ("account:\n  a: {}\n", "missing_attribute"),
        (
            "account:\n  a: { email: a@example.com, ou: ou.b }\nou: { b: {} }\n",
            "wrong_reference",
        ),
        (
            "account:\n  a:\n    email: a@example.com\n    ou: ${ou.b}\n",
            "unknown_ou",
        ),
        (
            "account:\n  a: { email: a@example.com, full_access: yes }\n",
            "type",
        ),
        (
            "account:\n  a: { email: a@example.com, id: 12345678901 }\n",
            "account_id",
        ),
        ("output:\n  a: { value: 1 }\n", "not_supported"),
        ("ou:\n  t:\n    for_each: [a, b]\n", "for_each"),
        ("locals:\n  a: ${local.b}\n  b: ${local.a}\n", "cycle"),
        ("variable:\n  v: { type: strin }\n", "bad_type"),
    ];
    for (text, code) in cases {
        let errors =
            load_files(&[("main.lz.yaml", &format!("landing_zone: {{ z: {{}} }}\n{text}"))]).unwrap_err();
        assert_eq!(codes(&errors), [code], "{text}: {}", rendered(&errors));
    }
}

#[test]
fn an_account_id_keeps_its_leading_zero_in_yaml() {
    let text = "landing_zone:\n  z: { management_account: 012345678901 }\n";
    let loaded = load_files(&[("main.lz.yaml", text)]).unwrap();
    assert_eq!(
        loaded.desired.zone.management_account.unwrap().as_str(),
        "012345678901"
    );
    // Digits that look octal are an id all the same.
    let text = "landing_zone:\n  z: { management_account: 001234567012 }\n";
    assert!(load_files(&[("main.lz.yaml", text)]).is_ok());
}

#[test]
fn cycles_are_printed_as_a_path() {
    let cases = [
        (
            "locals {\n  a = local.b\n  b = local.c\n  c = local.a\n}\n",
            "local.a -> local.b -> local.c -> local.a",
        ),
        ("locals { a = local.a }\n", "local.a -> local.a"),
        (
            "account \"x\" {\n  name = account.y.name\n  email = \"x@example.com\"\n}\naccount \"y\" {\n  name = account.x.name\n  email = \"y@example.com\"\n}\n",
            "account.x.name -> account.y.name -> account.x.name",
        ),
        (
            "ou \"a\" {\n  for_each = ou.b\n}\nou \"b\" {\n  for_each = ou.a\n}\n",
            "ou.a.for_each -> ou.b.for_each -> ou.a.for_each",
        ),
    ];
    for (text, path) in cases {
        let errors = wrong(text);
        assert_eq!(codes(&errors), ["cycle"], "{}", rendered(&errors));
        assert!(
            errors.diagnostics()[0].message().ends_with(path),
            "{}",
            rendered(&errors)
        );
    }
}

#[test]
fn nothing_that_is_nested_overflows_the_stack() {
    let n = 20_000;
    let texts = [
        format!("locals {{ x = {}1{} }}\n", "[".repeat(n), "]".repeat(n)),
        format!("locals {{ x = {}1{} }}\n", "(".repeat(n), ")".repeat(n)),
        format!("locals {{ x = {}1{} }}\n", "{ a = ".repeat(n), " }".repeat(n)),
        format!("locals {{ x = {}1{} }}\n", "f(".repeat(n), ")".repeat(n)),
        format!("locals {{ x = {}1 }}\n", "1 + ".repeat(n)),
        format!("locals {{ x = {}true }}\n", "!".repeat(n)),
        format!("locals {{ x = {}1 }}\n", "-".repeat(n)),
        format!("locals {{ x = {}1 }}\n", "true ? 1 : ".repeat(n)),
        format!("locals {{ x = a{} }}\n", ".b".repeat(n)),
        format!("locals {{ x = a{} }}\n", "[0]".repeat(n)),
        format!("locals {{ x = a{} }}\n", "[*]".repeat(n)),
        format!("locals {{ x = {}1{} }}\n", "\"${".repeat(n), "}\"".repeat(n)),
        format!(
            "locals {{ x = {}1{} }}\n",
            "[for a in b : ".repeat(n),
            "]".repeat(n)
        ),
        format!("{}{}", "ou \"a\" {\n".repeat(n), "}\n".repeat(n)),
        format!(
            "locals {{\n x = <<E\n{}{}\nE\n}}\n",
            "%{ if true }".repeat(n),
            "%{ endif }".repeat(n)
        ),
    ];
    for text in texts {
        assert!(
            load(Sources::hcl(&text), &Inputs::default()).is_err(),
            "{:.60}",
            text
        );
        assert!(format_hcl(&text).is_err(), "{:.60}", text);
    }
    let texts = ["[", "{a: ", "- ", "? ", "a:\n ", "x: &a [*a, "];
    for text in texts {
        assert!(
            load(Sources::yaml(&text.repeat(n)), &Inputs::default()).is_err(),
            "{text}"
        );
    }
    let chain: String = (0..5000)
        .map(|i| format!("  v{i} = local.v{}\n", i + 1))
        .collect();
    let errors = wrong(&format!("locals {{\n{chain}  v5000 = 1\n}}\n"));
    assert!(codes(&errors).contains(&"too_deep"), "{}", codes(&errors).len());
}

#[test]
fn doubling_values_runs_into_a_limit() {
    let doubled = |value: &str| -> SpecErrors {
        let lines: String = (1..60)
            .map(|i| format!("  v{i} = {}\n", value.replace('@', &format!("local.v{}", i - 1))))
            .collect();
        wrong(&format!("locals {{\n  v0 = [\"x\"]\n  v00 = \"x\"\n{lines}}}\n"))
    };
    for value in [
        "[@, @]",
        "concat(@, @)",
        "\"${jsonencode(@)}${jsonencode(@)}\"",
        "{ a = @, b = @ }",
        "setproduct(@, @, [1, 2])",
    ] {
        let errors = doubled(value);
        assert!(
            codes(&errors).contains(&"too_much"),
            "{value}: {:?}",
            codes(&errors)
        );
    }
    let errors = wrong(
        "locals { x = [for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]] }\n",
    );
    assert_eq!(codes(&errors), ["too_much"]);
    let errors = wrong("locals { x = format(\"%999999999d\", 1) }\n");
    assert_eq!(codes(&errors), ["function_failed"]);
}

#[test]
fn megabytes_of_anything_are_read_in_bounded_time() {
    let large = ["[", "# é\n", "\"", "\0"];
    let small = [
        "x = 1\n",
        "a \"b\" {}\n",
        "- a\n",
        "a: b\n",
        "locals {}\n",
        "${",
        "<<A\n",
        "{a: ",
        "x=<<A\n${a}\nA\n",
    ];
    let texts = large.map(|seed| seed.repeat(5_000_000 / seed.len())).into_iter();
    for text in texts.chain(small.map(|seed| seed.repeat(300_000 / seed.len()))) {
        for kind in [SourceKind::Hcl, SourceKind::Yaml] {
            let errors = load(Sources::new().with("garbage", kind, &text), &Inputs::default()).unwrap_err();
            assert!(errors.diagnostics().len() <= 1000, "{text:.20}");
        }
    }
}

#[test]
fn a_spec_with_many_errors_keeps_a_thousand_of_them() {
    let text: String = (0..3000)
        .map(|i| format!("ou \"a{i}\" {{ nane = 1 }}\n"))
        .collect();
    let errors = wrong(&text);
    assert_eq!(errors.diagnostics().len(), 1000);
    // One more says that there are too many OUs.
    assert_eq!(errors.omitted(), 2001);
    assert_eq!(errors.to_string(), "the spec has 1000 errors and more");
}

#[test]
fn objects_with_very_many_keys_are_refused_with_a_way_out() {
    let keys: String = (0..20_000).map(|i| format!("  k{i} = 1\n")).collect();
    let errors = wrong(&format!("locals {{\n  x = {{\n{keys}}}\n}}\n"));
    assert_eq!(codes(&errors), ["too_much"]);
    assert!(
        errors.diagnostics()[0]
            .help_text()
            .unwrap()
            .contains("yamldecode")
    );
}

#[test]
fn data_files_are_read_inside_the_repository_only() {
    for path in ["/etc/passwd", "../x", "a/../../x", "C:\\x", "a\\b", ""] {
        let text = format!("locals {{ x = file(\"{}\") }}\n", path.replace('\\', "\\\\"));
        let errors = load(
            sources(&[("main.hcl", &text), ("z.hcl", "landing_zone \"z\" {}")]),
            &Inputs::default(),
        );
        assert_eq!(codes(&errors.unwrap_err()), ["file_outside"], "{path}");
    }
}

#[test]
fn an_address_that_no_tag_can_hold_is_refused() {
    let errors = wrong(&format!(
        "ou \"x\" {{\n  for_each = toset([\"{}\"])\n  name = \"x\"\n}}\n",
        "é".repeat(300)
    ));
    assert_eq!(codes(&errors), ["bad_label"], "{}", rendered(&errors));
    let errors = wrong("ou \"x\" {\n  for_each = toset([\"\"])\n}\n");
    assert_eq!(codes(&errors), ["for_each"], "{}", rendered(&errors));
}
