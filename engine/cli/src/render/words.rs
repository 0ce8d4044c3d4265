//! Numbers, counts and durations as people say them.

/// Returns a number with commas between thousands: `1,204`.
pub(crate) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns a count with its noun: `1 account`, `14 accounts`, `2 policies`.
pub(crate) fn count(value: usize, noun: &str) -> String {
    let value = value as u64;
    if value == 1 {
        return format!("1 {noun}");
    }
    format!("{} {}", number(value), plural(noun))
}

/// Returns the plural of a noun of ours.
pub(crate) fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    }
}

/// Returns the noun alone, in the plural unless there is one.
pub(crate) fn noun(value: usize, noun: &str) -> String {
    if value == 1 { noun.to_owned() } else { plural(noun) }
}

/// Returns a duration rounded as people round: `about 40 s`, `about 3 min`, `about 1 h 20 min`.
pub(crate) fn about(seconds: u64) -> String {
    match seconds {
        0..=1 => "about a second".to_owned(),
        2..=9 => format!("about {seconds} s"),
        10..=54 => format!("about {} s", seconds.div_ceil(5) * 5),
        55..=3_569 => format!("about {} min", seconds.div_ceil(60).max(1)),
        _ => {
            let minutes = seconds.div_ceil(300) * 5;
            match (minutes / 60, minutes % 60) {
                (hours, 0) => format!("about {hours} h"),
                (hours, minutes) => format!("about {hours} h {minutes} min"),
            }
        }
    }
}

/// Returns a measured duration: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 4 min`.
pub(crate) fn took(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    match whole {
        0..=9 => format!("{:.1} s", seconds.max(0.0)),
        10..=59 => format!("{whole} s"),
        60..=3_599 => match (whole / 60, whole % 60) {
            (minutes, 0) => format!("{minutes} min"),
            (minutes, seconds) => format!("{minutes} min {seconds} s"),
        },
        _ => match (whole / 3_600, whole % 3_600 / 60) {
            (hours, 0) => format!("{hours} h"),
            (hours, minutes) => format!("{hours} h {minutes} min"),
        },
    }
}

/// Returns `a`, `a and b`, `a, b and c`.
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_counts_read_well() {
        assert_eq!(number(0), "0");
        assert_eq!(number(1_204), "1,204");
        assert_eq!(number(1_000_000), "1,000,000");
        assert_eq!(count(1, "policy"), "1 policy");
        assert_eq!(count(2, "policy"), "2 policies");
        assert_eq!(count(3, "day"), "3 days");
        assert_eq!(count(1_204, "account"), "1,204 accounts");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }

    #[test]
    fn estimates_are_rounded_up_and_measurements_are_not() {
        assert_eq!(about(1), "about a second");
        assert_eq!(about(7), "about 7 s");
        assert_eq!(about(36), "about 40 s");
        assert_eq!(about(121), "about 3 min");
        assert_eq!(about(3_600), "about 1 h");
        assert_eq!(about(4_790), "about 1 h 20 min");
        assert_eq!(took(0.42), "0.4 s");
        assert_eq!(took(59.7), "1 min");
        assert_eq!(took(185.0), "3 min 5 s");
        assert_eq!(took(7_440.0), "2 h 4 min");
    }
}
