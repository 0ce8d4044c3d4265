//! Templates that are too long for a call: a bucket of the calling account holds them, each under the digest of
//! its text, so that a template is put there once and never changes.

use crate::operation::Operation;
use crate::signed::{Request, Service};
use crate::site::Stacks;
use aws_smithy_types::base64;
use lz_model::id::{AccountId, Region};
use lz_provider::{Kind, ProviderError};
use sha2::{Digest, Sha256};

/// The Region whose buckets are made without naming it (S3 API Reference, "CreateBucket").
const UNNAMED: &str = "us-east-1";

/// Puts a template into the bucket of the account that calls, which is made if it is missing. Returns the
/// template's address.
///
/// # Errors
/// Why it could not be put there.
pub(crate) async fn put(stacks: &Stacks<'_>, template: &str) -> Result<String, ProviderError> {
    let owner = match &stacks.administrator {
        Some(administrator) => administrator.account.clone(),
        None => stacks.connection.caller().await?.account.clone(),
    };
    let bucket = Bucket::new(stacks, owner);
    let key = hex(&Sha256::digest(template));
    match bucket.upload(&key, template).await {
        Err(error) if error.kind == Kind::NotFound => {
            bucket.make().await?;
            bucket.upload(&key, template).await?;
        }
        uploaded => uploaded?,
    }
    Ok(bucket.url(&key))
}

/// Makes a bucket of the account that calls: closed to the public, encrypted, and with every version kept.
///
/// # Errors
/// Why it could not be made.
pub(crate) async fn make(stacks: &Stacks<'_>, name: &str) -> Result<(), ProviderError> {
    let owner = stacks.connection.caller().await?.account.clone();
    Bucket::named(stacks, owner, name.to_owned()).make().await
}

/// A bucket of an account.
struct Bucket<'a> {
    stacks: &'a Stacks<'a>,
    name: String,
    owner: AccountId,
    endpoint: String,
    /// What stands before keys: a slash, and the bucket's name where the endpoint does not hold it.
    base: String,
}

impl<'a> Bucket<'a> {
    fn new(stacks: &'a Stacks<'a>, owner: AccountId) -> Self {
        let name = format!("lz-templates-{owner}-{}", stacks.region());
        Self::named(stacks, owner, name)
    }

    fn named(stacks: &'a Stacks<'a>, owner: AccountId, name: String) -> Self {
        let (endpoint, base) = address(stacks.region(), stacks.endpoint_override(), &name);
        Self {
            stacks,
            name,
            owner,
            endpoint,
            base,
        }
    }

    /// Returns a key's address as CloudFormation takes it: AWS's own, also where one endpoint stands for all, since
    /// CloudFormation reads bucket and key from it.
    fn url(&self, key: &str) -> String {
        let (endpoint, base) = address(self.stacks.region(), None, &self.name);
        format!("{endpoint}{base}{key}")
    }

    /// Uploads a template unless it is there. A bucket's name can be taken by anybody, so AWS must make sure that
    /// it is this account's (S3 User Guide, "Verifying bucket ownership with bucket owner condition").
    async fn upload(&self, key: &str, template: &str) -> Result<(), ProviderError> {
        let headers = vec![
            ("if-none-match", "*".to_owned()),
            ("content-type", "text/plain; charset=utf-8".to_owned()),
        ];
        let path = format!("{}{key}", self.base);
        let sent = self
            .send(
                Operation::PutObject,
                "PutObject",
                path,
                headers,
                template.to_owned(),
            )
            .await;
        match sent {
            Err(error) if error.kind == Kind::AlreadySo => Ok(()),
            sent => sent,
        }
    }

