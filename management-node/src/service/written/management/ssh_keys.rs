//! SSH key pairs.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rsa::pkcs1::{EncodeRsaPrivateKey as _, LineEnding};
use rsa::traits::PublicKeyParts as _;
use rsa::{PrivateKey, PublicKey};

use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Answer, Context, Done};
use crate::store::Store;

/// The length of generated keys, in bits.
const BITS: usize = 2048;

/// The private field with the UUIDs of the VM instances that have a key pair.
const VM_INSTANCES: &str = "_vmInstances";

/// Generates a key pair. Its private key is only in the response.
pub(super) async fn generate<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut pair = context.draft()?;
    for field in ["name", "description"] {
        pair.set(field, context.text(field));
    }
    // A key takes the processor for a while.
    let generated = tokio::task::spawn_blocking(|| {
        let key = PrivateKey::new(&mut rand::rng(), BITS).map_err(|error| error.to_string())?;
        let pem = key.to_pkcs1_pem(LineEnding::LF).map_err(|error| error.to_string())?;
        Ok::<_, String>((encode(&key.to_public_key()), pem.to_string()))
    });
    let generated = generated.await.map_err(|error| error.to_string()).and_then(std::convert::identity);
    let (public, private) = generated
        .map_err(|error| errors::internal(format!("The key pair could not be generated: {error}.")))?;
    pair.set("publicKey", public);
    let mut done = context.create(pair.clone());
    let inventories = context.node.inventories_of(context.plans, vec![pair], &[]).await?;
    let mut inventory = inventories.into_iter().next().unwrap_or_default();
    inventory["privateKey"] = private.into();
    let fields = [("inventory".to_owned(), inventory)];
    done.answer = Answer::Fields(fields.into_iter().collect());
    Ok(done)
}

/// Encodes a public key as OpenSSH does: the type, the exponent and the modulus, each with its length.
fn encode(key: &PublicKey) -> String {
    const TYPE: &str = "ssh-rsa";
    let mut bytes = Vec::new();
    let mut put = |part: &[u8]| {
        let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(part);
    };
    put(TYPE.as_bytes());
    for number in [key.e_bytes(), key.n_bytes()] {
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        let mut digits = number[zeros..].to_vec();
        // Otherwise the number would be negative.
        if digits.first().is_some_and(|first| *first >= 0x80) {
            digits.insert(0, 0);
        }
        put(&digits);
    }
    format!("{TYPE} {}", BASE64_STANDARD.encode(bytes))
}

/// Attaches a key pair to a running VM instance, or detaches it.
pub(super) fn attach<S: Store>(context: &Context<'_, S>, is_attach: bool) -> Result<Done, Failure> {
    let mut pair = context.target("sshKeyPairUuid")?;
    let vm = context.target_of("vmInstanceUuid", "VM instance")?;
    let mut vms: Vec<_> = pair.texts(VM_INSTANCES).map(str::to_owned).collect();
    let is_attached = vms.contains(&vm.uuid);
    if is_attached == is_attach {
        let state = if is_attached { "already has" } else { "does not have" };
        return Err(errors::invalid_argument(format!(
            "[vmInstanceUuid] names the VM instance [uuid:{}], which {state} the SSH key pair [uuid:{}].",
            vm.uuid, pair.uuid
        ))
        .into());
    }
    let state = vm.text("state").unwrap_or_default();
    if state != "Running" {
        return Err(errors::invalid_argument(format!(
            "[vmInstanceUuid] names the VM instance [uuid:{}], which is {state}; it must be Running.",
            vm.uuid
        ))
        .into());
    }
    if is_attach {
        vms.push(vm.uuid);
    } else {
        vms.retain(|other| *other != vm.uuid);
    }
    pair.set(VM_INSTANCES, vms);
    Ok(context.finish_change(pair))
}

/// Deletes a key pair that no VM instance has.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let pair = context.target("uuid")?;
    let vms: Vec<_> = pair.texts(VM_INSTANCES).map(str::to_owned).collect();
    if let Some(vm) = context.node.store.documents(&vms).await?.first() {
        return Err(errors::invalid_argument(format!(
            "[uuid] names an SSH key pair that the VM instance [uuid:{}] has; detach it first.",
            vm.uuid
        ))
        .into());
    }
    let edits = context.node.deletion(context.plans, context.plan, pair).await?;
    Ok(Done { edits, ..Done::default() })
}
