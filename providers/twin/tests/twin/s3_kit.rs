//! Short words for calling S3.

use bytes::Bytes;
use http::{Request, Response};

use crate::kit::*;

/// Sends a request to S3, path-style, with further headers.
pub fn s3(
    world: &World,
    who: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Response<Bytes> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "s3.us-east-1.amazonaws.com")
        .header("authorization", authorization(who, "us-east-1", "s3"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Bytes::copy_from_slice(body)).unwrap();
    send(&world.twin, request).unwrap()
}

impl World {
    /// Creates a bucket.
    pub fn bucket(&self, name: &str) {
        let made = s3(self, MANAGEMENT, "PUT", &format!("/{name}"), &[], b"");
        assert_eq!(made.status(), 200, "{:?}", made.body());
    }

    /// Puts an object.
    pub fn put_object(&self, bucket: &str, key: &str, body: &str) {
        let put = s3(
            self,
            MANAGEMENT,
            "PUT",
            &format!("/{bucket}/{key}"),
            &[],
            body.as_bytes(),
        );
        assert_eq!(put.status(), 200, "{:?}", put.body());
    }
}
