//! The regional services: a client for each Region and for each account as whose administrator lz works.

use crate::classify::in_region;
use crate::connect::assumed;
use crate::connection::Connection;
use crate::operation::Operation;
use crate::options::Role;
use crate::own::endpoint;
use crate::pace::Place;
use crate::signed::{Request, Service, Signer, Tagged};
use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::CallAs;
use aws_sdk_organizations::config::http::HttpResponse;
use aws_sdk_organizations::error::{ProvideErrorMetadata, SdkError};
use lz_model::id::Region;
use lz_provider::{Administrator, ProviderError, SetHandle};
use std::collections::BTreeMap;
use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use tokio::sync::Mutex;

/// A Region, and as whom it is asked.
type Key = (Region, Option<Administrator>);

/// The clients of the regional services, made when they are first needed and kept.
#[derive(Debug)]
pub(crate) struct Sites {
    config: SdkConfig,
    made: Mutex<BTreeMap<Key, Arc<Site>>>,
}

/// One Region, asked as one account.
#[derive(Debug)]
struct Site {
    client: Client,
    region: Region,
    place: Place,
    signer: Signer,
}

impl Sites {
    /// Returns clients for what a configuration says, but for its Region.
    pub(crate) fn new(config: SdkConfig) -> Self {
        Self {
            config,
            made: Mutex::default(),
        }
    }

    /// Returns the Region that the configuration names.
    pub(crate) fn home(&self) -> Option<Region> {
        self.config.region()?.as_ref().parse().ok()
    }

    /// Returns a signer for a Region that uses these credentials alone.
    pub(crate) fn signer(&self, region: &Region, credentials: Credentials) -> Signer {
        let config = self.config.to_builder();
        Signer::new(
            config
                .region(aws_config::Region::new(region.as_str().to_owned()))
                .credentials_provider(SharedCredentialsProvider::new(credentials))
                .build(),
        )
    }

    async fn at(&self, region: &Region, administrator: Option<&Administrator>) -> Arc<Site> {
        let mut made = self.made.lock().await;
        let key = (region.clone(), administrator.cloned());
        if let Some(site) = made.get(&key) {
            return Arc::clone(site);
        }
        let mut config = self
            .config
            .to_builder()
            .region(aws_config::Region::new(region.as_str().to_owned()))
            .build();
        if let Some(administrator) = administrator {
            let role = role_of(administrator, region);
            let credentials = assumed(&role, &config).await;
            config = config.into_builder().credentials_provider(credentials).build();
        }
        let site = Arc::new(Site {
            client: Client::new(&config),
            region: region.clone(),
            place: Place(made.len() + 1),
            signer: Signer::new(config),
        });
        made.insert(key, Arc::clone(&site));
        site
    }
}

/// Returns the role by which lz works in an account that administers stack sets.
fn role_of(administrator: &Administrator, region: &Region) -> Role {
    let partition = partition(region);
    Role {
        arn: format!(
            "arn:{partition}:iam::{}:role/{}",
            administrator.account, administrator.role
        ),
        session_name: None,
        external_id: None,
    }
}

/// Returns the partition that a Region belongs to (AWS General Reference, "Amazon Resource Names (ARNs)").
pub(crate) fn partition(region: &Region) -> &'static str {
    match region.as_str() {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        region if region.starts_with("us-iso-") => "aws-iso",
        region if region.starts_with("us-isob-") => "aws-iso-b",
        region if region.starts_with("eusc-") => "aws-eusc",
        _ => "aws",
    }
}

/// Returns what the names of a Region's endpoints end with (AWS General Reference, "AWS service endpoints").
pub(crate) fn suffix(region: &Region) -> &'static str {
    match partition(region) {
        "aws-cn" => "amazonaws.com.cn",
        "aws-iso" => "c2s.ic.gov",
        "aws-iso-b" => "sc2s.sgov.gov",
        "aws-eusc" => "amazonaws.eu",
        _ => "amazonaws.com",
    }
}

/// CloudFormation in one Region and what goes with it, asked as one account.
#[derive(Debug)]
pub(crate) struct Stacks<'a> {
    pub(crate) connection: &'a Connection,
    site: Arc<Site>,
    /// The account whose delegated administrator's rights are used, if any.
    pub(crate) administrator: Option<Administrator>,
}

