// Renders the cloud.

import { $, attribute, element, field, fill, highlight, make, part, show, text } from "./elements.mjs";
import { animateIso } from "./iso_animation.mjs";
import { patch } from "./patch.mjs";
import { ACTIONS, drivesOf, refusal, visibleActions } from "./rules.mjs";
import { clock, docs, duration, short, size } from "./format.mjs";

const VM_ACTIONS = ["start", "stop", "reboot", "pause", "resume", "createDrive", "reimage", "destroy", "recover"];
const DRIVE_ACTIONS = ["attach", "detach", "setDefault", "deleteDrive"];

/** The color of each state. */
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

/** Adds a button for each action, with room for its target and for why it is disabled. */
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

/** Updates a button. A disabled button stays reachable by keyboard, and gives the reason. */
function updateButton(button, id, target, reason) {
  const reasonText = button.nextElementSibling;
  text(button.firstElementChild, ` ${target}`, true);
  text(reasonText, reason ?? "", true);
  reasonText.id = id;
  attribute(button, "aria-disabled", reason ? "true" : null);
  attribute(button, "aria-describedby", reason ? id : null);
  attribute(button, "title", reason);
}

function makeVm(vm) {
  const item = make("vm-template");
  item.dataset.vm = vm.uuid;
  const title = field(item, "name");
  title.id = `vm-${vm.uuid}`;
  item.firstElementChild.setAttribute("aria-labelledby", title.id);
  const actions = part(item, "vm-actions");
  actions.setAttribute("aria-labelledby", title.id);
  makeButtons(actions, VM_ACTIONS);
  return item;
}

function updateVm(item, vm, isNew, cloud) {
  const isMoved = field(item, "state").textContent !== vm.state;
  fill(item, {
    name: vm.name ?? vm.uuid,
    state: vm.state,
    host: vm.hostUuid ? short(vm.hostUuid) : "none",
    uuid: short(vm.uuid),
    size: `${vm.cpuNum} CPU, ${size(vm.memorySize)}`,
    addresses: (vm.vmNics ?? []).map((nic) => nic.ip).filter(Boolean).join(", ") || "none",
  }, isNew);
  pill(field(item, "state"), vm.state, docs.value("VmInstanceState", vm.state));
  attribute(item, "data-state", vm.state);
  attribute(field(item, "host"), "title", vm.hostUuid ?? null);
  attribute(field(item, "uuid"), "title", vm.uuid);
  if (isMoved && !isNew) {
    highlight(item);
  }
  const drives = drivesOf(vm);
  const none = part(item, "no-drive");
  show(none, drives.length === 0);
  text(none, vm.vmCdRoms ? "None." : "Not in the emulated release.", true);
  patch(part(item, "drives"), drives, {
    key: (drive) => drive.uuid,
    create: makeDrive,
    update: (node, drive, fresh) => updateDrive(node, drive, vm, fresh, isNew, cloud),
  });
  const visible = visibleActions(vm);
  for (const button of part(item, "vm-actions").querySelectorAll("button")) {
    const { action } = button.dataset;
    show(button, visible[action] ?? true);
    const reason = cloud.busy.has(vm.uuid) ? busyReason(vm) : refusal(action, vm, cloud);
    updateButton(button, `why-${action}-${vm.uuid}`, vm.name, reason);
  }
}

const busyReason = (vm) => `Another call for ${vm.name} is in progress.`;

function makeDrive(drive) {
  const item = make("drive-template");
  item.dataset.drive = drive.uuid;
  makeButtons(part(item, "actions"), DRIVE_ACTIONS);
  return item;
}

