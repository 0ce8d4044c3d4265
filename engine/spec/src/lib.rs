//! Reads a spec: HCL and YAML text to a checked [`Desired`](lz_model::desired::Desired).
//!
//! Start with [`load_dir`] (a directory) or [`load`] (texts in memory, pure). Both return either the whole
//! spec or everything that is wrong with it ([`SpecErrors`]), each error with its code, its exact place and
//! what to do. The way of the text: [`read`] makes one syntax tree of both languages, [`check`] holds it
//! against the table of the language ([`schema`]) and evaluates it ([`eval`], [`functions`]).
//!
//! The crate reads files only through [`DataFiles`], and neither clock nor environment.

mod check;
mod codes;
mod convert;
mod data;
mod decimal;
mod diagnostic;
mod editor;
mod eval;
mod format;
mod functions;
mod left_out;
mod lexer;
mod load;
mod number;
mod read;
mod request;
pub mod schema;
mod source;
mod suggest;
mod syntax;
mod value;

pub use check::{FieldInfo, TemplateInfo};
pub use codes::{Code, CodeInfo, error_codes};
pub use data::{DataError, DataFiles, DirectoryData, MAX_DATA_BYTES, MemoryData, NoData};
pub use diagnostic::{Label, Severity, SpecDiagnostic, SpecErrors};
pub use editor::{account_request_schema, yaml_schema};
pub use format::format_hcl;
pub use left_out::LeftOut;
pub use load::{Inputs, Loaded, load, load_dir, load_dir_with};
pub use request::{RequestChange, RequestError};
pub use source::{FileId, SourceFile, SourceKind, Sources, Span};
pub use suggest::help as did_you_mean;
