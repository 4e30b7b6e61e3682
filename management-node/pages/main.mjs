// The dashboard: logs in, looks again every two seconds, does what it is told.

import { log } from "./calls.mjs";
import { chooseIso, confirm } from "./dialogs.mjs";
import { watchDrags } from "./drag.mjs";
import { $, copy, say, show } from "./elements.mjs";
import { Node, Refused } from "./node.mjs";
import { ACTIONS, OPPOSITES, drivesOf, refusal } from "./rules.mjs";
import { clock, duration } from "./text.mjs";
import { render } from "./view.mjs";

/** How long between two looks, and how many of a kind are looked at. */
const EVERY = 2_000;
const MOST = 200;

const node = new Node();

/** What was seen last. `busy` are the VM instances with a call under way. */
const cloud = {
  vms: [], vmTotal: 0, images: new Map(), imageTotal: 0, jobs: [], like: "",
  busy: new Set(), origins: new Map(), used: new Map(),
};

let timer;
let looking = null;
let downSince = null;
let isOver = false;

// ---------------------------------------------------------------- looking

async function look() {
  const { session } = node;
  let seen;
  try {
    seen = await Promise.all([
      node.ask("QueryVmInstance", { like: cloud.like || undefined, limit: MOST }),
      node.ask("QueryImage", { limit: MOST }),
      node.jobs(),
    ]);
  } catch (failure) {
    if (session === node.session) {
      failed(failure);
    }
    return;
  }
  if (session !== node.session) {
    // Somebody has logged out meanwhile; another account may see less.
    return;
  }
  const [vms, images, jobs] = seen;
  cloud.vms = vms.inventories;
  cloud.vmTotal = vms.total ?? vms.inventories.length;
  cloud.images = new Map(images.inventories.map((it) => [it.uuid, it]));
  cloud.imageTotal = images.total ?? images.inventories.length;
  cloud.jobs = jobs;
  connected();
  render(cloud);
}

/** Looks now: what is waited for shows what was there when it was asked for. */
async function refresh() {
  clearTimeout(timer);
  await looking;
  clearTimeout(timer);
  if (!node.session || isOver) {
    return;
  }
  looking = look();
  await looking;
  if (!document.hidden) {
    timer = setTimeout(refresh, EVERY);
  }
}

function connected() {
  if (downSince !== null) {
    say(`The node answers again, after ${duration(Date.now() - downSince)}.`);
  }
  downSince = null;
  show($("connection"), false);
  $("cloud").classList.remove("stale");
}

function failed(failure) {
  if (failure instanceof Refused) {
    connected();
    if (failure.isSessionOver) {
      sessionOver();
      return;
    }
    banner(`The node refuses to tell what there is. ${failure.message}`);
    return;
  }
  downSince ??= Date.now();
  $("cloud").classList.add("stale");
  banner(`The node does not answer since ${clock(downSince)}; trying again.`);
}

function banner(words) {
  if ($("connection").textContent !== words) {
    $("connection").textContent = words;
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

function problem(failure) {
  if (failure instanceof Refused) {
    return failure.error ? `${failure.error.details ?? failure.error.description} (${failure.error.code})` : failure.message;
  }
  return `The node does not answer (${failure.message}); is it running?`;
}

/** A form that logs in; `then` is what follows. */
function watchLogin(form, name, then) {
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
      error.textContent = problem(failure);
      show(error, true);
      password.focus();
      password.select();
    } finally {
      button.disabled = false;
    }
  });
}

function within(isIn) {
  show($("login"), !isIn);
  show($("cloud"), isIn);
  for (const it of [...document.querySelectorAll(".within"), $("account"), $("copy-session"), $("log-out")]) {
    show(it, isIn);
  }
}

watchLogin($("login-form"), "login", async () => {
  within(true);
  await refresh();
  $("vms-title").focus({ preventScroll: true });
});

watchLogin($("again-form"), "again", () => {
  isOver = false;
  $("login-again").close();
  say("Logged in again.");
  refresh();
});

function sessionOver() {
  if (isOver) {
    return;
  }
  isOver = true;
  $("again-account").value = $("account").textContent;
  show($("again-error"), false);
  $("login-again").showModal();
  $("again-password").focus();
}

// Without a session there is nothing behind the question to go back to.
$("login-again").addEventListener("cancel", (event) => event.preventDefault());

