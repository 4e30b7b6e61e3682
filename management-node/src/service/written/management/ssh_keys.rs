//! SSH key pairs.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_compact::Seed;

use crate::model::Document;
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Answer, Context, Done};
use crate::store::Store;

/// The type of generated keys. Those of the platform are RSA keys, which take much longer to generate.
const TYPE: &str = "ssh-ed25519";

/// The length of a line of a private key, and the block size of one that is not encrypted.
const LINE: usize = 70;
const BLOCK: usize = 8;

/// The private field with the UUIDs of the VM instances that have a key pair.
const VM_INSTANCES: &str = "_vmInstances";

/// Generates a key pair. Its private key is only in the response.
pub(super) async fn generate<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut pair = context.draft()?;
    for field in ["name", "description"] {
        pair.set(field, context.text(field));
    }
    let keys = KeyPair::random();
    pair.set("publicKey", keys.public);
    let mut done = context.create(pair.clone());
    let inventories = context.node.inventories_of(context.plans, vec![pair], &[]).await?;
    let mut inventory = inventories.into_iter().next().unwrap_or_default();
    inventory["privateKey"] = keys.private.into();
    let fields = [("inventory".to_owned(), inventory)];
    done.answer = Answer::Fields(fields.into_iter().collect());
    Ok(done)
}

/// A pair of Ed25519 keys, as OpenSSH writes them.
struct KeyPair {
    public: String,
    private: String,
}

impl KeyPair {
    fn random() -> Self {
        let pair = ed25519_compact::KeyPair::from_seed(Seed::new(rand::random()));
        let public = encode(&[TYPE.as_bytes(), pair.pk.as_slice()]);
        // Two equal numbers show that a key was decrypted; this one is not encrypted.
        let check = [0; 8];
        let mut secret = [check.as_slice(), &encode(&[TYPE.as_bytes(), &*pair.pk, &*pair.sk, b""])].concat();
        secret.extend((1..).take(secret.len().next_multiple_of(BLOCK) - secret.len()).map(|byte: u8| byte));
        let mut file = b"openssh-key-v1\0".to_vec();
        file.extend(encode(&[b"none", b"none", b""]));
        file.extend(1_u32.to_be_bytes());
        file.extend(encode(&[&public, &secret]));
        let lines = BASE64_STANDARD.encode(file);
        let lines: Vec<_> = lines.as_bytes().chunks(LINE).map(String::from_utf8_lossy).collect();
        Self {
            public: format!("{TYPE} {}", BASE64_STANDARD.encode(public)),
            private: format!(
                "-----BEGIN OPENSSH PRIVATE KEY-----\n{}\n-----END OPENSSH PRIVATE KEY-----\n",
                lines.join("\n")
            ),
        }
    }
}

/// Encodes byte strings, each with its length.
fn encode(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        // The parts have less than a KiB.
        bytes.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

/// Notes that a VM instance has a key pair.
pub(in crate::service::written) fn link(pair: &mut Document, vm: &str) {
    let mut vms: Vec<_> = pair.texts(VM_INSTANCES).map(str::to_owned).collect();
    vms.push(vm.to_owned());
    pair.set(VM_INSTANCES, vms);
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
        link(&mut pair, &vm.uuid);
    } else {
        vms.retain(|other| *other != vm.uuid);
        pair.set(VM_INSTANCES, vms);
    }
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
