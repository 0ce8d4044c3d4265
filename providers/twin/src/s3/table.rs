//! Every operation of S3 that the twin has. S3 publishes no token buckets for them.

use super::{bucket, object};
use crate::wire::Run::{Read, Write};
use crate::wire::{Operation, Service};

macro_rules! operation {
    ($name:literal, $run:expr) => {
        Operation {
            service: Service::S3,
            name: $name,
            full_name: concat!("s3:", $name),
            run: $run,
            rate: None,
            row: concat!("s3:", $name),
        }
    };
}

/// The operations by name.
static OPERATIONS: &[Operation] = &[
    operation!("CreateBucket", Write(bucket::create)),
    operation!("DeleteBucket", Write(bucket::delete)),
    operation!("DeleteBucketEncryption", Write(bucket::delete_configuration)),
    operation!("DeleteBucketPolicy", Write(bucket::delete_configuration)),
    operation!("DeleteBucketTagging", Write(bucket::delete_configuration)),
    operation!("DeleteObject", Write(object::delete)),
    operation!("DeletePublicAccessBlock", Write(bucket::delete_configuration)),
    operation!("GetBucketEncryption", Read(bucket::get_configuration)),
    operation!("GetBucketLocation", Read(bucket::location)),
    operation!("GetBucketPolicy", Read(bucket::get_configuration)),
    operation!("GetBucketTagging", Read(bucket::get_configuration)),
    operation!("GetBucketVersioning", Read(bucket::get_configuration)),
    operation!("GetObject", Read(object::get)),
    operation!("GetPublicAccessBlock", Read(bucket::get_configuration)),
    operation!("HeadBucket", Read(bucket::head)),
    operation!("HeadObject", Read(object::get)),
    operation!("ListBuckets", Read(bucket::list)),
    operation!("ListObjectsV2", Read(object::list)),
    operation!("PutBucketEncryption", Write(bucket::put_configuration)),
    operation!("PutBucketPolicy", Write(bucket::put_configuration)),
    operation!("PutBucketTagging", Write(bucket::put_configuration)),
    operation!("PutBucketVersioning", Write(bucket::put_configuration)),
    operation!("PutObject", Write(object::put)),
    operation!("PutPublicAccessBlock", Write(bucket::put_configuration)),
];

/// Returns the operation of that name.
pub(crate) fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}
