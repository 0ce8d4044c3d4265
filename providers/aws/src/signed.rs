//! Requests to services of which lz needs a call or two: signed, sent, counted and judged as the SDK's own.

use crate::answer::{Refusal, refusal};
use crate::own::Host;
use aws_config::SdkConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningParams, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime::client::orchestrator::operation::Operation as Orchestrated;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use std::error::Error;
use std::time::{Duration, SystemTime};
use tokio::sync::Mutex;

/// Credentials that end sooner than this are fetched anew.
const ABOUT_TO_END: Duration = Duration::from_secs(60);

type Fault = Box<dyn Error + Send + Sync>;

/// A service that is spoken to without a client of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// Amazon CloudWatch.
    CloudWatch,
    /// AWS Control Catalog.
    ControlCatalog,
    /// AWS Control Tower.
    ControlTower,
    /// AWS Identity and Access Management.
    Iam,
    /// IAM Identity Center's identity store.
    IdentityStore,
    /// Amazon S3.
    S3,
    /// Amazon SNS.
    Sns,
    /// IAM Identity Center.
    SsoAdmin,
    /// One that a table describes.
    Own(&'static Host),
}

impl Service {
    /// Returns the name that signatures and endpoints have.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::CloudWatch => "monitoring",
            Self::ControlCatalog => "controlcatalog",
            Self::ControlTower => "controltower",
            Self::Iam => "iam",
            Self::IdentityStore => "identitystore",
            Self::S3 => "s3",
            Self::Sns => "sns",
            Self::SsoAdmin => "sso",
            Self::Own(host) => host.signing,
        }
    }

    /// Returns what is special about the service's signatures: S3 takes paths as they are and wants the body's
    /// digest as a header (S3 API Reference, "Authenticating Requests: Using the Authorization Header").
    fn settings(self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        match self {
            Self::CloudWatch
            | Self::ControlCatalog
            | Self::ControlTower
            | Self::Iam
            | Self::IdentityStore
            | Self::Sns
            | Self::SsoAdmin
            | Self::Own(_) => {}
            Self::S3 => {
                settings.percent_encoding_mode = PercentEncodingMode::Single;
                settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
                settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
            }
        }
        settings
    }
}

/// A request that is still to be signed.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) service: Service,
    /// The API operation's name.
    pub(crate) operation: &'static str,
    pub(crate) method: &'static str,
    /// Scheme and host, without a slash at the end.
    pub(crate) endpoint: String,
    /// Path and query, encoded.
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// The body of an answer, and the version of what it is about where AWS tells (S3: `ETag`).
#[derive(Debug)]
pub(crate) struct Tagged {
    pub(crate) body: String,
    pub(crate) etag: Option<String>,
}

/// Signs and sends requests to one Region as one account.
#[derive(Debug)]
pub(crate) struct Signer {
    config: SdkConfig,
    credentials: Mutex<Option<Credentials>>,
}

impl Signer {
    /// Returns a signer for what a configuration says.
    pub(crate) fn new(config: SdkConfig) -> Self {
        Self {
            config,
            credentials: Mutex::default(),
        }
    }

    /// Returns the endpoint that stands for every service, without a slash at the end, if there is one.
    pub(crate) fn endpoint_override(&self) -> Option<&str> {
        self.config.endpoint_url().map(|url| url.trim_end_matches('/'))
    }

    /// Sends a request once. Returns the body of the answer.
    ///
    /// # Errors
    /// What keeps it from being sent, or AWS's refusal.
    pub(crate) async fn send(&self, request: Request) -> Result<String, SdkError<Refusal, HttpResponse>> {
        self.send_tagged(request).await.map(|answer| answer.body)
    }

