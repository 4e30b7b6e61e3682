// Shows what is in the cloud.

import { $, attribute, element, field, fill, highlight, make, part, show, text } from "./elements.mjs";
import { fly } from "./fly.mjs";
import { patch } from "./keyed.mjs";
import { ACTIONS, drivesOf, refusal, shown } from "./rules.mjs";
import { clock, docs, duration, short, size } from "./text.mjs";

const VM_ACTIONS = ["start", "stop", "reboot", "pause", "resume", "createDrive", "reimage", "destroy", "recover"];
const DRIVE_ACTIONS = ["attach", "detach", "setDefault", "deleteDrive"];

/** How good a state is, for its colour; the word says the rest. */
const TONES = {
  Running: "good", Ready: "good", Done: "good", Paused: "warn", Processing: "warn",
  Failed: "bad", Crashed: "bad", Deleted: "bad", Destroyed: "bad",
};

function pill(element, word, href) {
  attribute(element, "data-tone", TONES[word] ?? "plain");
  if (href) {
    attribute(element, "href", href);
  }
}

/** Buttons, one for each action, each of which says for whom it is. */
function makeButtons(box, actions) {
  for (const action of actions) {
    const button = element("button", "", ACTIONS[action].label);
    button.type = "button";
    button.dataset.action = action;
    button.append(element("span", "unseen", ""));
    const reason = element("span", "unseen", "");
    reason.hidden = true;
    box.append(button, reason);
  }
}

/** A button that cannot be used stays in the order of the keyboard, and says why. */
function updateButton(button, id, whom, reason) {
  const told = button.nextElementSibling;
  text(button.firstElementChild, ` ${whom}`, true);
  text(told, reason ?? "", true);
  told.id = id;
  attribute(button, "aria-disabled", reason ? "true" : null);
  attribute(button, "aria-describedby", reason ? id : null);
  attribute(button, "title", reason);
}

function makeVm(vm) {
  const it = make("vm-template");
  it.dataset.vm = vm.uuid;
  const title = field(it, "name");
  title.id = `vm-${vm.uuid}`;
  it.firstElementChild.setAttribute("aria-labelledby", title.id);
  const actions = part(it, "vm-actions");
  actions.setAttribute("aria-labelledby", title.id);
  makeButtons(actions, VM_ACTIONS);
  return it;
}

function updateVm(it, vm, isNew, cloud) {
  const isMoved = field(it, "state").textContent !== vm.state;
  fill(it, {
    name: vm.name ?? vm.uuid,
    state: vm.state,
    host: vm.hostUuid ? short(vm.hostUuid) : "none",
    uuid: short(vm.uuid),
    size: `${vm.cpuNum} CPU, ${size(vm.memorySize)}`,
    addresses: (vm.vmNics ?? []).map((nic) => nic.ip).filter(Boolean).join(", ") || "none",
  }, isNew);
  pill(field(it, "state"), vm.state, docs.value("VmInstanceState", vm.state));
  attribute(it, "data-state", vm.state);
  attribute(field(it, "host"), "title", vm.hostUuid ?? null);
  attribute(field(it, "uuid"), "title", vm.uuid);
  if (isMoved && !isNew) {
    highlight(it);
  }
  const drives = drivesOf(vm);
  const none = part(it, "no-drive");
  show(none, drives.length === 0);
  text(none, vm.vmCdRoms ? "None." : "The release that is played tells nothing of them.", true);
  patch(part(it, "drives"), drives, {
    key: (drive) => drive.uuid,
    create: makeDrive,
    update: (node, drive, fresh) => updateDrive(node, drive, vm, fresh, isNew, cloud),
  });
  const visible = shown(vm);
  for (const button of part(it, "vm-actions").querySelectorAll("button")) {
    const { action } = button.dataset;
    show(button, visible[action] ?? true);
    const reason = cloud.busy.has(vm.uuid) ? busy(vm) : refusal(action, vm, cloud);
    updateButton(button, `why-${action}-${vm.uuid}`, vm.name, reason);
  }
}

const busy = (vm) => `Another call for ${vm.name} is under way.`;

function makeDrive(drive) {
  const it = make("drive-template");
  it.dataset.drive = drive.uuid;
  makeButtons(part(it, "actions"), DRIVE_ACTIONS);
  return it;
}

