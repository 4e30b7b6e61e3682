// An ISO is seen going into a drive: from the drive that it left a moment ago,
// or else from the list of images.

const A_MOMENT = 10_000;

const still = matchMedia("(prefers-reduced-motion: reduce)");

export function fly(chip, left, listed) {
  if (still.matches) {
    return;
  }
  const from = left && Date.now() - left.at < A_MOMENT && left.from.isConnected ? left.from : listed;
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
