// A form that is on its way cannot be sent a second time; its button says so.

import { onFormRequest } from "../htmx.js";

const away = new WeakSet();

function buttons(form) {
  return [...form.elements].filter((element) => element.type === "submit");
}

function lock(form) {
  away.add(form);
  buttons(form).forEach((button) => button.setAttribute("aria-busy", "true"));
}

function unlock(form) {
  away.delete(form);
  buttons(form).forEach((button) => button.removeAttribute("aria-busy"));
}

// Before anybody else hears of it: htmx would line the second one up behind the first.
document.addEventListener(
  "submit",
  (event) => {
    if (event.target.method !== "post" || !away.has(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  { capture: true },
);
document.addEventListener("submit", (event) => {
  // After this tick: another listener may yet keep the form from leaving.
  if (event.target.method === "post") setTimeout(() => event.defaultPrevented || lock(event.target));
});
onFormRequest(lock, unlock);
window.addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll("form").forEach(unlock));