function updateDrive(it, drive, vm, isNew, isNewVm, cloud) {
  const iso = drive.isoUuid && cloud.images.get(drive.isoUuid);
  fill(it, {
    place: `Drive ${drive.deviceId}`,
    iso: drive.isoUuid ? (iso?.name ?? short(drive.isoUuid)) : "empty",
  }, isNew);
  attribute(it, "title", `${drive.name ?? ""} ${drive.uuid}`.trim());
  const chip = field(it, "iso");
  const before = it.dataset.iso;
  attribute(it, "data-iso", drive.isoUuid ?? null);
  attribute(chip, "draggable", drive.isoUuid ? "true" : null);
  if (drive.isoUuid && drive.isoUuid !== before && !isNewVm) {
    fly(chip, cloud.origins.get(drive.isoUuid), $("image-list").querySelector(`[data-image="${CSS.escape(drive.isoUuid)}"]`));
  }
  if (before && before !== drive.isoUuid) {
    cloud.origins.set(before, { from: chip, at: Date.now() });
  }
  if (isNew && !isNewVm) {
    highlight(it);
  }
  show(part(it, "default"), drive.deviceId === 0);
  const whom = `drive ${drive.deviceId} of ${vm.name}`;
  const applies = { attach: !drive.isoUuid, detach: Boolean(drive.isoUuid), setDefault: drive.deviceId !== 0 };
  for (const button of part(it, "actions").querySelectorAll("button")) {
    const { action } = button.dataset;
    show(button, applies[action] ?? true);
    const reason = cloud.busy.has(vm.uuid) ? busy(vm) : refusal(action, vm, { drive });
    updateButton(button, `why-${action}-${drive.uuid}`, whom, reason);
  }
}

function updateImage(it, image, isNew, cloud) {
  const isIso = image.mediaType === "ISO";
  const count = cloud.used.get(image.uuid) ?? 0;
  fill(it, {
    name: image.name ?? image.uuid,
    media: isIso ? "ISO" : "template",
    status: image.status ?? "",
    size: size(image.size),
    state: image.state === "Enabled" ? "" : (image.state ?? ""),
    used: isIso && count ? `in ${count} ${count === 1 ? "drive" : "drives"}` : "",
  }, isNew);
  pill(field(it, "status"), image.status, docs.value("ImageStatus", image.status));
  attribute(it, "draggable", isIso ? "true" : null);
  attribute(it, "title", image.uuid);
  show(part(it, "grip"), isIso);
}

function updateJob(it, job, isNew) {
  fill(it, {
    operation: job.operation,
    state: job.state,
    code: job.errorCode ?? "",
    submitted: clock(job.submitted),
    took: job.ended ? duration(new Date(job.ended) - new Date(job.submitted)) : "",
    uuid: short(job.uuid),
  }, isNew);
  attribute(field(it, "operation"), "href", docs.operation(job.operation));
  attribute(field(it, "submitted"), "datetime", job.submitted);
  attribute(field(it, "uuid"), "title", job.uuid);
  attribute(field(it, "code"), "href", job.errorCode ? docs.error(job.errorCode) : null);
  pill(field(it, "state"), job.state);
}

const counted = (shownCount, total) => (total > shownCount ? `${shownCount} of ${total}` : `${shownCount}`);

/** How many drives each ISO is in. */
function uses(vms) {
  const used = new Map();
  for (const { isoUuid } of vms.flatMap(drivesOf).filter((it) => it.isoUuid)) {
    used.set(isoUuid, (used.get(isoUuid) ?? 0) + 1);
  }
  return used;
}

/** Shows everything. Only what is different is touched. */
export function render(cloud) {
  cloud.used = uses(cloud.vms);
  const isEmpty = cloud.vms.length === 0 && cloud.images.size === 0 && !cloud.like;
  show($("empty-cloud"), isEmpty);
  show($("no-vm"), cloud.vms.length === 0 && !isEmpty);
  text($("no-vm"), cloud.like ? "No VM instance has such a name." : "There is no VM instance.", true);
  text($("vm-count"), counted(cloud.vms.length, cloud.vmTotal), true);
  text($("image-count"), counted(cloud.images.size, cloud.imageTotal), true);
  patch($("vm-list"), cloud.vms, {
    key: (vm) => vm.uuid,
    create: makeVm,
    update: (node, vm, isNew) => updateVm(node, vm, isNew, cloud),
  });
  show($("no-image"), cloud.images.size === 0);
  patch($("image-list"), [...cloud.images.values()], {
    key: (image) => image.uuid,
    create: (image) => {
      const it = make("image-template");
      it.dataset.image = image.uuid;
      return it;
    },
    update: (node, image, isNew) => updateImage(node, image, isNew, cloud),
  });
  show($("no-job"), cloud.jobs.length === 0);
  text($("job-count"), cloud.jobs.length ? `the newest ${cloud.jobs.length}` : "", true);
  patch($("job-list"), cloud.jobs, {
    key: (job) => job.uuid,
    create: (job) => {
      const it = make("job-template");
      it.dataset.job = job.uuid;
      return it;
    },
    update: updateJob,
  });
}
