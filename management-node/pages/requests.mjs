// The requests of the dashboard: method, path and body, as in the spec.

export const BASE = "/zstack/v1";

const part = encodeURIComponent;
const vmPath = (uuid) => `/vm-instances/${part(uuid)}`;
const act = (path, action) => ({ method: "PUT", path: `${path}/actions`, body: { [action]: {} } });

const query = (path, parameters) => {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(pairs).toString();
  return { method: "GET", path: text ? `${path}?${text}` : path };
};

/** The requests, by the names of their operations. */
export const REQUESTS = {
  LogInByAccount: ({ account, hash }) => ({
    method: "PUT",
    path: "/accounts/login",
    body: { logInByAccount: { accountName: account, password: hash } },
  }),
  LogOut: ({ session }) => ({ method: "DELETE", path: `/accounts/sessions/${part(session)}` }),
  QueryVmInstance: ({ nameFilter, limit }) =>
    query("/vm-instances", { q: nameFilter ? `name~=%${nameFilter}%` : undefined, limit, replyWithCount: true }),
  QueryImage: ({ limit }) => query("/images", { limit, replyWithCount: true }),
  GetCandidateIsoForAttachingVm: ({ vm }) => ({ method: "GET", path: `${vmPath(vm)}/iso-candidates` }),
  StartVmInstance: ({ vm }) => act(vmPath(vm), "startVmInstance"),
  StopVmInstance: ({ vm }) => act(vmPath(vm), "stopVmInstance"),
  RebootVmInstance: ({ vm }) => act(vmPath(vm), "rebootVmInstance"),
  PauseVmInstance: ({ vm }) => act(vmPath(vm), "pauseVmInstance"),
  ResumeVmInstance: ({ vm }) => act(vmPath(vm), "resumeVmInstance"),
  RecoverVmInstance: ({ vm }) => act(vmPath(vm), "recoverVmInstance"),
  ReimageVmInstance: ({ vm }) => act(vmPath(vm), "reimageVmInstance"),
  DestroyVmInstance: ({ vm }) => ({ method: "DELETE", path: vmPath(vm) }),
  // Without a drive, the platform uses the first empty one.
  AttachIsoToVmInstance: ({ vm, iso, drive }) => ({
    method: "POST",
    path: `${vmPath(vm)}/iso/${part(iso)}`,
    body: drive ? { null: {}, systemTags: [`cdromUuid::${drive}`] } : { null: {} },
  }),
  DetachIsoFromVmInstance: ({ vm, iso }) => ({
    ...query(`${vmPath(vm)}/iso`, { isoUuid: iso }),
    method: "DELETE",
  }),
  CreateVmCdRom: ({ vm, name }) => ({
    method: "POST",
    path: "/vm-instances/cdroms",
    body: { params: { name, vmInstanceUuid: vm } },
  }),
  DeleteVmCdRom: ({ drive }) => ({ method: "DELETE", path: `/vm-instances/cdroms/${part(drive)}` }),
  SetVmInstanceDefaultCdRom: ({ vm, drive }) =>
    act(`${vmPath(vm)}/cdroms/${part(drive)}`, "setVmInstanceDefaultCdRom"),
};

/** The request of an operation, with its path from the root of the server. */
export function request(operation, parameters = {}) {
  const { method, path, body } = REQUESTS[operation](parameters);
  return { operation, method, path: BASE + path, body };
}

const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A request as a curl command, for a shell with the session in SESSION. */
export function curl(origin, { method, path, body }) {
  const words = ["curl", "-X", method, quote(origin + path), "-H", '"Authorization: OAuth $SESSION"'];
  if (body !== undefined) {
    words.push("-H", quote("Content-Type: application/json"), "-d", quote(JSON.stringify(body)));
  }
  return words.join(" ");
}
