//! S3 as far as templates and locks need it.

use bytes::Bytes;
use http::Response;

use crate::kit::*;
use crate::s3_kit::*;
use crate::stack_kit::one;

fn body(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

fn header<'a>(response: &'a Response<Bytes>, name: &str) -> &'a str {
    response.headers().get(name).unwrap().to_str().unwrap()
}

/// Asserts a refusal by status and code.
fn no(response: &Response<Bytes>, status: u16, code: &str) {
    let text = body(response);
    assert_eq!(
        (response.status().as_u16(), one(&text, "Code").as_str()),
        (status, code),
        "{text}"
    );
    assert!(!one(&text, "Message").is_empty());
}

fn call(world: &World, method: &str, path: &str) -> Response<Bytes> {
    s3(world, MANAGEMENT, method, path, &[], b"")
}

#[test]
fn an_object_comes_back_as_it_went() {
    let world = World::alone();
    world.bucket("things");
    let bytes = [0u8, 159, 146, 150];
    let headers = [("content-type", "text/x"), ("x-amz-meta-owner", "me")];
    let put = s3(&world, MANAGEMENT, "PUT", "/things/a/b%20c", &headers, &bytes);
    assert_eq!(put.status(), 200);
    let got = call(&world, "GET", "/things/a/b%20c");
    assert_eq!(&got.body()[..], &bytes);
    assert_eq!(header(&got, "content-type"), "text/x");
    assert_eq!(header(&got, "x-amz-meta-owner"), "me");
    assert_eq!(header(&got, "etag"), header(&put, "etag"));
    assert_eq!(header(&got, "last-modified"), "Thu, 01 Jan 2026 00:00:00 GMT");
    let head = call(&world, "HEAD", "/things/a/b%20c");
    assert_eq!((header(&head, "content-length"), head.body().len()), ("4", 0));
    let same = [("if-none-match", header(&put, "etag"))];
    assert_eq!(
        s3(&world, MANAGEMENT, "GET", "/things/a/b%20c", &same, b"").status(),
        304
    );
    assert_eq!(call(&world, "DELETE", "/things/a/b%20c").status(), 204);
    assert_eq!(call(&world, "DELETE", "/things/a/b%20c").status(), 204);
    no(&call(&world, "GET", "/things/a/b%20c"), 404, "NoSuchKey");
    let head = call(&world, "HEAD", "/things/a/b%20c");
    assert_eq!((head.status().as_u16(), head.body().len()), (404, 0));
}

#[test]
fn the_etag_is_the_md5_of_the_body() {
    let world = World::alone();
    world.bucket("things");
    let put = s3(&world, MANAGEMENT, "PUT", "/things/k", &[], b"hello");
    assert_eq!(header(&put, "etag"), "\"5d41402abc4b2a76b9719d911017c592\"");
}

#[test]
fn a_write_on_condition_is_a_lock() {
    let world = World::alone();
    world.bucket("locks");
    let put = |headers: &[(&str, &str)]| s3(&world, MANAGEMENT, "PUT", "/locks/run", headers, b"me");
    no(&put(&[("if-match", "\"x\"")]), 404, "NoSuchKey");
    let first = put(&[("if-none-match", "*")]);
    assert_eq!(first.status(), 200);
    no(&put(&[("if-none-match", "*")]), 412, "PreconditionFailed");
    no(&put(&[("if-none-match", "\"x\"")]), 501, "NotImplemented");
    no(&put(&[("if-match", "\"x\"")]), 412, "PreconditionFailed");
    assert_eq!(put(&[("if-match", header(&first, "etag"))]).status(), 200);
    let delete = |condition: &str| {
        s3(
            &world,
            MANAGEMENT,
            "DELETE",
            "/locks/run",
            &[("if-match", condition)],
            b"",
        )
    };
    no(&delete("\"x\""), 412, "PreconditionFailed");
    assert_eq!(delete(header(&first, "etag")).status(), 204);
    no(&delete("*"), 404, "NoSuchKey");
}

#[test]
fn objects_are_listed_by_prefix_by_group_and_in_pages() {
    let world = World::alone();
    world.bucket("things");
    for key in ["a/1", "a/2", "b", "c/1", "é<"] {
        let path = format!("/things/{}", key.replace('é', "%C3%A9").replace('<', "%3C"));
        assert_eq!(s3(&world, MANAGEMENT, "PUT", &path, &[], b"x").status(), 200);
    }
    let keys = |query: &str| {
        let text = body(&call(&world, "GET", &format!("/things?list-type=2{query}")));
        let keys: Vec<String> = text
            .split("<Contents>")
            .skip(1)
            .map(|part| one(part, "Key"))
            .collect();
        (keys, text)
    };
    assert_eq!(keys("").0, ["a/1", "a/2", "b", "c/1", "é<"]);
    assert_eq!(keys("&prefix=a/").0, ["a/1", "a/2"]);
    let (flat, text) = keys("&delimiter=/");
    assert_eq!(flat, ["b", "é<"]);
    assert_eq!(text.matches("<CommonPrefixes>").count(), 2, "{text}");
    let (page, text) = keys("&max-keys=2");
    assert_eq!((page.len(), one(&text, "IsTruncated")), (2, "true".into()));
    let token = one(&text, "NextContinuationToken");
    assert_eq!(
        keys(&format!("&max-keys=2&continuation-token={token}")).0,
        ["b", "c/1"]
    );
    assert_eq!(keys("&start-after=b").0, ["c/1", "é<"]);
    no(
        &call(&world, "GET", "/things?list-type=2&max-keys=x"),
        400,
        "InvalidArgument",
    );
}

