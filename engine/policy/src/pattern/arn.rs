//! Patterns of ARNs, which have six parts between colons.

use super::glob::{Glob, Token, walk_segments};

/// How many parts an ARN has; colons after the fifth belong to the last part.
const PARTS: usize = 6;

/// Splits positions into parts at their literal colons; the last part keeps its colons.
fn parts(tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut parts = vec![Vec::new()];
    for token in tokens {
        if *token == Token::Char(':') && parts.len() < PARTS {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(*token);
        }
    }
    parts
}

/// Splits an ARN into its parts, or returns `None` if it has fewer.
fn split(arn: &str) -> Option<[&str; PARTS]> {
    let mut parts = arn.splitn(PARTS, ':');
    let mut next = || parts.next();
    Some([next()?, next()?, next()?, next()?, next()?, next()?])
}

/// The value of an ARN operator: each part is compared on its own, and wildcards stay in their part
/// (IAM User Guide, "Amazon Resource Name (ARN) condition operators").
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ArnPattern {
    /// `*` alone.
    All,
    /// What has fewer parts than an ARN compares with none.
    Never,
    /// One pattern for each part.
    Parts(Box<[Glob; PARTS]>),
}

impl ArnPattern {
    pub(crate) fn new(tokens: &[Token]) -> Self {
        if tokens == [Token::Any] {
            return Self::All;
        }
        let globs: Vec<Glob> = parts(tokens).iter().map(|part| Glob::new(part)).collect();
        match <[Glob; PARTS]>::try_from(globs) {
            Ok(globs) => Self::Parts(Box::new(globs)),
            Err(_) => Self::Never,
        }
    }

    /// Returns the pattern as positions of one text; `None` if nothing fits.
    pub(crate) fn steps(tokens: &[Token]) -> Option<Vec<Token>> {
        if tokens == [Token::Any] {
            return Some(tokens.to_vec());
        }
        let parts = parts(tokens);
        if parts.len() < PARTS {
            return None;
        }
        Some(join(parts, |token, _| in_segment(token)))
    }

    /// Returns whether an ARN fits. A text that is no ARN fits `*` alone.
    pub(crate) fn matches(&self, arn: &str) -> bool {
        match self {
            Self::All => true,
            Self::Never => false,
            Self::Parts(globs) => {
                split(arn).is_some_and(|parts| globs.iter().zip(parts).all(|(glob, part)| glob.matches(part)))
            }
        }
    }
}

/// A pattern of the `Resource` element.
///
/// A wildcard stays in its part of the ARN, but one at the end of a part goes on beyond the colon. Missing parts
/// are completed with `*` (IAM User Guide, "IAM JSON policy elements: Resource").
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ResourcePattern {
    /// No wildcard that must stop at a colon.
    Plain(Glob),
    /// Positions, some of which stop at colons.
    Segments(Vec<Token>),
}

impl ResourcePattern {
    pub(crate) fn new(tokens: &[Token]) -> Self {
        let steps = Self::steps(tokens);
        if steps
            .iter()
            .any(|token| matches!(token, Token::OneInSegment | Token::AnyInSegment))
        {
            Self::Segments(steps)
        } else {
            Self::Plain(Glob::new(&steps))
        }
    }

    /// Returns the pattern as positions of one text.
    pub(crate) fn steps(tokens: &[Token]) -> Vec<Token> {
        let arn = ['a', 'r', 'n', ':'].map(Token::Char);
        if !tokens.starts_with(&arn) {
            return tokens.to_vec();
        }
        let mut parts = parts(tokens);
        while parts.len() < PARTS {
            parts.push(vec![Token::Any]);
        }
        join(parts, |token, last| if last { token } else { in_segment(token) })
    }

    pub(crate) fn matches(&self, resource: &str) -> bool {
        match self {
            Self::Plain(glob) => glob.matches(resource),
            Self::Segments(tokens) => walk_segments(tokens, resource),
        }
    }
}

