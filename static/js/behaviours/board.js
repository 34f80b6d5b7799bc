// The board by keyboard, by menu and by tabs. On a card: arrows walk, Shift with ← or → moves it a class, "m" opens
// its menu. #card-menu is the one menu all cards share.

import { addressOf, classOf, move } from "../board/move.js";

export default function board(element, { htmx }) {
  const menu = document.getElementById("card-menu");
  const columns = element.querySelector(".board-columns");
  const undo = [];
  let chosen = null;

  const on = (target, type, run, options) => {
    target.addEventListener(type, run, options);
    undo.push(() => target.removeEventListener(type, run, options));
  };
  const lists = () => [...element.querySelectorAll(".board-cards")];
  const cards = (list) => [...list.querySelectorAll(".prospect-card")];
  const focus = (card) => {
    card.querySelector(".prospect-card-name").focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  function walk(card, key) {
    const list = card.closest(".board-cards");
    const at = cards(list).indexOf(card);
    if (key === "ArrowUp" || key === "ArrowDown") {
      const next = cards(list)[at + (key === "ArrowDown" ? 1 : -1)];
      if (next) focus(next);
      return;
    }
    const step = key === "ArrowRight" ? 1 : -1;
    const all = lists();
    for (let column = all.indexOf(list) + step; all[column]; column += step) {
      const there = cards(all[column]);
      if (there.length) return focus(there[Math.min(at, there.length - 1)]);
    }
  }

  function shift(card, step) {
    const all = lists();
    const target = all[all.indexOf(card.closest(".board-cards")) + step];
    if (target && !card.matches(".prospect-card-closed")) move(htmx, card, target.dataset.stage);
  }

  on(element, "keydown", (event) => {
    const card = event.target.closest(".prospect-card");
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "m") card.querySelector(".prospect-card-menu")?.click();
    else if (event.shiftKey && event.key === "ArrowRight") shift(card, 1);
    else if (event.shiftKey && event.key === "ArrowLeft") shift(card, -1);
    else if (!event.shiftKey && event.key.startsWith("Arrow")) walk(card, event.key);
    else return;
    event.preventDefault();
  });

  const openSheet = (card, page) => htmx.ajax("GET", addressOf(card) + page, { target: "#sheet", swap: "innerHTML" });

  on(element, "click", ({ target }) => {
    const step = target.closest(".next-step");
    if (step) openSheet(step.closest(".prospect-card"), "plan/");
    const button = target.closest(".prospect-card-menu");
    if (!button) return;
    chosen = button.closest(".prospect-card");
    const state = chosen.matches(".prospect-card-closed") ? "closed" : "open";
    for (const item of menu.querySelectorAll("[data-for]")) item.hidden = item.dataset.for !== state;
    for (const item of menu.querySelectorAll("[data-move]")) item.disabled = item.dataset.move === classOf(chosen);
  });

  // A step too long for its card is read in full by resting on it.
  on(element, "pointerover", ({ target }) => {
    if (target.matches(".next-step-what") && target.scrollWidth > target.clientWidth) target.title = target.textContent;
  });

  on(menu, "click", ({ target }) => {
    const item = target.closest(".menu-item");
    if (!item || !chosen) return;
    if (item.dataset.move) move(htmx, chosen, item.dataset.move);
    else if (item.dataset.sheet) openSheet(chosen, item.dataset.sheet);
    else if (item.dataset.go !== undefined) location.assign(addressOf(chosen) + item.dataset.go);
  });

  // On a phone the tabs say which class is in view, and bring one into view.
  const tabs = [...element.querySelectorAll(".board-tab")];
  const mark = () => {
    const all = [...element.querySelectorAll(".board-column")];
    const middle = columns.scrollLeft + columns.clientWidth / 2;
    const distance = (column) => Math.abs(column.offsetLeft - columns.offsetLeft + column.offsetWidth / 2 - middle);
    const nearest = all.reduce((best, column) => (distance(column) < distance(best) ? column : best));
    for (const tab of tabs) tab.toggleAttribute("aria-current", tab.hash === `#${nearest.id}`);
  };
  const watch = new ResizeObserver(mark);
  watch.observe(columns);
  undo.push(() => watch.disconnect());
  on(columns, "scroll", mark, { passive: true });
  for (const tab of tabs) {
    on(tab, "click", (event) => {
      event.preventDefault();
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      columns.scrollTo({ left: document.querySelector(tab.hash).offsetLeft - columns.offsetLeft, behavior: still ? "auto" : "smooth" });
    });
  }

  return () => undo.forEach((step) => step());
}
