// What takes the place of an example's values once there is a session: its
// UUIDs are of no resource of the node.

const UUID = /[0-9a-z]{32,}/i;

// Whether a value names a resource.
function isOfExample({ name, type }, text) {
  return type === "Uuid" || type === "List<Uuid>" || /(?:^u|U)uids?$/.test(name) || UUID.test(text);
}

// The text for a field that has `text` of the example in it. `usable` are values
// that the node has for it. One is chosen if there is no other, or if the
// operation changes nothing; else it is left to the reader, since it would be
// changed.
export function replacement(parameter, text, { usable, isSafe, login }) {
  const ofSession = { sessionUuid: login.session, accountUuid: login.accountUuid, userUuid: login.userUuid }[parameter.name];
  if (ofSession) {
    return ofSession;
  }
  if (usable.includes(text)) {
    return text;
  }
  if (usable.length > 0 && parameter.required && (isSafe || usable.length === 1)) {
    return usable[0];
  }
  const kept = text.split("\n").filter((line) => !isOfExample(parameter, line));
  return parameter.type.startsWith("List<") ? kept.join("\n") : isOfExample(parameter, text) ? "" : text;
}
