//! The samples in Rust, written by a test of `mod.rs` with `BLESS=1`.

mod create_access_key_0 {
use zstack_client::access_key::CreateAccessKey;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = CreateAccessKey::new(
            "36c27e8ff05c4780bf6d2fa65700f22e",
            "36c27e8ff05c4780bf6d2fa65700f22e",
        )
        .description("nightly jobs")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod delete_access_key_0 {
use zstack_client::access_key::DeleteAccessKey;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = DeleteAccessKey::new("6a0f2c4e8b1d4f7393a5c7e9f1b3d5f7")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod query_access_key_0 {
use zstack_client::access_key::QueryAccessKey;
use zstack_client::types::AccessKeyInventory;
use zstack_client::{Call, Client, QueryRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = QueryAccessKey::new()
        .filter(AccessKeyInventory::STATE.eq("Enabled"))
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod log_in_by_account_0 {
use zstack_client::identity::LogInByAccount;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?).build()?;
    let answer = LogInByAccount::new(
            "admin",
            "b109f3bbbc244eb82441917ed06d618b9008dd09b3befd1b5e07394c706a8bb980b1d7785e5976ec049b46df5f1326af5a2ea6d103fd07c95385ffab0cacbc86",
        )
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod log_in_by_account_1 {
use zstack_client::identity::LogInByAccount;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?).build()?;
    let answer = LogInByAccount::new(
            "admin",
            "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
        )
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod log_out_0 {
use zstack_client::identity::LogOut;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?).build()?;
    let answer = LogOut::new("f4d1c06e87a94c1b9e5207b3a8d6c14f").call(&client).await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod log_out_1 {
use zstack_client::identity::LogOut;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?).build()?;
    let answer = LogOut::new("f4d1c06e87a94c1b9e5207b3a8d6c14f")
        .client_info([("clientIp".to_owned(), "192.0.2.10".to_owned())].into())
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod renew_session_0 {
use zstack_client::identity::RenewSession;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = RenewSession::new("f4d1c06e87a94c1b9e5207b3a8d6c14f")
        .duration(86400)
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod validate_session_0 {
use zstack_client::identity::ValidateSession;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?).build()?;
    let answer = ValidateSession::new("f4d1c06e87a94c1b9e5207b3a8d6c14f")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod validate_session_1 {
use zstack_client::identity::ValidateSession;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?).build()?;
    let answer = ValidateSession::new("b1105c5dd00f323d99aa182dee237628")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod get_candidate_vm_for_attaching_iso_0 {
use zstack_client::image::GetCandidateVmForAttachingIso;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = GetCandidateVmForAttachingIso::new("15000000000040008000000000000001")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod get_candidate_vm_for_attaching_iso_1 {
use zstack_client::image::GetCandidateVmForAttachingIso;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = GetCandidateVmForAttachingIso::new("15000000000040008000000000000001")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod query_image_0 {
use zstack_client::image::QueryImage;
use zstack_client::types::ImageInventory;
use zstack_client::{Call, Client, Query};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = QueryImage::new()
        .query(
            Query::new()
                .filter(ImageInventory::MEDIA_TYPE.eq("ISO"))
                .fields(["uuid", "name", "createDate", "lastOpDate"]),
        )
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod attach_iso_to_vm_instance_0 {
use zstack_client::vm_instance::AttachIsoToVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = AttachIsoToVmInstance::new(
            "d0000000000040008000000000000001",
            "15000000000040008000000000000001",
        )
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod attach_iso_to_vm_instance_1 {
use zstack_client::vm_instance::AttachIsoToVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = AttachIsoToVmInstance::new(
            "d0000000000040008000000000000002",
            "15000000000040008000000000000001",
        )
        .cdrom_uuid("cd000000000040008000000000000021")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod attach_iso_to_vm_instance_2 {
use zstack_client::vm_instance::AttachIsoToVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = AttachIsoToVmInstance::new(
            "d0000000000040008000000000000005",
            "15000000000040008000000000000001",
        )
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod create_vm_cd_rom_0 {
use zstack_client::vm_instance::CreateVmCdRom;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = CreateVmCdRom::new("cd-1", "d0000000000040008000000000000006")
        .iso_uuid("15000000000040008000000000000001")
        .resource_uuid("5b1e0d6c2f9a3c47a8d0e6b4c9f17a23")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod create_vm_cd_rom_1 {
use zstack_client::vm_instance::CreateVmCdRom;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = CreateVmCdRom::new("cd-1", "d0000000000040008000000000000001")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod delete_vm_cd_rom_0 {
use zstack_client::vm_instance::DeleteVmCdRom;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = DeleteVmCdRom::new("cd000000000040008000000000000021")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod destroy_vm_instance_0 {
use zstack_client::vm_instance::DestroyVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = DestroyVmInstance::new("d0000000000040008000000000000001")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod detach_iso_from_vm_instance_0 {
use zstack_client::vm_instance::DetachIsoFromVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = DetachIsoFromVmInstance::new("d0000000000040008000000000000005")
        .iso_uuid("15000000000040008000000000000001")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod detach_iso_from_vm_instance_1 {
use zstack_client::vm_instance::DetachIsoFromVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = DetachIsoFromVmInstance::new("d0000000000040008000000000000005")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod expunge_vm_instance_0 {
use zstack_client::vm_instance::ExpungeVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = ExpungeVmInstance::new("d0000000000040008000000000000007")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod expunge_vm_instance_1 {
use zstack_client::vm_instance::ExpungeVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = ExpungeVmInstance::new("d0000000000040008000000000000001")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod get_candidate_iso_for_attaching_vm_0 {
use zstack_client::vm_instance::GetCandidateIsoForAttachingVm;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = GetCandidateIsoForAttachingVm::new("d0000000000040008000000000000001")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod pause_vm_instance_0 {
use zstack_client::vm_instance::PauseVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = PauseVmInstance::new("d0000000000040008000000000000001")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod pause_vm_instance_1 {
use zstack_client::vm_instance::PauseVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = PauseVmInstance::new("d0000000000040008000000000000002")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod query_vm_cd_rom_0 {
use zstack_client::vm_instance::QueryVmCdRom;
use zstack_client::types::VmCdRomInventory;
use zstack_client::{Call, Client, QueryRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = QueryVmCdRom::new()
        .filter(
            VmCdRomInventory::VM_INSTANCE_UUID.eq("d0000000000040008000000000000001"),
        )
        .filter(VmCdRomInventory::ISO_UUID.is_null())
        .sort(VmCdRomInventory::DEVICE_ID.ascending())
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod query_vm_instance_0 {
use zstack_client::vm_instance::QueryVmInstance;
use zstack_client::types::VmInstanceInventory;
use zstack_client::{Call, Client, QueryRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = QueryVmInstance::new()
        .filter(VmInstanceInventory::NAME.eq("Test-VM"))
        .limit(1)
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod query_vm_instance_1 {
use zstack_client::vm_instance::QueryVmInstance;
use zstack_client::types::{VmCdRomInventory, VmInstanceInventory};
use zstack_client::{Call, Client, Query};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = QueryVmInstance::new()
        .query(
            Query::new()
                .filter(
                    VmInstanceInventory::VM_CD_ROMS
                        .at(VmCdRomInventory::ISO_UUID)
                        .is_not_null(),
                )
                .count(),
        )
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod reboot_vm_instance_0 {
use zstack_client::vm_instance::RebootVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = RebootVmInstance::new("d0000000000040008000000000000001")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod reboot_vm_instance_1 {
use zstack_client::vm_instance::RebootVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = RebootVmInstance::new("d0000000000040008000000000000007")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod recover_vm_instance_0 {
use zstack_client::vm_instance::RecoverVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = RecoverVmInstance::new("d0000000000040008000000000000007")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod recover_vm_instance_1 {
use zstack_client::vm_instance::RecoverVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = RecoverVmInstance::new("d0000000000040008000000000000001")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod reimage_vm_instance_0 {
use zstack_client::vm_instance::ReimageVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = ReimageVmInstance::new("d0000000000040008000000000000002")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod reimage_vm_instance_1 {
use zstack_client::vm_instance::ReimageVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = ReimageVmInstance::new("d0000000000040008000000000000001")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod resume_vm_instance_0 {
use zstack_client::vm_instance::ResumeVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = ResumeVmInstance::new("d0000000000040008000000000000003")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod resume_vm_instance_1 {
use zstack_client::vm_instance::ResumeVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = ResumeVmInstance::new("d0000000000040008000000000000007")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod set_vm_instance_default_cd_rom_0 {
use zstack_client::vm_instance::SetVmInstanceDefaultCdRom;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = SetVmInstanceDefaultCdRom::new(
            "d0000000000040008000000000000005",
            "cd000000000040008000000000000052",
        )
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod start_vm_instance_0 {
use zstack_client::vm_instance::StartVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = StartVmInstance::new("d0000000000040008000000000000002")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod start_vm_instance_1 {
use zstack_client::vm_instance::StartVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = StartVmInstance::new("d0000000000040008000000000000007")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod stop_vm_instance_0 {
use zstack_client::vm_instance::StopVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = StopVmInstance::new("d0000000000040008000000000000001")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod stop_vm_instance_1 {
use zstack_client::vm_instance::StopVmInstance;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = StopVmInstance::new("d0000000000040008000000000000007")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod update_vm_cd_rom_0 {
use zstack_client::vm_instance::UpdateVmCdRom;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?)
        .session(std::env::var("ZSTACK_SESSION")?)
        .build()?;
    let answer = UpdateVmCdRom::new("cd000000000040008000000000000021")
        .name("rescue-drive")
        .call(&client)
        .await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod get_current_time_0 {
use zstack_client::management_node::GetCurrentTime;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?).build()?;
    let answer = GetCurrentTime::new().call(&client).await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod get_version_0 {
use zstack_client::management_node::GetVersion;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?).build()?;
    let answer = GetVersion::new().call(&client).await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

mod is_ready_to_go_0 {
use zstack_client::management_node::IsReadyToGo;
use zstack_client::{Call, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("ZSTACK_URL")?).build()?;
    let answer = IsReadyToGo::new().call(&client).await?;
    println!("{answer:?}");
    Ok(())
}

pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> { main() }
}

pub(super) type Run = fn() -> Result<(), Box<dyn std::error::Error>>;

pub(super) const ALL: &[(&str, Run)] = &[
    ("create_access_key_0", create_access_key_0::run),
    ("delete_access_key_0", delete_access_key_0::run),
    ("query_access_key_0", query_access_key_0::run),
    ("log_in_by_account_0", log_in_by_account_0::run),
    ("log_in_by_account_1", log_in_by_account_1::run),
    ("log_out_0", log_out_0::run),
    ("log_out_1", log_out_1::run),
    ("renew_session_0", renew_session_0::run),
    ("validate_session_0", validate_session_0::run),
    ("validate_session_1", validate_session_1::run),
    ("get_candidate_vm_for_attaching_iso_0", get_candidate_vm_for_attaching_iso_0::run),
    ("get_candidate_vm_for_attaching_iso_1", get_candidate_vm_for_attaching_iso_1::run),
    ("query_image_0", query_image_0::run),
    ("attach_iso_to_vm_instance_0", attach_iso_to_vm_instance_0::run),
    ("attach_iso_to_vm_instance_1", attach_iso_to_vm_instance_1::run),
    ("attach_iso_to_vm_instance_2", attach_iso_to_vm_instance_2::run),
    ("create_vm_cd_rom_0", create_vm_cd_rom_0::run),
    ("create_vm_cd_rom_1", create_vm_cd_rom_1::run),
    ("delete_vm_cd_rom_0", delete_vm_cd_rom_0::run),
    ("destroy_vm_instance_0", destroy_vm_instance_0::run),
    ("detach_iso_from_vm_instance_0", detach_iso_from_vm_instance_0::run),
    ("detach_iso_from_vm_instance_1", detach_iso_from_vm_instance_1::run),
    ("expunge_vm_instance_0", expunge_vm_instance_0::run),
    ("expunge_vm_instance_1", expunge_vm_instance_1::run),
    ("get_candidate_iso_for_attaching_vm_0", get_candidate_iso_for_attaching_vm_0::run),
    ("pause_vm_instance_0", pause_vm_instance_0::run),
    ("pause_vm_instance_1", pause_vm_instance_1::run),
    ("query_vm_cd_rom_0", query_vm_cd_rom_0::run),
    ("query_vm_instance_0", query_vm_instance_0::run),
    ("query_vm_instance_1", query_vm_instance_1::run),
    ("reboot_vm_instance_0", reboot_vm_instance_0::run),
    ("reboot_vm_instance_1", reboot_vm_instance_1::run),
    ("recover_vm_instance_0", recover_vm_instance_0::run),
    ("recover_vm_instance_1", recover_vm_instance_1::run),
    ("reimage_vm_instance_0", reimage_vm_instance_0::run),
    ("reimage_vm_instance_1", reimage_vm_instance_1::run),
    ("resume_vm_instance_0", resume_vm_instance_0::run),
    ("resume_vm_instance_1", resume_vm_instance_1::run),
    ("set_vm_instance_default_cd_rom_0", set_vm_instance_default_cd_rom_0::run),
    ("start_vm_instance_0", start_vm_instance_0::run),
    ("start_vm_instance_1", start_vm_instance_1::run),
    ("stop_vm_instance_0", stop_vm_instance_0::run),
    ("stop_vm_instance_1", stop_vm_instance_1::run),
    ("update_vm_cd_rom_0", update_vm_cd_rom_0::run),
    ("get_current_time_0", get_current_time_0::run),
    ("get_version_0", get_version_0::run),
    ("is_ready_to_go_0", is_ready_to_go_0::run),
];
