//! Names of controls that somebody may have meant.

/// How many are named.
const MOST: usize = 3;

/// Returns the names that differ least from a word, the nearest first: at most three, and none that is far off.
pub fn resembling<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let budget = (word.chars().count() / 4).max(2);
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .filter(|name| name.len().abs_diff(word.len()) <= budget)
        .map(|name| (distance(word, name), name))
        .filter(|(distance, _)| *distance <= budget)
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter()
        .take(MOST)
        .map(|(_, name)| name.to_owned())
        .collect()
}

/// Counts insertions, deletions and substitutions; case costs nothing.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, x) in one.to_lowercase().chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&other) {
            let best = (diagonal + usize::from(x != *y)).min(left + 1).min(*cell + 1);
            diagonal = std::mem::replace(cell, best);
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_single_changes() {
        for (one, other, wanted) in [
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("SH.S3.4", "sh.s3.4", 0),
            ("CT.S3.PR.1", "CT.S3.PR.11", 1),
        ] {
            assert_eq!(distance(one, other), wanted, "{one} {other}");
            assert_eq!(distance(other, one), wanted, "{other} {one}");
        }
    }

    #[test]
    fn the_nearest_names_come_first_and_strangers_not_at_all() {
        let names = [
            "AWS-GR_ENCRYPTED_VOLUMES",
            "AWS-GR_RESTRICTED_SSH",
            "CT.S3.PR.1",
            "CT.S3.PR.9",
            "CT.S3.PV.9",
        ];
        assert_eq!(
            resembling("AWS-GR_ENCRYPT_VOLUME", names),
            ["AWS-GR_ENCRYPTED_VOLUMES"]
        );
        assert_eq!(
            resembling("CT.S3.PR.99", names),
            ["CT.S3.PR.9", "CT.S3.PR.1", "CT.S3.PV.9"]
        );
        assert!(resembling("SH.Lambda.700", names).is_empty());
    }
}
