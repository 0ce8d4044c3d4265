//! placeholder
use crate::connection::Connection;
use lz_model::id::Region;
use lz_provider::{Kind, ProviderError};

pub(crate) async fn is_ringing(_: &Connection, _: &Region, _: &str) -> Result<Option<bool>, ProviderError> {
    Err(ProviderError {
        kind: Kind::Invalid,
        operation: "monitoring:DescribeAlarms".to_owned(),
        code: "not_supported".to_owned(),
        message: "this version cannot do it yet".to_owned(),
        request_id: None,
        source: None,
    })
}