    /// Makes the bucket: closed to the public, encrypted, and with every version kept. S3 closes and encrypts new
    /// buckets by itself; that it is so is said all the same.
    async fn make(&self) -> Result<(), ProviderError> {
        let region = self.stacks.region();
        let created = self
            .send(
                Operation::CreateBucket,
                "CreateBucket",
                self.base.clone(),
                Vec::new(),
                location(region),
            )
            .await;
        match created {
            Err(error) if error.kind == Kind::AlreadySo => {}
            created => created?,
        }
        for (operation, name, query, body) in [
            (
                Operation::PutAccessBlock,
                "PutPublicAccessBlock",
                "?publicAccessBlock",
                ACCESS_BLOCK,
            ),
            (
                Operation::PutEncryption,
                "PutBucketEncryption",
                "?encryption",
                ENCRYPTION,
            ),
            (
                Operation::PutVersioning,
                "PutBucketVersioning",
                "?versioning",
                VERSIONING,
            ),
        ] {
            let digest = base64::encode(Sha256::digest(body));
            // S3 takes these settings with a checksum only (S3 API Reference, "PutPublicAccessBlock").
            let headers = vec![
                ("x-amz-sdk-checksum-algorithm", "SHA256".to_owned()),
                ("x-amz-checksum-sha256", digest),
            ];
            let path = format!("{}{query}", self.base);
            self.send(operation, name, path, headers, body.to_owned()).await?;
        }
        Ok(())
    }

    async fn send(
        &self,
        operation: Operation,
        name: &'static str,
        path: String,
        mut headers: Vec<(&'static str, String)>,
        body: String,
    ) -> Result<(), ProviderError> {
        if operation != Operation::CreateBucket {
            headers.push(("x-amz-expected-bucket-owner", self.owner.as_str().to_owned()));
        }
        let request = Request {
            service: Service::S3,
            operation: name,
            method: "PUT",
            endpoint: self.endpoint.clone(),
            path,
            headers,
            body: body.into_bytes(),
        };
        let sent = self.stacks.send_signed(operation, &request).await;
        sent.map(drop).map_err(|error| ProviderError {
            message: format!("{} (bucket `{}`)", error.message, self.name),
            ..error
        })
    }
}

/// Returns a bucket's endpoint, and what stands before its keys. AWS's buckets have host names of their own; an
/// endpoint that stands for every service has none (S3 User Guide, "Methods for accessing a bucket").
pub(crate) fn address(region: &Region, endpoint_override: Option<&str>, bucket: &str) -> (String, String) {
    match endpoint_override {
        Some(endpoint) => (endpoint.to_owned(), format!("/{bucket}/")),
        None => (
            format!("https://{bucket}.s3.{region}.{}", crate::site::suffix(region)),
            "/".to_owned(),
        ),
    }
}

/// Returns the body of CreateBucket.
fn location(region: &Region) -> String {
    if region.as_str() == UNNAMED {
        return String::new();
    }
    format!(
        "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>\
         {region}</LocationConstraint></CreateBucketConfiguration>"
    )
}

const ACCESS_BLOCK: &str = "<PublicAccessBlockConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
    <BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>\
    <BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets>\
    </PublicAccessBlockConfiguration>";
const ENCRYPTION: &str = "<ServerSideEncryptionConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Rule>\
    <ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>\
    </ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>";
const VERSIONING: &str = "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
    <Status>Enabled</Status></VersioningConfiguration>";

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_has_a_host_of_its_own_except_where_one_endpoint_stands_for_all() {
        let at = |region: &str, over| {
            let (endpoint, base) = address(&region.parse().unwrap(), over, "b");
            format!("{endpoint}{base}")
        };
        assert_eq!(
            at("eu-central-1", None),
            "https://b.s3.eu-central-1.amazonaws.com/"
        );
        assert_eq!(
            at("cn-north-1", None),
            "https://b.s3.cn-north-1.amazonaws.com.cn/"
        );
        assert_eq!(
            at("eu-central-1", Some("http://127.0.0.1:5000")),
            "http://127.0.0.1:5000/b/"
        );
    }

    #[test]
    fn only_the_eldest_region_is_not_named() {
        assert_eq!(location(&"us-east-1".parse().unwrap()), "");
        assert!(location(&"eu-west-1".parse().unwrap()).contains("<LocationConstraint>eu-west-1<"));
    }
}
