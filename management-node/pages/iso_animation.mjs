// Animates an ISO that moves into a drive: from the drive that it has just left,
// or from the list of images.

/** How long a drive counts as just left, in milliseconds. */
const RECENT = 10_000;

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

export function animateIso(chip, origin, listed) {
  if (reducedMotion.matches) {
    return;
  }
  const from = origin && Date.now() - origin.at < RECENT && origin.from.isConnected ? origin.from : listed;
  if (!from) {
    return;
  }
  const [a, b] = [from.getBoundingClientRect(), chip.getBoundingClientRect()];
  const begin = `translate(${a.left - b.left}px, ${a.top - b.top}px)`;
  chip.animate(
    [{ transform: begin, opacity: 0.4 }, { transform: "none", opacity: 1 }],
    { duration: 450, easing: "cubic-bezier(.2, .7, .3, 1)" },
  );
}
