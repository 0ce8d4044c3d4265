//! Buckets.

use super::Bucket;
use super::refusal::{invalid, no_bucket, unreadable};
use crate::wire::{Answer, Body, Call, Refusal, Xml};
use crate::world::World;

const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// Answers with a document.
pub(super) fn document(name: &str, xml: Xml) -> Answer {
    Ok(Body::new(xml.document(name, NAMESPACE)))
}

/// Answers without a body.
pub(super) fn done(status: u16) -> Answer {
    Ok(Body {
        status,
        ..Body::new(Vec::new())
    })
}

/// Returns the name of the bucket that a call is about.
pub(super) fn name<'a>(call: &'a Call<'_>) -> Result<&'a str, Refusal> {
    call.input.required_text("Bucket").map_err(unreadable)
}

/// Returns the bucket that a call is about. It answers its owner only, because the twin knows no bucket policies.
pub(super) fn owned<'a>(world: &'a World, call: &Call<'_>) -> Result<&'a Bucket, Refusal> {
    let name = name(call)?;
    let bucket = world.buckets.get(name).ok_or_else(|| no_bucket(name))?;
    if bucket.owner == *call.caller {
        return Ok(bucket);
    }
    Err(Refusal::new("AccessDenied", 403, "Access Denied"))
}

/// Returns the bucket that a call is about, to change it.
pub(super) fn owned_mut<'a>(world: &'a mut World, call: &Call<'_>) -> Result<&'a mut Bucket, Refusal> {
    owned(world, call)?;
    let name = name(call)?;
    world.buckets.get_mut(name).ok_or_else(|| no_bucket(name))
}

/// A bucket name has 3 to 63 lower-case letters, digits, dots and hyphens (S3 User Guide, "Bucket naming rules").
fn refuse_odd_name(name: &str) -> Result<(), Refusal> {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-';
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let fits = (3..=63).contains(&name.len())
        && name.chars().all(letter)
        && name.starts_with(edge)
        && name.ends_with(edge)
        && !name.contains("..");
    if fits {
        return Ok(());
    }
    Err(Refusal::new("InvalidBucketName", 400, "The specified bucket is not valid.").with("BucketName", name))
}

/// A name belongs to one account of the world; who has it already gets no second one, but in us-east-1 the same
/// answer as before (S3 API Reference, CreateBucket).
fn refuse_taken(world: &World, call: &Call<'_>, name: &str) -> Result<bool, Refusal> {
    let Some(bucket) = world.buckets.get(name) else {
        return Ok(false);
    };
    if bucket.owner != *call.caller {
        let message = "The requested bucket name is not available. The bucket namespace is shared by all users of \
                       the system. Select a different name and try again.";
        return Err(Refusal::new("BucketAlreadyExists", 409, message).with("BucketName", name));
    }
    if bucket.region == "us-east-1" {
        return Ok(true);
    }
    let message = "Your previous request to create the named bucket succeeded and you already own it.";
    Err(Refusal::new("BucketAlreadyOwnedByYou", 409, message).with("BucketName", name))
}

/// The request names the Region that it is sent to, us-east-1 by saying nothing (S3 API Reference, CreateBucket).
fn refuse_other_region(region: &str, constraint: Option<&str>) -> Result<(), Refusal> {
    let fits = match constraint {
        None => region == "us-east-1",
        Some(named) => named == region && region != "us-east-1",
    };
    if fits {
        return Ok(());
    }
    let named = constraint.unwrap_or("unspecified");
    let message = format!(
        "The {named} location constraint is incompatible for the region specific endpoint this request was sent to."
    );
    Err(Refusal::new("IllegalLocationConstraintException", 400, message))
}

/// CreateBucket.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    let name = name(call)?;
    refuse_odd_name(name)?;
    let region = match call.region {
        "" => "us-east-1",
        region => region,
    };
    let body = String::from_utf8_lossy(call.input.body());
    let constraint = body
        .split_once("<LocationConstraint>")
        .and_then(|(_, rest)| rest.split_once("</LocationConstraint>"))
        .map(|(constraint, _)| constraint.trim());
    refuse_other_region(region, constraint)?;
    if !refuse_taken(world, call, name)? {
        let bucket = Bucket {
            owner: call.caller.clone(),
            region: region.to_owned(),
            created_at: call.now,
            configurations: std::collections::BTreeMap::new(),
            objects: std::collections::BTreeMap::new(),
        };
        world.buckets.insert(name.to_owned(), bucket);
    }
    Ok(Body {
        headers: vec![("location", format!("/{name}"))],
        ..Body::new(Vec::new())
    })
}

