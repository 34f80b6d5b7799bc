// The front door: htmx, the everyday behaviours, and a loader for the rarer ones.
//
// An element names its behaviours: <div data-behaviour="board">. Each is a module whose default export takes the
// element and { htmx, toast, ask, load }, and may return a function that undoes it. Those of everyday/ are part of this
// file, and so is all that a form in a sheet needs: it listens as soon as it is seen. A module of behaviours/ is fetched
// when the first page names it, so it uses what it is given instead of importing from here.

import htmx from "htmx.org";
import { load, onLoad, wireHtmx } from "./htmx.js";
import { toast } from "./toast.js";
import autosubmit from "./everyday/autosubmit.js";
import bell from "./everyday/bell.js";
import { ask } from "./everyday/confirm.js";
import copy from "./everyday/copy.js";
import "./everyday/dirty.js";
import { restoreDraft } from "./everyday/drafts.js";
import evidence from "./everyday/evidence.js";
import "./everyday/keys.js";
import "./everyday/menu.js";
import "./everyday/once.js";
import outbox from "./everyday/outbox.js";
import palette from "./everyday/palette.js";
import picker from "./everyday/picker.js";
import "./everyday/presence.js";
import quickFill from "./everyday/quick-fill.js";
import relativeTime from "./everyday/relative-time.js";
import rows from "./everyday/rows.js";
import "./everyday/sheet.js";
import showCurrent from "./everyday/show-current.js";
import sumOf from "./everyday/sum-of.js";
import tabs from "./everyday/tabs.js";
import "./everyday/theme.js";
import toasts from "./everyday/toasts.js";

const everyday = {
  autosubmit,
  bell,
  copy,
  evidence,
  outbox,
  palette,
  picker,
  "quick-fill": quickFill,
  "relative-time": relativeTime,
  rows,
  "show-current": showCurrent,
  "sum-of": sumOf,
  tabs,
  toasts,
};
const undo = new WeakMap();
const tools = { htmx, toast, ask, load: (address, target) => load(htmx, address, target) };

/** The behaviour's function, from this file or fetched. */
async function find(name) {
  return everyday[name] ?? (await import(`./behaviours/${name}.js`)).default;
}

async function start(element) {
  if (undo.has(element)) return;
  const undos = [];
  undo.set(element, undos);
  for (const name of element.dataset.behaviour.split(/\s+/).filter(Boolean)) {
    const behaviour = await find(name);
    undos.push(behaviour(element, tools));
  }
}

function startAll(root) {
  const named = [...root.querySelectorAll("[data-behaviour]")];
  if (root.matches?.("[data-behaviour]")) named.unshift(root);
  return Promise.all(named.map(start));
}

function stop(element) {
  (undo.get(element) ?? []).forEach((step) => step?.());
  undo.delete(element);
}

wireHtmx();
onLoad(htmx, startAll, stop);
startAll(document).then(async () => {
  await restoreDraft(htmx);
  document.documentElement.dataset.ready = ""; // from now on no key is lost
});
navigator.serviceWorker?.register("/service-worker.js");
