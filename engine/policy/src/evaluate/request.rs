//! A request: who does what to which resource, under which circumstances.

use super::actions::print_of;
use super::derive;

/// The longest text of a request, in bytes. AWS's own limits are far below.
const MAX_TEXT: usize = 16 * 1024;

/// What is asked: may this principal do this to that?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    principal: String,
    /// In lower case: actions ignore case.
    action: String,
    resource: String,
    /// Keys in lower case, sorted, each with at least one value.
    context: Vec<(String, Vec<String>)>,
    /// The print of each key, in the order of the context.
    prints: Vec<u64>,
    /// Whether the principal is a service-linked role.
    service_linked: bool,
}

/// A request that can't be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The action has no service.
    #[error("`{0}` is no action: write `service:Name`")]
    Action(String),
    /// A text is too long.
    #[error("a text of the request is longer than {MAX_TEXT} bytes")]
    TooLong,
    /// A key stands twice.
    #[error("the context key `{0}` stands twice; keys ignore case")]
    Twice(String),
}

impl Request {
    /// Returns a request. Keys of the context ignore case; a key with no value is as good as missing.
    ///
    /// What AWS always knows of an IAM principal is taken from its ARN where the context doesn't say it:
    /// `aws:PrincipalArn` (for a session, that of its role) and `aws:PrincipalAccount`.
    ///
    /// # Errors
    /// The action is no action, a key stands twice, or a text is longer than 16 KiB.
    pub fn new<K, V>(
        principal: impl Into<String>,
        action: &str,
        resource: impl Into<String>,
        context: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, RequestError>
    where
        K: AsRef<str>,
        V: IntoIterator<Item: Into<String>>,
    {
        if !action
            .split_once(':')
            .is_some_and(|(s, n)| !s.is_empty() && !n.is_empty())
        {
            return Err(RequestError::Action(action.chars().take(64).collect()));
        }
        let mut context: Vec<(String, Vec<String>)> = context
            .into_iter()
            .map(|(key, values)| {
                let values = values.into_iter().map(Into::into).collect();
                (key.as_ref().to_ascii_lowercase(), values)
            })
            .collect();
        context.sort();
        let twice = context.windows(2).find_map(|pair| match pair {
            [(one, _), (other, _)] if one == other => Some(one.clone()),
            _ => None,
        });
        if let Some(key) = twice {
            return Err(RequestError::Twice(key));
        }
        let mut request = Self {
            principal: principal.into(),
            action: action.to_ascii_lowercase(),
            resource: resource.into(),
            context: context
                .into_iter()
                .filter(|(_, values)| !values.is_empty())
                .collect(),
            prints: Vec::new(),
            service_linked: false,
        };
        if request.texts().any(|text| text.len() > MAX_TEXT) {
            return Err(RequestError::TooLong);
        }
        request.derive();
        Ok(request)
    }

    fn texts(&self) -> impl Iterator<Item = &String> {
        let context = self
            .context
            .iter()
            .flat_map(|(key, values)| std::iter::once(key).chain(values));
        [&self.principal, &self.action, &self.resource]
            .into_iter()
            .chain(context)
    }

    fn derive(&mut self) {
        let arn = derive::principal_arn(&self.principal);
        let account = arn.as_deref().and_then(derive::account).map(str::to_owned);
        for (key, value) in [(derive::PRINCIPAL_ACCOUNT, account), (derive::PRINCIPAL_ARN, arn)] {
            let place = self
                .context
                .binary_search_by(|(known, _)| known.as_str().cmp(key));
            if let (Err(place), Some(value)) = (place, value) {
                self.context.insert(place, (key.to_owned(), vec![value]));
            }
        }
        self.prints = self.context.iter().map(|(key, _)| print_of(key)).collect();
        let arns = self.values(derive::PRINCIPAL_ARN).unwrap_or_default();
        self.service_linked = arns.iter().any(|arn| derive::is_service_linked(arn));
    }

    /// Returns the principal as it was given.
    #[must_use]
    pub fn principal(&self) -> &str {
        &self.principal
    }

    /// Returns the action in lower case.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// Returns the resource.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// Returns the context, keys in lower case and in order.
    #[must_use]
    pub fn context(&self) -> &[(String, Vec<String>)] {
        &self.context
    }

    /// Returns whether the principal is a service-linked role, which no control policy binds
    /// (Organizations User Guide, "Service control policies (SCPs)" and "Resource control policies (RCPs)").
    #[must_use]
    pub const fn is_service_linked(&self) -> bool {
        self.service_linked
    }

    /// Returns the values of a key that is given in lower case; never an empty list.
    #[must_use]
    pub fn values(&self, key: &str) -> Option<&[String]> {
        self.values_of(print_of(key), key)
    }

    /// Returns the values of a key whose print is known.
    pub(crate) fn values_of(&self, print: u64, key: &str) -> Option<&[String]> {
        let mut known = self.prints.iter().zip(&self.context);
        let (_, (_, values)) = known.find(|(p, (name, _))| **p == print && name == key)?;
        Some(values)
    }

    /// Returns the value of a key that has exactly one: only such a key can be a policy variable
    /// (IAM User Guide, "Single-valued vs. multivalued context keys").
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        match self.values(key)? {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// Returns a context in the form that [`Request::new`] takes.
pub(crate) fn context_of(
    context: &std::collections::BTreeMap<String, Vec<String>>,
) -> impl Iterator<Item = (&str, Vec<&str>)> {
    context
        .iter()
        .map(|(key, values)| (key.as_str(), values.iter().map(String::as_str).collect()))
}
