//! Every operation of Control Tower with its path (aws-facts 4.1). Rates are UNCONFIRMED, so there are no buckets.

use super::{baseline, control, landing_zone, operation, tag};
use crate::wire::Run::{Read, Write};
use crate::wire::{Field, Route};

macro_rules! route {
    ($method:literal, $path:literal, $name:literal, $run:expr) => {
        route!($method, $path, &[], $name, $run)
    };
    ($method:literal, $path:literal, $query:expr, $name:literal, $run:expr) => {
        crate::neighbour::route!(ControlTower, "controltower", $method, $path, $query, $name, $run)
    };
}

/// The routes of Control Tower.
pub(crate) static ROUTES: &[Route] = &[
    route!(
        "POST",
        "/create-landingzone",
        "CreateLandingZone",
        Write(landing_zone::create)
    ),
    route!(
        "POST",
        "/delete-landingzone",
        "DeleteLandingZone",
        Write(landing_zone::delete)
    ),
    route!(
        "POST",
        "/disable-baseline",
        "DisableBaseline",
        Write(baseline::disable)
    ),
    route!(
        "POST",
        "/disable-control",
        "DisableControl",
        Write(control::disable)
    ),
    route!(
        "POST",
        "/enable-baseline",
        "EnableBaseline",
        Write(baseline::enable)
    ),
    route!("POST", "/enable-control", "EnableControl", Write(control::enable)),
    route!("POST", "/get-baseline", "GetBaseline", Read(baseline::get)),
    route!(
        "POST",
        "/get-baseline-operation",
        "GetBaselineOperation",
        Read(operation::get_baseline)
    ),
    route!(
        "POST",
        "/get-control-operation",
        "GetControlOperation",
        Read(operation::get_control)
    ),
    route!(
        "POST",
        "/get-enabled-baseline",
        "GetEnabledBaseline",
        Read(baseline::get_enabled)
    ),
    route!(
        "POST",
        "/get-enabled-control",
        "GetEnabledControl",
        Read(control::get_enabled)
    ),
    route!(
        "POST",
        "/get-landingzone",
        "GetLandingZone",
        Read(landing_zone::get)
    ),
    route!(
        "POST",
        "/get-landingzone-operation",
        "GetLandingZoneOperation",
        Read(operation::get_landing_zone)
    ),
    route!("POST", "/list-baselines", "ListBaselines", Read(baseline::list)),
    route!(
        "POST",
        "/list-control-operations",
        "ListControlOperations",
        Read(operation::list_control)
    ),
    route!(
        "POST",
        "/list-enabled-baselines",
        "ListEnabledBaselines",
        Read(baseline::list_enabled)
    ),
    route!(
        "POST",
        "/list-enabled-controls",
        "ListEnabledControls",
        Read(control::list_enabled)
    ),
    route!(
        "POST",
        "/list-landingzone-operations",
        "ListLandingZoneOperations",
        Read(operation::list_landing_zone)
    ),
    route!(
        "POST",
        "/list-landingzones",
        "ListLandingZones",
        Read(landing_zone::list)
    ),
    route!(
        "GET",
        "/tags/{resourceArn}",
        "ListTagsForResource",
        Read(tag::list)
    ),
    route!(
        "POST",
        "/reset-enabled-baseline",
        "ResetEnabledBaseline",
        Write(baseline::reset)
    ),
    route!(
        "POST",
        "/reset-enabled-control",
        "ResetEnabledControl",
        Write(control::reset)
    ),
    route!(
        "POST",
        "/reset-landingzone",
        "ResetLandingZone",
        Write(landing_zone::reset)
    ),
    route!("POST", "/tags/{resourceArn}", "TagResource", Write(tag::tag)),
    route!(
        "DELETE",
        "/tags/{resourceArn}",
        &[Field::Texts("tagKeys")],
        "UntagResource",
        Write(tag::untag)
    ),
    route!(
        "POST",
        "/update-enabled-baseline",
        "UpdateEnabledBaseline",
        Write(baseline::update)
    ),
    route!(
        "POST",
        "/update-enabled-control",
        "UpdateEnabledControl",
        Write(control::update)
    ),
    route!(
        "POST",
        "/update-landingzone",
        "UpdateLandingZone",
        Write(landing_zone::update)
    ),
];
