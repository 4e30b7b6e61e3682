// What can be done with a VM instance now, and if not, why not. The node has
// the last word: these only keep from asking for what it would refuse.

const ON_RECORD = ["Running", "Paused", "Stopped"];
const ANY = null;

/**
 * By name: the operation, what its button says, and the states that it needs.
 * `asks` is what a person is asked before it is done.
 */
export const ACTIONS = {
  start: { operation: "StartVmInstance", label: "Start", states: ["Created", "Stopped", "Crashed"] },
  stop: {
    operation: "StopVmInstance",
    label: "Stop",
    states: ["NoState", "Running", "Unknown", "Crashed", "Paused"],
  },
  reboot: { operation: "RebootVmInstance", label: "Reboot", states: ["NoState", "Running", "Crashed"] },
  pause: { operation: "PauseVmInstance", label: "Pause", states: ["Running"] },
  resume: { operation: "ResumeVmInstance", label: "Resume", states: ["Paused"] },
  reimage: {
    operation: "ReimageVmInstance",
    label: "Reimage",
    states: ["Stopped"],
    asks: "Its root disk begins again as a copy of its image. What was on it stays in a snapshot only.",
  },
  destroy: {
    operation: "DestroyVmInstance",
    label: "Destroy",
    states: ANY,
    asks: "It is stopped and gives back its addresses. It can be recovered until it is expunged.",
    typed: true,
  },
  recover: { operation: "RecoverVmInstance", label: "Recover", states: ["Destroyed"] },
  createDrive: { operation: "CreateVmCdRom", label: "Add drive", states: ["Stopped"] },
  deleteDrive: { operation: "DeleteVmCdRom", label: "Delete", states: ["Stopped"] },
  setDefault: { operation: "SetVmInstanceDefaultCdRom", label: "Make default", states: ANY },
  attach: { operation: "AttachIsoToVmInstance", label: "Attach", states: ON_RECORD },
  detach: { operation: "DetachIsoFromVmInstance", label: "Detach", states: ON_RECORD },
};

/** What can be done once an action is done, and takes its place. */
export const OPPOSITES = {
  pause: "resume",
  resume: "pause",
  destroy: "recover",
  recover: "destroy",
  attach: "detach",
  detach: "attach",
};

/** How many drives the hypervisor has letters for. */
const MOST_DRIVES = 3;

/** Of two actions of which the state allows one at most, the one to show. */
export const shown = (vm) => ({
  pause: vm.state !== "Paused",
  resume: vm.state === "Paused",
  destroy: vm.state !== "Destroyed",
  recover: vm.state === "Destroyed",
});

export const drivesOf = (vm) => [...(vm.vmCdRoms ?? [])].sort((a, b) => a.deviceId - b.deviceId);

const alternatives = (words) =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;

/**
 * Why an action would be refused, as a sentence; null if it would not.
 * `drive` is the drive that it is about, `iso` the image, and `images` are all
 * that are known, by UUID.
 */
export function refusal(action, vm, { drive, iso, images = new Map() } = {}) {
  const { states } = ACTIONS[action];
  if (states && !states.includes(vm.state)) {
    return `${vm.name} is ${vm.state}; it must be ${alternatives(states)}.`;
  }
  const drives = drivesOf(vm);
  switch (action) {
    case "destroy":
      return vm.state === "Destroyed" ? `${vm.name} is destroyed already.` : null;
    case "reimage":
      return cannotReimage(vm, images);
    case "createDrive":
      if (!vm.vmCdRoms) {
        return "The release that is played cannot add one.";
      }
      return drives.length < MOST_DRIVES ? null : `${vm.name} has ${MOST_DRIVES} drives, the most there can be.`;
    case "setDefault":
      return drive.deviceId === 0 ? "It is the default drive already." : null;
    case "detach":
      return drive.isoUuid ? null : "The drive is empty.";
    case "attach":
      return cannotAttach(vm, drives, drive, iso);
    default:
      return null;
  }
}

function cannotReimage(vm, images) {
  const root = (vm.allVolumes ?? []).find((it) => it.type === "Root");
  if (!root?.rootImageUuid) {
    return `The root disk of ${vm.name} was not made from an image.`;
  }
  const isIso = images.get(root.rootImageUuid)?.mediaType === "ISO";
  return isIso ? `The root disk of ${vm.name} was made from an ISO, not from a template.` : null;
}

function cannotAttach(vm, drives, drive, iso) {
  if (drive?.isoUuid) {
    return "The drive holds an ISO already; detach that first.";
  }
  if (!drives.some((it) => !it.isoUuid)) {
    return `${vm.name} has no empty drive.`;
  }
  if (!iso) {
    return null;
  }
  if (iso.mediaType !== "ISO") {
    return `${iso.name} is no ISO.`;
  }
  if (drives.some((it) => it.isoUuid === iso.uuid)) {
    return `${iso.name} is in a drive of ${vm.name} already.`;
  }
  if (vm.state !== "Stopped" && iso.status !== "Ready") {
    return `${iso.name} is ${iso.status}; it must be Ready, since ${vm.name} is ${vm.state}.`;
  }
  return null;
}
