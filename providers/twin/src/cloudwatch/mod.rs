//! Amazon CloudWatch, as far as gates need it: metric alarms whose state is set by hand. Metrics are not played, so
//! an alarm stays INSUFFICIENT_DATA until somebody calls SetAlarmState.
//!
//! Clients speak three protocols here, so answers are trees that [`crate::reply`] writes in each of them.

mod alarm;
mod shape;
mod table;

pub(crate) use alarm::Alarm;
pub(crate) use shape::throttled;
pub(crate) use table::{NAMESPACE, TARGET, VERSION, find};
