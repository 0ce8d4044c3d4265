//! What the process was given apart from its arguments, read once.

use std::collections::BTreeMap;

/// The environment variables that lz itself reads. The AWS SDK reads its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Environment {
    /// Whether `NO_COLOR` is set and not empty.
    pub(crate) no_color: bool,
    /// Whether `TERM` says that the terminal can do nothing.
    pub(crate) dumb: bool,
    /// Columns where no terminal tells: `COLUMNS`.
    pub(crate) columns: Option<usize>,
    /// Whether a variable says where AWS credentials come from.
    pub(crate) aws_credentials: bool,
    /// Where lz's documentation can be read: `LZ_DOCS_URL`.
    pub(crate) docs: Option<String>,
    /// Who is signed in on this machine.
    pub(crate) user: Option<String>,
    /// Whether `LZ_NO_NOTICES` is set and not empty.
    pub(crate) no_notices: bool,
    /// Where a pipeline shows the present run.
    pub(crate) pipeline: Option<String>,
    /// Variables of the spec: `LZ_VAR_name`, without the prefix.
    pub(crate) vars: BTreeMap<String, String>,
}

impl Environment {
    /// Returns what these variables say.
    pub(crate) fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut environment = Self::default();
        let variables: BTreeMap<String, String> = variables.into_iter().collect();
        environment.pipeline = crate::run::pipeline(|name| variables.get(name).cloned());
        for (name, value) in variables {
            match name.as_str() {
                "USER" | "LOGNAME" => environment.user = Some(value),
                "NO_COLOR" => environment.no_color = !value.is_empty(),
                "LZ_NO_NOTICES" => environment.no_notices = !value.is_empty(),
                "LZ_DOCS_URL" => environment.docs = (!value.is_empty()).then_some(value),
                "COLUMNS" => environment.columns = value.parse().ok(),
                "TERM" => environment.dumb = value == "dumb",
                "AWS_ACCESS_KEY_ID" | "AWS_PROFILE" | "AWS_WEB_IDENTITY_TOKEN_FILE" => {
                    environment.aws_credentials = true;
                }
                other => {
                    if let Some(name) = other.strip_prefix("LZ_VAR_") {
                        environment.vars.insert(name.to_owned(), value);
                    }
                }
            }
        }
        environment
    }

    /// Returns a secret that a variable of the process holds. It is read when it is needed and kept nowhere.
    pub(crate) fn secret(&self, name: &str) -> Option<String> {
        std::env::var_os(name)?.into_string().ok()
    }

    /// Returns the process's. Variables that are not UTF-8 are none of ours.
    pub(crate) fn of_process() -> Self {
        Self::of(
            std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_no_color_allows_colours() {
        let read = |value: &str| Environment::of([("NO_COLOR".into(), value.into())]).no_color;
        assert!(!read(""));
        assert!(read("1"));
    }

    #[test]
    fn variables_of_the_spec_lose_their_prefix() {
        let environment = Environment::of([("LZ_VAR_a".into(), "1".into()), ("LZ_OTHER".into(), "2".into())]);
        assert_eq!(
            environment.vars.into_iter().collect::<Vec<_>>(),
            [("a".to_owned(), "1".to_owned())]
        );
    }
}
