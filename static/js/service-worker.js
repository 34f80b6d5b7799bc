// When the server cannot be reached, a page that says so instead of the browser's own; and a reminder that came by push is
// shown (reminders/channels/push.py writes it). Nothing else is kept or touched.

const KEPT = "offline-1";
const PAGE = "/offline/";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.add(PAGE)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  if (event.request.mode !== "navigate" || event.request.method !== "GET") return;
  event.respondWith(fetch(event.request).catch(() => caches.match(PAGE)));
});

self.addEventListener("push", (event) => {
  const { title, body, url, tag } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body, tag, data: { url: url ?? "/" }, icon: "/static/img/favicon.svg" }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
});

/** The page behind a reminder: in a window of Keyline that is open, else in a new one. */
async function open(path) {
  const [window] = await self.clients.matchAll({ type: "window" });
  const page = window && (await window.navigate(path).catch(() => null));
  return page ? page.focus() : self.clients.openWindow(path);
}
