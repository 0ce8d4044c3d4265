//! Objects.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use md5::{Digest as _, Md5};

use super::bucket::{document, done, name, owned, owned_mut};
use super::refusal::{invalid, no_key, precondition, unreadable};
use super::state::Object;
use crate::clock::AwsTime;
use crate::wire::{Answer, Body, Call, Pager, Refusal, Xml, scope_of};
use crate::world::World;

fn key<'a>(call: &'a Call<'_>) -> Result<&'a str, Refusal> {
    let key = call.input.required_text("Key").map_err(unreadable)?;
    if key.len() > 1024 {
        let message = "Your key is too long";
        return Err(Refusal::new("KeyTooLongError", 400, message));
    }
    Ok(key)
}

fn header<'a>(call: &'a Call<'_>, name: &'static str) -> Result<Option<&'a str>, Refusal> {
    call.input.text(name).map_err(unreadable)
}

/// Returns whether a condition like `"abc"` or `*` names an ETag, with or without quotation marks.
fn names(condition: &str, etag: &str) -> bool {
    condition
        .split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.trim_matches('"') == etag.trim_matches('"'))
}

/// A conditional write: `If-None-Match: *` takes no object of that key, `If-Match` the one with that ETag (S3 User
/// Guide, "How to prevent object overwrites with conditional writes").
fn refuse_unmet(call: &Call<'_>, key: &str, present: Option<&Object>) -> Result<(), Refusal> {
    if let Some(condition) = header(call, "IfNoneMatch")? {
        if condition != "*" {
            let message = "A header you provided implies functionality that is not implemented";
            return Err(Refusal::new("NotImplemented", 501, message));
        }
        if present.is_some() {
            return Err(precondition("If-None-Match"));
        }
    }
    if let Some(condition) = header(call, "IfMatch")? {
        match present {
            None => return Err(no_key(key)),
            Some(object) if !names(condition, &object.etag) => return Err(precondition("If-Match")),
            Some(_) => {}
        }
    }
    Ok(())
}

/// PutObject.
pub(super) fn put(world: &mut World, call: &Call<'_>) -> Answer {
    let key = key(call)?.to_owned();
    let bucket = owned_mut(world, call)?;
    refuse_unmet(call, &key, bucket.objects.get(&key))?;
    let digest: String = Md5::digest(call.input.body())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let etag = format!("\"{digest}\"");
    let object = Object {
        body: call.input.body().clone(),
        etag: etag.clone(),
        modified_at: call.now,
        content_type: header(call, "ContentType")?.map(str::to_owned),
        metadata: metadata(call),
    };
    bucket.objects.insert(key, object);
    Ok(Body {
        headers: vec![
            ("etag", etag),
            ("x-amz-server-side-encryption", "AES256".to_owned()),
        ],
        ..Body::new(Vec::new())
    })
}

fn metadata(call: &Call<'_>) -> BTreeMap<String, String> {
    let all = call.input.texts_beginning("x-amz-meta-");
    all.map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// A moment as HTTP headers write it, for example `Thu, 01 Jan 2026 00:00:00 GMT`.
fn http_date(at: AwsTime) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let iso = at.iso8601();
    let (date, time) = iso.split_once('T').unwrap_or((&iso, ""));
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let month = month.and_then(|month| month.parse::<usize>().ok()).unwrap_or(1);
    let weekday = usize::try_from(at.millis() / 86_400_000 % 7).unwrap_or(0);
    format!(
        "{}, {} {} {} {} GMT",
        DAYS.get(weekday).copied().unwrap_or_default(),
        day.unwrap_or_default(),
        MONTHS.get(month.saturating_sub(1)).copied().unwrap_or_default(),
        year.unwrap_or_default(),
        time.trim_end_matches('Z')
    )
}

fn found<'a>(world: &'a World, call: &Call<'_>) -> Result<&'a Object, Refusal> {
    let (bucket, key) = (owned(world, call)?, key(call)?);
    let object = bucket.objects.get(key).ok_or_else(|| no_key(key))?;
    if let Some(condition) = header(call, "IfMatch")?
        && !names(condition, &object.etag)
    {
        return Err(precondition("If-Match"));
    }
    Ok(object)
}

