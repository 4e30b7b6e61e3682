// Dragging an ISO onto a drive; the button of the drive does the same.

import { $ } from "./elements.mjs";

/** Handles drags: `isRefused` returns whether a drop is impossible, `drop` carries it out. */
export function handleDrags({ isRefused, drop }) {
  let dragged = null;

  document.addEventListener("dragstart", (event) => {
    const source = event.target.closest?.("[draggable]");
    const iso = source?.dataset.image ?? source?.closest("[data-iso]")?.dataset.iso;
    if (!iso) {
      return;
    }
    dragged = { iso, vm: source.closest("[data-vm]")?.dataset.vm };
    event.dataTransfer.setData("text/plain", iso);
    event.dataTransfer.effectAllowed = "copyMove";
    for (const drive of $("vm-list").querySelectorAll("[data-drive]")) {
      drive.classList.add(isRefused(dragged, target(drive)) ? "closed" : "open");
    }
  });

  document.addEventListener("dragover", (event) => {
    const drive = event.target.closest?.("[data-drive]");
    for (const marked of $("vm-list").querySelectorAll(".over")) {
      marked.classList.toggle("over", marked === drive);
    }
    if (dragged && drive?.classList.contains("open")) {
      drive.classList.add("over");
      event.preventDefault();
    }
  });

  document.addEventListener("drop", (event) => {
    const drive = event.target.closest?.("[data-drive]");
    if (dragged && drive) {
      event.preventDefault();
      drop(dragged, target(drive));
    }
  });

  document.addEventListener("dragend", () => {
    dragged = null;
    for (const drive of $("vm-list").querySelectorAll("[data-drive]")) {
      drive.classList.remove("open", "closed", "over");
    }
  });
}

const target = (drive) => ({ drive: drive.dataset.drive, vm: drive.closest("[data-vm]").dataset.vm });
