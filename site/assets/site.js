// What a page does besides being read: it copies, and changes its theme.
(function () {
  "use strict";

  function button(label, className) {
    var it = document.createElement("button");
    it.type = "button";
    it.className = className;
    it.textContent = label;
    return it;
  }

  // Copies: an old way where the new one is not allowed, as in a file.
  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(text);
    }
    var area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    var done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("copying is not allowed"));
  }

  var told = document.createElement("p");
  told.setAttribute("role", "status");
  told.className = "unseen";
  document.body.append(told);

  function copyButton(what, text) {
    var it = button("Copy", "copy");
    it.setAttribute("aria-label", "Copy " + what);
    it.addEventListener("click", function () {
      copy(text()).then(
        function () { say("Copied"); },
        function () { say("Cannot copy"); }
      );
      function say(word) {
        it.textContent = word;
        told.textContent = word + ": " + what;
        setTimeout(function () { it.textContent = "Copy"; }, 1500);
      }
    });
    return it;
  }

  document.querySelectorAll("[data-copy]").forEach(function (it) {
    it.after(copyButton(it.textContent, function () { return it.textContent; }));
  });
  document.querySelectorAll("[data-copy-link]").forEach(function (it) {
    it.after(copyButton("the link", function () { return it.href; }));
  });
  document.querySelectorAll("pre").forEach(function (it) {
    var frame = document.createElement("div");
    frame.className = it.classList.contains("panel") ? "frame panel" : "frame";
    it.classList.remove("panel");
    it.replaceWith(frame);
    frame.append(it, copyButton("the code", function () { return it.textContent; }));
  });

  // The theme: as the system has it, until somebody chooses.
  var root = document.documentElement;
  var dark = matchMedia("(prefers-color-scheme: dark)");
  var theme = button("", "theme");
  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
  }
  function show() {
    theme.textContent = isDark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", isDark() ? "Light theme" : "Dark theme");
  }
  theme.addEventListener("click", function () {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch (error) {
      // It is chosen for this page only.
    }
    show();
  });
  dark.addEventListener("change", show);
  show();
  document.getElementById("tools").append(theme);

  // What an address names is shown, however deep it is folded away.
  function reveal() {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var it = target; it; it = it.parentElement) {
      if (it.tagName === "DETAILS") {
        it.open = true;
      }
    }
    if (target) {
      target.scrollIntoView();
    }
  }
  addEventListener("hashchange", reveal);
  if (location.hash) {
    reveal();
  }

  // Of a long list beside the page, the part that the page belongs to.
  var current = document.querySelector(".categories [aria-current]");
  if (current) {
    var list = document.getElementById("categories");
    list.scrollTop = current.offsetTop - list.clientHeight / 3;
  }

  // On paper nothing is folded away.
  var folded = [];
  addEventListener("beforeprint", function () {
    folded = Array.from(document.querySelectorAll("details:not([open])"));
    folded.forEach(function (it) { it.open = true; });
  });
  addEventListener("afterprint", function () {
    folded.forEach(function (it) { it.open = false; });
  });
})();
