// Applies the chosen theme, or the one in the address, before the first paint.
(function () {
  "use strict";
  var theme = new URLSearchParams(location.search).get("theme");
  try {
    theme = theme || localStorage.getItem("theme");
  } catch (error) {
    // Files, and readers who block storage, have none.
  }
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
})();
