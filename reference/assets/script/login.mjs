// A session with the node. It is kept in memory alone: whoever leaves the site,
// or loads it again, logs in again.
import { ask, described, errors } from "./connection.mjs";
import { button, el, root } from "./dom.mjs";
import { member, scalar, tree } from "./json.mjs";
import { request } from "./request.mjs";

// The session, and whose it is; the UUIDs are unknown of a session that was
// given.
export const login = { session: undefined, account: "", accountUuid: undefined, userUuid: undefined };

// What a password travels as.
async function hashed(password) {
  if (!globalThis.crypto?.subtle) {
    throw new Error("the browser hashes passwords only on localhost and over https; give the UUID of a session instead");
  }
  const digest = await crypto.subtle.digest("SHA-512", new TextEncoder().encode(password));
  return Array.from(new Uint8Array(digest), (it) => it.toString(16).padStart(2, "0")).join("");
}

async function open(account, password) {
  const operation = await described(new URL("operations/LogInByAccount.json", root()).href);
  if (!operation) {
    throw new Error("this site knows no LogInByAccount; give the UUID of a session instead");
  }
  const values = { accountName: tree(account), password: tree(await hashed(password)) };
  const answer = await ask(request(operation, values));
  const inventory = answer.tree && member(answer.tree, "inventory");
  const text = (name) => inventory && scalar(member(inventory, name));
  const session = text("uuid");
  if (!session) {
    const [error] = errors(answer);
    throw new Error(error ? `${error.code}: ${error.details || error.description}` : `${answer.status} ${answer.text}`);
  }
  return { session, accountUuid: text("accountUuid"), userUuid: text("userUuid") };
}

// The form to log in with; `done` is called when there is a session.
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
      const opened = given ? { session: given, accountUuid: undefined, userUuid: undefined } : await open(account.value, password.value);
      Object.assign(login, opened, { account: given ? "" : account.value });
      done();
    } catch (error) {
      problem.textContent = `Cannot log in: ${error.message.replace(/\.$/, "")}.`;
    }
  };
  const form = el("form", { class: "login", novalidate: true, submit },
    el("p", {}, why),
    el("div", { class: "fields" },
      el("label", {}, "Account", account),
      el("label", {}, "Password", password),
      el("button", { type: "submit", class: "send" }, "Log in")),
    el("details", {}, el("summary", {}, "With a session that you have"), el("label", {}, "UUID of the session", session)),
    problem,
    el("p", { class: "note" }, "The session is kept in memory only: it is forgotten when this tab goes elsewhere or loads again."));
  return { form, focus: () => (login.account ? password : account).focus() };
}

// Who is logged in, and a way out.
export function loggedIn(left) {
  return el("p", { class: "note" }, login.account ? `Logged in as ${login.account}. ` : "With a session. ",
    button("Forget it", "copy", () => {
      login.session = undefined;
      left();
    }));
}
