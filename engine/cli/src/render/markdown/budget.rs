//! Fits blocks into a number of characters: what matters most first, whole items only, and it says what is missing.

use crate::render::words;

/// A part of a comment that may be left out, item by item.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    /// What comes before its items.
    pub(super) open: String,
    /// Its items, in order.
    pub(super) items: Vec<String>,
    /// What comes after its items.
    pub(super) close: String,
    /// What one item is called where some are left out.
    pub(super) noun: &'static str,
    /// The lower, the sooner it is fitted in.
    pub(super) rank: u8,
}

/// Items of a block that did not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LeftOut {
    pub(super) noun: &'static str,
    pub(super) missing: usize,
    pub(super) of: usize,
}

/// Returns the blocks' texts, in the order in which they were given, in at most `room` characters together, and what
/// did not fit.
pub(super) fn fit(blocks: &[Block], mut room: usize) -> (Vec<String>, Vec<LeftOut>) {
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    order.sort_by_key(|at| (blocks.get(*at).map(|block| block.rank), *at));
    let mut texts = vec![String::new(); blocks.len()];
    let mut left_out = Vec::new();
    for at in order {
        let Some((block, text)) = blocks.get(at).zip(texts.get_mut(at)) else {
            continue;
        };
        let frame = length(&block.open) + length(&block.close);
        let mut used = frame;
        let fitting = block
            .items
            .iter()
            .take_while(|item| {
                used += length(item);
                used <= room
            })
            .count();
        let taken: String = block.items.iter().take(fitting).map(String::as_str).collect();
        if fitting > 0 {
            room -= frame + length(&taken);
            *text = format!("{}{taken}{}", block.open, block.close);
        }
        if fitting < block.items.len() {
            left_out.push(LeftOut {
                noun: block.noun,
                missing: block.items.len() - fitting,
                of: block.items.len(),
            });
        }
    }
    (texts, left_out)
}

/// Returns `3 documents`, `2 losses or gains`, `1 step that cannot be undone`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let number = words::number(count as u64);
    if count == 1 {
        return format!("1 {noun}");
    }
    if noun == "loss or gain" {
        return format!("{number} losses or gains");
    }
    // The first word is the noun, whatever says more of it.
    match noun.split_once(' ') {
        Some((head, rest)) => format!("{number} {} {rest}", words::plural(head)),
        None => format!("{number} {}", words::plural(noun)),
    }
}

/// Returns the characters of a text as GitHub counts them.
pub(super) fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(rank: u8, items: &[&str]) -> Block {
        Block {
            open: "<".into(),
            items: items.iter().map(|item| (*item).to_owned()).collect(),
            close: ">".into(),
            noun: "item",
            rank,
        }
    }

    #[test]
    fn what_matters_most_is_kept_and_what_is_missing_is_told() {
        let blocks = [block(2, &["aaaa", "bbbb"]), block(1, &["cc", "dd"])];
        let (texts, left_out) = fit(&blocks, 12);
        assert_eq!(texts, ["<aaaa>", "<ccdd>"]);
        let missing = LeftOut {
            noun: "item",
            missing: 1,
            of: 2,
        };
        assert_eq!(left_out, [missing]);
        let (texts, left_out) = fit(&blocks, 5);
        assert_eq!((texts.concat().as_str(), left_out.len()), ("<cc>", 2));
        assert_eq!(fit(&blocks, 100).1, []);
    }
}
