//! The template of a stack set or stack: where it comes from, and what AWS would refuse about it.

use super::common::{Context, capabilities};
use super::parameters::{given, parameters};
use crate::check::attributes::{Placed, Reader};
use crate::check::tags::known_characters;
use crate::check::world::with_each;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::json_text;
use crate::source::{SourceFile, Span};
use crate::syntax::ExprKind;
use crate::value::Value;
use lz_model::desired::Template;
use lz_model::stack::Capability;
use lz_model::text::{Attribute, Hole, Text};
use lz_template::{Given, Problem, ProblemKind, Usage};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// Templates that have been read; many sets may share one.
#[derive(Default)]
pub(in crate::check) struct Templates {
    known: RefCell<BTreeMap<Text, Rc<Parsed>>>,
}

/// A template, and what is wrong with it whoever uses it.
struct Parsed {
    template: Option<lz_template::Template>,
    problems: Vec<Problem>,
}

impl Templates {
    fn parsed(&self, text: &Text) -> Rc<Parsed> {
        if let Some(known) = self.known.borrow().get(text) {
            return Rc::clone(known);
        }
        let filled = text.fill(|hole| Some(sample(hole)));
        let parsed = match lz_template::Template::parse(filled.known().unwrap_or_default()) {
            Ok(template) => Parsed {
                problems: template.problems(),
                template: Some(template),
            },
            Err(error) => Parsed {
                template: None,
                problems: vec![Problem {
                    kind: ProblemKind::Malformed,
                    line: Some(error.line),
                    message: error.message,
                    help: None,
                }],
            },
        };
        let parsed = Rc::new(parsed);
        self.known.borrow_mut().insert(text.clone(), Rc::clone(&parsed));
        parsed
    }
}

/// Stands for a value that AWS has yet to assign, while the template around it is checked.
fn sample(hole: &Hole) -> String {
    match hole.attribute {
        Attribute::Id => "000000000000".to_owned(),
        Attribute::Arn => "arn:aws:iam::000000000000:root".to_owned(),
    }
}

/// A template as the spec gives it, with its place.
pub(super) struct Source {
    pub(super) template: Template,
    pub(super) span: Span,
    /// The file that it is, if the spec reads it with `file`.
    file: Option<Arc<SourceFile>>,
}

/// What stacks are made from.
pub(super) struct Definition {
    pub(super) source: Option<Source>,
    pub(super) parameters: BTreeMap<String, Text>,
    pub(super) capabilities: BTreeSet<Capability>,
}

/// Reads template, parameters and capabilities, and holds them against each other.
pub(super) fn definition(
    context: &Context<'_, '_>,
    reader: &Reader<'_, '_>,
    header: Span,
    service_managed: bool,
) -> Definition {
    let source = source(reader, header);
    let parameters = parameters(reader).unwrap_or_default();
    let capabilities = capabilities(reader);
    if let Some(source) = &source {
        let usage = Usage {
            parameters: given(&parameters),
            capabilities: capabilities.clone(),
            service_managed,
        };
        check(&context.templates, reader, source, &usage);
    }
    Definition {
        source,
        parameters,
        capabilities,
    }
}

/// Reads `template` or `template_url`.
fn source(reader: &Reader<'_, '_>, header: Span) -> Option<Source> {
    let given = |name: &str| reader.attribute(name).filter(|_| reader.is_given(name));
    match (given("template"), given("template_url")) {
        (Some(body), Some(url)) => {
            reader.error(
                SpecDiagnostic::new(
                    Code::NoTemplate,
                    body.name.span,
                    "there are `template` and `template_url`",
                )
                .here("here")
                .also(url.name.span, "and here")
                .help("keep one of the two"),
            );
            None
        }
        (None, None) => {
            reader.error(
                SpecDiagnostic::new(Code::NoTemplate, header, "there is no template")
                    .help("add `template = file(\"...\")`"),
            );
            None
        }
        (Some(_), None) => body(reader),
        (None, Some(_)) => url(reader),
    }
}

/// Where CloudFormation takes a template from (CloudFormation API Reference, "CreateStackSet").
fn url(reader: &Reader<'_, '_>) -> Option<Source> {
    let Placed { value, span } = reader.known("template_url")?;
    if !value.starts_with("https://") || value.len() > 5_120 {
        let message = format!("`{value}` is not the address of a template in S3");
        reader.error(
            SpecDiagnostic::new(Code::BadValue, span, message)
                .help("such as `https://<bucket>.s3.<region>.amazonaws.com/<key>`"),
        );
    }
    Some(Source {
        template: Template::Url(value.to_string()),
        span,
        file: None,
    })
}

