//! Parameters of a template, and which values they take.

use crate::node::{Kind, Node};
use regex::Regex;

/// Most bytes of a parameter's value (CloudFormation User Guide, "Understand CloudFormation quotas").
const VALUE_BYTES: usize = 4_096;

/// A parameter that a template declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameter {
    /// Its type, such as `String` or `CommaDelimitedList`.
    pub kind: String,
    /// The value that it has where none is given.
    pub default: Option<String>,
    /// Whether AWS hides its value.
    pub no_echo: bool,
    /// The values that it takes; empty for any.
    pub allowed_values: Vec<String>,
    /// A regular expression that the whole value matches.
    pub allowed_pattern: Option<String>,
    /// The fewest characters, as written in the template.
    pub min_length: Option<String>,
    /// The most characters.
    pub max_length: Option<String>,
    /// The least number.
    pub min_value: Option<String>,
    /// The greatest number.
    pub max_value: Option<String>,
    /// What people are told when a value does not fit.
    pub constraint: Option<String>,
}

/// Reads a declaration; what is not there or not text counts as left out.
pub(crate) fn read(node: &Node) -> Parameter {
    let text = |name: &str| node.get(name).and_then(Node::as_text).map(str::to_owned);
    let allowed = node
        .get("AllowedValues")
        .and_then(Node::items)
        .unwrap_or_default();
    Parameter {
        kind: text("Type").unwrap_or_default(),
        default: node.get("Default").and_then(default_text),
        no_echo: text("NoEcho").is_some_and(|value| value.eq_ignore_ascii_case("true")),
        allowed_values: allowed
            .iter()
            .filter_map(|value| value.as_text().map(str::to_owned))
            .collect(),
        allowed_pattern: text("AllowedPattern"),
        min_length: text("MinLength"),
        max_length: text("MaxLength"),
        min_value: text("MinValue"),
        max_value: text("MaxValue"),
        constraint: text("ConstraintDescription"),
    }
}

/// `Default:` with nothing behind it is the empty text.
fn default_text(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Null => Some(String::new()),
        Kind::Bool(_) | Kind::Number(_) | Kind::List(_) | Kind::Map(_) => None,
    }
}

/// A parameter with its pattern made ready: overrides hold many values against one.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub(crate) parameter: Parameter,
    pattern: Option<Regex>,
}

impl Ready {
    pub(crate) fn new(parameter: Parameter) -> Self {
        let pattern = parameter.pattern();
        Self { parameter, pattern }
    }

    /// Returns why AWS refuses a value, if it does.
    pub(crate) fn refusal(&self, value: &str) -> Option<String> {
        self.parameter.refused(value, self.pattern.as_ref())
    }
}

impl Parameter {
    /// Returns why AWS refuses a value, if it does (CloudFormation User Guide, "Parameters").
    #[must_use]
    pub fn refusal(&self, value: &str) -> Option<String> {
        self.refused(value, self.pattern().as_ref())
    }

    /// A pattern that this engine cannot read refuses nothing: AWS has the last word.
    fn pattern(&self) -> Option<Regex> {
        let pattern = self.allowed_pattern.as_ref()?;
        Regex::new(&format!("^(?:{pattern})$")).ok()
    }

    fn refused(&self, value: &str, pattern: Option<&Regex>) -> Option<String> {
        if value.len() > VALUE_BYTES {
            return Some(format!("it has {} bytes, AWS takes {VALUE_BYTES}", value.len()));
        }
        // A reference that AWS resolves is not the value itself.
        if value.contains("{{resolve:") {
            return None;
        }
        let elements: Vec<&str> = if self.is_list() {
            value.split(',').map(str::trim).collect()
        } else {
            vec![value]
        };
        elements
            .iter()
            .find_map(|element| self.refused_element(element, pattern))
            .or_else(|| self.refused_length(value))
    }

    /// Returns whether the value is several, with commas between.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.kind == "CommaDelimitedList" || self.kind.starts_with("List<")
    }

    fn is_number(&self) -> bool {
        matches!(self.kind.as_str(), "Number" | "List<Number>")
    }

    fn refused_element(&self, value: &str, pattern: Option<&Regex>) -> Option<String> {
        if !self.allowed_values.is_empty() && !self.allowed_values.iter().any(|allowed| allowed == value) {
            return Some(format!("it takes {}", any_of(&self.allowed_values)));
        }
        if self.is_number() {
            let Some(number) = value.parse::<f64>().ok().filter(|number| number.is_finite()) else {
                return Some("it takes a number".to_owned());
            };
            let bound = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<f64>().ok());
            if let Some(least) = bound(&self.min_value).filter(|least| number < *least) {
                return Some(format!("it takes {least} or more"));
            }
            if let Some(most) = bound(&self.max_value).filter(|most| number > *most) {
                return Some(format!("it takes {most} or less"));
            }
        }
        self.refused_pattern(value, pattern?)
    }

    fn refused_pattern(&self, value: &str, pattern: &Regex) -> Option<String> {
        if pattern.is_match(value) {
            return None;
        }
        Some(match (&self.constraint, &self.allowed_pattern) {
            (Some(words), _) => words.trim_end_matches('.').to_owned(),
            (None, Some(pattern)) => format!("it takes what matches `{pattern}`"),
            (None, None) => return None,
        })
    }

    fn refused_length(&self, value: &str) -> Option<String> {
        let size = value.chars().count();
        let bound = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<usize>().ok());
        if let Some(least) = bound(&self.min_length).filter(|least| size < *least) {
            return Some(format!(
                "it takes {least} characters or more, this one has {size}"
            ));
        }
        bound(&self.max_length)
            .filter(|most| size > *most)
            .map(|most| format!("it takes {most} characters or less, this one has {size}"))
    }
}

/// Returns a list of texts for people, cut after the first few.
pub(crate) fn any_of(values: &[String]) -> String {
    const SHOWN: usize = 8;
    let mut words: Vec<String> = values
        .iter()
        .take(SHOWN)
        .map(|value| format!("`{value}`"))
        .collect();
    if values.len() > SHOWN {
        words.push(format!("{} more", values.len() - SHOWN));
    }
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Returns whether a value that AWS hides comes from where secrets are kept (CloudFormation User Guide, "Get
/// values stored in other services using dynamic references").
pub(crate) fn is_secret_reference(value: &str) -> bool {
    let value = value.trim();
    let inside = value
        .strip_prefix("{{resolve:")
        .and_then(|rest| rest.strip_suffix("}}"));
    inside.is_some_and(|inside| inside.starts_with("secretsmanager:") || inside.starts_with("ssm-secure:"))
}
