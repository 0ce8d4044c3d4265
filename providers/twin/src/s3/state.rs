//! Buckets and objects.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clock::AwsTime;
use crate::world::AccountId;

/// A bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bucket {
    pub(crate) owner: AccountId,
    pub(crate) region: String,
    pub(crate) created_at: AwsTime,
    /// What was put beside it, as it was put: the body by subresource, for example `versioning`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) configurations: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) objects: BTreeMap<String, Object>,
}

/// An object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Object {
    #[serde(serialize_with = "write", deserialize_with = "read")]
    pub(crate) body: Bytes,
    /// With its quotation marks.
    pub(crate) etag: String,
    pub(crate) modified_at: AwsTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) content_type: Option<String>,
    /// Headers that begin with `x-amz-meta-`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) metadata: BTreeMap<String, String>,
}

/// Text stays readable in the state file; other bytes are written in hexadecimal.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written {
    Text(String),
    Hex(String),
}

fn write<S: Serializer>(body: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    let written = match std::str::from_utf8(body) {
        Ok(text) => Written::Text(text.to_owned()),
        Err(_) => Written::Hex(body.iter().map(|byte| format!("{byte:02x}")).collect()),
    };
    written.serialize(serializer)
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    match Written::deserialize(deserializer)? {
        Written::Text(text) => Ok(Bytes::from(text)),
        Written::Hex(text) => {
            let pairs = text.as_bytes().chunks(2).map(|pair| {
                let pair = std::str::from_utf8(pair).ok()?;
                u8::from_str_radix(pair, 16).ok()
            });
            let bytes: Option<Vec<u8>> = pairs.collect();
            bytes
                .map(Bytes::from)
                .ok_or_else(|| serde::de::Error::custom("the hexadecimal body of an object is broken"))
        }
    }
}