fn body(reader: &Reader<'_, '_>) -> Option<Source> {
    let Placed { value, span } = reader.value("template")?;
    let text = match &value {
        Value::String(_) | Value::Later(_) => value.as_text(),
        Value::Object(_) | Value::Map(_) => json_text(&value)
            .map_err(|message| reader.error(SpecDiagnostic::new(Code::Template, span, message)))
            .ok(),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Tuple(_)
        | Value::List(_)
        | Value::Set(_)
        | Value::Thing(_) => {
            let message = format!("a template is text or an object, this is {}", value.described());
            reader.error(
                SpecDiagnostic::new(Code::Type, span, message).help("write `template = file(\"...\")`"),
            );
            None
        }
    }?;
    Some(Source {
        file: file(reader, &text),
        template: Template::Body(text),
        span,
    })
}

/// Returns the file that a template is as it stands.
fn file(reader: &Reader<'_, '_>, text: &Text) -> Option<Arc<SourceFile>> {
    let ExprKind::Call { name, arguments, .. } = &reader.attribute("template")?.value.kind else {
        return None;
    };
    let path = arguments.first().filter(|_| &*name.text == "file")?;
    let value = with_each(reader.each, |scope| reader.checker.evaluator.value(path, scope)).ok()?;
    Some(Arc::new(SourceFile::data(value.as_str()?, text.known()?)))
}

/// Notes everything that AWS would refuse about a template and its use.
fn check(templates: &Templates, reader: &Reader<'_, '_>, source: &Source, usage: &Usage) -> Option<()> {
    let Template::Body(text) = &source.template else {
        return None;
    };
    let parsed = templates.parsed(text);
    for problem in &parsed.problems {
        reader.error(in_template(problem, source));
    }
    check_size(reader, source, text);
    for problem in parsed.template.as_ref()?.usage_problems(usage) {
        reader.error(if problem.kind == ProblemKind::ServiceManaged {
            in_template(&problem, source)
        } else {
            in_spec(reader, "parameters", &problem, source.span)
        });
    }
    Some(())
}

/// Notes what is wrong with values of an override.
pub(super) fn check_override(
    templates: &Templates,
    reader: &Reader<'_, '_>,
    source: &Source,
    values: &BTreeMap<String, Given>,
    header: Span,
) {
    let Template::Body(text) = &source.template else {
        return;
    };
    let parsed = templates.parsed(text);
    let Some(template) = &parsed.template else { return };
    for problem in template.value_problems(values) {
        reader.error(in_spec(reader, "parameters", &problem, header));
    }
}

/// A template with holes may grow beyond the limit once they are filled; an id has 12 characters or a few more.
fn check_size(reader: &Reader<'_, '_>, source: &Source, text: &Text) {
    const MOST: usize = lz_model::limits::TEMPLATE_BYTES;
    let size = known_characters(text);
    if text.known().is_none() && size > MOST {
        let message = format!("the template has {size} characters, AWS takes {MOST} bytes");
        reader.error(SpecDiagnostic::new(Code::Template, source.span, message));
    }
}

/// A problem of the template itself: said at the block, shown in the file.
fn in_template(problem: &Problem, source: &Source) -> SpecDiagnostic {
    let message = match (problem.line, &source.file) {
        (Some(line), Some(file)) => format!("{}:{line}: {}", file.name(), problem.message),
        (Some(line), None) => format!("line {line} of the template: {}", problem.message),
        (None, _) => problem.message.clone(),
    };
    let mut error =
        SpecDiagnostic::new(Code::Template, source.span, message).maybe_help(problem.help.clone());
    if let (Some(line), Some(file)) = (problem.line, &source.file) {
        error = error.in_file(file, line, "in the template");
    }
    if problem.kind == ProblemKind::Doubtful {
        error = error.warning();
    }
    error
}

/// A problem of the way in which the template is used.
fn in_spec(reader: &Reader<'_, '_>, attribute: &str, problem: &Problem, header: Span) -> SpecDiagnostic {
    let (code, name) = match &problem.kind {
        ProblemKind::MissingParameter(_) => (Code::Parameter, None),
        ProblemKind::UnknownParameter(name) | ProblemKind::Value(name) => (Code::Parameter, Some(name)),
        ProblemKind::Secret(name) => (Code::PlainSecret, Some(name)),
        ProblemKind::Capabilities(_) => (Code::Capabilities, None),
        ProblemKind::Malformed
        | ProblemKind::Limit
        | ProblemKind::UnknownName
        | ProblemKind::Doubtful
        | ProblemKind::ServiceManaged => (Code::Template, None),
    };
    let at = name
        .and_then(|name| reader.key_place(attribute, name))
        .unwrap_or_else(|| place(reader, code, attribute, header));
    if code == Code::PlainSecret {
        // The line is named but not shown: what is shown ends up in logs.
        let message = format!("{}: {}", reader.checker.origin(at), problem.message);
        return SpecDiagnostic::without_place(code, message).maybe_help(problem.help.clone());
    }
    SpecDiagnostic::new(code, at, problem.message.clone()).maybe_help(problem.help.clone())
}

fn place(reader: &Reader<'_, '_>, code: Code, attribute: &str, header: Span) -> Span {
    let attribute = if code == Code::Capabilities {
        "capabilities"
    } else {
        attribute
    };
    reader
        .attribute(attribute)
        .map_or(header, |attribute| attribute.value.span)
}
