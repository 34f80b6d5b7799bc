// What was sent without a line is kept in this browser and sent once when the line is back.
//
// <form data-outbox="Acme"> is kept when its request finds no server; its hidden field `_once` makes sending it twice do it
// once. <aside data-behaviour="outbox" data-user="7"> shows what waits, and what the server refused, to that user alone.

import { whenUnreachable } from "../htmx.js";
import { toast } from "../toast.js";

const STORE = "letters";
const PAUSE = 20_000;
const changed = new EventTarget();

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("keyline-outbox", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function store(mode, act) {
  const base = await open();
  try {
    return await new Promise((resolve, reject) => {
      const asked = act(base.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } finally {
    base.close();
  }
}

const put = (letter) => store("readwrite", (letters) => letters.put(letter));
const drop = (key) => store("readwrite", (letters) => letters.delete(key));
const lettersOf = async (user) => (await store("readonly", (letters) => letters.getAll())).filter((letter) => letter.user === user);

const place = () => document.querySelector('[data-behaviour~="outbox"]');

// Both are missing where the product is reached without https: one window then does without the lock.
const newKey = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
const alone = (run) => navigator.locks?.request("keyline-outbox", run) ?? run();

async function keep(form) {
  const words = place()?.dataset;
  const typed = [...new FormData(form)].filter(([, value]) => typeof value === "string"); // photos need a line, as the form says
  const body = new URLSearchParams(typed);
  if (!words || !body.get("_once")) return;
  const title = [form.dataset.outbox || form.querySelector('[role="combobox"]')?.value, body.get("outcome")].filter(Boolean).join(": ");
  await put({ key: body.get("_once"), user: words.user, url: form.getAttribute("action"), body: body.toString(), title });
  form.removeAttribute("data-guard");
  document.body.dispatchEvent(new Event("sheet:close"));
  if (!form.closest("#sheet")) {
    form.reset();
    form.elements._once.value = newKey(); // the next visit is another one
  }
  changed.dispatchEvent(new Event("change"));
  toast(words.kept, "warn");
}

/** One letter to the server; true when it may go on with the next one. */
async function send(letter) {
  const headers = {
    "Content-Type": "application/x-www-form-urlencoded",
    "X-CSRFToken": document.querySelector('meta[name="csrf-token"]')?.content ?? "",
    "HX-Request": "true",
    "HX-Target": "sheet",
  };
  let answer;
  try {
    answer = await fetch(letter.url, { method: "POST", body: letter.body, headers, credentials: "same-origin" });
  } catch {
    return false;
  }
  if (answer.status === 204 && !answer.headers.get("HX-Redirect")?.includes("login")) {
    await drop(letter.key);
    document.body.dispatchEvent(new Event("visit:changed"));
    return true;
  }
  if (answer.status >= 500 || answer.status === 429 || answer.status < 400) return false;
  await put({ ...letter, refused: answer.status });
  return true;
}

/** All that waits, one after the other, in one window at a time. */
async function sendAll(user) {
  if (!navigator.onLine) return;
  const waiting = (await lettersOf(user)).filter((letter) => !letter.refused);
  if (!waiting.length) return;
  await alone(async () => {
    for (const letter of waiting) {
      const still = await store("readonly", (letters) => letters.get(letter.key));
      if (still && !(await send(still))) break;
    }
  });
  changed.dispatchEvent(new Event("change"));
}

whenUnreachable((element) => {
  if (!element.matches?.("form[data-outbox]")) return false;
  keep(element);
  return true;
});

// The moment it was typed travels with it: a visit sent tonight took place this morning.
document.addEventListener(
  "submit",
  ({ target }) => {
    const moment = target.matches("[data-outbox]") && target.elements.typed_at;
    if (moment) moment.value = new Date().toISOString();
  },
  true,
);

export default function outbox(element) {
  const { user } = element.dataset;
  const list = element.querySelector("[data-outbox-list]");
  const form = element.querySelector("template");

  async function show() {
    const letters = await lettersOf(user);
    list.replaceChildren(
      ...letters.map((letter) => {
        const line = form.content.firstElementChild.cloneNode(true);
        line.querySelector("[data-title]").textContent = letter.title;
        line.querySelector("[data-waits]").hidden = Boolean(letter.refused);
        line.querySelector("[data-refused]").hidden = !letter.refused;
        const discard = line.querySelector("[data-discard]");
        discard.hidden = !letter.refused;
        discard.addEventListener("click", async () => {
          await drop(letter.key);
          show();
        });
        return line;
      }),
    );
    element.hidden = !letters.length;
  }

  const sendNow = () => sendAll(user);
  const timer = setInterval(sendNow, PAUSE);
  changed.addEventListener("change", show);
  window.addEventListener("online", sendNow);
  show().then(sendNow);
  return () => {
    clearInterval(timer);
    changed.removeEventListener("change", show);
    window.removeEventListener("online", sendNow);
  };
}