const fn in_segment(token: Token) -> Token {
    match token {
        Token::Any => Token::AnyInSegment,
        Token::One => Token::OneInSegment,
        Token::Char(_) | Token::AnyInSegment | Token::OneInSegment => token,
    }
}

/// Puts parts together again. `bound` tells what a position of a part before the last becomes, and learns whether it
/// is the last `*` of its part.
fn join(parts: Vec<Vec<Token>>, bound: impl Fn(Token, bool) -> Token) -> Vec<Token> {
    let count = parts.len();
    let mut joined = Vec::new();
    for (index, part) in parts.into_iter().enumerate() {
        if index > 0 {
            joined.push(Token::Char(':'));
        }
        let length = part.len();
        let resource = index + 1 == count;
        joined.extend(part.into_iter().enumerate().map(|(at, token)| {
            let last_star = at + 1 == length && token == Token::Any;
            if resource { token } else { bound(token, last_star) }
        }));
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Template, Wildcards};
    use crate::pattern::tokens;
    use proptest::prelude::*;

    fn positions(pattern: &str) -> Vec<Token> {
        tokens(Template::parse(pattern, Wildcards::Yes, true).pieces())
    }

    fn like(pattern: &str, arn: &str) -> bool {
        ArnPattern::new(&positions(pattern)).matches(arn)
    }

    fn resource(pattern: &str, arn: &str) -> bool {
        ResourcePattern::new(&positions(pattern)).matches(arn)
    }

    #[test]
    fn an_arn_operator_compares_part_by_part() {
        assert!(like(
            "arn:aws:iam::*:role/lz-*",
            "arn:aws:iam::111122223333:role/lz-a:b"
        ));
        assert!(like(
            "arn:*:sns:*:*:t?pic",
            "arn:aws:sns:eu-west-1:111122223333:topic"
        ));
        assert!(
            !like("arn:aws:iam::*", "arn:aws:iam::111122223333:root"),
            "five parts are no ARN"
        );
        assert!(
            !like("arn:aws:*:role/x", "arn:aws:iam::1:role/x"),
            "a star stays in its part"
        );
        assert!(like("*", "anything") && !like("arn:aws:iam::*:*", "no arn"));
    }

    #[test]
    fn a_star_at_the_end_of_a_part_of_a_resource_goes_beyond_the_colon() {
        assert!(resource("arn:aws:s3:::b/*", "arn:aws:s3:::b/k:l"));
        assert!(resource(
            "arn:aws:ec2:*::instance/i",
            "arn:aws:ec2:eu-west-1:1::instance/i"
        ));
        assert!(
            !resource("arn:aws:e*2:::x", "arn:aws:e:2:::x"),
            "a star within a part stays in it"
        );
        assert!(!resource("arn:aws:s3:?::x", "arn:aws:s3::::x"));
    }

    #[test]
    fn missing_parts_of_a_resource_are_completed() {
        assert!(resource("arn:aws:sqs", "arn:aws:sqs:eu-west-1:1:queue"));
        assert!(!resource("arn:aws:sqs", "arn:aws:sns:eu-west-1:1:topic"));
        assert!(resource("*", "*") && resource("*", "arn:aws:s3:::x"));
    }

    #[test]
    fn escaped_wildcards_are_plain() {
        assert!(resource("arn:aws:s3:::${*}", "arn:aws:s3:::*"));
        assert!(!resource("arn:aws:s3:::${*}", "arn:aws:s3:::x"));
    }

    proptest! {
        #[test]
        fn an_arn_pattern_and_its_steps_agree(pattern in "a:[ab*?]{0,2}:[a*]{0,2}::[*b]{0,2}:[ab:*?]{0,3}", arn in "a:[ab:]{0,3}:[a]{0,2}::b{0,2}:[ab:]{0,3}") {
            let tokens = positions(&pattern);
            let steps = ArnPattern::steps(&tokens);
            let by_steps = steps.is_some_and(|steps| walk_segments(&steps, &arn));
            prop_assert_eq!(ArnPattern::new(&tokens).matches(&arn), by_steps);
        }
    }
}
