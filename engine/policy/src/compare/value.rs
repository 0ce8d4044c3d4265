//! A value of a condition key that compares with some operands and not with others.

use super::atoms::Operand;
use super::strings::{Found, Steps, find};
use crate::evaluate::{Matcher, Network};
use crate::language::{Comparison, Piece, Template, Wildcards};
use crate::pattern::{ArnPattern, tokens};
use std::net::IpAddr;

/// Looks for a value that compares with all of `fits` and none of `not`. The operands have no variables.
pub(crate) fn value(key: &str, fits: &[&Operand], not: &[&Operand]) -> Found {
    let own: Vec<Operand> = exemptions(key);
    let not: Vec<&Operand> = not.iter().copied().chain(&own).collect();
    let matcher = |operand: &&Operand| Matcher::new(operand.comparison, &operand.value);
    let wanted: Vec<Matcher> = fits.iter().map(matcher).collect();
    let unwanted: Vec<Matcher> = not.iter().map(matcher).collect();
    if wanted.iter().any(Matcher::is_never) {
        return Found::Nothing;
    }
    let good = |text: &String| {
        wanted.iter().all(|m| m.matches(text, None)) && !unwanted.iter().any(|m| m.matches(text, None))
    };
    let natural = natural(key).iter().map(|text| (*text).to_owned());
    let all: Vec<&Operand> = fits.iter().copied().chain(not.iter().copied()).collect();
    let candidates = natural
        .chain(fits.iter().flat_map(|o| examples(o)))
        .chain(between(&all));
    if let Some(text) = candidates.into_iter().find(good) {
        return Found::Text(text);
    }
    match (family(&all), steps(fits), steps(&not)) {
        // Candidates of these families are complete: they lie in every gap between the operands.
        (Some(Family::Ordered), _, _) => Found::Nothing,
        (_, Some(fits), Some(not)) => find(&fits, &not),
        _ => Found::Unknown,
    }
}

/// Principals that no policy binds are no witnesses.
fn exemptions(key: &str) -> Vec<Operand> {
    if key != "aws:principalarn" {
        return Vec::new();
    }
    [
        "arn:*:iam::*:role/aws-service-role/*",
        "arn:*:iam:*:*:role/AWSServiceRoleFor*",
        "arn:*:iam:*:*:role/aws-service-role/*",
    ]
    .map(|text| Operand::new(Comparison::ArnLike, Template::parse(text, Wildcards::Yes, false)))
    .into()
}

/// What a value of a key usually looks like.
fn natural(key: &str) -> &'static [&'static str] {
    match key {
        "aws:principalarn" => &[
            "arn:aws:iam::111122223333:role/example",
            "arn:aws:iam::111122223333:user/example",
            "arn:aws:iam::111122223333:root",
        ],
        "aws:requestedregion" => &["eu-north-1", "us-east-1", "ap-southeast-4"],
        "aws:principalaccount" | "aws:resourceaccount" | "aws:sourceaccount" => {
            &["111122223333", "444455556666"]
        }
        "aws:principalorgid" | "aws:resourceorgid" | "aws:sourceorgid" => &["o-example1234", "o-other56789"],
        "aws:sourceip" | "aws:vpcsourceip" => &["192.0.2.1", "2001:db8::1"],
        "aws:sourcearn" => &["arn:aws:sns:eu-north-1:111122223333:example"],
        _ => &["example", "other"],
    }
}

/// How operands order or tell apart values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Text,
    Ordered,
}

fn family_of(comparison: Comparison) -> Family {
    match comparison {
        Comparison::StringEquals
        | Comparison::StringEqualsIgnoreCase
        | Comparison::StringLike
        | Comparison::ArnEquals
        | Comparison::ArnLike => Family::Text,
        Comparison::NumericEquals
        | Comparison::NumericLessThan
        | Comparison::NumericLessThanEquals
        | Comparison::NumericGreaterThan
        | Comparison::NumericGreaterThanEquals
        | Comparison::DateEquals
        | Comparison::DateLessThan
        | Comparison::DateLessThanEquals
        | Comparison::DateGreaterThan
        | Comparison::DateGreaterThanEquals
        | Comparison::Bool
        | Comparison::BinaryEquals
        | Comparison::IpAddress
        | Comparison::Null => Family::Ordered,
    }
}

/// The family of operands, if they are of one and not empty.
fn family(operands: &[&Operand]) -> Option<Family> {
    let first = family_of(operands.first()?.comparison);
    operands
        .iter()
        .all(|o| family_of(o.comparison) == first)
        .then_some(first)
}

