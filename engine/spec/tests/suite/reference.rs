//! The book's page about blocks is what the table of the language says.

use lz_spec::schema::{AttributeKind, Attributes, BlockKind, Labels, Repeat, SPEC, Support, ValueKind};
use std::fmt::Write as _;

const HEAD: &str = "\
# Blocks

Every block of a spec and every attribute, in HCL. In YAML the same words are keys: `account: { audit: { email: ... } }`.
What an attribute takes may be any expression with such a value ([functions](functions.md)). An attribute that is left out
is not managed, unless it says something else.

This page is generated from the table that lz checks specs against; an editor gets the same from `lz schema`.
";

#[test]
#[expect(clippy::disallowed_methods, reason = "a developer's switch")]
fn the_page_of_blocks_is_what_the_table_of_the_language_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/blocks.md");
    let text = page();
    if std::env::var("LZ_UPDATE_DOCS").is_ok() {
        std::fs::write(path, &text).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        stored == text,
        "docs/reference/blocks.md is out of date: LZ_UPDATE_DOCS=1 cargo test -p lz-spec reference"
    );
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a developer's switch")]
fn the_table_of_contents_lists_every_code_of_an_error() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/SUMMARY.md");
    let stored = std::fs::read_to_string(path).unwrap();
    let mut wanted = String::new();
    for line in stored.lines().filter(|line| !line.starts_with("  - [")) {
        writeln!(wanted, "{line}").unwrap();
        if line.ends_with("(errors/index.md)") {
            for code in lz_spec::error_codes() {
                writeln!(wanted, "  - [{0}](errors/{0}.md)", code.name).unwrap();
            }
        }
    }
    if std::env::var("LZ_UPDATE_DOCS").is_ok() {
        std::fs::write(path, &wanted).unwrap();
    }
    assert!(
        stored == wanted || std::env::var("LZ_UPDATE_DOCS").is_ok(),
        "docs/SUMMARY.md is out of date: LZ_UPDATE_DOCS=1 cargo test -p lz-spec reference"
    );
}

fn page() -> String {
    let mut text = HEAD.to_owned();
    text += "\n| block | what it is |\n|---|---|\n";
    for block in SPEC.blocks {
        writeln!(text, "| [{0}](#{0}) | {1} |", block.name, sentence(block)).unwrap();
    }
    for block in SPEC.blocks {
        write_block(&mut text, block, &[]);
    }
    text
}

fn sentence(block: &BlockKind) -> String {
    match block.support {
        Support::Ready => cell(block.doc),
        Support::Later => format!("{} *Not supported yet.*", cell(block.doc)),
    }
}

fn write_block(text: &mut String, block: &BlockKind, parents: &[&str]) {
    let path = [parents, &[block.name]].concat();
    let hashes = "#".repeat(path.len().min(3) + 1);
    writeln!(text, "\n{hashes} {}\n\n{}\n", path.join(" "), sentence(block)).unwrap();
    writeln!(text, "```hcl\n{} {{ ... }}\n```\n", headline(block)).unwrap();
    let place = match parents {
        [] => "in the spec".to_owned(),
        [.., parent] => format!("in `{parent}`"),
    };
    match block.repeat {
        Repeat::Once => writeln!(text, "Once {place}.").unwrap(),
        Repeat::Many => writeln!(text, "Any number of times {place}.").unwrap(),
    }
    match block.attributes {
        Attributes::Free if block.support == Support::Ready => text.push_str("\nAny names, any values.\n"),
        Attributes::Free | Attributes::Known([]) => {}
        Attributes::Known(attributes) => write_attributes(text, attributes),
    }
    let inner: Vec<_> = block
        .blocks
        .iter()
        .filter(|inner| inner.name != block.name)
        .collect();
    if inner.len() < block.blocks.len() {
        writeln!(text, "\nMay hold blocks of its own kind.").unwrap();
    }
    for block in inner {
        write_block(text, block, &path);
    }
}

fn headline(block: &BlockKind) -> String {
    match block.labels {
        Labels::None => block.name.to_owned(),
        Labels::One(label) => format!("{} \"<{label}>\"", block.name),
        Labels::Optional(label) => format!("{} [\"<{label}>\"]", block.name),
        Labels::Two(first, second) => format!("{} \"<{first}>\" \"<{second}>\"", block.name),
    }
}

fn write_attributes(text: &mut String, attributes: &[AttributeKind]) {
    text.push_str("\n| attribute | takes | meaning |\n|---|---|---|\n");
    for attribute in attributes {
        let required = if attribute.required { ", **required**" } else { "" };
        let later = match attribute.support {
            Support::Ready => "",
            Support::Later => " *Not supported yet.*",
        };
        let (name, takes, doc) = (attribute.name, takes(attribute.value), cell(attribute.doc));
        writeln!(text, "| `{name}` | {takes}{required} | {doc}{later} |").unwrap();
    }
}

fn takes(value: ValueKind) -> String {
    match value {
        ValueKind::Text => "text".to_owned(),
        ValueKind::Choice(words) => format!("one of {}", quoted(words)),
        ValueKind::Bool => "`true` or `false`".to_owned(),
        ValueKind::Count => "a whole number".to_owned(),
        ValueKind::Texts => "a list of texts".to_owned(),
        ValueKind::TextOrTexts => "a text or a list of texts".to_owned(),
        ValueKind::Choices(words) => format!("a list out of {}", quoted(words)),
        ValueKind::TextMap => "a map of texts".to_owned(),
        ValueKind::Parameters => "a map of texts and lists of texts".to_owned(),
        ValueKind::Reference(kinds) => format!("a reference: {}", references(kinds)),
        ValueKind::References(kinds) => format!("a list of references: {}", references(kinds)),
        ValueKind::Address => "an address, such as `account.shop`".to_owned(),
        ValueKind::Type => "a type".to_owned(),
        ValueKind::ForEach => "a map or a set of texts".to_owned(),
        ValueKind::Any => "anything".to_owned(),
    }
}

fn quoted(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
    words.join(", ")
}

fn references(kinds: &[&str]) -> String {
    let word = |kind: &&str| match *kind {
        "root" => "`root`".to_owned(),
        "tag" => "`tag(\"key\", \"value\")`".to_owned(),
        kind => format!("`{kind}.x`"),
    };
    kinds.iter().map(word).collect::<Vec<_>>().join(" or ")
}

/// Returns text as it may stand in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
