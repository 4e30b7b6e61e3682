//! Elastic IP addresses.

use serde_json::{Value, json};

use super::guests::{guest, used_vip};
use super::{Context, Done, create as create_document};
use crate::cloud::{eips, guests};
use crate::model::Document;
use crate::service::Failure;
use crate::store::Store;

pub(super) async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut used = used_vip(context, context.text("vipUuid").unwrap_or_default()).await?;
    eips::check_vip(&used)?;
    let mut fields = json!({"vipUuid": used.vip.uuid, "vipIp": used.vip.text("ip")});
    if context.text("vmNicUuid").is_some() {
        let guest = guest(context, context.target("vmNicUuid")?).await?;
        let ip = eips::check_guest(&used.vip, &guest, context.text("usedIpUuid"))?;
        fields["vmNicUuid"] = guest.nic.uuid.into();
        fields["guestIp"] = ip.into();
    }
    let (eip, mut edits) = create_document(context, "Eip", fields.as_object().cloned().unwrap_or_default())?;
    guests::use_vip(&mut used.vip, &eip.uuid, "Eip", context.now);
    edits.push(context.replace(used.vip));
    Ok(Done::with_document(eip, edits))
}

pub(super) async fn attach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut eip = context.target("eipUuid")?;
    guests::check_detached("EIP", &eip)?;
    guests::check_enabled("EIP", &eip)?;
    let vip = used_vip(context, eip.text("vipUuid").unwrap_or_default()).await?.vip;
    let guest = guest(context, context.target("vmNicUuid")?).await?;
    let ip = eips::check_guest(&vip, &guest, context.text("usedIpUuid"))?;
    eip.set("vmNicUuid", guest.nic.uuid);
    eip.set("guestIp", ip);
    Ok(context.finish_change(eip))
}

pub(super) fn detach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut eip = context.target("uuid")?;
    guests::check_attached("EIP", &eip)?;
    eip.set("vmNicUuid", Value::Null);
    eip.set("guestIp", Value::Null);
    Ok(context.finish_change(eip))
}

/// Deletes an EIP or a port forwarding rule, which no longer uses its VIP.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let Ok(document) = context.target("uuid") else { return Ok(Done::default()) };
    delete_user(context, document).await
}

/// Deletes a user of VIPs.
pub(super) async fn delete_user<S: Store>(
    context: &Context<'_, S>,
    document: Document,
) -> Result<Done, Failure> {
    let user = document.uuid.clone();
    let vips = ["vipUuid", "ipv6VipUuid"].into_iter().filter_map(|field| document.text(field));
    let vips: Vec<_> = vips.map(str::to_owned).collect();
    let mut edits = context.node.deletion(context.plans, context.plan, document).await?;
    for mut vip in context.node.store.documents(&vips).await? {
        guests::release_vip(&mut vip, &user);
        edits.push(context.replace(vip));
    }
    Ok(Done { edits, ..Done::default() })
}
