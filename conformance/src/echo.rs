use std::sync::{Mutex, MutexGuard, PoisonError};

use zstack_runtime::{ErrorCode, Request, decode, encode};
use zstack_server::{Call, IdentityApi, ImageApi, Outcome, VmInstanceApi};
use zstack_types::identity::{LogInByAccount, LogInByAccountResponse, LogOut, LogOutResponse};
use zstack_types::image::{GetCandidateVmForAttachingIso, GetCandidateVmForAttachingIsoResponse};
use zstack_types::vm_instance::{
    AttachIsoToVmInstance, AttachIsoToVmInstanceResponse, CreateVmCdRom, CreateVmCdRomResponse,
    DetachIsoFromVmInstance, DetachIsoFromVmInstanceResponse, ReimageVmInstance, ReimageVmInstanceResponse,
};

/// What an [`Echo`] answers.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Success, with this JSON as the result.
    Result(Vec<u8>),
    /// A refusal.
    Refusal(Box<ErrorCode>),
}

/// Serves every operation.
#[derive(Debug, Default)]
pub struct Echo {
    received: Mutex<Option<(&'static str, Vec<u8>)>>,
    answer: Mutex<Option<Answer>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What a failed test left behind is what the next one overwrites.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Echo {
    /// Sets what is answered from now on.
    pub fn answer(&self, answer: Answer) {
        *lock(&self.answer) = Some(answer);
    }

    /// The operation that was last called, and its request as JSON; forgets
    /// it.
    pub fn received(&self) -> Option<(&'static str, Vec<u8>)> {
        lock(&self.received).take()
    }

    #[expect(clippy::panic, reason = "for tests, which are to fail here")]
    fn exchange<R: Request>(&self, request: &R) -> Outcome<R::Response> {
        *lock(&self.received) = Some((R::OPERATION.name, encode::to_vec(request)));
        match lock(&self.answer).clone() {
            Some(Answer::Result(json)) => match decode::from_slice(&json) {
                Ok(response) => Ok(response),
                Err(error) => panic!("the answer fits no {}: {error}", R::OPERATION.response.name),
            },
            Some(Answer::Refusal(error)) => Err(error),
            None => panic!("no answer is set"),
        }
    }
}

impl IdentityApi for Echo {
    async fn log_in_by_account(&self, _: Call, request: LogInByAccount) -> Outcome<LogInByAccountResponse> {
        self.exchange(&request)
    }

    async fn log_out(&self, _: Call, request: LogOut) -> Outcome<LogOutResponse> {
        self.exchange(&request)
    }
}

impl ImageApi for Echo {
    async fn get_candidate_vm_for_attaching_iso(
        &self,
        _: Call,
        request: GetCandidateVmForAttachingIso,
    ) -> Outcome<GetCandidateVmForAttachingIsoResponse> {
        self.exchange(&request)
    }
}

impl VmInstanceApi for Echo {
    async fn attach_iso_to_vm_instance(
        &self,
        _: Call,
        request: AttachIsoToVmInstance,
    ) -> Outcome<AttachIsoToVmInstanceResponse> {
        self.exchange(&request)
    }

    async fn create_vm_cd_rom(&self, _: Call, request: CreateVmCdRom) -> Outcome<CreateVmCdRomResponse> {
        self.exchange(&request)
    }

    async fn detach_iso_from_vm_instance(
        &self,
        _: Call,
        request: DetachIsoFromVmInstance,
    ) -> Outcome<DetachIsoFromVmInstanceResponse> {
        self.exchange(&request)
    }

    async fn reimage_vm_instance(
        &self,
        _: Call,
        request: ReimageVmInstance,
    ) -> Outcome<ReimageVmInstanceResponse> {
        self.exchange(&request)
    }
}
