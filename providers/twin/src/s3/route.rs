//! Which operation a request is: its method, its bucket and key, its subresource.

use bytes::Bytes;
use http::{Method, Request};

use crate::wire::{Input, form_fields, percent_decoded};

/// Headers that operations read, with the names that they read them by.
const HEADERS: [(&str, &str); 4] = [
    ("if-none-match", "IfNoneMatch"),
    ("if-match", "IfMatch"),
    ("content-type", "ContentType"),
    ("range", "Range"),
];

/// Subresources that are kept and given back, as the query string names them.
const KEPT: [(&str, &str, &str, &str); 5] = [
    (
        "publicAccessBlock",
        "PutPublicAccessBlock",
        "GetPublicAccessBlock",
        "DeletePublicAccessBlock",
    ),
    (
        "encryption",
        "PutBucketEncryption",
        "GetBucketEncryption",
        "DeleteBucketEncryption",
    ),
    ("versioning", "PutBucketVersioning", "GetBucketVersioning", ""),
    (
        "tagging",
        "PutBucketTagging",
        "GetBucketTagging",
        "DeleteBucketTagging",
    ),
    (
        "policy",
        "PutBucketPolicy",
        "GetBucketPolicy",
        "DeleteBucketPolicy",
    ),
];

fn host(request: &Request<Bytes>) -> &str {
    let named = request.headers().get(http::header::HOST);
    named
        .and_then(|host| host.to_str().ok())
        .or_else(|| request.uri().authority().map(|authority| authority.as_str()))
        .unwrap_or_default()
}

/// Returns whether a request is meant for S3: signed for it, or unsigned and sent to one of its hosts.
pub(crate) fn is_meant(service: &str, request: &Request<Bytes>) -> bool {
    let host = host(request);
    service == "s3"
        || service.is_empty()
            && (host.contains(".s3.") || host.starts_with("s3.") || host.contains(".s3-"))
            && host.contains("amazonaws.com")
}

/// Returns the bucket that a host names in front (virtual-hosted style), if it does.
fn bucket_of_host(host: &str) -> Option<&str> {
    let host = host.split(':').next().unwrap_or_default();
    for mark in [".s3.", ".s3-"] {
        if let Some((bucket, _)) = host.split_once(mark) {
            return Some(bucket);
        }
    }
    // Endpoints of the twin's own: a bucket in front of `localhost` or of the loopback address.
    [".localhost", ".127.0.0.1"]
        .into_iter()
        .find_map(|end| host.strip_suffix(end))
}

/// Returns bucket and key of an address in S3: `https://bucket.s3.region.amazonaws.com/key`, the same with the
/// bucket in the path, or `s3://bucket/key`.
pub(crate) fn address(url: &str) -> Option<(String, String)> {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = url.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let found = match scheme {
        "s3" => (host.to_owned(), path),
        "https" | "http" if host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn") => {
            match bucket_of_host(host) {
                Some(bucket) => (bucket.to_owned(), path),
                None if host.starts_with("s3.") || host.starts_with("s3-") => {
                    let (bucket, key) = path.split_once('/')?;
                    (bucket.to_owned(), key)
                }
                None => return None,
            }
        }
        _ => return None,
    };
    let (bucket, key) = (found.0, percent_decoded(found.1));
    (!bucket.is_empty() && !key.is_empty()).then_some((bucket, key))
}

/// Returns the operation and its input.
pub(crate) fn route(request: &Request<Bytes>) -> (&'static str, Input) {
    let path = request.uri().path().trim_start_matches('/');
    let (bucket, key) = match bucket_of_host(host(request)) {
        Some(bucket) => (bucket.to_owned(), percent_decoded(path)),
        None => {
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            (percent_decoded(bucket), percent_decoded(key))
        }
    };
    let query = form_fields(request.uri().query().unwrap_or_default().as_bytes());
    let operation = operation(request.method(), &bucket, &key, &query);
    let mut members = vec![("Bucket".to_owned(), bucket), ("Key".to_owned(), key)];
    for (header, name) in HEADERS {
        if let Some(value) = request
            .headers()
            .get(header)
            .and_then(|value| value.to_str().ok())
        {
            members.push((name.to_owned(), value.to_owned()));
        }
    }
    for (name, value) in request.headers() {
        if let (true, Ok(value)) = (name.as_str().starts_with("x-amz-meta-"), value.to_str()) {
            members.push((name.as_str().to_owned(), value.to_owned()));
        }
    }
    let known = [
        "prefix",
        "delimiter",
        "max-keys",
        "continuation-token",
        "start-after",
        "encoding-type",
    ];
    members.extend(
        query
            .into_iter()
            .filter(|(name, _)| known.contains(&name.as_str())),
    );
    (operation, Input::from_rest(members, body(request)))
}

