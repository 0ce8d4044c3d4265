//! Decides the spaces in front of every token: indentation, spacing, and the alignment of `=` and comments.

use crate::lexer::{Kind, Token};
use std::ops::Range;

/// A line: what stands first, the assignment, the trailing comment. Each is a range of tokens.
struct Line {
    lead: Range<usize>,
    assign: Range<usize>,
    comment: Range<usize>,
    /// Whether the line begins inside a heredoc, where every space counts.
    verbatim: bool,
}

/// Sets the spaces of all tokens.
pub(super) fn layout(tokens: &mut [Token<'_>]) {
    let lines = lines(tokens);
    space(tokens, &lines);
    indent(tokens, &lines);
    align(tokens, &lines, |line| (line.lead.clone(), line.assign.clone()));
    align(tokens, &lines, |line| {
        (
            line.lead.start..line.assign.end.max(line.lead.end),
            line.comment.clone(),
        )
    });
}

fn slice<'t, 'a>(tokens: &'t [Token<'a>], range: &Range<usize>) -> &'t [Token<'a>] {
    tokens.get(range.clone()).unwrap_or_default()
}

/// Returns how much deeper a token leads: +1 for an opening one, -1 for a closing one.
fn depth(token: &Token<'_>) -> isize {
    match token.kind {
        Kind::Open | Kind::SequenceOpen => 1,
        Kind::Close | Kind::SequenceClose => -1,
        Kind::Word
        | Kind::Number
        | Kind::Sign
        | Kind::Newline
        | Kind::LineComment
        | Kind::BlockComment
        | Kind::QuoteOpen
        | Kind::QuoteClose
        | Kind::Literal
        | Kind::HeredocOpen
        | Kind::HeredocClose
        | Kind::BrokenLine
        | Kind::Unknown => 0,
    }
}