#[test]
fn what_is_put_beside_a_bucket_is_kept() {
    let world = World::alone();
    world.bucket("things");
    for (subresource, missing, status) in [
        (
            "publicAccessBlock",
            Some("NoSuchPublicAccessBlockConfiguration"),
            200,
        ),
        (
            "encryption",
            Some("ServerSideEncryptionConfigurationNotFoundError"),
            200,
        ),
        ("tagging", Some("NoSuchTagSet"), 200),
        ("policy", Some("NoSuchBucketPolicy"), 204),
        ("versioning", None, 200),
    ] {
        let path = format!("/things?{subresource}");
        let before = call(&world, "GET", &path);
        match missing {
            Some(code) => no(&before, 404, code),
            None => assert_eq!(before.status(), 200),
        }
        let text = format!("<{subresource}/>");
        let put = s3(&world, MANAGEMENT, "PUT", &path, &[], text.as_bytes());
        assert_eq!(put.status().as_u16(), status, "{subresource}");
        assert_eq!(body(&call(&world, "GET", &path)), text);
        if let Some(code) = missing {
            assert_eq!(call(&world, "DELETE", &path).status(), 204);
            no(&call(&world, "GET", &path), 404, code);
        }
    }
}

#[test]
fn a_bucket_belongs_to_one_account_of_the_world() {
    let world = World::alone();
    world.bucket("things");
    let other = |method: &str, path: &str| s3(&world, "444455556666", method, path, &[], b"");
    no(&other("PUT", "/things"), 409, "BucketAlreadyExists");
    no(&other("GET", "/things/k"), 403, "AccessDenied");
    no(&other("GET", "/none/k"), 404, "NoSuchBucket");
    assert_eq!(other("HEAD", "/things").status(), 403);
    world.bucket("things");
    let head = call(&world, "HEAD", "/things");
    assert_eq!(header(&head, "x-amz-bucket-region"), "us-east-1");
    let listed = body(&call(&world, "GET", "/"));
    assert_eq!(one(&listed, "Name"), "things");
    assert!(body(&call(&world, "GET", "/things?location")).contains("></LocationConstraint>"));
    world.put_object("things", "k", "x");
    no(&call(&world, "DELETE", "/things"), 409, "BucketNotEmpty");
    call(&world, "DELETE", "/things/k");
    assert_eq!(call(&world, "DELETE", "/things").status(), 204);
    assert_eq!(call(&world, "HEAD", "/things").status(), 404);
}

#[test]
fn a_bucket_is_made_in_the_region_that_is_asked() {
    let world = World::alone();
    let make = |region: &str, body: &str| {
        let request = http::Request::put("/far-things")
            .header("host", "s3.amazonaws.com")
            .header("authorization", authorization(MANAGEMENT, region, "s3"))
            .body(Bytes::from(body.to_owned()))
            .unwrap();
        send(&world.twin, request).unwrap()
    };
    let constraint = |region: &str| {
        format!(
            "<CreateBucketConfiguration><LocationConstraint>{region}</LocationConstraint></CreateBucketConfiguration>"
        )
    };
    no(&make("eu-west-1", ""), 400, "IllegalLocationConstraintException");
    no(
        &make("us-east-1", &constraint("eu-west-1")),
        400,
        "IllegalLocationConstraintException",
    );
    assert_eq!(make("eu-west-1", &constraint("eu-west-1")).status(), 200);
    no(
        &make("eu-west-1", &constraint("eu-west-1")),
        409,
        "BucketAlreadyOwnedByYou",
    );
    no(&call(&world, "PUT", "/Things"), 400, "InvalidBucketName");
}

#[test]
fn an_operation_that_is_not_played_is_refused_by_name() {
    let world = World::alone();
    world.bucket("things");
    for (method, path, name) in [
        ("GET", "/things?acl", "acl"),
        ("PUT", "/things?lifecycle", "lifecycle"),
        ("POST", "/things/k?uploads", "uploads"),
        ("GET", "/things", "ListObjects"),
    ] {
        let refused = call(&world, method, path);
        no(&refused, 400, "UnknownOperationException");
        assert!(
            body(&refused).contains(&format!("`{name}`")),
            "{}",
            body(&refused)
        );
    }
}
