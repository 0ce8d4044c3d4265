//! The canonical form of HCL: only white space changes, comments and blank lines stay.

mod layout;
mod meaning;
mod rewrite;

use crate::diagnostic::{Errors, SpecErrors};
use crate::lexer::{Kind, Token};
use crate::read::hcl;
use crate::source::{FileId, Sources};

/// Returns HCL text in its canonical form: two spaces for each level, `=` and trailing comments aligned.
///
/// Comments, blank lines and the order of everything stay. Formatting what is formatted changes nothing.
/// YAML has no such function: its layout is left to its authors.
///
/// # Errors
///
/// Returns what makes the text not HCL.
pub fn format_hcl(text: &str) -> Result<String, SpecErrors> {
    let sources = Sources::hcl(text);
    let (_, found) = hcl::read_body(FileId(0), text);
    if !found.is_empty() {
        let mut errors = Errors::new();
        errors.extend(found);
        return Err(SpecErrors::new(errors, &sources));
    }
    let (text, mark) = match text.strip_prefix('\u{feff}') {
        Some(rest) => (rest, "\u{feff}"),
        None => (text, ""),
    };
    let unix = text.replace("\r\n", "\n");
    let mut tokens = crate::lexer::tokens(&unix);
    rewrite::rewrite(&mut tokens);
    layout::layout(&mut tokens);
    let formatted = format!("{mark}{}", joined(&tokens));
    // Whoever formats a spec must be able to trust that it means the same afterwards.
    let (before, _) = hcl::read_body(FileId(0), &unix);
    let (after, errors) = hcl::read_body(FileId(0), &formatted);
    let same = errors.is_empty() && meaning::same(before, after);
    Ok(if same { formatted } else { format!("{mark}{text}") })
}

fn joined(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    for token in tokens {
        if token.kind != Kind::Newline {
            text.extend(std::iter::repeat_n(' ', token.spaces));
        }
        text.push_str(&token.text);
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}
