//! The terminal: the only module that prints. Results go to standard output, everything else to standard error.

use crate::args::ColorChoice;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::render::page::{Line, Page, Role};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget};
use miette::{GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};
use std::fmt::Write as _;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use textwrap::{WordSeparator, WordSplitter};

/// Columns where no terminal tells.
const DEFAULT_COLUMNS: usize = 100;
const LEAST_COLUMNS: usize = 40;
const MOST_COLUMNS: usize = 120;

/// One of the two streams.
#[derive(Debug, Clone, Copy)]
struct Stream {
    colour: bool,
    columns: usize,
    interactive: bool,
}

/// The two streams of the process and the keyboard.
#[derive(Debug, Clone)]
pub(crate) struct Terminal {
    out: Stream,
    err: Stream,
    keyboard: bool,
}

/// What somebody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The word `yes`.
    Yes,
    /// Anything else.
    No,
    /// There is nobody to ask.
    Nobody,
}

impl Terminal {
    /// Returns the process's terminal.
    pub(crate) fn of_process(choice: ColorChoice, environment: &Environment) -> Self {
        let stream = |interactive: bool, columns: Option<usize>| Stream {
            colour: match choice {
                ColorChoice::Always => true,
                ColorChoice::Never => false,
                ColorChoice::Auto => interactive && !environment.no_color && !environment.dumb,
            },
            columns: columns
                .or(environment.columns)
                .unwrap_or(DEFAULT_COLUMNS)
                .clamp(LEAST_COLUMNS, MOST_COLUMNS),
            interactive: interactive && !environment.dumb,
        };
        let (out, err) = (io::stdout(), io::stderr());
        Self {
            out: stream(out.is_terminal(), columns_of(&out)),
            err: stream(err.is_terminal(), columns_of(&err)),
            keyboard: io::stdin().is_terminal(),
        }
    }

    /// Returns the columns for results.
    pub(crate) const fn columns(&self) -> usize {
        self.out.columns
    }

    /// Returns the columns for messages.
    pub(crate) const fn message_columns(&self) -> usize {
        self.err.columns
    }

    /// Returns whether standard error is a terminal that can redraw a line.
    pub(crate) const fn is_interactive(&self) -> bool {
        self.err.interactive
    }

    /// Prints a result.
    ///
    /// # Errors
    /// What keeps standard output from being written.
    pub(crate) fn result(&self, page: &Page) -> io::Result<()> {
        self.text(&styled(page, self.out.colour))
    }

    /// Prints a result that is text for a machine or a file, as it is.
    ///
    /// # Errors
    /// What keeps standard output from being written.
    pub(crate) fn text(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// Prints a message. A standard error that cannot be written has nobody to tell it to.
    pub(crate) fn message(&self, page: &Page) {
        let _ = io::stderr()
            .lock()
            .write_all(styled(page, self.err.colour).as_bytes());
    }

    /// Prints a problem.
    pub(crate) fn problem(&self, problem: &Problem) {
        let text = report(problem, self.err.colour, self.err.columns);
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Asks and returns the answer. Only the word `yes` is one.
    pub(crate) fn ask(&self, question: &Line) -> Answer {
        if !self.keyboard || !self.err.interactive {
            return Answer::Nobody;
        }
        let mut text = String::new();
        write_line(&mut text, question, self.err.colour);
        {
            let mut err = io::stderr().lock();
            let _ = err.write_all(format!("{} ", text.trim_end()).as_bytes());
            let _ = err.flush();
        }
        let mut answer = String::new();
        match io::stdin().lock().read_line(&mut answer) {
            Ok(_) if answer.trim() == "yes" => Answer::Yes,
            Ok(_) | Err(_) => Answer::No,
        }
    }

    /// Asks and returns what is typed; nothing where nobody can be asked, or nothing is typed.
    pub(crate) fn ask_text(&self, question: &Line) -> Option<String> {
        if !self.keyboard || !self.err.interactive {
            return None;
        }
        let mut text = String::new();
        write_line(&mut text, question, self.err.colour);
        {
            let mut err = io::stderr().lock();
            let _ = err.write_all(format!("{} ", text.trim_end()).as_bytes());
            let _ = err.flush();
        }
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).ok()?;
        let answer = answer.trim();
        (!answer.is_empty()).then(|| answer.to_owned())
    }

    /// Returns a progress display on standard error that nobody sees before it is shown.
    pub(crate) fn progress(&self) -> ProgressBar {
        ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden())
    }

