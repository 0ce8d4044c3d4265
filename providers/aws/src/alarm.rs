//! CloudWatch alarms, which a roll-out can be made to heed.

use crate::answer::{first, has};
use crate::classify::nonsense;
use crate::connection::Connection;
use crate::operation::Operation;
use crate::signed::{Request, Service};
use crate::site::Stacks;
use lz_model::id::Region;
use lz_provider::ProviderError;

/// Returns whether an alarm is in the state ALARM; `None` if there is no such alarm.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn is_ringing(
    connection: &Connection,
    region: &Region,
    name: &str,
) -> Result<Option<bool>, ProviderError> {
    let stacks = Stacks::of(connection, region).await;
    let request = Request {
        service: Service::CloudWatch,
        operation: "DescribeAlarms",
        method: "POST",
        endpoint: stacks.endpoint(Service::CloudWatch),
        path: "/".to_owned(),
        headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
        body: question(name).into_bytes(),
    };
    let answer = stacks.send_signed(Operation::DescribeAlarms, &request).await?;
    match first(&answer, "StateValue").as_deref() {
        Some("ALARM") => Ok(Some(true)),
        Some("OK" | "INSUFFICIENT_DATA") => Ok(Some(false)),
        None if has(&answer, "DescribeAlarmsResult") => Ok(None),
        Some(_) | None => Err(nonsense(
            Operation::DescribeAlarms,
            "the alarm is in no state that lz knows",
        )),
    }
}

/// Returns the form that asks for an alarm of either kind: AWS shows metric alarms alone unless told otherwise
/// (CloudWatch API Reference, "DescribeAlarms").
fn question(name: &str) -> String {
    format!(
        "Action=DescribeAlarms&Version=2010-08-01&AlarmNames.member.1={}&AlarmTypes.member.1=MetricAlarm\
         &AlarmTypes.member.2=CompositeAlarm",
        encoded(name)
    )
}

/// Returns a text as a form holds it: every byte that is not unreserved as its number (RFC 3986 section 2.3).
pub(crate) fn encoded(text: &str) -> String {
    let mut form = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            form.push(char::from(byte));
        } else {
            form.push_str(&format!("%{byte:02X}"));
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_into_the_form_byte_by_byte() {
        assert_eq!(encoded("api 5xx/é&=~"), "api%205xx%2F%C3%A9%26%3D~");
    }
}