fn lines(tokens: &[Token<'_>]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut heredocs = 0usize;
    let mut verbatim = false;
    for (at, token) in tokens.iter().enumerate() {
        if token.kind == Kind::HeredocOpen {
            heredocs += 1;
        } else if token.kind == Kind::HeredocClose {
            heredocs = heredocs.saturating_sub(1);
        }
        if token.text.ends_with('\n') {
            lines.push(line(tokens, start..at + 1, verbatim));
            start = at + 1;
            verbatim = heredocs > 0;
        }
    }
    if start < tokens.len() {
        lines.push(line(tokens, start..tokens.len(), verbatim));
    }
    lines
}

fn line(tokens: &[Token<'_>], range: Range<usize>, verbatim: bool) -> Line {
    let mut lead = range.clone();
    let mut comment = range.end..range.end;
    let mut assign = range.end..range.end;
    let last = slice(tokens, &range).last();
    if range.len() > 1 && last.is_some_and(|token| token.kind == Kind::LineComment) {
        comment = range.end - 1..range.end;
        lead.end -= 1;
    }
    assign.start = lead.end;
    assign.end = lead.end;
    let equals = slice(tokens, &lead)
        .iter()
        .position(|token| token.kind == Kind::Sign && token.text == "=");
    if let Some(at) = equals.filter(|at| *at > 0) {
        let value = lead.start + at..lead.end;
        // An assignment that goes on below is not aligned with its neighbours.
        if slice(tokens, &value).iter().map(depth).sum::<isize>() == 0 {
            lead.end = value.start;
            assign = value;
        }
    }
    Line {
        lead,
        assign,
        comment,
        verbatim,
    }
}

/// Sets the spaces between the tokens of each line.
fn space(tokens: &mut [Token<'_>], lines: &[Line]) {
    for line in lines {
        let whole = line.lead.start..line.comment.end.max(line.assign.end).max(line.lead.end);
        for at in whole {
            let (before, subject, after) = (
                at.checked_sub(2).and_then(|at| tokens.get(at)),
                at.checked_sub(1).and_then(|at| tokens.get(at)),
                tokens.get(at),
            );
            let (Some(subject), Some(after)) = (subject, after) else {
                continue;
            };
            let spaces = usize::from(separated(before, subject, after));
            if let Some(token) = tokens.get_mut(at) {
                token.spaces = spaces;
            }
        }
    }
}

fn is(token: &Token<'_>, kind: Kind, text: &str) -> bool {
    token.kind == kind && token.text == text
}

/// Returns whether a space stands between two tokens; `before` is the token in front of both.
fn separated(before: Option<&Token<'_>>, subject: &Token<'_>, after: &Token<'_>) -> bool {
    let sign = |token: &Token<'_>, text: &str| is(token, Kind::Sign, text);
    let in_string = |token: &Token<'_>| matches!(token.kind, Kind::Literal);
    if after.kind == Kind::Newline || subject.text.ends_with('\n') {
        return false;
    }
    if subject.kind == Kind::Word && is(after, Kind::Open, "(") {
        return false;
    }
    if sign(subject, ".") || sign(after, ".") || sign(subject, "::") || sign(after, "::") {
        return false;
    }
    if sign(after, ",") || sign(after, "...") {
        return false;
    }
    if sign(subject, ",") {
        return true;
    }
    if in_string(subject)
        || in_string(after)
        || matches!(subject.kind, Kind::QuoteOpen | Kind::HeredocOpen)
        || matches!(after.kind, Kind::QuoteClose | Kind::HeredocClose)
    {
        return false;
    }
    if is(subject, Kind::Word, "in") && before.is_some_and(|before| before.kind == Kind::Word) {
        return true;
    }
    if is(after, Kind::Open, "[") && (matches!(subject.kind, Kind::Word | Kind::Number) || depth(subject) < 0)
    {
        return false;
    }
    if sign(subject, "!") {
        return false;
    }
    if sign(subject, "-") {
        return is_subtraction(before);
    }
    if is(subject, Kind::Open, "{") || is(after, Kind::Close, "}") {
        return !(is(subject, Kind::Open, "{") && is(after, Kind::Close, "}"));
    }
    if subject.kind == Kind::SequenceOpen && is(after, Kind::Open, "{") {
        return true;
    }
    if is(subject, Kind::Close, "}") && after.kind == Kind::SequenceClose {
        return true;
    }
    if subject.kind == Kind::SequenceClose && after.kind == Kind::SequenceOpen {
        return false;
    }
    depth(subject) <= 0 && depth(after) >= 0
}

/// A minus behind something that can end an expression subtracts; any other negates.
fn is_subtraction(before: Option<&Token<'_>>) -> bool {
    before.is_some_and(|before| {
        matches!(
            before.kind,
            Kind::Word | Kind::Number | Kind::Close | Kind::QuoteClose | Kind::SequenceClose
        )
    })
}

/// Sets the spaces at the beginning of each line: two for each line that opened more than it closed.
fn indent(tokens: &mut [Token<'_>], lines: &[Line]) {
    let mut opened: Vec<isize> = Vec::new();
    for line in lines {
        let Some(first) = tokens.get(line.lead.start) else {
            continue;
        };
        if first.kind == Kind::Newline {
            continue;
        }
        let whole = line.lead.start..line.assign.end.max(line.lead.end);
        let net: isize = slice(tokens, &whole).iter().map(depth).sum();
        if line.verbatim {
            adjust(&mut opened, net);
            continue;
        }
        let level = if net > 0 {
            opened.push(net);
            opened.len() - 1
        } else {
            adjust(&mut opened, net);
            opened.len()
        };
        if let Some(first) = tokens.get_mut(line.lead.start) {
            first.spaces = 2 * level;
        }
    }
}

/// Takes closed brackets off the levels that opened them; each level counts once, however much it opened.
fn adjust(opened: &mut Vec<isize>, net: isize) {
    if net > 0 {
        opened.push(net);
        return;
    }
    let mut closed = -net;
    while closed > 0
        && let Some(last) = opened.last_mut()
    {
        if closed < *last {
            *last -= closed;
            return;
        }
        closed -= *last;
        opened.pop();
    }
}

fn columns(tokens: &[Token<'_>]) -> usize {
    tokens
        .iter()
        .map(|token| token.spaces + token.text.trim_end_matches('\n').chars().count())
        .sum()
}

/// Aligns one column of neighbouring lines: `cells` gives what stands before it, and the column itself.
fn align(tokens: &mut [Token<'_>], lines: &[Line], cells: impl Fn(&Line) -> (Range<usize>, Range<usize>)) {
    let mut chain: Vec<(usize, usize)> = Vec::new();
    for line in lines {
        let (front, column) = cells(line);
        if column.is_empty() || line.verbatim {
            close(tokens, &mut chain);
        } else {
            chain.push((columns(slice(tokens, &front)), column.start));
        }
    }
    close(tokens, &mut chain);
}

fn close(tokens: &mut [Token<'_>], chain: &mut Vec<(usize, usize)>) {
    let widest = chain.iter().map(|(width, _)| *width).max().unwrap_or(0);
    for (width, at) in chain.drain(..) {
        if let Some(token) = tokens.get_mut(at) {
            token.spaces = widest - width + 1;
        }
    }
}