/// HeadBucket.
pub(super) fn head(world: &World, call: &Call<'_>) -> Answer {
    let bucket = owned(world, call)?;
    Ok(Body {
        headers: vec![("x-amz-bucket-region", bucket.region.clone())],
        ..Body::new(Vec::new())
    })
}

/// DeleteBucket: only an empty one (BucketNotEmpty 409).
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    if !owned(world, call)?.objects.is_empty() {
        let message = "The bucket you tried to delete is not empty";
        return Err(Refusal::new("BucketNotEmpty", 409, message).with("BucketName", name(call)?));
    }
    world.buckets.remove(name(call)?);
    done(204)
}

/// ListBuckets: the caller's own.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    let own = world
        .buckets
        .iter()
        .filter(|(_, bucket)| bucket.owner == *call.caller);
    let buckets = own.fold(Xml::default(), |xml, (name, bucket)| {
        let one = Xml::default()
            .text("Name", name)
            .text("CreationDate", &bucket.created_at.iso8601());
        xml.inside("Bucket", one)
    });
    let owner = Xml::default().text("ID", call.caller.as_str());
    let xml = Xml::default().inside("Buckets", buckets).inside("Owner", owner);
    document("ListAllMyBucketsResult", xml)
}

/// GetBucketLocation: empty for us-east-1.
pub(super) fn location(world: &World, call: &Call<'_>) -> Answer {
    let bucket = owned(world, call)?;
    let region = if bucket.region == "us-east-1" {
        ""
    } else {
        &bucket.region
    };
    let text = format!("<LocationConstraint xmlns=\"{NAMESPACE}\">{region}</LocationConstraint>");
    Ok(Body::new(text.into_bytes()))
}

/// Returns the subresource that an operation like PutBucketVersioning is about, and the error for one that is not
/// there.
fn subresource(operation: &str) -> (&'static str, Option<&'static str>) {
    if operation.ends_with("PublicAccessBlock") {
        ("publicAccessBlock", Some("NoSuchPublicAccessBlockConfiguration"))
    } else if operation.ends_with("Encryption") {
        (
            "encryption",
            Some("ServerSideEncryptionConfigurationNotFoundError"),
        )
    } else if operation.ends_with("Tagging") {
        ("tagging", Some("NoSuchTagSet"))
    } else if operation.ends_with("Policy") {
        ("policy", Some("NoSuchBucketPolicy"))
    } else {
        ("versioning", None)
    }
}

/// PutPublicAccessBlock and its like: kept as they are put, without effect.
pub(super) fn put_configuration(world: &mut World, call: &Call<'_>) -> Answer {
    let (name, _) = subresource(call.operation);
    let text = String::from_utf8(call.input.body().to_vec())
        .map_err(|_| invalid(format!("the body of {} is not text", call.operation)))?;
    let bucket = owned_mut(world, call)?;
    bucket.configurations.insert(name.to_owned(), text);
    done(if name == "policy" { 204 } else { 200 })
}

/// GetPublicAccessBlock and its like.
pub(super) fn get_configuration(world: &World, call: &Call<'_>) -> Answer {
    let bucket = owned(world, call)?;
    let (name, missing) = subresource(call.operation);
    match (bucket.configurations.get(name), missing) {
        (Some(text), _) => Ok(Body::new(text.clone().into_bytes())),
        (None, None) => document("VersioningConfiguration", Xml::default()),
        (None, Some(code)) => Err(Refusal::new(
            code,
            404,
            format!("The bucket has no {name} configuration"),
        )),
    }
}

/// DeletePublicAccessBlock and its like.
pub(super) fn delete_configuration(world: &mut World, call: &Call<'_>) -> Answer {
    let (name, _) = subresource(call.operation);
    owned_mut(world, call)?.configurations.remove(name);
    done(204)
}
