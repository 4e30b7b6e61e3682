"""Attaches an ISO with a client that was generated from the OpenAPI document.

The arguments are the command that starts a node, as docs/openapi/check has it.
"""

import hashlib
import subprocess
import sys
import time
import uuid

from client import AuthenticatedClient, Client
from client.api.api_job import get_api_job
from client.api.identity import log_in_by_account
from client.api.image import get_candidate_vm_for_attaching_iso
from client.api.vm_instance import attach_iso_to_vm_instance, detach_iso_from_vm_instance
from client.api.vm_instance import put_vm_instances_item_actions, query_vm_instance
from client.models import AttachIsoToVmInstanceResponse, ErrorResponse, JobAccepted
from client.models import LogInByAccountRequest, ReimageVmInstanceRequest

VM = "d0000000000040008000000000000001"
ISO = "15000000000040008000000000000001"


def main(url):
    base_url = url + "/zstack/v1"
    password = hashlib.sha512(b"password").hexdigest()
    request = LogInByAccountRequest.from_dict(
        {"logInByAccount": {"accountName": "admin", "password": password}}
    )
    answer = log_in_by_account.sync(client=Client(base_url=base_url), body=request)
    session = answer.inventory.uuid
    # The value of the header has a prefix, which OpenAPI cannot express.
    client = AuthenticatedClient(base_url=base_url, token=session, prefix="OAuth")

    answer = query_vm_instance.sync(client=client, q=["state=Running"], sort="name")
    names = [vm.name for vm in answer.inventories]
    assert "web-1" in names, names
    print("running:", ", ".join(names))

    answer = get_candidate_vm_for_attaching_iso.sync(client=client, iso_uuid=ISO)
    assert VM in [vm.uuid for vm in answer.inventories]
    print("could take the ISO:", ", ".join(vm.name for vm in answer.inventories))

    # As a job: the caller names it, gets 202, and polls.
    job = uuid.uuid4().hex
    answer = attach_iso_to_vm_instance.sync(VM, ISO, client=client, x_job_uuid=job)
    assert isinstance(answer, JobAccepted) and answer.location.endswith(job), answer
    print("a job:", answer.location.removeprefix(url))
    while (polled := get_api_job.sync_detailed(job, client=client)).status_code == 202:
        time.sleep(0.05)
    assert polled.status_code == 200, polled
    result = AttachIsoToVmInstanceResponse.from_dict(polled.parsed.to_dict())
    assert ISO in [drive.iso_uuid for drive in result.inventory.vm_cd_roms]
    print("attached to", result.inventory.name)

    # Without a job.
    answer = detach_iso_from_vm_instance.sync(VM, client=client, iso_uuid=ISO)
    assert ISO not in [drive.iso_uuid for drive in answer.inventory.vm_cd_roms]
    print("detached again")

    # One of several operations on a path; the node refuses it.
    request = ReimageVmInstanceRequest.from_dict({"reimageVmInstance": {}})
    answer = put_vm_instances_item_actions.sync(VM, client=client, body=request)
    assert isinstance(answer, ErrorResponse) and answer.error.code == "VM.1014", answer
    print("refused:", answer.error.code, answer.error.details)


with subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
    main(node.stdout.readline().strip().removeprefix("listening on "))
    node.stdin.close()
