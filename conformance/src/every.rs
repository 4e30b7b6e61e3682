use zstack_runtime::Request;
use zstack_types::identity::{LogInByAccount, LogOut};
use zstack_types::image::GetCandidateVmForAttachingIso;
use zstack_types::vm_instance::{
    AttachIsoToVmInstance, CreateVmCdRom, DetachIsoFromVmInstance, ReimageVmInstance,
};

/// Something to do with every operation.
pub trait Visit {
    /// Does it with the operation of this request.
    fn visit<R: Request>(&mut self);
}

/// Does something with every operation of the spec.
pub fn every_operation(visit: &mut impl Visit) {
    visit.visit::<LogInByAccount>();
    visit.visit::<LogOut>();
    visit.visit::<GetCandidateVmForAttachingIso>();
    visit.visit::<AttachIsoToVmInstance>();
    visit.visit::<CreateVmCdRom>();
    visit.visit::<DetachIsoFromVmInstance>();
    visit.visit::<ReimageVmInstance>();
}
