// Replaces the values of an example once there is a session: the UUIDs of an
// example do not exist on the node.

const UUID = /[0-9a-z]{32,}/i;

// Whether a value names a resource.
function namesResource({ name, type }, text) {
  return type === "Uuid" || type === "List<Uuid>" || /(?:^u|U)uids?$/.test(name) || UUID.test(text);
}

// The text for a field that contains `text` of the example. `usable` are the
// values that the node has for it. One is chosen if it is the only one, or if the
// operation is read-only; otherwise the reader chooses what to change.
export function replacement(parameter, text, { usable, isSafe, login }) {
  const own = { sessionUuid: login.session, accountUuid: login.accountUuid, userUuid: login.userUuid }[parameter.name];
  if (own) {
    return own;
  }
  if (usable.includes(text)) {
    return text;
  }
  if (usable.length > 0 && parameter.required && (isSafe || usable.length === 1)) {
    return usable[0];
  }
  const rest = text.split("\n").filter((line) => !namesResource(parameter, line));
  return parameter.type.startsWith("List<") ? rest.join("\n") : namesResource(parameter, text) ? "" : text;
}
