//! The valid specification: names are resolved, and the order is fixed. Emitters of it cannot fail.

mod api;
mod attributes;
mod bases;
mod data_type;
mod field;
mod find_release;
mod history;
mod operation;
mod query;
mod releases;
mod retirement;
mod slice;
mod types_on_wire;
mod version;
mod whole;

pub use api::{AuthScheme, Category, Release, ReleaseState, ReservedPath, Service};
pub use attributes::{Body, Message, Type};
pub use bases::Bases;
pub use data_type::{DataType, EnumValue, TypeShape};
pub use field::{Constraints, Documented, Field, Parameter, Source};
pub use find_release::FoundRelease;
pub use history::{AttributeValue, Historic, HistoryEntry};
pub use operation::{ErrorCase, Example, Operation, QueryReleases, Tag};
pub use query::query_parameters;
pub use retirement::Retirement;
pub use version::Version;
pub use whole::Model;
pub use zstack_vocabulary::{Auth, Execution, Method, Place, variables};
