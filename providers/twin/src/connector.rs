//! The door for SDK clients in this process: no sockets, no threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;

use crate::fault::ConnectionLost;
use crate::twin::Twin;

/// An HTTP client for SDK configurations that answers from a twin.
///
/// It works on a current-thread runtime with paused time. After a crash from the fault script the caller counts as
/// dead: this client and its clones answer every later call with an error that is not retried, and none of them
/// takes effect. Make a new client on the same twin to come back to life.
#[derive(Clone, Debug)]
pub struct TwinHttpClient {
    twin: Twin,
    dead: Arc<AtomicBool>,
}

impl TwinHttpClient {
    /// Returns a client that sends every call to the twin, whatever its endpoint.
    #[must_use]
    pub fn new(twin: Twin) -> TwinHttpClient {
        TwinHttpClient {
            twin,
            dead: Arc::new(AtomicBool::new(false)),
        }
    }

    async fn send(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        if self.dead.load(Ordering::SeqCst) {
            return Err(ConnectorError::user(ConnectionLost::Crashed.into()));
        }
        let request = read(request).await?;
        match self.twin.handle(request).await {
            Ok(response) => {
                let response = response.map(SdkBody::from);
                HttpResponse::try_from(response).map_err(|error| ConnectorError::user(error.into()))
            }
            Err(ConnectionLost::Reply) => Err(ConnectorError::io(ConnectionLost::Reply.into())),
            Err(ConnectionLost::Crashed) => {
                self.dead.store(true, Ordering::SeqCst);
                Err(ConnectorError::user(ConnectionLost::Crashed.into()))
            }
        }
    }
}

/// Reads a request of the SDK to its end.
async fn read(request: HttpRequest) -> Result<http::Request<Bytes>, ConnectorError> {
    use http_body_util::BodyExt as _;

    let request = request
        .try_into_http1x()
        .map_err(|error| ConnectorError::user(error.into()))?;
    let (parts, body) = request.into_parts();
    let bytes = match body.bytes() {
        Some(bytes) => Bytes::copy_from_slice(bytes),
        None => body.collect().await.map_err(ConnectorError::user)?.to_bytes(),
    };
    Ok(http::Request::from_parts(parts, bytes))
}

impl HttpConnector for TwinHttpClient {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().send(request))
    }
}

impl HttpClient for TwinHttpClient {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
