//! placeholder
use crate::site::Stacks;
use lz_provider::{Kind, ProviderError};

pub(crate) async fn put(_: &Stacks<'_>, _: &str) -> Result<String, ProviderError> {
    Err(ProviderError {
        kind: Kind::Invalid,
        operation: "s3:PutObject".to_owned(),
        code: "not_supported".to_owned(),
        message: "this version cannot do it yet".to_owned(),
        request_id: None,
        source: None,
    })
}