fn operation(method: &Method, bucket: &str, key: &str, query: &[(String, String)]) -> &'static str {
    let has = |name: &str| query.iter().any(|(known, _)| known == name);
    if bucket.is_empty() {
        return if method == Method::GET {
            "ListBuckets"
        } else {
            "Unknown"
        };
    }
    if !key.is_empty() {
        // Operations on parts of an object are not played.
        let special = [
            "uploads",
            "uploadId",
            "tagging",
            "acl",
            "versionId",
            "retention",
            "legal-hold",
            "torrent",
            "select",
        ];
        if let Some(name) = special.into_iter().find(|name| has(name)) {
            return name;
        }
        return match *method {
            Method::PUT => "PutObject",
            Method::GET => "GetObject",
            Method::HEAD => "HeadObject",
            Method::DELETE => "DeleteObject",
            _ => "Unknown",
        };
    }
    if let Some((_, put, get, delete)) = KEPT.into_iter().find(|(name, ..)| has(name)) {
        return match *method {
            Method::PUT => put,
            Method::GET => get,
            Method::DELETE if !delete.is_empty() => delete,
            _ => "Unknown",
        };
    }
    match *method {
        Method::GET if has("location") => "GetBucketLocation",
        Method::GET
            if query
                .iter()
                .any(|(name, value)| name == "list-type" && value == "2") =>
        {
            "ListObjectsV2"
        }
        Method::GET => unplayed(query),
        Method::PUT if query.iter().all(|(name, _)| name.starts_with("x-")) => "CreateBucket",
        Method::HEAD => "HeadBucket",
        Method::DELETE if query.iter().all(|(name, _)| name.starts_with("x-")) => "DeleteBucket",
        _ => unplayed(query),
    }
}

/// Returns the subresource of an operation that the twin does not play, so that its refusal can name it.
fn unplayed(query: &[(String, String)]) -> &'static str {
    const NAMES: [&str; 16] = [
        "accelerate",
        "acl",
        "analytics",
        "cors",
        "delete",
        "inventory",
        "lifecycle",
        "logging",
        "metrics",
        "notification",
        "object-lock",
        "ownershipControls",
        "replication",
        "requestPayment",
        "versions",
        "website",
    ];
    NAMES
        .into_iter()
        .find(|name| query.iter().any(|(known, _)| known == name))
        .unwrap_or("ListObjects")
}

/// Returns the body, freed from the chunks that clients send when they sign or check a stream.
fn body(request: &Request<Bytes>) -> Bytes {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let chunked = header("content-encoding").is_some_and(|value| value.contains("aws-chunked"))
        || header("x-amz-content-sha256").is_some_and(|value| value.starts_with("STREAMING-"));
    if !chunked {
        return request.body().clone();
    }
    let mut rest = request.body().clone();
    let mut whole = Vec::new();
    while let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") {
        let line = rest.split_to(end);
        let size = line.split(|byte| *byte == b';').next().unwrap_or_default();
        let size = std::str::from_utf8(size).ok();
        let size = size.and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
        let Some(size) = size.filter(|size| *size > 0 && size.saturating_add(2) <= rest.len()) else {
            break;
        };
        let _ = rest.split_to(2);
        if size > rest.len() {
            break;
        }
        whole.extend_from_slice(&rest.split_to(size));
        if rest.len() < 2 {
            break;
        }
        let _ = rest.split_to(2);
    }
    Bytes::from(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_every_style_name_bucket_and_key() {
        for url in [
            "https://b.s3.eu-west-1.amazonaws.com/a/k.yaml",
            "https://b.s3.amazonaws.com/a/k.yaml",
            "https://b.s3-eu-west-1.amazonaws.com/a%2Fk.yaml",
            "https://s3.eu-west-1.amazonaws.com/b/a/k.yaml",
            "https://s3.amazonaws.com/b/a/k.yaml?versionId=1",
            "s3://b/a/k.yaml",
        ] {
            assert_eq!(
                address(url),
                Some(("b".to_owned(), "a/k.yaml".to_owned())),
                "{url}"
            );
        }
        for url in [
            "https://example.com/b/k",
            "file:///k",
            "https://s3.amazonaws.com/b",
            "b/k",
        ] {
            assert_eq!(address(url), None, "{url}");
        }
    }

    #[test]
    fn chunks_of_a_signed_stream_are_put_together() {
        let request = Request::put("/b/k")
            .header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
            .body(Bytes::from_static(
                b"5;chunk-signature=x\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n",
            ))
            .unwrap();
        assert_eq!(&body(&request)[..], b"hello world");
    }

    #[test]
    fn a_bucket_is_in_the_host_or_in_the_path() {
        let request = |host: &str, path: &str| {
            Request::get(path)
                .header("host", host)
                .body(Bytes::new())
                .unwrap()
        };
        for (host, path) in [
            ("b.s3.us-east-1.amazonaws.com", "/k"),
            ("b.localhost:4600", "/k"),
            ("127.0.0.1:4600", "/b/k"),
            ("s3.us-east-1.amazonaws.com", "/b/k"),
        ] {
            let (operation, input) = route(&request(host, path));
            assert_eq!(operation, "GetObject", "{host}");
            assert_eq!(input.text("Bucket"), Ok(Some("b")), "{host}");
            assert_eq!(input.text("Key"), Ok(Some("k")), "{host}");
        }
    }
}
