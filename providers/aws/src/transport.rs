//! The way over the network. TLS and its certificates are set up by the first request that needs them.

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// The longest waits: for a connection, and for an answer to begin.
type Timeouts = (Option<Duration>, Option<Duration>);

/// Reaches AWS over TLS, through the proxy that `HTTPS_PROXY` and `NO_PROXY` name as they do for the AWS
/// CLI; and what speaks plain HTTP (an emulator, a machine's own credentials) without TLS or proxy.
#[derive(Debug, Default)]
pub(crate) struct Network {
    /// A connector for each pair of time-outs. They keep connections open.
    connectors: Mutex<BTreeMap<Timeouts, SharedHttpConnector>>,
}

impl HttpClient for Network {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let key = (settings.connect_timeout(), settings.read_timeout());
        let mut connectors = self.connectors.lock().unwrap_or_else(PoisonError::into_inner);
        let connector = connectors.entry(key).or_insert_with(|| {
            let mut builder = Connector::builder().connector_settings(settings.clone());
            builder.set_sleep_impl(components.sleep_impl());
            SharedHttpConnector::new(ByScheme {
                builder,
                tls: OnceLock::new(),
                plain: OnceLock::new(),
            })
        });
        connector.clone()
    }
}

#[derive(Debug)]
struct ByScheme {
    builder: ConnectorBuilder,
    tls: OnceLock<Connector>,
    plain: OnceLock<Connector>,
}

impl HttpConnector for ByScheme {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if request.uri().starts_with("http:") {
            return self
                .plain
                .get_or_init(|| self.builder.clone().build_http())
                .call(request);
        }
        let tls = self.tls.get_or_init(|| {
            let builder = self.builder.clone().proxy_config(ProxyConfig::from_env());
            builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).build()
        });
        tls.call(request)
    }
}