    /// Returns where a progress display draws once it is shown.
    pub(crate) fn progress_target(&self) -> ProgressDrawTarget {
        if self.err.interactive {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        }
    }
}

fn columns_of(stream: &impl std::os::fd::AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(stream).ok()?;
    (size.ws_col > 0).then(|| usize::from(size.ws_col))
}

/// Returns the colour of a role.
fn style(role: Role) -> Style {
    let coloured = |colour: AnsiColor| colour.on_default();
    match role {
        Role::Plain | Role::Id => Style::new(),
        Role::Create | Role::Success => coloured(AnsiColor::Green),
        Role::Change => coloured(AnsiColor::Yellow),
        Role::Move | Role::Hint => coloured(AnsiColor::Cyan),
        Role::Remove => coloured(AnsiColor::Red),
        Role::Irreversible | Role::Error => coloured(AnsiColor::Red).bold(),
        Role::Strong => Style::new().bold(),
        Role::Muted => Style::new().dimmed(),
        Role::Warning => coloured(AnsiColor::Yellow).bold(),
    }
}

fn styled(page: &Page, colour: bool) -> String {
    let mut text = String::new();
    page.lines()
        .iter()
        .for_each(|line| write_line(&mut text, line, colour));
    text
}

fn write_line(text: &mut String, line: &Line, colour: bool) {
    if colour {
        for span in line.spans() {
            let style = style(span.role());
            // Writing to a String cannot fail.
            let _ = write!(text, "{style}{}{style:#}", span.text());
        }
    } else {
        text.push_str(&line.to_plain());
    }
    text.push('\n');
}

/// Returns a problem as text: its place in the file drawn, its help below.
pub(crate) fn report(problem: &Problem, colour: bool, columns: usize) -> String {
    let styles = if colour {
        ThemeStyles::ansi()
    } else {
        ThemeStyles::none()
    };
    let mut characters = ThemeCharacters::unicode();
    characters.error = "error:".to_owned();
    characters.warning = "warning:".to_owned();
    characters.advice = "note:".to_owned();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_links(false)
        .with_width(columns)
        .with_context_lines(1)
        .with_wrap_lines(true)
        // Names and places are there to be copied: they stay whole.
        .with_break_words(false)
        .with_word_separator(WordSeparator::AsciiSpace)
        .with_word_splitter(WordSplitter::NoHyphenation);
    let mut text = String::new();
    match handler.render_report(&mut text, problem) {
        Ok(()) => text,
        Err(_) => format!("error: {problem}\n"),
    }
}

/// Prints help, the version, or what is wrong with the arguments. Returns how the process ends.
pub(crate) fn usage(error: &clap::Error) -> Exit {
    // Whoever closed the stream does not want to read it.
    let _ = error.print();
    if error.use_stderr() {
        Exit::Error
    } else {
        Exit::Done
    }
}

/// Prints that lz itself is wrong.
pub(crate) fn bug(what: &str) {
    let text = format!("error: this is a bug in lz; please report it with this message\n{what}\n");
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_only_adds_to_what_is_printed_without_it() {
        let page: Page = [Line::of(Role::Create, "+").plain(" ou.a").with(Role::Muted, " x")]
            .into_iter()
            .collect();
        assert_eq!(styled(&page, false), "+ ou.a x\n");
        let coloured = styled(&page, true);
        assert!(coloured.contains("\x1b[32m+"), "{coloured:?}");
        assert_eq!(anstyle_free(&coloured), "+ ou.a x\n");
    }

    #[test]
    fn names_and_places_are_broken_at_blanks_only() {
        let name = "AWS-GR_S3_BUCKET_PUBLIC_READ_PROHIBITED-in-(control-tower.hcl:46)";
        for columns in 40..100 {
            let text = format!("the control {name} is not one of those that ap-northeast-1 has got");
            let problem = Problem::new("lz::plan::x", text.clone()).help(text);
            let printed = report(&problem, false, columns);
            assert_eq!(printed.matches(name).count(), 2, "{printed}");
            assert_eq!(printed.matches("ap-northeast-1").count(), 2, "{printed}");
        }
    }

    fn anstyle_free(text: &str) -> String {
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('\x1b') {
            plain.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        plain + rest
    }
}
