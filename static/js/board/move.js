// Asking the server to move a card. It either does (204, and the columns reload themselves) or answers with what is
// missing, which opens in the side sheet. A card that was not moved goes back to where it came from.

const waiting = new Map();
let arrived = null;

/** A card's page, and the number of the class it stands in: said by its link and by its list. */
export const addressOf = (card) => card.querySelector(".prospect-card-name").pathname;
export const classOf = (card) => card.closest(".board-cards").dataset.stage;

/** Move `card` to the class `to`; `back` puts it where it was, should nothing come of it. */
export async function move(htmx, card, to, back = () => {}) {
  const id = card.dataset.id;
  if (waiting.has(id)) return; // on its way already
  waiting.set(id, back);
  card.classList.add("prospect-card-waiting");
  await htmx.ajax("POST", `${addressOf(card)}move/`, {
    values: { to, version: card.dataset.version, from_board: "1" },
    source: card,
    target: "#sheet",
    swap: "innerHTML",
  });
  if (!document.getElementById("sheet-dialog").open) giveUp(id);
}

/** The card that has just moved, once: whoever draws it again says so to the eye and keeps the focus on it. */
export function takeArrived(list) {
  const card = arrived && list.querySelector(`[data-id="${arrived}"]`);
  if (card) arrived = null;
  return card;
}

function giveUp(id) {
  const back = waiting.get(id);
  waiting.delete(id);
  document.querySelector(`.prospect-card[data-id="${id}"]`)?.classList.remove("prospect-card-waiting");
  back?.();
}

document.body.addEventListener("prospect:changed", ({ detail }) => {
  if (!detail?.id) return;
  waiting.delete(String(detail.id));
  arrived = String(detail.id);
});

document.getElementById("sheet-dialog")?.addEventListener("close", () => {
  for (const id of [...waiting.keys()]) giveUp(id);
});
