// Releases: how they compare, and which elements they have.

// Compares versions: numbers separated by dots; absent numbers are zero.
export function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = (left[index] || 0) - (right[index] || 0);
    if (order) {
      return Math.sign(order);
    }
  }
  return 0;
}

// The release that `?v=asked` means: the one of that version, or the newest one
// before it. `problem` explains why `asked` is not a release, and `nearest` is the
// release to suggest. Without a `release`, the page shows all of them.
export function resolveRelease(asked, releases) {
  if (!asked || releases.length === 0) {
    return {};
  }
  const [first, newest] = [releases[0], releases.at(-1)];
  const numbers = asked.split(".");
  if (numbers.length > 4 || !numbers.every((part) => /^\d{1,5}$/.test(part) && Number(part) <= 65535)) {
    return { nearest: newest, problem: `${asked} is not a release: a release is a number such as ${newest}.` };
  }
  const release = releases.findLast((candidate) => compareVersions(candidate, asked) <= 0);
  if (!release) {
    return { nearest: first, problem: `${asked} is not a release: the first one is ${first}.` };
  }
  if (compareVersions(release, asked) === 0) {
    return { release };
  }
  return release === newest
    ? { nearest: newest, problem: `${asked} is not a release: the newest one is ${newest}.` }
    : { release, nearest: release, problem: `${asked} is not a release.` };
}

// The status of an element in a release: "later", "present" or "removed". Without
// a release, its current status.
export function statusIn(release, since, removed) {
  if (!release) {
    return removed ? "removed" : "present";
  }
  if (since && compareVersions(since, release) > 0) {
    return "later";
  }
  return removed && compareVersions(removed, release) <= 0 ? "removed" : "present";
}
