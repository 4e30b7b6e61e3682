// The dashboard: logs in, queries the cloud every two seconds, and runs actions.

import { addLogEntry } from "./calls.mjs";
import { chooseIso, confirm } from "./dialogs.mjs";
import { handleDrags } from "./drag.mjs";
import { $, copy, notify, show } from "./elements.mjs";
import { Node, Refused } from "./node.mjs";
import { ACTIONS, OPPOSITES, drivesOf, refusal } from "./rules.mjs";
import { clock, duration } from "./format.mjs";
import { render } from "./view.mjs";

/** The pause between two refreshes in milliseconds, and the most resources of each kind. */
const INTERVAL = 2_000;
const LIMIT = 200;

const node = new Node();

/** The cloud as it was last read. `busy` are the VM instances with a call in progress. */
const cloud = {
  vms: [], vmTotal: 0, images: new Map(), imageTotal: 0, jobs: [], nameFilter: "",
  busy: new Set(), origins: new Map(), isoUses: new Map(),
};

let timer;
let reading = null;
let downSince = null;
let isExpired = false;

// ---------------------------------------------------------------- refreshing

async function readCloud() {
  const { session } = node;
  let results;
  try {
    results = await Promise.all([
      node.fetchResult("QueryVmInstance", { nameFilter: cloud.nameFilter || undefined, limit: LIMIT }),
      node.fetchResult("QueryImage", { limit: LIMIT }),
      node.fetchJobs(),
    ]);
  } catch (failure) {
    if (session === node.session) {
      showFailure(failure);
    }
    return;
  }
  if (session !== node.session) {
    // The session ended meanwhile; the next account may see less.
    return;
  }
  const [vms, images, jobs] = results;
  cloud.vms = vms.inventories;
  cloud.vmTotal = vms.total ?? vms.inventories.length;
  cloud.images = new Map(images.inventories.map((image) => [image.uuid, image]));
  cloud.imageTotal = images.total ?? images.inventories.length;
  cloud.jobs = jobs;
  showConnected();
  render(cloud);
}

/** Reads the cloud now, after a read that has begun already, so that it includes all earlier calls. */
async function refresh() {
  clearTimeout(timer);
  await reading;
  clearTimeout(timer);
  if (!node.session || isExpired) {
    return;
  }
  reading = readCloud();
  await reading;
  if (!document.hidden) {
    timer = setTimeout(refresh, INTERVAL);
  }
}

function showConnected() {
  if (downSince !== null) {
    notify(`The node responds again after ${duration(Date.now() - downSince)}.`);
  }
  downSince = null;
  show($("connection"), false);
  $("cloud").classList.remove("stale");
}

function showFailure(failure) {
  if (failure instanceof Refused) {
    showConnected();
    if (failure.isSessionExpired) {
      showExpired();
      return;
    }
    showBanner(`The node refused to list the resources. ${failure.message}`);
    return;
  }
  downSince ??= Date.now();
  $("cloud").classList.add("stale");
  showBanner(`No response from the node since ${clock(downSince)}; retrying.`);
}

function showBanner(text) {
  if ($("connection").textContent !== text) {
    $("connection").textContent = text;
  }
  show($("connection"), true);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    refresh();
  } else {
    clearTimeout(timer);
  }
});

// ---------------------------------------------------------------- logging in

function describeFailure(failure) {
  if (failure instanceof Refused) {
    return failure.error ? `${failure.error.details ?? failure.error.description} (${failure.error.code})` : failure.message;
  }
  return `The node does not respond (${failure.message}). Is it running?`;
}

/** Logs in with a form, and calls `then` afterwards. `name` is the prefix of the ids. */
function handleLogin(form, name, then) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { account, password } = form.elements;
    const [error, button] = [$(`${name}-error`), $(`${name}-submit`)];
    button.disabled = true;
    show(error, false);
    try {
      await node.logIn(account.value, password.value);
      $("account").textContent = account.value;
      password.value = "";
      then();
    } catch (failure) {
      error.textContent = describeFailure(failure);
      show(error, true);
      password.focus();
      password.select();
    } finally {
      button.disabled = false;
    }
  });
}

