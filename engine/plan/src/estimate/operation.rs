//! How long one operation of a stack set takes.
//!
//! In each Region AWS keeps so many accounts in work as the pace allows and takes up the next as one ends. Nothing
//! is published about a single stack, so its seconds are drawn evenly between [`STACK_SECONDS`]: a few short
//! drawings with fixed seeds, since no formula is as good where accounts and concurrency are of one size.

use lz_model::limits::{STACK_SECONDS, next_look};
use lz_model::stack::{Pace, RegionConcurrency};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Stacks drawn for one estimate, about: more change it by less than a second.
const DRAWN: usize = 4_000;
/// Most drawings of one estimate.
const DRAWINGS: usize = 16;

/// Returns the seconds that an operation on so many accounts in each of so many Regions takes until its end is
/// noticed. An operation without stacks takes as long as noticing it.
#[must_use]
pub fn operation_seconds(accounts: usize, regions: usize, pace: &Pace) -> f64 {
    if accounts == 0 || regions == 0 {
        return noticed_after(0.0);
    }
    let at_a_time = pace.at_a_time(accounts);
    let drawings = (DRAWN / accounts.saturating_mul(regions).max(1)).clamp(1, DRAWINGS);
    let mut seed = Seed(0x006c_7a5f_7374_6163);
    let mut sum = 0.0;
    for _ in 0..drawings {
        sum += match pace.regions {
            // Regions are alike: a few stand for many.
            RegionConcurrency::Sequential => {
                let drawn = regions.min(DRAWN / accounts.max(1)).max(1);
                let total: f64 = (0..drawn).map(|_| region(accounts, at_a_time, &mut seed)).sum();
                total / float(drawn) * float(regions)
            }
            RegionConcurrency::Parallel => (0..regions)
                .map(|_| region(accounts, at_a_time, &mut seed))
                .fold(0.0, f64::max),
        };
    }
    let seconds = sum / float(drawings);
    seconds + noticed_after(seconds)
}

/// Returns the seconds until the end of an operation is noticed: on average half of the time between two looks.
const fn noticed_after(seconds: f64) -> f64 {
    next_look(seconds) / 2.0
}

/// Returns the seconds of one Region in one drawing.
fn region(accounts: usize, at_a_time: usize, seed: &mut Seed) -> f64 {
    let mut busy: BinaryHeap<Reverse<u64>> = BinaryHeap::new();
    let mut end = 0;
    for _ in 0..accounts {
        let start = if busy.len() < at_a_time {
            0
        } else {
            busy.pop().map_or(0, |Reverse(free)| free)
        };
        let finish = start.saturating_add(seed.stack_milliseconds());
        end = end.max(finish);
        busy.push(Reverse(finish));
    }
    seconds(end)
}

/// A generator of even numbers (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators").
struct Seed(u64);

impl Seed {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn stack_milliseconds(&mut self) -> u64 {
        let (least, most) = (milliseconds(STACK_SECONDS.0), milliseconds(STACK_SECONDS.1));
        least + self.next() % (most - least + 1)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a constant of a minute or so"
)]
const fn milliseconds(seconds: f64) -> u64 {
    (seconds * 1_000.0) as u64
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
const fn seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
const fn float(count: usize) -> f64 {
    count as f64
}
