//! Runs the binary on a terminal, with somebody at the keyboard.

use crate::run::{Folder, kill};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::Child;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// What somebody does when a question appears.
#[derive(Clone, Copy)]
pub(crate) enum Reply<'a> {
    Type(&'a str),
    /// Ends the input, as Ctrl-D does.
    End,
    Interrupt,
}

/// Runs lz, replies to each question in its turn when its words appear, and returns the exit code and what the
/// terminal showed.
pub(crate) fn on_terminal(
    folder: &Folder,
    line: &str,
    replies: &[(&str, Reply<'_>)],
) -> (Option<i32>, String) {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
    let theirs = || File::options().read(true).write(true).open(&name).unwrap();
    let mut command = folder.command(line);
    command.stdin(theirs()).stdout(theirs()).stderr(theirs());
    let mut child = command.spawn().unwrap();
    drop(command);
    let in_time = ended_in_time(&child);
    let mut terminal = File::from(ours);
    let mut shown = Vec::new();
    // What is typed shows too, so each question is looked for behind the last reply.
    let mut from = 0;
    let mut replies = replies.iter();
    let mut next = replies.next();
    let mut buffer = [0; 4096];
    // The terminal hangs up when the process has ended.
    while let Ok(count @ 1..) = terminal.read(&mut buffer) {
        shown.extend_from_slice(&buffer[..count]);
        while let Some((question, reply)) = next {
            if !String::from_utf8_lossy(&shown[from..]).contains(question) {
                break;
            }
            match reply {
                Reply::Type(text) => terminal.write_all(format!("{text}\n").as_bytes()).unwrap(),
                Reply::End => terminal.write_all(b"\x04").unwrap(),
                Reply::Interrupt => kill(&child, Signal::INT),
            }
            from = shown.len();
            next = replies.next();
        }
    }
    drop(in_time);
    let shown = String::from_utf8_lossy(&shown).into_owned();
    assert!(next.is_none(), "`{}` was not asked:\n{shown}", next.unwrap().0);
    (child.wait().unwrap().code(), shown)
}

/// Ends a program that asks what nobody answers. Dropping the sender says that it has ended by itself.
fn ended_in_time(child: &Child) -> Sender<()> {
    let pid = Pid::from_child(child);
    let (sender, ended) = channel();
    std::thread::spawn(move || {
        if ended.recv_timeout(Duration::from_secs(60)) == Err(RecvTimeoutError::Timeout) {
            let _ = kill_process(pid, Signal::KILL);
        }
    });
    sender
}
