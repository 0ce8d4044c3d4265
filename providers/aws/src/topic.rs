//! Topics of Amazon SNS, which notices go to.

use crate::operation::Operation;
use crate::own::encoded;
use crate::provider::AwsProvider;
use crate::signed::{Request, Service};
use crate::site::Stacks;
use lz_model::id::Region;
use lz_provider::{ProviderError, Topics};

impl Topics for AwsProvider {
    async fn publish(
        &self,
        topic: &str,
        region: &Region,
        subject: &str,
        message: &str,
    ) -> Result<(), ProviderError> {
        let stacks = Stacks::of(&self.connection, region).await;
        let request = Request {
            service: Service::Sns,
            operation: "Publish",
            method: "POST",
            endpoint: stacks.endpoint(Service::Sns),
            path: "/".to_owned(),
            headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
            body: form(topic, subject, message).into_bytes(),
        };
        stacks
            .send_signed(Operation::PublishMessage, &request)
            .await
            .map(drop)
    }
}

/// Returns the form that publishes (Amazon SNS API Reference, "Publish"). A FIFO topic wants a group and something that
/// makes the message one of a kind.
fn form(topic: &str, subject: &str, message: &str) -> String {
    let mut form = format!(
        "Action=Publish&Version=2010-03-31&TopicArn={}&Subject={}&Message={}",
        encoded(topic),
        encoded(subject),
        encoded(message)
    );
    if topic.ends_with(".fifo") {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(message);
        let id: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        form.push_str(&format!("&MessageGroupId=lz&MessageDeduplicationId={id}"));
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifo_topic_gets_a_group_and_an_id_of_the_message() {
        let plain = form("arn:aws:sns:eu-west-1:111122223333:t", "a b", "{}");
        assert!(plain.contains("&Subject=a%20b&Message=%7B%7D"), "{plain}");
        assert!(!plain.contains("MessageGroupId"), "{plain}");
        let fifo = form("arn:aws:sns:eu-west-1:111122223333:t.fifo", "s", "{}");
        assert!(
            fifo.contains("&MessageGroupId=lz&MessageDeduplicationId="),
            "{fifo}"
        );
    }
}
