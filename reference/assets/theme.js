// Before the first paint: the theme that was chosen here, or in the address.
(function () {
  "use strict";
  var theme = new URLSearchParams(location.search).get("theme");
  try {
    theme = theme || localStorage.getItem("theme");
  } catch (error) {
    // Nothing is kept from a file, or where the reader does not want it.
  }
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
})();
