//! Serves a twin over HTTP: `serve [--port P] [--state FILE] [--time-scale N] [--limits FILE] [--faults FILE]`.

use std::path::PathBuf;

use lz_twin::{Clock, FaultScript, Settings, Twin, server};

#[derive(Default)]
struct Arguments {
    port: u16,
    state: Option<PathBuf>,
    time_scale: Option<f64>,
    limits: Option<PathBuf>,
    faults: Option<PathBuf>,
}

fn arguments() -> Result<Arguments, String> {
    let mut arguments = Arguments::default();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("`{word}` needs a value"));
        match word.as_str() {
            "--port" => {
                arguments.port = value()?
                    .parse()
                    .map_err(|_| "`--port` needs a number".to_owned())?
            }
            "--state" => arguments.state = Some(value()?.into()),
            "--time-scale" => {
                arguments.time_scale = Some(
                    value()?
                        .parse()
                        .map_err(|_| "`--time-scale` needs a number".to_owned())?,
                );
            }
            "--limits" => arguments.limits = Some(value()?.into()),
            "--faults" => arguments.faults = Some(value()?.into()),
            other => return Err(format!("`{other}` is not an argument")),
        }
    }
    Ok(arguments)
}

#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example is a program of its own"
)]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = arguments()?;
    let settings = match &arguments.limits {
        Some(path) => Settings::from_json(&std::fs::read_to_string(path)?)?,
        None => Settings::default(),
    };
    let faults = match &arguments.faults {
        Some(path) => FaultScript::from_json(&std::fs::read_to_string(path)?)?,
        None => FaultScript::none(),
    };
    let clock = Clock::scaled(std::time::SystemTime::now(), arguments.time_scale.unwrap_or(1.0));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", arguments.port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let interrupted = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    match arguments.state {
        Some(path) => {
            let twin = Twin::open(&path, settings, faults, clock)?;
            server::serve_saving(twin, listener, path, interrupted).await?;
        }
        None => server::serve(Twin::new(settings, faults, clock), listener, interrupted).await?,
    }
    Ok(())
}
