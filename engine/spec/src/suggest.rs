//! "Did you mean": the known word that is nearest to a misspelt one.

/// Returns the nearest known word, if one is near enough to be meant.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let budget = (word.chars().count() / 3).max(1);
    known
        .iter()
        .filter(|candidate| candidate.chars().count().abs_diff(word.chars().count()) <= budget)
        .map(|candidate| (distance(word, candidate), *candidate))
        .filter(|(distance, _)| *distance <= budget)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Returns "did you mean" or, for a short list, what there is.
#[must_use]
pub fn help(word: &str, known: &[&str]) -> Option<String> {
    if let Some(near) = nearest(word, known) {
        return Some(format!("did you mean `{near}`?"));
    }
    match known {
        [] => None,
        few if few.len() <= 12 => {
            let listed: Vec<String> = few.iter().map(|word| format!("`{word}`")).collect();
            Some(format!("there is {}", listed.join(", ")))
        }
        _ => None,
    }
}

/// Counts insertions, deletions, substitutions and swaps of neighbours; case costs nothing.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().take(64).collect();
    let b: Vec<char> = b.to_lowercase().chars().take(64).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&last, j) + usize::from(x != y))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_finds_the_word_that_was_meant() {
        let known = ["security", "workloads", "sandbox"];
        assert_eq!(nearest("secruity", &known), Some("security"));
        assert_eq!(nearest("Sandbox", &known), Some("sandbox"));
        assert_eq!(nearest("billing", &known), None);
    }
}
