//! The bandwidth limits of VIPs.

use serde_json::{Value, json};

use super::{Context, Done};
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::Answer;
use crate::service::written::storages::object;
use crate::store::Store;

const RESOURCE: &str = "VipQos";

/// The limits of the VIP in the request.
async fn limits<S: Store>(context: &Context<'_, S>, vip: &Document) -> Result<Vec<Document>, Failure> {
    let mut limits = context.holders(&vip.uuid, "vipUuid").await?;
    limits.retain(|document| document.base == RESOURCE);
    Ok(limits)
}

/// True for the limits of the port in the request; without one, those of the whole VIP.
fn is_of_port<S: Store>(context: &Context<'_, S>, limits: &Document) -> bool {
    limits.number("port") == context.parameters.get("port").and_then(Value::as_i64)
}

pub(super) async fn set<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vip = context.target_of("uuid", "VIP")?;
    let bandwidths = ["inboundBandwidth", "outboundBandwidth"];
    let given: Vec<_> =
        bandwidths.iter().filter_map(|name| Some((*name, context.parameters.get(*name)?.clone()))).collect();
    if given.is_empty() {
        let text = "Neither [inboundBandwidth] nor [outboundBandwidth] is given; give one of them.";
        return Err(errors::invalid_argument(text).into());
    }
    let present = limits(context, &vip).await?.into_iter().find(|limits| is_of_port(context, limits));
    if let Some(mut limits) = present {
        given.into_iter().for_each(|(name, value)| limits.set(name, value));
        return Ok(context.finish_change(limits));
    }
    let mut fields = object(json!({"vipUuid": vip.uuid}));
    fields.extend(context.parameters.get("port").map(|port| ("port".to_owned(), port.clone())));
    fields.extend(given.into_iter().map(|(name, value)| (name.to_owned(), value)));
    let (limits, edit) = context.new_document(RESOURCE, fields)?;
    Ok(Done::with_document(limits, vec![edit]))
}

pub(super) async fn list<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vip = context.target_of("uuid", "VIP")?;
    Ok(Done { answer: Answer::Documents(limits(context, &vip).await?), ..Done::default() })
}

pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vip = context.target_of("uuid", "VIP")?;
    let deleted = limits(context, &vip).await?.into_iter().filter(|limits| is_of_port(context, limits));
    let edits = deleted.map(|document| DocumentEdit::Delete { document }).collect();
    Ok(Done { edits, ..Done::default() })
}
