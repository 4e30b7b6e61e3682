//! Tables and records that are built at run time.
//!
//! The generated crates have two structs and a table of constants for each operation. [`operations`]
//! builds the same tables from a model, and [`Dynamic`] is a record for any of them. So the real
//! server can serve a spec without generated code: the management node does this for operations that
//! no rule needs, and for another spec than its own.
//!
//! ```
//! use zstack_dynamic::{Dynamic, operations};
//! use zstack_model::load::{Memory, load_tree};
//! use zstack_runtime::record::AnyRecord as _;
//!
//! let api = r#"
//! title: Greetings
//! basePath: /demo/v1
//! releases: [{version: "1.0"}]
//! categories: [{name: demo, title: Demo Operations, description: A demonstration.}]
//! "#;
//! let greet = r#"
//! name: Greet
//! category: demo
//! summary: Greets.
//! since: "1.0"
//! method: GET
//! path: /greetings/{name}
//! execution: sync
//! auth: none
//! body: none
//! parameters:
//!   - {name: name, in: path, type: String, required: true, since: "1.0", description: The name.}
//! response:
//!   - {name: text, type: String, since: "1.0", description: The greeting.}
//! "#;
//! let files: Memory = [("api.yaml", api), ("operations/demo/Greet.yaml", greet)]
//!     .map(|(path, text)| (path.into(), text.as_bytes().to_vec()))
//!     .into_iter()
//!     .collect();
//! let loaded = load_tree(&files, "spec".into()).map_err(|problems| problems.to_string())?;
//! let greet = operations(&loaded.model)[0];
//! assert_eq!(greet.path, "/demo/v1/greetings/{name}");
//! let response = Dynamic::read(greet.response, br#"{"text": "Hello"}"#)?;
//! assert_eq!(response.shape().fields[0].name, "text");
//! # Ok::<(), String>(())
//! ```

mod record;
mod slots;
mod tables;

pub use record::Dynamic;
pub use slots::MAX_DATA_TYPES;
pub use tables::{Tables, operations};
