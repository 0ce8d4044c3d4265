//! The canonical form of HCL.

use lz_spec::format_hcl;

/// What `terraform fmt` 1.11.4 makes of the same text.
const FORMATTED: &str = include_str!("../terraform/formatted.hcl");
const UNFORMATTED: &str = include_str!("../terraform/unformatted.hcl");

#[test]
fn a_text_is_formatted_as_terraform_formats_it() {
    assert_lines(&format_hcl(UNFORMATTED).unwrap(), FORMATTED);
    assert_lines(&format_hcl(FORMATTED).unwrap(), FORMATTED);
}

fn assert_lines(ours: &str, theirs: &str) {
    for (number, (ours, theirs)) in ours.lines().zip(theirs.lines()).enumerate() {
        assert_eq!(ours, theirs, "line {}", number + 1);
    }
    assert_eq!(ours, theirs);
}

#[test]
fn every_comment_and_blank_line_stays() {
    let text = "# a\n\n\n// b\nx = 1 /* c */\n/* d\n   e */\nou \"a\" { # f\n  # g\n  name = [ # h\n    1, # i\n    # j\n  ] // k\n  # l\n}\n# m\n";
    let formatted = format_hcl(text).unwrap();
    for comment in [
        "# a",
        "// b",
        "/* c */",
        "/* d\n   e */",
        "# f",
        "# g",
        "# h",
        "# i",
        "# j",
        "// k",
        "# l",
        "# m",
    ] {
        assert!(formatted.contains(comment), "{comment} is lost:\n{formatted}");
    }
    assert_eq!(formatted.matches('\n').count(), text.matches('\n').count());
}

#[test]
fn heredocs_keep_every_character() {
    let text = "locals {\nx=<<-EOT\n   a  ${ 1+1 }\n  b   # no comment\n\n  EOT\ny=<<EOT\n\tx\nEOT\n}\n";
    let expected =
        "locals {\n  x = <<-EOT\n   a  ${1 + 1}\n  b   # no comment\n\n  EOT\n  y = <<EOT\n\tx\nEOT\n}\n";
    assert_eq!(format_hcl(text).unwrap(), expected);
}

#[test]
fn text_that_is_no_hcl_is_refused_with_its_place() {
    let errors = format_hcl("ou \"a\" {\n").unwrap_err();
    assert_eq!(errors.diagnostics()[0].place(), Some(("main.hcl", 1, 8)));
}

#[test]
fn empty_text_stays_empty_and_the_last_line_gets_its_end() {
    assert_eq!(format_hcl("").unwrap(), "");
    assert_eq!(format_hcl("x=1").unwrap(), "x = 1\n");
    assert_eq!(format_hcl("\u{feff}x=1\r\n").unwrap(), "\u{feff}x = 1\n");
}
