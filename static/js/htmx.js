// All that we ask of htmx, in one place: its event names appear here and nowhere else.

import { toast } from "./toast.js";

const text = document.getElementById("js-texts")?.dataset ?? {};

/** CSRF header on what changes something; words for a server that fails or cannot be reached. */
export function wireHtmx() {
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb === "get") return;
    if (!navigator.onLine && isKept(event.detail.elt)) return event.preventDefault();
    const token = document.querySelector('meta[name="csrf-token"]')?.content;
    if (token) event.detail.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    // A refusal, a conflict and a form with errors are pages to read; they go where the answer was awaited.
    const refused = [409, 422].includes(detail.xhr.status) || (detail.xhr.status === 403 && detail.target?.id === "sheet");
    if (refused) Object.assign(detail, { shouldSwap: true, isError: false });
  });
  document.addEventListener("htmx:responseError", ({ detail }) => {
    if ([409, 422].includes(detail.xhr.status)) return;
    const sentence = { 403: text.forbidden, 404: text.gone, 429: text.slower }[detail.xhr.status];
    toast(sentence ?? text.failed, "bad");
  });
  document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
    // Told to whoever draws a bar (behaviours/files.js).
    if (detail.lengthComputable) target.dispatchEvent(new CustomEvent("upload:progress", { detail: { sent: detail.loaded, all: detail.total } }));
  });
  document.addEventListener("htmx:sendError", ({ detail }) => {
    if (!isKept(detail.elt)) toast(text.unreachable, "bad");
  });
}

const unreachable = [];
const isKept = (element) => unreachable.some((run) => run(element));

/** When the server cannot be reached: `run(element)` may take care of what the element was sending, and says so by true. */
export function whenUnreachable(run) {
  unreachable.push(run);
}

/** Calls `started` for every piece that arrives and `left` for every element that goes. */
export function onLoad(htmx, started, left) {
  htmx.onLoad(started);
  document.addEventListener("htmx:beforeCleanupElement", (event) => {
    if (event.target.dataset?.behaviour) left(event.target);
  });
}

/** After a swap into `target`: `run(values)` with what was asked by. */
export function afterSwapInto(id, run) {
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target?.id === id) run(detail.requestConfig.formData);
  });
}

/** In the place `id` only what was asked for last is shown, and nothing is asked for by an element that `mayAsk` refuses. */
export function newestInto(id, mayAsk) {
  let newest = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target?.id !== id) return;
    if (mayAsk(event.detail.elt)) newest = event.detail.xhr;
    else event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    if (target?.id !== id || xhr === newest) return;
    event.preventDefault();
    if (xhr.status >= 400) toast(text.failed, "bad");
  });
}

/** Put `address` into `target`, where the newest question drops the one before it. True when this answer came. */
export function load(htmx, address, target) {
  htmx.trigger(target, "htmx:abort");
  return htmx.ajax("GET", address, { source: target, target, swap: "innerHTML" }).then(
    () => true,
    () => false,
  );
}

/** Before htmx asks for something that carries hx-confirm. `ask(sentence, element)` resolves to yes or no. */
export function onConfirm(ask) {
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, event.detail.elt).then((yes) => yes && event.detail.issueRequest(true));
  });
}

/** When a form's request by htmx starts and ends: with whether it went well, and whether another page is opened. */
export function onFormRequest(started, ended) {
  document.addEventListener("htmx:beforeRequest", ({ detail }) => detail.elt.matches?.("form") && started(detail.elt));
  document.addEventListener("htmx:afterRequest", ({ detail }) => detail.elt.matches?.("form") && ended(detail.elt, detail.successful, Boolean(detail.xhr.getResponseHeader("HX-Redirect"))));
}