/// Returns operands as patterns, if all are texts.
fn steps(operands: &[&Operand]) -> Option<Vec<Steps>> {
    let mut all = Vec::new();
    for operand in operands {
        let pieces = tokens(operand.value.pieces());
        let made = match operand.comparison {
            Comparison::ArnLike | Comparison::ArnEquals => ArnPattern::steps(&pieces),
            Comparison::StringEquals | Comparison::StringLike | Comparison::StringEqualsIgnoreCase => {
                Some(pieces)
            }
            Comparison::NumericEquals
            | Comparison::NumericLessThan
            | Comparison::NumericLessThanEquals
            | Comparison::NumericGreaterThan
            | Comparison::NumericGreaterThanEquals
            | Comparison::DateEquals
            | Comparison::DateLessThan
            | Comparison::DateLessThanEquals
            | Comparison::DateGreaterThan
            | Comparison::DateGreaterThanEquals
            | Comparison::Bool
            | Comparison::BinaryEquals
            | Comparison::IpAddress
            | Comparison::Null => return None,
        };
        // What compares with nothing excludes nothing; as a wish it was refused before.
        let Some(tokens) = made else {
            continue;
        };
        all.push(Steps {
            tokens,
            fold: operand.comparison == Comparison::StringEqualsIgnoreCase,
        });
    }
    Some(all)
}

/// Texts that an operand itself suggests: its wildcards filled in.
pub(crate) fn examples(operand: &Operand) -> Vec<String> {
    fill(&operand.value)
}

/// Fills the wildcards of a pattern with what usually stands there.
pub(crate) fn fill(template: &Template) -> Vec<String> {
    let filled = |star: &str| {
        let mut text = String::new();
        for piece in template.pieces() {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::One => text.push('x'),
                // The account of an ARN follows its fourth colon.
                Piece::Any if text.starts_with("arn:") && text.matches(':').count() == 4 => {
                    text.push_str("111122223333");
                }
                Piece::Any => text.push_str(star),
                Piece::Variable { .. } => {}
            }
        }
        text
    };
    vec![filled("example"), filled("")]
}

/// Values in every gap between operands that order them.
fn between(operands: &[&Operand]) -> Vec<String> {
    let text = |operand: &&Operand| operand.value.literal().unwrap_or_default().to_owned();
    let of = |test: fn(Comparison) -> bool| operands.iter().filter(move |o| test(o.comparison)).map(text);
    let mut all = numbers(
        of(is_number)
            .filter_map(|t| crate::evaluate::number(&t))
            .collect(),
    );
    all.extend(dates(
        of(is_date)
            .filter_map(|t| crate::evaluate::timestamp(&t))
            .collect(),
    ));
    all.extend(addresses(
        &of(|c| c == Comparison::IpAddress)
            .filter_map(|t| Network::parse(&t))
            .collect::<Vec<_>>(),
    ));
    let exact = of(|c| matches!(c, Comparison::Bool | Comparison::BinaryEquals));
    all.extend(exact.collect::<Vec<_>>());
    all.extend(["true", "false", "eHg=", "eXk="].map(str::to_owned));
    all
}

fn is_number(comparison: Comparison) -> bool {
    comparison.name(crate::language::Sense::Is).starts_with("Numeric")
}

fn is_date(comparison: Comparison) -> bool {
    comparison.name(crate::language::Sense::Is).starts_with("Date")
}

fn numbers(mut bounds: Vec<f64>) -> Vec<String> {
    bounds.sort_by(f64::total_cmp);
    let mut all = vec![0.0];
    for pair in bounds.windows(2) {
        if let [low, high] = pair {
            all.push((low + high) / 2.0);
        }
    }
    all.extend(bounds.iter().flat_map(|bound| [*bound, bound - 1.0, bound + 1.0]));
    all.iter().map(f64::to_string).collect()
}

/// Dates as seconds since 1970.
fn dates(mut bounds: Vec<i128>) -> Vec<String> {
    const SECOND: i128 = 1_000_000_000;
    bounds.sort_unstable();
    let mut all = Vec::new();
    for pair in bounds.windows(2) {
        if let [low, high] = pair {
            all.push((low + high) / 2);
        }
    }
    all.extend(
        bounds
            .iter()
            .flat_map(|bound| [*bound, bound - SECOND, bound + SECOND]),
    );
    let text = |nanoseconds: i128| {
        let (seconds, rest) = (nanoseconds.div_euclid(SECOND), nanoseconds.rem_euclid(SECOND));
        // Four digits would be a year.
        if rest == 0 && !(1000..10_000).contains(&seconds) {
            format!("{seconds}")
        } else {
            format!("{seconds}.{rest:09}")
        }
    };
    all.into_iter().filter(|n| *n >= 0).map(text).collect()
}

