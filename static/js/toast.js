// Short news at the edge of the page. `toast("Saved.", "good")`; tones: good, warn, bad, or none. With a third argument the
// note has a button that takes back what it tells of.

const LINGER = 6000;

export function toast(message, tone = "", undo = null) {
  const box = document.getElementById("toasts");
  const form = document.getElementById("toast-form");
  if (!box || !form || !message) return;
  const note = form.content.firstElementChild.cloneNode(true);
  note.querySelector(".toast-text").textContent = message;
  if (tone) note.classList.add(`toast-${tone}`);
  const button = note.querySelector(".toast-undo");
  if (button && undo) {
    button.hidden = false;
    button.addEventListener("click", () => {
      note.remove();
      undo();
    });
  }
  box.append(note);
  raise(box);
  settle(note);
}

/** Lets a note go by its button, and by itself unless it is bad news or under the pointer. */
export function settle(note) {
  note.querySelector(".toast-close").addEventListener("click", () => note.remove());
  if (note.classList.contains("toast-bad")) return;
  let timer = setTimeout(() => note.remove(), LINGER);
  note.addEventListener("pointerenter", () => clearTimeout(timer));
  note.addEventListener("pointerleave", () => (timer = setTimeout(() => note.remove(), LINGER)));
}

/** Above an open sheet too: the top layer's newest popover is the uppermost. */
function raise(box) {
  if (!box.showPopover) return;
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover();
}
