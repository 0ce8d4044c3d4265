//! The book's page about functions: what each is for, with an example and what lz makes of it.

use super::call::{names, parameters};
use super::tests::evaluate;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The words: sections, and a line for each function.
const WORDS: &str = include_str!("../../tests/reference/functions.txt");

const HEAD: &str = "\
# Functions

The functions of expressions. Names and meaning are Terraform's, and every one is tested against what Terraform itself
makes of the same expressions; `tag` alone is lz's own. Terraform's functions that read the clock, the machine or chance
are left out: a spec means the same everywhere.

`values...` stands for any number of arguments, and a list can be spread over them: `max([1, 5]...)`. Files in the examples
lie beside the spec.

This page is generated, and the results are what lz computes.
";

/// A line of the words.
struct Entry<'a> {
    name: &'a str,
    signature: &'a str,
    sentence: &'a str,
    example: &'a str,
}

impl<'a> Entry<'a> {
    fn read(line: &'a str) -> Self {
        let (signature, rest) = line.split_once('|').unwrap();
        let (sentence, example) = rest.split_once('|').unwrap();
        let name = signature.split('(').next().unwrap();
        Self {
            name,
            signature,
            sentence,
            example,
        }
    }

    /// Returns how many arguments there must be, and whether there may be more.
    fn arity(&self) -> (usize, bool) {
        let inside = self
            .signature
            .trim_start_matches(self.name)
            .trim_matches(['(', ')']);
        let open = inside.ends_with("...");
        (inside.split(", ").count() - usize::from(open), open)
    }
}

fn entries() -> impl Iterator<Item = Entry<'static>> {
    WORDS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(Entry::read)
}

#[test]
fn every_function_has_a_line_with_its_parameters() {
    let described: BTreeSet<&str> = entries().map(|entry| entry.name).collect();
    assert_eq!(described, names().into_iter().collect());
    for entry in entries() {
        let Some((least, open)) = parameters(entry.name) else {
            continue;
        };
        let (written, spread) = entry.arity();
        // A function of one or more may be written with its first argument in the open rest.
        let fits = written == least || (open && spread && least == written + 1);
        assert!(fits && spread == open, "{}: {least} and {open}", entry.signature);
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a developer's switch")]
fn the_page_of_functions_is_what_the_table_and_the_words_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/functions.md");
    let text = page();
    if std::env::var("LZ_UPDATE_DOCS").is_ok() {
        std::fs::write(path, &text).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        stored == text,
        "docs/reference/functions.md is out of date: LZ_UPDATE_DOCS=1 cargo test -p lz-spec reference"
    );
}

fn page() -> String {
    let mut text = HEAD.to_owned();
    for line in WORDS.lines() {
        if line.starts_with("## ") {
            writeln!(text, "\n{line}\n\n| function | gives | example |\n|---|---|---|").unwrap();
        } else if !line.is_empty() && !line.starts_with('#') {
            let entry = Entry::read(line);
            let example = match entry.example.strip_prefix('!') {
                Some(example) => format!("`{}`", cell(example)),
                None => {
                    let result =
                        evaluate(entry.example).unwrap_or_else(|wrong| panic!("{}: {wrong}", entry.example));
                    format!("`{}`<br>= `{}`", cell(entry.example), short(&result))
                }
            };
            let (signature, sentence) = (entry.signature, cell(entry.sentence));
            writeln!(text, "| `{signature}` | {sentence} | {example} |").unwrap();
        }
    }
    text
}

/// Returns a result as it may stand in a cell: digests are long.
fn short(result: &str) -> String {
    let cut = result.chars().count() > 60;
    let text: String = result.chars().take(if cut { 40 } else { 60 }).collect();
    cell(&if cut { format!("{text}...") } else { text })
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
