//! `lz twin serve`: the twin over HTTP.

use crate::args::{Serve, Twin as Args, TwinCommand};
use crate::context::Context;
use crate::exit::Exit;
use crate::interrupt::Interrupts;
use crate::measure;
use crate::problem::{Failure, Problem};
use crate::world;
use lz_twin::{AwsTime, Clock, FaultScript, Settings, Twin, server};
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;

/// Runs a command of the twin.
///
/// # Errors
/// Whatever keeps the server from running.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    match &args.command {
        TwinCommand::Serve(serve) => run_server(context, serve),
    }
}

fn run_server(context: &Context<'_>, args: &Serve) -> Result<Exit, Failure> {
    let twin = twin(args)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| stopped("start", &error))?;
    runtime.block_on(serve(context, args, twin))?;
    Ok(Exit::Done)
}

/// Answers until a signal comes; the state is kept while it changes and at the end.
async fn serve(context: &Context<'_>, args: &Serve, twin: Twin) -> Result<(), Failure> {
    let mut interrupts = Interrupts::listen()?;
    let listener = TcpListener::bind(("127.0.0.1", args.port))
        .await
        .map_err(|error| stopped("listen", &error))?;
    let address = listener.local_addr().map_err(|error| stopped("listen", &error))?;
    context.raw(&format!("listening on http://{address}\n"))?;
    let shutdown = interrupts.next();
    let served = match &args.state {
        Some(file) => server::serve_saving(twin, listener, file.clone(), shutdown).await,
        None => server::serve(twin, listener, shutdown).await,
    };
    served.map_err(|error| stopped("serve", &error))
}

fn twin(args: &Serve) -> Result<Twin, Failure> {
    let settings = match read(args.limits.as_ref())? {
        Some((path, text)) => Settings::from_json(&text).map_err(|error| bad(path, &error))?,
        None => Settings::default(),
    };
    let settings = match &args.account {
        Some(account) => Settings {
            default_account: account.as_str().to_owned(),
            ..settings
        },
        None => settings,
    };
    let faults = match read(args.faults.as_ref())? {
        Some((path, text)) => FaultScript::from_json(&text).map_err(|error| bad(path, &error))?,
        None => FaultScript::none(),
    };
    let now = AwsTime::from_millis((measure::now_seconds() * 1_000.0) as u64);
    let clock = Clock::scaled(now, args.time_scale);
    match &args.state {
        Some(path) => {
            world::prepare(path).map_err(|error| Failure::file("write", path, &error))?;
            Twin::open(path, settings, faults, clock).map_err(|error| bad(path, &error))
        }
        None => Ok(Twin::new(settings, faults, clock)),
    }
}

fn read(path: Option<&PathBuf>) -> Result<Option<(&Path, String)>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))?;
    Ok(Some((path, text)))
}

fn bad(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::of(
        Exit::Error,
        Problem::new("lz::twin::file", format!("`{}`: {error}", path.display())),
    )
}

fn stopped(doing: &str, error: &std::io::Error) -> Failure {
    Failure::of(
        Exit::Error,
        Problem::new("lz::twin::serve", format!("the twin cannot {doing}: {error}")),
    )
}
