import assert from "node:assert/strict";
import { test } from "node:test";

import { ACTIONS, OPPOSITES, drivesOf, refusal, visibleActions } from "../../pages/rules.mjs";

const template = { uuid: "t", name: "Rocky", mediaType: "RootVolumeTemplate", status: "Ready" };
const iso = { uuid: "i", name: "Rescue", mediaType: "ISO", status: "Ready" };
const images = new Map([template, iso].map((it) => [it.uuid, it]));

const vm = (state, drives = [], rootImageUuid = "t") => ({
  uuid: "v",
  name: "web-1",
  state,
  vmCdRoms: drives.map((isoUuid, deviceId) => ({ uuid: `d${deviceId}`, deviceId, isoUuid })),
  allVolumes: [{ type: "Data" }, { type: "Root", rootImageUuid }],
});

test("a reason names the allowed states", () => {
  assert.equal(refusal("stop", vm("Running")), null);
  assert.equal(refusal("start", vm("Running")), "web-1 is Running; it must be Created, Stopped or Crashed.");
  assert.equal(refusal("recover", vm("Stopped")), "web-1 is Stopped; it must be Destroyed.");
  for (const state of ["Running", "Starting", "Destroyed", "a new one"]) {
    assert.match(refusal("createDrive", vm(state)), /must be Stopped/);
  }
  assert.match(refusal("attach", vm("Destroyed", [undefined])), /Running, Paused or Stopped/);
});

test("every action has an operation, and every opposite is an action", () => {
  for (const action of Object.values(ACTIONS)) {
    assert.match(action.operation, /^[A-Z]/);
  }
  for (const [action, opposite] of Object.entries(OPPOSITES)) {
    assert.ok(ACTIONS[action] && ACTIONS[opposite]);
    assert.equal(OPPOSITES[opposite], action);
  }
});

test("one of two opposite actions is shown", () => {
  for (const state of ["Running", "Stopped", "Paused", "Destroyed"]) {
    const { pause, resume, destroy, recover } = visibleActions(vm(state));
    assert.ok(pause !== resume && destroy !== recover);
  }
});

test("drives are optional, and sorted by device ID", () => {
  const it = vm("Stopped", ["a", "b"]);
  it.vmCdRoms.reverse();
  assert.deepEqual(drivesOf(it).map((drive) => drive.deviceId), [0, 1]);
  assert.deepEqual(drivesOf({}), []);
});

test("actions on drives are refused where they make no sense", () => {
  const it = vm("Stopped", ["i", undefined]);
  const [full, empty] = drivesOf(it);
  assert.match(refusal("attach", it, { drive: full }), /detach it first/);
  assert.equal(refusal("attach", it, { drive: empty }), null);
  assert.match(refusal("attach", it, { drive: empty, iso }), /already in a drive of web-1/);
  assert.match(refusal("attach", it, { drive: empty, iso: template }), /is not an ISO/);
  assert.match(refusal("attach", vm("Stopped", ["i"])), /no empty drive/);
  assert.match(refusal("detach", it, { drive: empty }), /empty/);
  assert.equal(refusal("detach", it, { drive: full }), null);
  assert.match(refusal("setDefault", it, { drive: full }), /already/);
  assert.equal(refusal("setDefault", it, { drive: empty }), null);
  assert.match(refusal("createDrive", vm("Stopped", [undefined, undefined, undefined])), /3 drives/);
  assert.match(refusal("createDrive", { name: "old", state: "Stopped" }), /release/);
});

test("a running VM instance needs an ISO that is ready", () => {
  const late = { ...iso, uuid: "l", status: "Downloading" };
  const [drive] = drivesOf(vm("Running", [undefined]));
  assert.match(refusal("attach", vm("Running", [undefined]), { drive, iso: late }), /must be Ready/);
  assert.equal(refusal("attach", vm("Stopped", [undefined]), { drive, iso: late }), null);
});

test("only a root disk from a template can be reimaged", () => {
  assert.equal(refusal("reimage", vm("Stopped"), { images }), null);
  assert.match(refusal("reimage", vm("Stopped", [], "i"), { images }), /made from an ISO/);
  assert.match(refusal("reimage", { ...vm("Stopped"), allVolumes: [] }, { images }), /not made from an image/);
});
