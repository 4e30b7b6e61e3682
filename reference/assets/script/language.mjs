// The language of samples: chosen once, shown in every example on every page.
import { onPage } from "./dom.mjs";

const LANGUAGE_KEY = "language";

// Fallback without storage; lasts as long as this document.
let language;

function storedLanguage() {
  try {
    return localStorage.getItem(LANGUAGE_KEY) || language;
  } catch {
    return language;
  }
}

// The language of a tab: its id ends with it.
function languageOf(tab) {
  return tab.id.slice(tab.id.lastIndexOf("-") + 1);
}

// Opens the tabs of a language; examples without it keep theirs.
function showLanguage(wanted) {
  document.querySelectorAll(".tabs > input").forEach((tab) => {
    if (languageOf(tab) === wanted) {
      tab.checked = true;
    }
  });
}

document.addEventListener("change", (event) => {
  const tab = event.target;
  if (!tab.matches(".tabs > input")) {
    return;
  }
  language = languageOf(tab);
  try {
    localStorage.setItem(LANGUAGE_KEY, language);
  } catch {
    // The choice lasts for this document only.
  }
  // Examples above change their height; the clicked tab keeps its place.
  const top = tab.parentElement.getBoundingClientRect().top;
  showLanguage(language);
  scrollBy({ top: tab.parentElement.getBoundingClientRect().top - top, behavior: "instant" });
});

onPage(() => showLanguage(storedLanguage()));
// Also after the browser has restored the forms of a page that is reloaded or
// returned to.
addEventListener("pageshow", () => showLanguage(storedLanguage()));
