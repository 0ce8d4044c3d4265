//! JUnit XML, as CI servers read it: `testsuites` > `testsuite` > `testcase` > `failure`. Without times, so that equal
//! runs write equal files.

use crate::tested::{Test, Tested};
use std::fmt::Write as _;

/// Returns the report of a run.
pub(crate) fn report(tested: &Tested) -> String {
    let total = tested.tests.len();
    let counts = format!(
        "tests=\"{total}\" failures=\"{}\" errors=\"0\" time=\"0\"",
        tested.failed
    );
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let name = attribute(&tested.zone);
    // Writing to a string cannot fail.
    let _ = writeln!(xml, "<testsuites name=\"lz test\" {counts}>");
    let _ = writeln!(xml, "  <testsuite name=\"{name}\" {counts} skipped=\"0\">");
    for test in &tested.tests {
        case(&mut xml, test);
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

fn case(xml: &mut String, test: &Test) {
    let class = test.origin.as_ref().map_or("spec", |origin| origin.file.as_str());
    let _ = write!(
        xml,
        "    <testcase classname=\"{}\" name=\"{}\" time=\"0\"",
        attribute(class),
        attribute(&test.name)
    );
    if test.passed {
        xml.push_str("/>\n");
        return;
    }
    let lines: Vec<String> = test
        .failures
        .iter()
        .map(|failure| failure.told(usize::MAX))
        .collect();
    let place = test
        .origin
        .as_ref()
        .map(|origin| format!("{origin}\n"))
        .unwrap_or_default();
    let expected = test.expect.name();
    let _ = writeln!(
        xml,
        ">\n      <failure type=\"expected {expected}\" message=\"{}\">{}{}</failure>\n    </testcase>",
        attribute(lines.first().map_or("", String::as_str)),
        text(&place),
        text(&lines.join("\n"))
    );
}

/// Returns a text for between quotes: line ends would become blanks there.
fn attribute(given: &str) -> String {
    text(given)
        .replace('"', "&quot;")
        .replace('\n', "&#10;")
        .replace('\t', "&#9;")
}

/// Returns a text for between tags. Characters that XML 1.0 does not have become a replacement character.
fn text(given: &str) -> String {
    let mut written = String::with_capacity(given.len());
    for c in given.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '\n' | '\t' => written.push(c),
            '\u{FFFE}' | '\u{FFFF}' => written.push('\u{FFFD}'),
            c if c.is_control() && c < ' ' => written.push('\u{FFFD}'),
            '\r' => written.push('\u{FFFD}'),
            c => written.push(c),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tested::Unexpected;
    use lz_model::desired::{Expectation, Origin};

    fn test(name: &str, failures: Vec<Unexpected>) -> Test {
        Test {
            name: name.to_owned(),
            origin: Some(Origin {
                file: "a&b.hcl".to_owned(),
                line: 3,
                column: 1,
            }),
            expect: Expectation::Deny,
            passed: failures.is_empty(),
            requests: 1,
            failures,
        }
    }

    #[test]
    fn what_xml_does_not_take_is_escaped() {
        let failure = Unexpected {
            places: vec!["account.team[\"shop\"]".to_owned()],
            action: "s3:GetObject".to_owned(),
            resource: "*".to_owned(),
            got: "allow".to_owned(),
            because: "nothing denies it <here> & there\u{1}".to_owned(),
            by: None,
        };
        let tested = Tested {
            zone: "a \"zone\"".to_owned(),
            passed: 1,
            failed: 1,
            tests: vec![test("it's < fine", Vec::new()), test("two\u{0}", vec![failure])],
            made_up: Vec::new(),
            unread: Vec::new(),
        };
        insta::assert_snapshot!(report(&tested), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="lz test" tests="2" failures="1" errors="0" time="0">
          <testsuite name="a &quot;zone&quot;" tests="2" failures="1" errors="0" time="0" skipped="0">
            <testcase classname="a&amp;b.hcl" name="it's &lt; fine" time="0"/>
            <testcase classname="a&amp;b.hcl" name="two�" time="0">
              <failure type="expected deny" message="s3:GetObject is allowed in account.team[&quot;shop&quot;]: nothing denies it &lt;here&gt; &amp; there�">a&amp;b.hcl:3
        s3:GetObject is allowed in account.team["shop"]: nothing denies it &lt;here&gt; &amp; there�</failure>
            </testcase>
          </testsuite>
        </testsuites>
        "#);
    }
}