impl<'a> Stacks<'a> {
    /// Returns CloudFormation in a Region, asked as the caller.
    pub(crate) async fn of(connection: &'a Connection, region: &Region) -> Self {
        Self {
            connection,
            site: connection.clients.sites.at(region, None).await,
            administrator: None,
        }
    }

    /// Returns CloudFormation where a stack set lives, asked as who changes it.
    pub(crate) async fn of_set(connection: &'a Connection, set: &SetHandle) -> Self {
        let administrator = set.administrator.as_ref();
        Self {
            connection,
            site: connection.clients.sites.at(&set.key.region, administrator).await,
            administrator: administrator.cloned(),
        }
    }

    /// Returns CloudFormation in the Region that the configuration names, where what holds for the whole
    /// organization is set.
    pub(crate) async fn at_home(connection: &'a Connection) -> Option<Self> {
        let home = connection.clients.sites.home()?;
        Some(Self::of(connection, &home).await)
    }

    /// Returns the client.
    pub(crate) fn client(&self) -> &Client {
        &self.site.client
    }

    /// Returns the Region.
    pub(crate) fn region(&self) -> &Region {
        &self.site.region
    }

    /// Returns as whom AWS is asked: `None` for the account itself (aws-facts section 3.2, `CallAs`).
    pub(crate) fn call_as(&self) -> Option<CallAs> {
        self.administrator.as_ref().map(|_| CallAs::DelegatedAdmin)
    }

    /// Sends a request until AWS has answered or its class says that it is enough.
    ///
    /// # Errors
    /// The class of the last answer.
    pub(crate) async fn send<T, E, F>(
        &self,
        operation: Operation,
        request: impl Fn() -> F,
    ) -> Result<T, ProviderError>
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let sent = self.connection.send_at(self.site.place, operation, request);
        sent.await.map_err(|error| in_region(error, &self.site.region))
    }

    /// Returns the endpoint that stands for every service, if there is one.
    pub(crate) fn endpoint_override(&self) -> Option<&str> {
        self.site.signer.endpoint_override()
    }

    /// Returns a service's endpoint in the Region.
    pub(crate) fn endpoint(&self, service: Service) -> String {
        let region = &self.site.region;
        self.endpoint_override().map_or_else(
            || match service {
                Service::Own(host) => endpoint(host, region),
                Service::CloudWatch
                | Service::ControlCatalog
                | Service::ControlTower
                | Service::Iam
                | Service::IdentityStore
                | Service::S3
                | Service::Sns
                | Service::SsoAdmin => {
                    format!("https://{}.{region}.{}", service.name(), suffix(region))
                }
            },
            str::to_owned,
        )
    }

    /// Sends a request to a service without a client of its own. Returns the body of the answer.
    ///
    /// # Errors
    /// The class of the last answer.
    pub(crate) async fn send_signed(
        &self,
        operation: Operation,
        request: &Request,
    ) -> Result<String, ProviderError> {
        self.send(operation, || self.site.signer.send(request.clone()))
            .await
    }

    /// Sends a request to a service without a client of its own. Returns the answer with the version of what it is about.
    ///
    /// # Errors
    /// The class of the last answer.
    pub(crate) async fn send_tagged(
        &self,
        operation: Operation,
        request: &Request,
    ) -> Result<Tagged, ProviderError> {
        self.send(operation, || self.site.signer.send_tagged(request.clone()))
            .await
    }

    /// Returns every page of a list, one after the other.
    ///
    /// # Errors
    /// The class of the first page that fails.
    pub(crate) async fn list<O, T, E, F>(
        &self,
        operation: Operation,
        request: impl Fn(Option<String>) -> F,
        split: impl Fn(O) -> (Option<Vec<T>>, Option<String>),
    ) -> Result<Vec<T>, ProviderError>
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>>,
    {
        let list = self
            .connection
            .list_at(self.site.place, operation, request, split);
        list.await.map_err(|error| in_region(error, &self.site.region))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_in_its_own_partition() {
        let administrator = Administrator {
            account: "222233334444".parse().unwrap(),
            role: "lz".to_owned(),
        };
        for (region, arn) in [
            ("eu-central-1", "arn:aws:iam::222233334444:role/lz"),
            ("cn-north-1", "arn:aws-cn:iam::222233334444:role/lz"),
            ("us-gov-west-1", "arn:aws-us-gov:iam::222233334444:role/lz"),
        ] {
            assert_eq!(role_of(&administrator, &region.parse().unwrap()).arn, arn);
        }
    }
}
