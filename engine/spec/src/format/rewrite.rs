//! The few changes that go beyond white space: quoted labels, and `"${x}"` written as `x`.

use crate::lexer::{Kind, Token};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Quotes bare labels and takes needless template quotes off attribute values.
pub(super) fn rewrite(tokens: &mut Vec<Token<'_>>) {
    quote_labels(tokens);
    unwrap_values(tokens);
}

/// Returns where the lines of a body begin: not inside an expression.
fn statements(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut starts = Vec::new();
    // For every open bracket: whether it belongs to a block.
    let mut open: Vec<bool> = Vec::new();
    let mut at_start = true;
    let mut assigned = false;
    for (at, token) in tokens.iter().enumerate() {
        let in_body = open.iter().all(|block| *block);
        if at_start && in_body && token.kind == Kind::Word {
            starts.push(at);
            assigned = false;
        }
        match token.kind {
            Kind::Open | Kind::SequenceOpen => open.push(in_body && !assigned && token.text == "{"),
            Kind::Close | Kind::SequenceClose => {
                open.pop();
            }
            Kind::Sign if token.text == "=" && in_body => assigned = true,
            Kind::Sign
            | Kind::Word
            | Kind::Number
            | Kind::Newline
            | Kind::LineComment
            | Kind::BlockComment
            | Kind::QuoteOpen
            | Kind::QuoteClose
            | Kind::Literal
            | Kind::HeredocOpen
            | Kind::HeredocClose
            | Kind::BrokenLine
            | Kind::Unknown => {}
        }
        let block_opens = token.kind == Kind::Open && open.last() == Some(&true);
        at_start =
            token.text.ends_with('\n') || block_opens || (at_start && token.kind == Kind::BlockComment);
    }
    starts
}

fn quote_labels(tokens: &mut [Token<'_>]) {
    for start in statements(tokens) {
        let header = tokens.iter().skip(start + 1);
        let length = header
            .take_while(|token| {
                matches!(
                    token.kind,
                    Kind::Word | Kind::QuoteOpen | Kind::Literal | Kind::QuoteClose
                )
            })
            .count();
        let is_block = tokens
            .get(start + 1 + length)
            .is_some_and(|token| token.kind == Kind::Open && token.text == "{");
        if !is_block {
            continue;
        }
        for token in tokens.iter_mut().skip(start + 1).take(length) {
            if token.kind == Kind::Word {
                token.text = Cow::Owned(format!("\"{}\"", token.text));
            }
        }
    }
}

fn unwrap_values(tokens: &mut Vec<Token<'_>>) {
    let mut cut = BTreeSet::new();
    for start in statements(tokens) {
        let Some(value) = tokens
            .get(start + 1..)
            .filter(|rest| rest.first().is_some_and(|token| token.text == "="))
        else {
            continue;
        };
        if let Some(length) = wrapped(value.get(1..).unwrap_or_default()) {
            let from = start + 2;
            cut.extend([from, from + 1, from + length - 2, from + length - 1]);
        }
    }
    let mut at = 0;
    tokens.retain(|_| {
        at += 1;
        !cut.contains(&(at - 1))
    });
}

/// Returns the number of tokens of a string that is one interpolation on one line, and nothing else.
fn wrapped(tokens: &[Token<'_>]) -> Option<usize> {
    let [quote, open, ..] = tokens else { return None };
    if quote.kind != Kind::QuoteOpen || open.kind != Kind::SequenceOpen || open.text != "${" {
        return None;
    }
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(1) {
        match token.kind {
            Kind::Open | Kind::SequenceOpen => depth += 1,
            Kind::Close => depth = depth.checked_sub(1)?,
            Kind::SequenceClose => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    let close = tokens.get(at + 1)?;
                    let end = tokens.get(at + 2);
                    let alone = end.is_none_or(|end| matches!(end.kind, Kind::Newline | Kind::LineComment));
                    return (close.kind == Kind::QuoteClose && token.text == "}" && alone && at > 2)
                        .then_some(at + 2);
                }
            }
            Kind::Newline | Kind::LineComment | Kind::HeredocOpen => return None,
            Kind::Word
            | Kind::Number
            | Kind::Sign
            | Kind::BlockComment
            | Kind::QuoteOpen
            | Kind::QuoteClose
            | Kind::Literal
            | Kind::HeredocClose
            | Kind::BrokenLine
            | Kind::Unknown => {}
        }
    }
    None
}
