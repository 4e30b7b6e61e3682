// The actions on VM instances, and why they would be refused now. The node decides;
// these rules only disable actions that it would refuse.

const ATTACHABLE = ["Running", "Paused", "Stopped"];
const ANY = null;

/**
 * The actions by name: the operation, the label of the button, and the states in
 * which it is allowed. `question` is the text of the confirmation, in which the
 * name of the VM instance has to be typed if `isTyped`.
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
    question: "The root disk is reset to a copy of its image. Its current content stays only in a snapshot.",
  },
  destroy: {
    operation: "DestroyVmInstance",
    label: "Destroy",
    states: ANY,
    question: "The VM instance is stopped and its addresses are released. It can be recovered until it is expunged.",
    isTyped: true,
  },
  recover: { operation: "RecoverVmInstance", label: "Recover", states: ["Destroyed"] },
  createDrive: { operation: "CreateVmCdRom", label: "Add drive", states: ["Stopped"] },
  deleteDrive: { operation: "DeleteVmCdRom", label: "Delete", states: ["Stopped"] },
  setDefault: { operation: "SetVmInstanceDefaultCdRom", label: "Make default", states: ANY },
  attach: { operation: "AttachIsoToVmInstance", label: "Attach", states: ATTACHABLE },
  detach: { operation: "DetachIsoFromVmInstance", label: "Detach", states: ATTACHABLE },
};

/** The action that replaces another one after it succeeded. */
export const OPPOSITES = {
  pause: "resume",
  resume: "pause",
  destroy: "recover",
  recover: "destroy",
  attach: "detach",
  detach: "attach",
};

/** The most CD-ROM drives of a VM instance; the hypervisor has no more drive letters. */
const DRIVE_LIMIT = 3;

/** Whether to show each of two opposite actions, of which the state allows at most one. */
export const visibleActions = (vm) => ({
  pause: vm.state !== "Paused",
  resume: vm.state === "Paused",
  destroy: vm.state !== "Destroyed",
  recover: vm.state === "Destroyed",
});

export const drivesOf = (vm) => [...(vm.vmCdRoms ?? [])].sort((a, b) => a.deviceId - b.deviceId);

const alternatives = (words) =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;

/**
 * Why an action would be refused, as a sentence; null if it would not. `drive`
 * and `iso` are the targets of the action, and `images` all images by UUID.
 */
export function refusal(action, vm, { drive, iso, images = new Map() } = {}) {
  const { states } = ACTIONS[action];
  if (states && !states.includes(vm.state)) {
    return `${vm.name} is ${vm.state}; it must be ${alternatives(states)}.`;
  }
  const drives = drivesOf(vm);
  switch (action) {
    case "destroy":
      return vm.state === "Destroyed" ? `${vm.name} is already destroyed.` : null;
    case "reimage":
      return reimageRefusal(vm, images);
    case "createDrive":
      if (!vm.vmCdRoms) {
        return "The emulated release does not support CD-ROM drives.";
      }
      return drives.length < DRIVE_LIMIT ? null : `${vm.name} has the maximum of ${DRIVE_LIMIT} drives.`;
    case "setDefault":
      return drive.deviceId === 0 ? "This is already the default drive." : null;
    case "detach":
      return drive.isoUuid ? null : "The drive is empty.";
    case "attach":
      return attachRefusal(vm, drives, drive, iso);
    default:
      return null;
  }
}

function reimageRefusal(vm, images) {
  const root = (vm.allVolumes ?? []).find((volume) => volume.type === "Root");
  if (!root?.rootImageUuid) {
    return `The root disk of ${vm.name} was not made from an image.`;
  }
  const isIso = images.get(root.rootImageUuid)?.mediaType === "ISO";
  return isIso ? `The root disk of ${vm.name} was made from an ISO, not from a template.` : null;
}

function attachRefusal(vm, drives, drive, iso) {
  if (drive?.isoUuid) {
    return "The drive already contains an ISO; detach it first.";
  }
  if (!drives.some((other) => !other.isoUuid)) {
    return `${vm.name} has no empty drive.`;
  }
  if (!iso) {
    return null;
  }
  if (iso.mediaType !== "ISO") {
    return `${iso.name} is not an ISO.`;
  }
  if (drives.some((other) => other.isoUuid === iso.uuid)) {
    return `${iso.name} is already in a drive of ${vm.name}.`;
  }
  if (vm.state !== "Stopped" && iso.status !== "Ready") {
    return `${iso.name} is ${iso.status}; it must be Ready, since ${vm.name} is ${vm.state}.`;
  }
  return null;
}
