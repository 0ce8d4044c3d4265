//! Builds the SDK's clients from [`Options`].

use crate::connection::Clients;
use crate::options::{Credentials, Options, Role, Transport};
use crate::site::Sites;
use crate::transport::Network;
use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::identity::IdentityCache;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use std::time::Duration;

/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait for an answer to begin; Organizations answers within seconds.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// The partition's Region that is meant when nothing says otherwise.
const DEFAULT_REGION: &str = "us-east-1";

/// Returns clients for every service. Credentials are looked up with the first request.
pub(crate) async fn connect(options: &Options) -> Clients {
    let base = base(options).await;
    let config = match &options.role {
        Some(role) => base
            .to_builder()
            .credentials_provider(assumed(role, &base).await)
            .build(),
        None => base,
    };
    Clients {
        organizations: aws_sdk_organizations::Client::new(&config),
        account: aws_sdk_account::Client::new(&config),
        tagging: aws_sdk_resourcegroupstagging::Client::from_conf(
            aws_sdk_resourcegroupstagging::config::Builder::from(&config)
                .region(home_region(config.region()))
                .build(),
        ),
        sts: aws_sdk_sts::Client::new(&config),
        sites: Sites::new(config),
    }
}

/// Returns the configuration without a role. Calls are tried again by ourselves, so that every try is
/// paced and counted; the SDK tries once.
async fn base(options: &Options) -> SdkConfig {
    let (client, timeouts) = transport(options);
    let config = match &options.credentials {
        Credentials::Static {
            access_key,
            secret_key,
        } => SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .sleep_impl(TokioSleep::new())
            .time_source(SystemTimeSource::new())
            .http_client(client)
            .region(Region::new(
                options
                    .region
                    .as_ref()
                    .map_or(DEFAULT_REGION, |region| region.as_str())
                    .to_owned(),
            ))
            .credentials_provider(SharedCredentialsProvider::new(
                aws_credential_types::Credentials::new(access_key, secret_key, None, None, "lz"),
            ))
            .build(),
        Credentials::Chain => load(options, client, None).await,
        Credentials::Profile(profile) => load(options, client, Some(profile)).await,
    };
    let mut config = config.into_builder();
    // One cache, so that credentials are fetched once and not for each Region.
    config.set_identity_cache(Some(IdentityCache::lazy().build()));
    config.set_app_name(AppName::new("lz").ok());
    config.set_retry_config(Some(RetryConfig::disabled()));
    config.set_timeout_config(Some(timeouts));
    config.set_stalled_stream_protection(Some(StalledStreamProtectionConfig::disabled()));
    if let Some(url) = &options.endpoint_url {
        config.set_endpoint_url(Some(url.clone()));
    }
    config.build()
}

/// Returns what the environment and the shared files say. A profile that is asked for by name counts more
/// than keys in the environment, as it does for the AWS CLI.
async fn load(options: &Options, client: SharedHttpClient, profile: Option<&String>) -> SdkConfig {
    let region = region(options, profile).await;
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(client.clone())
        .sleep_impl(TokioSleep::new())
        .region(region.clone());
    if let Some(profile) = profile {
        let config = ProviderConfig::without_region()
            .with_region(Some(region))
            .with_http_client(client)
            .with_sleep_impl(TokioSleep::new());
        let provider = ProfileFileCredentialsProvider::builder()
            .profile_name(profile)
            .configure(&config);
        loader = loader
            .profile_name(profile)
            .credentials_provider(provider.build());
    }
    loader.load().await
}

/// Returns the Region: given, else the environment's, else the profile's. The machine's own, which the AWS
/// CLI would ask for last, says nothing about an organization.
async fn region(options: &Options, profile: Option<&String>) -> Region {
    let mut files = ProfileFileRegionProvider::builder();
    if let Some(profile) = profile {
        files = files.profile_name(profile);
    }
    let given = options
        .region
        .as_ref()
        .map(|region| Region::new(region.as_str().to_owned()));
    let found = RegionProviderChain::first_try(given)
        .or_else(EnvironmentVariableRegionProvider::new())
        .or_else(files.build());
    found
        .region()
        .await
        .unwrap_or(Region::from_static(DEFAULT_REGION))
}

fn transport(options: &Options) -> (SharedHttpClient, TimeoutConfig) {
    match &options.transport {
        Transport::Given(client) => (client.clone(), TimeoutConfig::disabled()),
        Transport::Network => {
            let timeouts = TimeoutConfig::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .read_timeout(READ_TIMEOUT)
                .build();
            let client = SharedHttpClient::new(Network::default());
            (client, timeouts)
        }
    }
}

/// Returns the credentials of a role that is taken on with those of `base`.
pub(crate) async fn assumed(role: &Role, base: &SdkConfig) -> SharedCredentialsProvider {
    let session = role.session_name.as_deref().unwrap_or("lz");
    let mut provider = AssumeRoleProvider::builder(&role.arn)
        .session_name(session)
        .configure(base);
    if let Some(id) = &role.external_id {
        provider = provider.external_id(id);
    }
    match base.credentials_provider() {
        Some(credentials) => SharedCredentialsProvider::new(provider.build_from_provider(credentials).await),
        None => SharedCredentialsProvider::new(provider.build().await),
    }
}

/// Returns the Region in which a partition shows the tags of its global services.
///
/// For `aws` observed (aws-facts section 7); for the other partitions it is where the partition keeps
/// Organizations: "Amazon Organizations in Amazon Web Services China" makes tag reports there, too.
fn home_region(region: Option<&Region>) -> Region {
    let home = match region.map_or(DEFAULT_REGION, AsRef::as_ref) {
        region if region.starts_with("cn-") => "cn-northwest-1",
        region if region.starts_with("us-gov-") => "us-gov-west-1",
        region if region.starts_with("us-iso-") => "us-iso-east-1",
        region if region.starts_with("us-isob-") => "us-isob-east-1",
        region if region.starts_with("eusc-") => "eusc-de-east-1",
        _ => DEFAULT_REGION,
    };
    Region::from_static(home)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_partition_shows_its_tags_in_its_own_home_region() {
        for (region, home) in [
            ("ap-northeast-1", "us-east-1"),
            ("cn-north-1", "cn-northwest-1"),
            ("us-gov-east-1", "us-gov-west-1"),
        ] {
            assert_eq!(home_region(Some(&Region::new(region))).as_ref(), home);
        }
        assert_eq!(home_region(None).as_ref(), "us-east-1");
    }
}
