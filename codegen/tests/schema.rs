//! The JSON Schemas for editors.

use zstack_codegen::schema::schemas;

#[test]
fn show() { for (n, t) in schemas() { println!("// {n}\n{t}"); } }
