//! The whole cloud as a complete inventory file.

use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::body::{Bytes, Frame};
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use zstack_model::yaml::write::{Yaml, item};
use zstack_model::{Field, Model, Type};

use super::kinds::Kinds;
use crate::cloud::pending;
use crate::model::{Document, Moment};
use crate::store::{Store, StoreError};

/// The beginning of a file.
const HEAD: &str = "# A whole cloud, with its passwords and secrets. With `complete`, values are stored as they are.\n\
                    complete: true\n";

/// The size at which a part of the file is sent, in bytes.
const PART: usize = 64 * 1024;

/// The sender of parts; after an error, the response ends early.
type PartSender = mpsc::Sender<Result<Bytes, StoreError>>;

/// The body of a response that is written while the store is read.
pub(crate) struct Export(mpsc::Receiver<Result<Bytes, StoreError>>);

impl Export {
    /// Starts to read a store.
    pub(crate) fn start<S: Store>(kinds: &'static Kinds, store: Arc<S>) -> Self {
        let (sender, receiver) = mpsc::channel(2);
        tokio::spawn(async move {
            if let Err(error) = write(kinds, store.as_ref(), sender.clone()).await {
                tracing::warn!(%error, "an export of the inventory ended early");
                // The client may be gone.
                let _ = sender.send(Err(error)).await;
            }
        });
        Self(receiver)
    }
}

impl hyper::body::Body for Export {
    type Data = Bytes;
    type Error = StoreError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StoreError>>> {
        self.0.poll_recv(context).map(|part| part.map(|part| part.map(Frame::data)))
    }
}

/// Sends the documents of a store as parts of a file.
async fn write(kinds: &'static Kinds, store: &impl Store, sender: PartSender) -> Result<(), StoreError> {
    let mut writer = Writer { kinds, kind: String::new(), fields: Vec::new(), text: HEAD.to_owned(), sender };
    store.each_document(move |document| writer.add(document)).await
}

/// Writes documents that are sorted by kind.
struct Writer {
    kinds: &'static Kinds,
    /// The kind of the present section.
    kind: String,
    /// The fields of its inventory.
    fields: Vec<&'static Field>,
    /// The text that is not sent yet.
    text: String,
    sender: PartSender,
}

impl Writer {
    /// Adds a document. Returns false if the client is gone.
    fn add(&mut self, document: Document) -> bool {
        let Some(kind) = self.kinds.get(&document.kind) else { return true };
        let model = self.kinds.model;
        if document.kind != self.kind {
            self.kind.clone_from(&document.kind);
            self.fields =
                model.data_type(&kind.resource.inventory).map_or_else(Vec::new, |ty| model.fields(ty));
            // Writing to a String cannot fail.
            let _ = writeln!(self.text, "{}:", kind.section);
        }
        let mut fields = document.fields.into_map();
        // No operation ends in the cloud that loads the file.
        pending::settle(&mut fields);
        fields.entry("uuid").or_insert(document.uuid.into());
        write_times(model, &self.fields, &mut fields);
        self.text.push_str(&item(&Yaml::from(&Value::Object(fields)), 2));
        self.text.len() < PART || self.send()
    }

    fn send(&mut self) -> bool {
        self.sender.blocking_send(Ok(std::mem::take(&mut self.text).into())).is_ok()
    }
}

/// Sends the end of the text. It is dropped on the thread that reads the store.
impl Drop for Writer {
    fn drop(&mut self) {
        self.send();
    }
}

/// Converts times from milliseconds to texts, at any depth.
fn write_times(model: &Model, types: &[&Field], fields: &mut Map<String, Value>) {
    for field in types {
        if let Some(value) = fields.get_mut(&field.name) {
            write_time(model, &field.ty, value);
        }
    }
}

fn write_time(model: &Model, ty: &Type, value: &mut Value) {
    match (ty, value) {
        (Type::Timestamp, value) => {
            if let Some(millis) = value.as_i64() {
                *value = Moment::from_millis(millis).to_string().into();
            }
        }
        (Type::List(item), Value::Array(items)) => {
            items.iter_mut().for_each(|value| write_time(model, item, value))
        }
        (Type::Map(item), Value::Object(entries)) => {
            entries.values_mut().for_each(|value| write_time(model, item, value));
        }
        (Type::Named(name), Value::Object(fields)) => {
            if let Some(ty) = model.data_type(name) {
                write_times(model, &model.fields(ty), fields);
            }
        }
        _ => {}
    }
}