$("log-out").addEventListener("click", async () => {
  clearTimeout(timer);
  try {
    await node.logOut();
  } catch (failure) {
    say(`The node did not hear of it: ${failure.message}`);
  }
  connected();
  within(false);
  Object.assign(cloud, { vms: [], vmTotal: 0, images: new Map(), imageTotal: 0, jobs: [], like: "" });
  render(cloud);
  $("vm-filter").value = "";
  $("call-list").replaceChildren();
  show($("no-call"), true);
  $("login-account").focus();
});

$("copy-session").addEventListener("click", (event) => copy(event.currentTarget, `SESSION=${node.session}`));

// ---------------------------------------------------------------- doing

const vmOf = (uuid) => cloud.vms.find((it) => it.uuid === uuid);
const driveOf = (vm, uuid) => drivesOf(vm).find((it) => it.uuid === uuid);

/** Calls an operation for a VM instance, and shows what comes of it. */
async function run(operation, vm, about, parameters) {
  cloud.busy.add(vm.uuid);
  render(cloud);
  const call = await node.call(operation, { vm: vm.uuid, ...parameters }, log(about));
  cloud.busy.delete(vm.uuid);
  if (call.state === "done") {
    say(`${operation} is done: ${about}, ${duration(call.took)}.`);
  } else {
    say(`${operation}, ${about}: ${call.failure.message}`);
  }
  if (call.failure instanceof Refused && call.failure.isSessionOver) {
    render(cloud);
    sessionOver();
  } else {
    await refresh();
  }
  return call;
}

async function act(action, vm, drive) {
  const { operation, label, asks, typed } = ACTIONS[action];
  if (asks) {
    const question = { title: `${label} ${vm.name}?`, text: asks, label, typed: typed ? vm.name : undefined };
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
    isos = (await node.ask("GetCandidateIsoForAttachingVm", { vm: vm.uuid })).inventories;
  } catch (failure) {
    failed(failure);
    say(problem(failure));
    return;
  }
  let text = isos.length ? "These can get to where it is." : "No ISO can get to where it is that is not in it already.";
  if (vm.state === "Paused") {
    // The platform names no candidates for it, and attaches all the same.
    isos = [...cloud.images.values()].filter((iso) => iso.mediaType === "ISO" && !refusal("attach", vm, { drive, iso }));
    text = "The platform names candidates only for what runs or is stopped; these are all ISOs.";
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
    say(button.title);
    return;
  }
  const vm = vmOf(button.closest("[data-vm]").dataset.vm);
  const drive = button.closest("[data-drive]")?.dataset.drive;
  if (vm) {
    act(button.dataset.action, vm, drive && driveOf(vm, drive)).then(() => keepFocus(button, vm));
  }
});

/** A button that is gone, or gave way to its opposite, leaves the focus beside it. */
function keepFocus(button, vm) {
  const { activeElement } = document;
  if ((button.isConnected && !button.hidden) || (activeElement !== document.body && activeElement !== button)) {
    return;
  }
  const beside = button.isConnected ? button.parentElement : $("vm-list").querySelector(`[data-vm="${CSS.escape(vm.uuid)}"]`);
  const usable = [...(beside?.querySelectorAll("button:not([hidden], [aria-disabled])") ?? [])];
  const opposite = usable.find((it) => it.dataset.action === OPPOSITES[button.dataset.action]);
  (opposite ?? usable[0])?.focus({ preventScroll: true });
}

/** What is held comes out of a drive of `vm`, or from the list of images. */
watchDrags({
  refuses({ iso, vm: from }, to) {
    const vm = vmOf(to.vm);
    const drive = driveOf(vm, to.drive);
    // Within one VM instance it is taken out first.
    const rest = { ...vm, vmCdRoms: drivesOf(vm).map((it) => (from === vm.uuid && it.isoUuid === iso ? { ...it, isoUuid: undefined } : it)) };
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
    cloud.like = event.target.value.trim();
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
    // It is chosen for this page only.
  }
  showTheme();
});
dark.addEventListener("change", showTheme);

showTheme();
show($("theme"), true);
within(false);
if (!node.canHash) {
  show($("no-hash"), true);
  show($("login-form"), false);
} else {
  $("login-account").focus();
}
