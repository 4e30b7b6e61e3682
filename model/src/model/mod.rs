//! The specification after every rule held: names linked, order fixed,
//! nothing left that can be wrong. The emitters take this and cannot fail.

mod api;
mod attributes;
mod bases;
mod data_type;
mod field;
mod find_release;
mod held;
mod history;
mod operation;
mod query;
mod releases;
mod retirement;
mod slice;
mod version;
mod whole;

pub use api::{AuthScheme, Category, Release, ReleaseState, ReservedPath, Service};
pub use attributes::{Body, Message, Type};
pub use bases::Bases;
pub use data_type::{DataType, EnumValue, TypeShape};
pub use field::{Constraints, Documented, Field, Parameter, Source};
pub use find_release::FoundRelease;
pub use history::{Historic, HistoryEntry, Was};
pub use operation::{ErrorCase, Example, Operation, Tag};
pub use query::query_parameters;
pub use retirement::Retirement;
pub use version::numbers;
pub use version::{Version, VersionError};
pub use whole::Model;
pub use zstack_vocabulary::{Auth, Execution, Method, Place, variables};