function showCloud(isLoggedIn) {
  show($("login"), !isLoggedIn);
  show($("cloud"), isLoggedIn);
  for (const part of [...document.querySelectorAll(".within"), $("account"), $("copy-session"), $("log-out")]) {
    show(part, isLoggedIn);
  }
}

handleLogin($("login-form"), "login", async () => {
  showCloud(true);
  await refresh();
  $("vms-title").focus({ preventScroll: true });
});

handleLogin($("again-form"), "again", () => {
  isExpired = false;
  $("login-again").close();
  notify("Logged in again.");
  refresh();
});

function showExpired() {
  if (isExpired) {
    return;
  }
  isExpired = true;
  $("again-account").value = $("account").textContent;
  show($("again-error"), false);
  $("login-again").showModal();
  $("again-password").focus();
}

// The page is of no use without a session, so the dialog stays open.
$("login-again").addEventListener("cancel", (event) => event.preventDefault());

$("log-out").addEventListener("click", async () => {
  clearTimeout(timer);
  try {
    await node.logOut();
  } catch (failure) {
    notify(`The session was not closed on the node: ${failure.message}`);
  }
  showConnected();
  showCloud(false);
  Object.assign(cloud, { vms: [], vmTotal: 0, images: new Map(), imageTotal: 0, jobs: [], nameFilter: "" });
  render(cloud);
  $("vm-filter").value = "";
  $("call-list").replaceChildren();
  show($("no-call"), true);
  $("login-account").focus();
});

$("copy-session").addEventListener("click", (event) => copy(event.currentTarget, `SESSION=${node.session}`));

// ---------------------------------------------------------------- actions

const vmOf = (uuid) => cloud.vms.find((vm) => vm.uuid === uuid);
const driveOf = (vm, uuid) => drivesOf(vm).find((drive) => drive.uuid === uuid);

/** Calls an operation on a VM instance, and shows its progress and result. */
async function run(operation, vm, about, parameters) {
  cloud.busy.add(vm.uuid);
  render(cloud);
  const call = await node.call(operation, { vm: vm.uuid, ...parameters }, addLogEntry(about));
  cloud.busy.delete(vm.uuid);
  if (call.state === "done") {
    notify(`${operation} succeeded: ${about}, ${duration(call.took)}.`);
  } else {
    notify(`${operation} failed: ${about}. ${call.failure.message}`);
  }
  if (call.failure instanceof Refused && call.failure.isSessionExpired) {
    render(cloud);
    showExpired();
  } else {
    await refresh();
  }
  return call;
}

async function act(action, vm, drive) {
  const { operation, label, question: text, isTyped } = ACTIONS[action];
  if (text) {
    const question = { title: `${label} ${vm.name}?`, text, label, typed: isTyped ? vm.name : undefined };
    if (!(await confirm(question))) {
      return;
    }
  }
  const about = drive ? `drive ${drive.deviceId} of ${vm.name}` : vm.name;
  switch (action) {
    case "attach":
      await attach(vm, drive, about);
      break;
    case "detach":
      await run(operation, vm, about, { iso: drive.isoUuid });
      break;
    case "createDrive":
      await run(operation, vm, about, { name: `cd-${drivesOf(vm).length}` });
      break;
    default:
      await run(operation, vm, about, { drive: drive?.uuid });
  }
}

