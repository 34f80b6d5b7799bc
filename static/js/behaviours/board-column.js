// The cards of one class: drag them to another with mouse or finger. data-stage is the class's number.

import Sortable from "sortablejs";
import { move, takeArrived } from "../board/move.js";

export default function boardColumn(list, { htmx }) {
  let clickAfterDrag = false;

  const sortable = Sortable.create(list, {
    group: "board",
    draggable: ".prospect-card",
    filter: ".prospect-card-closed, button",
    preventOnFilter: false,
    sort: false,
    animation: 140,
    delay: 220,
    delayOnTouchOnly: true,
    touchStartThreshold: 6,
    forceFallback: true,
    fallbackOnBody: true,
    fallbackTolerance: 5,
    ghostClass: "prospect-card-ghost",
    fallbackClass: "prospect-card-dragged",
    scrollSensitivity: 48,
    onStart() {
      clickAfterDrag = true;
      document.body.classList.add("board-dragging");
    },
    onEnd({ item, from, to, oldIndex }) {
      document.body.classList.remove("board-dragging");
      setTimeout(() => (clickAfterDrag = false), 50);
      if (from === to) return;
      const after = from.children[oldIndex] ?? null;
      move(htmx, item, to.dataset.stage, () => from.isConnected && from.insertBefore(item, after));
    },
  });

  const swallow = (event) => {
    if (!clickAfterDrag) return;
    event.preventDefault();
    event.stopPropagation();
  };
  list.addEventListener("click", swallow, true);

  const arrived = takeArrived(list);
  if (arrived) {
    arrived.classList.add("prospect-card-arrived");
    arrived.scrollIntoView({ block: "nearest", inline: "nearest" });
    arrived.querySelector(".prospect-card-name").focus({ preventScroll: true });
  }

  return () => {
    sortable.destroy();
    list.removeEventListener("click", swallow, true);
  };
}
