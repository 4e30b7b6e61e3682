// What a page does besides being read.
import { button, onPage } from "./dom.mjs";

// The theme: as the system has it, until somebody chooses.
const dark = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : dark.matches;
}

onPage(() => {
  const theme = button("", "theme", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("theme", document.documentElement.dataset.theme);
    } catch {
      // It is chosen for this page only.
    }
    show();
  });
  const show = () => {
    theme.textContent = isDark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", isDark() ? "Light theme" : "Dark theme");
  };
  dark.onchange = show;
  show();
  document.getElementById("tools").append(theme);
});

// What an address names is shown, however deep it is folded away.
export function reveal() {
  let name = location.hash.slice(1);
  try {
    name = decodeURIComponent(name);
  } catch {
    // A percent sign that stands for itself.
  }
  const target = document.getElementById(name);
  for (let it = target; it; it = it.parentElement) {
    if (it.tagName === "DETAILS") {
      it.open = true;
    }
  }
  if (target) {
    target.scrollIntoView();
  }
}

addEventListener("hashchange", reveal);
onPage(() => {
  if (location.hash) {
    reveal();
  }
  // Of a long list beside the page, the part that the page belongs to.
  const current = document.querySelector(".categories [aria-current]");
  const list = document.getElementById("categories");
  if (current && list) {
    list.scrollTop = current.offsetTop - list.clientHeight / 3;
  }
});

// On paper nothing is folded away.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  folded.forEach((it) => { it.open = true; });
});
addEventListener("afterprint", () => {
  folded.forEach((it) => { it.open = false; });
});
