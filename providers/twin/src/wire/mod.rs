//! What goes over the wire, whichever the service: calls in, answers out.

mod answer;
mod arrival;
mod call;
pub(crate) mod cbor;
mod form;
mod input;
mod members;
mod page;
mod refusal;
mod route;
mod xml;

pub(crate) use answer::{Answer, Body, Shown, empty, json, moment, moment_of};
pub(crate) use arrival::{Arrival, Protocol};
pub(crate) use call::{Access, Call, Change, Operation, Run, Seen, Service, bucket, buckets};
pub(crate) use form::{percent_decoded, read as form_fields};
pub(crate) use input::{Input, InputError};
pub(crate) use page::{Page, Pager, scope_of};
pub(crate) use refusal::Refusal;
pub(crate) use route::{Field, Route, find as find_route};
pub(crate) use xml::Xml;
