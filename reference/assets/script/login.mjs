// A session with the node. It is kept in memory only, so leaving or reloading the
// site discards it.
import { errorChain, exchange, fetchPage } from "./connection.mjs";
import { button, el, root } from "./dom.mjs";
import { member, scalar, tree } from "./json.mjs";
import { request } from "./request.mjs";

// The session and its owner; the UUIDs are unknown if the reader entered a
// session.
export const login = { session: undefined, account: "", accountUuid: undefined, userUuid: undefined };

// The digest that is sent in place of a password.
async function hashPassword(password) {
  if (!globalThis.crypto?.subtle) {
    throw new Error("browsers hash passwords only on localhost or over HTTPS; enter a session UUID instead");
  }
  const digest = await crypto.subtle.digest("SHA-512", new TextEncoder().encode(password));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function openSession(account, password) {
  const operation = await fetchPage(new URL("operations/LogInByAccount.json", root()).href);
  if (!operation) {
    throw new Error("this API has no LogInByAccount; enter a session UUID instead");
  }
  const values = { accountName: tree(account), password: tree(await hashPassword(password)) };
  const response = await exchange(request(operation, values));
  const inventory = response.tree && member(response.tree, "inventory");
  const text = (name) => inventory && scalar(member(inventory, name));
  const session = text("uuid");
  if (!session) {
    const [error] = errorChain(response);
    throw new Error(error ? `${error.code}: ${error.details || error.description}` : `${response.status} ${response.text}`);
  }
  return { session, accountUuid: text("accountUuid"), userUuid: text("userUuid") };
}

// A form to log in, below the text `why`; `done` is called with a session in
// `login`.
export function loginForm(why, done) {
  const account = el("input", { name: "username", autocomplete: "username", required: true, value: login.account });
  const password = el("input", { name: "password", type: "password", autocomplete: "current-password" });
  const session = el("input", { name: "session", autocomplete: "off", spellcheck: "false" });
  const problem = el("p", { class: "problem", role: "alert" });
  const submit = async (event) => {
    event.preventDefault();
    problem.textContent = "";
    try {
      const given = session.value.trim();
      const opened = given ? { session: given, accountUuid: undefined, userUuid: undefined } : await openSession(account.value, password.value);
      Object.assign(login, opened, { account: given ? "" : account.value });
      done();
    } catch (error) {
      problem.textContent = `Login failed: ${error.message.replace(/\.$/, "")}.`;
    }
  };
  const form = el("form", { class: "login", novalidate: true, submit },
    el("p", {}, why),
    el("div", { class: "fields" },
      el("label", {}, "Account", account),
      el("label", {}, "Password", password),
      el("button", { type: "submit", class: "send" }, "Log in")),
    el("details", {}, el("summary", {}, "Use an existing session"), el("label", {}, "Session UUID", session)),
    problem,
    el("p", { class: "note" }, "The session is kept in memory only; leaving or reloading this site discards it."));
  return { form, focus: () => (login.account ? password : account).focus() };
}

// The current login, with a button that discards the session.
export function loginStatus(onDiscard) {
  return el("p", { class: "note" }, login.account ? `Logged in as ${login.account}. ` : "Using the session that you entered. ",
    button("Discard session", "copy", () => {
      login.session = undefined;
      onDiscard();
    }));
}
