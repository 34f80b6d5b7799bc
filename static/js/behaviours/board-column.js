// The cards of one class: drag them to another with mouse or finger. data-stage is the class's number. Where only one
// class is in view, the tabs of the others take cards too.

import Sortable from "sortablejs";
import { move, takeArrived } from "../board/move.js";

/** The tab under the finger or the mouse, if any. */
function tabAt(event) {
  const { clientX, clientY } = event?.changedTouches?.[0] ?? event ?? {};
  return clientX === undefined ? null : (document.elementFromPoint(clientX, clientY)?.closest(".board-tab") ?? null);
}

function lightUp(event) {
  const over = tabAt(event);
  for (const tab of document.querySelectorAll(".board-tab")) tab.classList.toggle("board-tab-over", tab === over);
}

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
      document.addEventListener("pointermove", lightUp);
    },
    onEnd({ item, from, to, oldIndex, originalEvent }) {
      document.body.classList.remove("board-dragging");
      document.removeEventListener("pointermove", lightUp);
      setTimeout(() => (clickAfterDrag = false), 50);
      const tab = tabAt(originalEvent);
      lightUp();
      const target = tab ? document.querySelector(`${tab.hash} .board-cards`) : to;
      const after = from.children[oldIndex] ?? null;
      const back = () => from.isConnected && from.insertBefore(item, after);
      if (to !== from && target !== to) back();
      if (target !== from) move(htmx, item, target.dataset.stage, back);
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
