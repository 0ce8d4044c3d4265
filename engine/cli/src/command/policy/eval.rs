//! `lz policy eval`: one answer for each line.

use crate::context::Context;
use crate::exit::Exit;
use crate::problem::Failure;
use lz_policy::line::Lines;
use std::io::BufRead;

/// How many characters of answers are held back while more questions wait.
const HELD: usize = 64 * 1024;

/// Answers every line of standard input.
///
/// # Errors
/// What keeps standard input from being read or standard output from being written.
pub(super) fn run(context: &Context<'_>) -> Result<Exit, Failure> {
    let mut input = std::io::BufReader::new(std::io::stdin().lock());
    let mut lines = Lines::new();
    let (mut line, mut answers) = (Vec::new(), String::new());
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&line);
        answers.push_str(&lines.answer(text.trim_end_matches(['\n', '\r'])));
        answers.push('\n');
        // Who asks one question and waits must get its answer.
        if answers.len() > HELD || input.buffer().is_empty() {
            context.raw(&answers)?;
            answers.clear();
        }
    }
    context.raw(&answers)?;
    Ok(Exit::Done)
}
