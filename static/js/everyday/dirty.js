// Typed and not saved: asks before the page or the sheet is left. Forms marked data-guard are watched.

import { ask } from "./confirm.js";

const texts = document.getElementById("js-texts")?.dataset ?? {};
const dirty = new Set();

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-guard]");
  if (form) dirty.add(form);
});
document.addEventListener("submit", ({ target }) => dirty.delete(target));
document.addEventListener("reset", ({ target }) => dirty.delete(target));

function unsavedIn(root) {
  return [...dirty].filter((form) => form.isConnected && root.contains(form));
}

window.addEventListener("beforeunload", (event) => {
  if (unsavedIn(document).length) event.preventDefault();
});

/** Whether what is inside `root` may go: at once when nothing was typed, else as the person says. */
export async function mayLeave(root) {
  const forms = unsavedIn(root);
  if (!forms.length) return true;
  const yes = await ask(texts.unsaved, texts.discard);
  if (yes) forms.forEach((form) => dirty.delete(form));
  return yes;
}