    /// Sends a request once. Returns the answer with the version of what it is about.
    ///
    /// # Errors
    /// As [`Signer::send`].
    pub(crate) async fn send_tagged(
        &self,
        request: Request,
    ) -> Result<Tagged, SdkError<Refusal, HttpResponse>> {
        let credentials = self.credentials().await.map_err(SdkError::construction_failure)?;
        let (signed, endpoint) = self
            .signed(&request, credentials)
            .map_err(SdkError::construction_failure)?;
        self.orchestrated(&request, &endpoint)
            .map_err(SdkError::construction_failure)?
            .invoke(signed)
            .await
    }

    async fn credentials(&self) -> Result<Credentials, Fault> {
        let now = self.now();
        let mut kept = self.credentials.lock().await;
        if let Some(credentials) = kept.as_ref()
            && credentials.expiry().is_none_or(|end| end > now + ABOUT_TO_END)
        {
            return Ok(credentials.clone());
        }
        let provider = self.config.credentials_provider();
        let provider = provider.ok_or("no credentials are configured")?;
        let fresh = provider.provide_credentials().await?;
        *kept = Some(fresh.clone());
        Ok(fresh)
    }

    fn now(&self) -> SystemTime {
        let clock = self.config.time_source();
        clock.map_or(SystemTime::UNIX_EPOCH, |clock| clock.now())
    }

    /// Returns the signed request with its path alone, and the endpoint that the path belongs to.
    fn signed(&self, request: &Request, credentials: Credentials) -> Result<(HttpRequest, String), Fault> {
        let region = self.config.region().map_or("", AsRef::as_ref);
        let identity = credentials.into();
        let params: SigningParams<'_> = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(request.service.name())
            .time(self.now())
            .settings(request.service.settings())
            .build()?
            .into();
        let url = format!("{}{}", request.endpoint, request.path);
        let headers = request
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        let signable =
            SignableRequest::new(request.method, url, headers, SignableBody::Bytes(&request.body))?;
        let (instructions, _) = sign(signable, &params)?.into_parts();
        let mut signed = HttpRequest::new(SdkBody::from(request.body.clone()));
        signed.set_method(request.method)?;
        signed.set_uri(request.path.clone())?;
        for (name, value) in &request.headers {
            signed.headers_mut().try_insert(*name, value.clone())?;
        }
        for (name, value) in instructions.headers() {
            signed
                .headers_mut()
                .try_insert(name.to_owned(), value.to_owned())?;
        }
        Ok((signed, request.endpoint.clone()))
    }

    fn orchestrated(
        &self,
        request: &Request,
        endpoint: &str,
    ) -> Result<Orchestrated<HttpRequest, Tagged, Refusal>, Fault> {
        let client = self
            .config
            .http_client()
            .ok_or("no way to send requests is configured")?;
        let sleep = self.config.sleep_impl().ok_or("no way to wait is configured")?;
        let clock = self.config.time_source().ok_or("no clock is configured")?;
        let timeouts = self.config.timeout_config().cloned();
        let stalls = StalledStreamProtectionConfig::disabled();
        Ok(Orchestrated::builder()
            .service_name(request.service.name())
            .operation_name(request.operation)
            .http_client(client)
            .sleep_impl(sleep)
            .time_source(clock)
            .timeout_config(timeouts.unwrap_or_else(TimeoutConfig::disabled))
            .stalled_stream_protection(stalls)
            .endpoint_url(endpoint)
            .no_auth()
            .no_retry()
            .serializer(|signed: HttpRequest| Ok(signed))
            .deserializer(answer)
            .build())
    }
}

fn answer(response: &HttpResponse) -> Result<Tagged, OrchestratorError<Refusal>> {
    let body = response.body().bytes().unwrap_or_default();
    let text = String::from_utf8_lossy(body);
    if response.status().is_success() {
        return Ok(Tagged {
            body: text.into_owned(),
            etag: response.headers().get("etag").map(str::to_owned),
        });
    }
    let kind = response.headers().get("x-amzn-errortype");
    Err(OrchestratorError::operation(refusal(kind, &text)))
}