async function attach(vm, drive, about) {
  let isos;
  try {
    isos = (await node.fetchResult("GetCandidateIsoForAttachingVm", { vm: vm.uuid })).inventories;
  } catch (failure) {
    showFailure(failure);
    notify(describeFailure(failure));
    return;
  }
  let text = isos.length ? "These ISOs are available to the VM instance." : "No other ISO is available to the VM instance.";
  if (vm.state === "Paused") {
    // The platform lists no candidates for paused VM instances, but attaches ISOs.
    isos = [...cloud.images.values()].filter((iso) => iso.mediaType === "ISO" && !refusal("attach", vm, { drive, iso }));
    text = "Candidates are known only for running and stopped VM instances; these are all ISOs.";
  }
  const iso = await chooseIso({ title: `Attach an ISO to ${about}`, text, isos });
  if (iso) {
    await run("AttachIsoToVmInstance", vm, `${iso.name} to ${about}`, { iso: iso.uuid, drive: drive.uuid });
  }
}

$("vm-list").addEventListener("click", (event) => {
  const button = event.target.closest("button[data-action]");
  if (!button) {
    return;
  }
  if (button.getAttribute("aria-disabled") === "true") {
    notify(button.title);
    return;
  }
  const vm = vmOf(button.closest("[data-vm]").dataset.vm);
  const drive = button.closest("[data-drive]")?.dataset.drive;
  if (vm) {
    act(button.dataset.action, vm, drive && driveOf(vm, drive)).then(() => keepFocus(button, vm));
  }
});

/** Moves the focus from a button that disappeared to its opposite, or to one nearby. */
function keepFocus(button, vm) {
  const { activeElement } = document;
  if ((button.isConnected && !button.hidden) || (activeElement !== document.body && activeElement !== button)) {
    return;
  }
  const box = button.isConnected ? button.parentElement : $("vm-list").querySelector(`[data-vm="${CSS.escape(vm.uuid)}"]`);
  const usable = [...(box?.querySelectorAll("button:not([hidden], [aria-disabled])") ?? [])];
  const opposite = usable.find((candidate) => candidate.dataset.action === OPPOSITES[button.dataset.action]);
  (opposite ?? usable[0])?.focus({ preventScroll: true });
}

/** An ISO is dragged from a drive of `vm`, or from the list of images. */
handleDrags({
  isRefused({ iso, vm: from }, to) {
    const vm = vmOf(to.vm);
    const drive = driveOf(vm, to.drive);
    // Within one VM instance, the ISO is detached first.
    const rest = { ...vm, vmCdRoms: drivesOf(vm).map((other) => (from === vm.uuid && other.isoUuid === iso ? { ...other, isoUuid: undefined } : other)) };
    return drive.isoUuid === iso || cloud.busy.has(vm.uuid) || refusal("attach", rest, { drive, iso: cloud.images.get(iso) });
  },
  async drop({ iso, vm: from }, to) {
    const vm = vmOf(to.vm);
    const drive = driveOf(vm, to.drive);
    const name = cloud.images.get(iso)?.name ?? iso;
    const source = from && vmOf(from);
    if (source) {
      const detached = await run("DetachIsoFromVmInstance", source, `${name} from ${source.name}`, { iso });
      if (detached.state !== "done") {
        return;
      }
    }
    await run("AttachIsoToVmInstance", vm, `${name} to drive ${drive.deviceId} of ${vm.name}`, { iso, drive: drive.uuid });
  },
});

let typing;
$("vm-filter").addEventListener("input", (event) => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    cloud.nameFilter = event.target.value.trim();
    refresh();
  }, 250);
});

// ---------------------------------------------------------------- the theme

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);

function showTheme() {
  $("theme").textContent = isDark() ? "Light" : "Dark";
  $("theme").setAttribute("aria-label", isDark() ? "Light theme" : "Dark theme");
}

$("theme").addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("theme", root.dataset.theme);
  } catch {
    // The choice lasts for this page only.
  }
  showTheme();
});
dark.addEventListener("change", showTheme);

showTheme();
show($("theme"), true);
showCloud(false);
if (!node.canHash) {
  show($("no-hash"), true);
  show($("login-form"), false);
} else {
  $("login-account").focus();
}
