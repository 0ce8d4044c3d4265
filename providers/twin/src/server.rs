//! The door for everybody else: HTTP/1.1 on a socket.

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::fault::ConnectionLost;
use crate::twin::Twin;

/// No request of these services comes near this size.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// How often a changed state is written while the server runs.
const SAVE_EVERY: Duration = Duration::from_secs(1);

/// Answers calls on a listener until `shutdown` resolves; calls under way are answered first.
///
/// A lost reply or a crash of the fault script closes the connection; a crash ends nobody here.
///
/// # Errors
/// When the listener fails.
pub async fn serve(twin: Twin, listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    let outcome = loop {
        tokio::select! {
            () = &mut shutdown => break Ok(()),
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(twin.clone(), stream, stopped.clone()));
                }
                // A client that is gone before it is accepted is no failure of the listener.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => break Err(error),
            },
            Some(_) = connections.join_next() => {}
        }
    };
    stop.send_replace(true);
    while connections.join_next().await.is_some() {}
    outcome
}

/// Answers calls like [`serve`] and keeps the state in a file: once a second while it changes, and at the end.
///
/// # Errors
/// When the listener fails or the file can't be written.
pub async fn serve_saving(
    twin: Twin,
    listener: TcpListener,
    path: PathBuf,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let mut serving = pin!(serve(twin.clone(), listener, shutdown));
    let mut saved = None;
    loop {
        tokio::select! {
            outcome = &mut serving => {
                twin.save(&path)?;
                return outcome;
            }
            () = tokio::time::sleep(SAVE_EVERY) => {
                let revision = twin.revision();
                if saved != Some(revision) {
                    twin.save(&path)?;
                    saved = Some(revision);
                }
            }
        }
    }
}

async fn connection(twin: Twin, stream: TcpStream, mut stopped: watch::Receiver<bool>) {
    // Answers are small and waited for; failing to set this only makes them slower.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |request| answer(twin.clone(), request));
    let mut serving =
        pin!(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
    tokio::select! {
        // What ends a connection, an injected fault or a client that went away, concerns nobody else.
        _ = &mut serving => return,
        _ = stopped.wait_for(|stopped| *stopped) => serving.as_mut().graceful_shutdown(),
    }
    let _ = serving.await;
}

async fn answer(
    twin: Twin,
    request: http::Request<Incoming>,
) -> Result<http::Response<Full<Bytes>>, ConnectionLost> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MOST_BYTES).collect().await else {
        return Ok(too_large());
    };
    let request = http::Request::from_parts(parts, body.to_bytes());
    Ok(twin.handle(request).await?.map(Full::new))
}

fn too_large() -> http::Response<Full<Bytes>> {
    let mut response = http::Response::new(Full::<Bytes>::new(Bytes::from_static(
        b"the request is too large",
    )));
    *response.status_mut() = http::StatusCode::PAYLOAD_TOO_LARGE;
    response
}
