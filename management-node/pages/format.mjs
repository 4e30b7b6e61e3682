// Formats values for people.

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

export function size(bytes) {
  if (!Number.isFinite(bytes)) {
    return "";
  }
  const unit = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const value = bytes / 1024 ** unit;
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${UNITS[unit]}`;
}

export function duration(milliseconds) {
  if (milliseconds < 1000) {
    return `${Math.max(Math.round(milliseconds), 0)} ms`;
  }
  const seconds = milliseconds / 1000;
  return seconds < 90 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`;
}

/** The local time of day. */
export const clock = (time) => new Date(time).toLocaleTimeString([], { hour12: false });

/** A shortened UUID: both ends. */
export const short = (uuid) => (uuid.length > 13 ? `${uuid.slice(0, 6)}…${uuid.slice(-6)}` : uuid);

/** JSON with line breaks; other texts stay as they are. */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Addresses of pages of the reference. */
export const docs = {
  operation: (name) => `/docs/operations/${name}.html`,
  error: (code) => `/docs/errors.html#${code}`,
  value: (type, value) => `/docs/types/${type}.html#value-${value}`,
};

/** An error and its causes, outermost first. */
export function chain(error) {
  const all = [];
  for (let cause = error; cause && all.length < 20; cause = cause.cause) {
    all.push(cause);
  }
  return all;
}