function updateDrive(item, drive, vm, isNew, isNewVm, cloud) {
  const iso = drive.isoUuid && cloud.images.get(drive.isoUuid);
  fill(item, {
    place: `Drive ${drive.deviceId}`,
    iso: drive.isoUuid ? (iso?.name ?? short(drive.isoUuid)) : "empty",
  }, isNew);
  attribute(item, "title", `${drive.name ?? ""} ${drive.uuid}`.trim());
  const chip = field(item, "iso");
  const before = item.dataset.iso;
  attribute(item, "data-iso", drive.isoUuid ?? null);
  attribute(chip, "draggable", drive.isoUuid ? "true" : null);
  if (drive.isoUuid && drive.isoUuid !== before && !isNewVm) {
    animateIso(chip, cloud.origins.get(drive.isoUuid), $("image-list").querySelector(`[data-image="${CSS.escape(drive.isoUuid)}"]`));
  }
  if (before && before !== drive.isoUuid) {
    cloud.origins.set(before, { from: chip, at: Date.now() });
  }
  if (isNew && !isNewVm) {
    highlight(item);
  }
  show(part(item, "default"), drive.deviceId === 0);
  const target = `drive ${drive.deviceId} of ${vm.name}`;
  const applies = { attach: !drive.isoUuid, detach: Boolean(drive.isoUuid), setDefault: drive.deviceId !== 0 };
  for (const button of part(item, "actions").querySelectorAll("button")) {
    const { action } = button.dataset;
    show(button, applies[action] ?? true);
    const reason = cloud.busy.has(vm.uuid) ? busyReason(vm) : refusal(action, vm, { drive });
    updateButton(button, `why-${action}-${drive.uuid}`, target, reason);
  }
}

function updateImage(item, image, isNew, cloud) {
  const isIso = image.mediaType === "ISO";
  const count = cloud.isoUses.get(image.uuid) ?? 0;
  fill(item, {
    name: image.name ?? image.uuid,
    media: isIso ? "ISO" : "template",
    status: image.status ?? "",
    size: size(image.size),
    state: image.state === "Enabled" ? "" : (image.state ?? ""),
    used: isIso && count ? `in ${count} ${count === 1 ? "drive" : "drives"}` : "",
  }, isNew);
  pill(field(item, "status"), image.status, docs.value("ImageStatus", image.status));
  attribute(item, "draggable", isIso ? "true" : null);
  attribute(item, "title", image.uuid);
  show(part(item, "grip"), isIso);
}

function updateJob(item, job, isNew) {
  fill(item, {
    operation: job.operation,
    state: job.state,
    code: job.errorCode ?? "",
    submitted: clock(job.submitted),
    took: job.ended ? duration(new Date(job.ended) - new Date(job.submitted)) : "",
    uuid: short(job.uuid),
  }, isNew);
  attribute(field(item, "operation"), "href", docs.operation(job.operation));
  attribute(field(item, "submitted"), "datetime", job.submitted);
  attribute(field(item, "uuid"), "title", job.uuid);
  attribute(field(item, "code"), "href", job.errorCode ? docs.error(job.errorCode) : null);
  pill(field(item, "state"), job.state);
}

const formatCount = (shownCount, total) => (total > shownCount ? `${shownCount} of ${total}` : `${shownCount}`);

/** The number of drives that contain each ISO. */
function countIsoUses(vms) {
  const uses = new Map();
  for (const { isoUuid } of vms.flatMap(drivesOf).filter((drive) => drive.isoUuid)) {
    uses.set(isoUuid, (uses.get(isoUuid) ?? 0) + 1);
  }
  return uses;
}

/** Renders the cloud, and changes only elements that differ. */
export function render(cloud) {
  cloud.isoUses = countIsoUses(cloud.vms);
  const isEmpty = cloud.vms.length === 0 && cloud.images.size === 0 && !cloud.nameFilter;
  show($("empty-cloud"), isEmpty);
  show($("no-vm"), cloud.vms.length === 0 && !isEmpty);
  text($("no-vm"), cloud.nameFilter ? "No VM instance matches." : "No VM instances.", true);
  text($("vm-count"), formatCount(cloud.vms.length, cloud.vmTotal), true);
  text($("image-count"), formatCount(cloud.images.size, cloud.imageTotal), true);
  patch($("vm-list"), cloud.vms, {
    key: (vm) => vm.uuid,
    create: makeVm,
    update: (node, vm, isNew) => updateVm(node, vm, isNew, cloud),
  });
  show($("no-image"), cloud.images.size === 0);
  patch($("image-list"), [...cloud.images.values()], {
    key: (image) => image.uuid,
    create: (image) => {
      const item = make("image-template");
      item.dataset.image = image.uuid;
      return item;
    },
    update: (node, image, isNew) => updateImage(node, image, isNew, cloud),
  });
  show($("no-job"), cloud.jobs.length === 0);
  text($("job-count"), cloud.jobs.length ? `newest ${cloud.jobs.length}` : "", true);
  patch($("job-list"), cloud.jobs, {
    key: (job) => job.uuid,
    create: (job) => {
      const item = make("job-template");
      item.dataset.job = job.uuid;
      return item;
    },
    update: updateJob,
  });
}
