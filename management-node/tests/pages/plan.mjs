// Reads the results of queries, and prints every action on every VM instance and
// drive: its request, and why the dashboard would disable it.

import { readFileSync } from "node:fs";

import { request } from "../../pages/requests.mjs";
import { ACTIONS, drivesOf, refusal } from "../../pages/rules.mjs";

const { vms, images: list } = JSON.parse(readFileSync(0, "utf8"));
const images = new Map(list.map((it) => [it.uuid, it]));
const isos = list.filter((it) => it.mediaType === "ISO");
const ofDrives = ["attach", "detach", "setDefault", "deleteDrive"];
const plan = [];

function add(action, vm, { drive, iso }) {
  const parameters = { vm: vm.uuid, drive: drive?.uuid, iso: iso?.uuid ?? drive?.isoUuid, name: "cd" };
  plan.push({
    action,
    on: `${vm.name}, which is ${vm.state}${drive ? `, drive ${drive.deviceId}` : ""}${iso ? `, ${iso.name}` : ""}`,
    request: request(ACTIONS[action].operation, parameters),
    reason: refusal(action, vm, { drive, iso, images }),
  });
}

for (const vm of vms) {
  for (const action of Object.keys(ACTIONS).filter((it) => !ofDrives.includes(it))) {
    add(action, vm, {});
  }
  for (const drive of drivesOf(vm)) {
    // An empty drive has nothing to detach.
    for (const action of ofDrives.filter((it) => it !== "detach" || drive.isoUuid)) {
      for (const iso of action === "attach" ? isos : [undefined]) {
        add(action, vm, { drive, iso });
      }
    }
  }
}
process.stdout.write(JSON.stringify(plan));
