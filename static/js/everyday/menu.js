// Menus: <button popovertarget="id"> beside <div popover id="id" class="menu">. The browser opens, closes and
// handles Escape; this places the menu at its button and lets arrow keys walk its items.

function place(menu, button) {
  const { top, bottom, left, right } = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = bottom + 4 + height <= innerHeight || top < height;
  const start = left + width <= innerWidth - 8;
  menu.style.top = `${Math.max(8, below ? bottom + 4 : top - 4 - height)}px`;
  menu.style.left = `${Math.max(8, start ? left : right - width)}px`;
}

const items = (menu) => [...menu.querySelectorAll(".menu-item:not([disabled])")].filter((item) => item.checkVisibility());

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.classList?.contains("menu")) return;
    const button = menu.openedBy ?? document.querySelector(`[popovertarget="${menu.id}"]`);
    button?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState !== "open") menu.removeAttribute("style"); // htmx would copy it, which the content policy refuses
    if (event.newState !== "open" || !button) return;
    place(menu, button);
    items(menu)[0]?.focus({ preventScroll: true });
  },
  true,
);

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[popovertarget]");
  if (button) document.getElementById(button.getAttribute("popovertarget")).openedBy = button;
  const chosen = target.closest?.(".menu .menu-item");
  if (chosen && !chosen.hasAttribute("data-menu-stays")) chosen.closest(".menu").hidePopover?.();
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu || !(step || event.key === "Home" || event.key === "End")) return;
  event.preventDefault();
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  const next = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : (at + step + all.length) % all.length;
  all[next]?.focus();
});
