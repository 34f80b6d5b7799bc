// What was typed outlives being signed out. Whoever leaves a guarded form has it remembered in this tab; if the next page
// is the sign-in page, the form is filled again once the same person is back. Passwords, files and what is or lies in
// [data-private] are never remembered.

import { onFormRequest } from "../htmx.js";
import { toast } from "../toast.js";

const KEY = "draft";
const NEVER = "[type=password], [type=file], [name=csrfmiddlewaretoken], [name=_once], [data-private], [data-private] *";
const texts = document.getElementById("js-texts")?.dataset ?? {};
const me = document.body.dataset.user;
const here = () => location.pathname + location.search;
let typedInto = null;

function keep(form) {
  const fields = [...form.elements].filter((field) => field.name && !field.matches(NEVER)).map((field) => [field.name, field.value, field.checked]);
  const inSheet = Boolean(form.closest("#sheet"));
  sessionStorage.setItem(KEY, JSON.stringify({ me, page: here(), action: new URL(form.action).pathname, inSheet, fields }));
}

function drop() {
  sessionStorage.removeItem(KEY);
}

/** At the door the draft waits; on any other page it is taken out, and given back if one came through the door. */
function take() {
  const draft = JSON.parse(sessionStorage.getItem(KEY));
  if (!draft) return null;
  if (!me) {
    sessionStorage.setItem(KEY, JSON.stringify({ ...draft, shutOut: true }));
    return null;
  }
  drop();
  const isBack = draft.shutOut && draft.me === me && [draft.page, draft.action].includes(here());
  return isBack ? draft : null;
}

function fill(form, fields) {
  const seen = new Map();
  for (const [name, value, checked] of fields) {
    const turn = seen.get(name) ?? 0;
    seen.set(name, turn + 1);
    const field = [...form.elements].filter((element) => element.name === name)[turn];
    if (!field || field.matches(NEVER)) continue;
    if (checked !== undefined && ["checkbox", "radio"].includes(field.type)) field.checked = checked;
    else field.value = value;
    if (!field.matches("input[type=text], textarea, [type=hidden]")) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.dispatchEvent(new Event("input", { bubbles: true })); // typed and not saved: everyday/dirty.js
  toast(texts.draft);
}

/** Give back what a person had typed when he was signed out. */
export async function restoreDraft(htmx) {
  const draft = take();
  if (!draft) return;
  if (draft.inSheet && location.pathname !== draft.action) await htmx.ajax("GET", draft.action, "#sheet");
  const form = [...document.querySelectorAll("form[data-guard]")].find((each) => new URL(each.action).pathname === draft.action);
  if (form) fill(form, draft.fields);
}

document.addEventListener("input", ({ target }) => {
  typedInto = target.closest("form[data-guard]") ?? typedInto;
});
onFormRequest(
  () => {},
  (form, saved, leadsAway) => {
    if (form === typedInto && saved && !leadsAway) typedInto = null;
  },
);
window.addEventListener("pagehide", () => typedInto?.isConnected && keep(typedInto));