/// GetObject and HeadObject: the answer to HEAD loses its body on the way. Ranges are refused.
pub(super) fn get(world: &World, call: &Call<'_>) -> Answer {
    let object = found(world, call)?;
    if header(call, "Range")?.is_some() {
        return Err(Refusal::unknown_operation("s3", "GetObject with Range"));
    }
    let same = header(call, "IfNoneMatch")?.is_some_and(|condition| names(condition, &object.etag));
    let kind = object.content_type.clone();
    let mut headers = vec![
        ("etag", object.etag.clone()),
        ("last-modified", http_date(object.modified_at)),
        (
            "content-type",
            kind.unwrap_or_else(|| "binary/octet-stream".to_owned()),
        ),
        ("accept-ranges", "bytes".to_owned()),
    ];
    if !same {
        headers.push(("content-length", object.body.len().to_string()));
    }
    let mut answer = Body {
        status: if same { 304 } else { 200 },
        headers,
        ..Body::new(if same { Vec::new() } else { object.body.to_vec() })
    };
    answer.named = object.metadata.clone().into_iter().collect();
    Ok(answer)
}

/// DeleteObject: what is not there is deleted too.
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let key = key(call)?.to_owned();
    let bucket = owned_mut(world, call)?;
    if let Some(condition) = header(call, "IfMatch")? {
        match bucket.objects.get(&key) {
            None => return Err(no_key(&key)),
            Some(object) if !names(condition, &object.etag) => return Err(precondition("If-Match")),
            Some(_) => {}
        }
    }
    bucket.objects.remove(&key);
    done(204)
}

/// ListObjectsV2: with prefix, delimiter and pages of up to 1,000 keys.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    let bucket = owned(world, call)?;
    let prefix = header(call, "prefix")?.unwrap_or_default();
    let delimiter = header(call, "delimiter")?.filter(|text| !text.is_empty());
    let most = match header(call, "max-keys")? {
        None => 1000,
        Some(text) => text
            .parse::<usize>()
            .map_err(|_| invalid("Provided max-keys not an integer or within integer range"))?
            .min(1000),
    };
    let scope = scope_of(&[
        "ListObjectsV2",
        name(call)?,
        prefix,
        delimiter.unwrap_or_default(),
    ]);
    let token = header(call, "continuation-token")?;
    let pager = Pager::new(scope, most, token, false)
        .ok_or_else(|| invalid("The continuation token provided is incorrect"))?;
    let after = header(call, "start-after")?
        .unwrap_or_default()
        .max(pager.after());
    let from: (Bound<&str>, Bound<&str>) = (Bound::Excluded(after), Bound::Unbounded);
    let rest = bucket.objects.range::<str, _>(from);
    let fitting = rest.filter(|(key, _)| key.starts_with(prefix));
    let page = pager.take(fitting, |(key, _)| (*key).clone());
    let mut groups = BTreeSet::new();
    let mut contents = Xml::default();
    let mut count = 0;
    for (key, object) in &page.items {
        let rest = key.strip_prefix(prefix).unwrap_or(key);
        if let Some((group, _)) = delimiter.and_then(|delimiter| rest.split_once(delimiter)) {
            groups.insert(format!("{prefix}{group}{}", delimiter.unwrap_or_default()));
            continue;
        }
        count += 1;
        let one = Xml::default()
            .text("Key", key)
            .text("LastModified", &object.modified_at.iso8601())
            .text("ETag", &object.etag)
            .text("Size", &object.body.len().to_string())
            .text("StorageClass", "STANDARD");
        contents = contents.inside("Contents", one);
    }
    let mut xml = Xml::default()
        .text("Name", name(call)?)
        .text("Prefix", prefix)
        .maybe("Delimiter", delimiter)
        .text("MaxKeys", &most.to_string())
        .text("KeyCount", &(count + groups.len()).to_string())
        .truth("IsTruncated", page.next.is_some())
        .maybe("ContinuationToken", token)
        .maybe("NextContinuationToken", page.next.as_deref());
    xml = xml.written(&contents.into_bytes());
    for group in &groups {
        xml = xml.inside("CommonPrefixes", Xml::default().text("Prefix", group));
    }
    document("ListBucketResult", xml)
}