/// The first address of each network, and those just beside it.
fn addresses(networks: &[Network]) -> Vec<String> {
    let mut all = Vec::new();
    for network in networks {
        match network.address {
            IpAddr::V4(address) => {
                let size = 1_u64.checked_shl(32 - u32::from(network.bits)).unwrap_or(1);
                let first = u64::from(u32::from(address)) / size * size;
                let beside = [Some(first), first.checked_sub(1), Some(first + size)];
                let inside = beside.into_iter().flatten().filter_map(|n| u32::try_from(n).ok());
                all.extend(inside.map(|n| std::net::Ipv4Addr::from(n).to_string()));
            }
            IpAddr::V6(address) => {
                let number = u128::from(address);
                let low = u128::MAX.checked_shr(u32::from(network.bits)).unwrap_or(0);
                let (first, last) = (number & !low, number | low);
                let beside = [Some(first), first.checked_sub(1), last.checked_add(1)];
                all.extend(
                    beside
                        .into_iter()
                        .flatten()
                        .map(|n| std::net::Ipv6Addr::from(n).to_string()),
                );
            }
        }
    }
    all.extend(["192.0.2.1", "255.255.255.254", "2001:db8::1", "ffff::fffe"].map(str::to_owned));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operand(comparison: Comparison, text: &str) -> Operand {
        let wildcards = if comparison.has_wildcards() {
            Wildcards::Yes
        } else {
            Wildcards::No
        };
        Operand::new(comparison, Template::parse(text, wildcards, true))
    }

    fn look(comparison: Comparison, fits: &[&str], not: &[&str]) -> Found {
        let all = |list: &[&str]| list.iter().map(|t| operand(comparison, t)).collect::<Vec<_>>();
        let (fits, not) = (all(fits), all(not));
        value(
            "k",
            &fits.iter().collect::<Vec<_>>(),
            &not.iter().collect::<Vec<_>>(),
        )
    }

    fn is_found(comparison: Comparison, fits: &[&str], not: &[&str]) -> bool {
        matches!(look(comparison, fits, not), Found::Text(_))
    }

    #[test]
    fn gaps_between_ordered_values_are_found() {
        use Comparison::{DateGreaterThan, IpAddress, NumericEquals, NumericLessThan};
        assert!(is_found(NumericLessThan, &["5"], &["4.9"]));
        assert_eq!(look(NumericLessThan, &["5"], &["5"]), Found::Nothing);
        assert_eq!(look(NumericEquals, &["5", "6"], &[]), Found::Nothing);
        assert!(is_found(DateGreaterThan, &["2024-01-01"], &["2024-01-02"]));
        assert_eq!(
            look(DateGreaterThan, &["2024-01-02"], &["2024-01-01"]),
            Found::Nothing
        );
        assert!(is_found(IpAddress, &["10.0.0.0/8"], &["10.0.0.0/9"]));
        assert_eq!(look(IpAddress, &["10.0.0.0/9"], &["10.0.0.0/8"]), Found::Nothing);
        assert!(is_found(IpAddress, &["2001:db8::/32"], &["2001:db8::/33"]));
        assert!(is_found(IpAddress, &["0.0.0.0/0"], &["0.0.0.0/1"]));
        assert_eq!(look(IpAddress, &["::/0", "0.0.0.0/0"], &[]), Found::Nothing);
    }

    #[test]
    fn texts_and_arns_are_searched_to_the_end() {
        use Comparison::{ArnLike, StringEquals, StringLike};
        assert_eq!(look(StringEquals, &["a", "b"], &[]), Found::Nothing);
        assert!(is_found(StringLike, &["a*"], &["a", "ab*"]));
        assert_eq!(
            look(ArnLike, &["arn:aws:iam::1:role/x"], &["arn:aws:iam::*:role/*"]),
            Found::Nothing
        );
        assert!(is_found(
            ArnLike,
            &["arn:aws:iam::*:role/*"],
            &["arn:aws:iam::*:role/lz-*"]
        ));
        assert_eq!(look(ArnLike, &["arn:aws:iam"], &[]), Found::Nothing);
    }

    #[test]
    fn a_principal_is_never_a_service_linked_role() {
        let linked = operand(Comparison::ArnLike, "arn:aws:iam::*:role/aws-service-role/*");
        assert_eq!(value("aws:principalarn", &[&linked], &[]), Found::Nothing);
    }
}
