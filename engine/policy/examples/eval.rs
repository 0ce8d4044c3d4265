//! Answers JSON lines on standard input, one request each, as `lz_policy::line` describes them.
//!
//! `cargo run --release -p lz-policy --example eval < questions.jsonl`

use lz_policy::line::Lines;
use std::io::{BufRead, BufWriter, Write};

fn main() -> std::io::Result<()> {
    let mut lines = Lines::new();
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        writeln!(out, "{}", lines.answer(&line?))?;
    }
    out.flush()
}
