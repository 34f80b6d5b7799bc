// Typing is a sign of life: who writes a long note is not signed out in the middle of it (core/middleware.py).

const EVERY = 5 * 60 * 1000;
let told = Date.now();

document.addEventListener("input", () => {
  if (Date.now() - told < EVERY) return;
  told = Date.now();
  fetch("/presence/", { headers: { "HX-Request": "true" } }).catch(() => {});
});
