// The week plan: an account that wants a visit is dragged to a day, which presses that day's button of its form. The
// buttons themselves do the same by tap and by keyboard.

import Sortable from "sortablejs";

export default function week(days) {
  const candidates = document.getElementById("week-candidate-list");
  if (!candidates) return undefined;
  const shared = { animation: 140, delay: 220, delayOnTouchOnly: true, forceFallback: true, fallbackTolerance: 5, sort: false };

  const lists = [
    Sortable.create(candidates, {
      ...shared,
      group: { name: "week", pull: "clone", put: false },
      draggable: ".week-candidate",
      filter: "button, a",
      preventOnFilter: false,
    }),
    ...[...days.querySelectorAll("[data-day] .week-visits")].map((list) =>
      Sortable.create(list, {
        ...shared,
        group: { name: "week", pull: false, put: true },
        draggable: ".week-none", // what stands there is moved in the calendar
        onAdd({ item }) {
          const { account } = item.dataset;
          item.remove();
          plan(account, list.closest("[data-day]").dataset.day);
        },
      }),
    ),
  ];

  /** Send the account's form with the day it was dropped on, also a day off its buttons do not offer. */
  function plan(account, day) {
    const form = candidates.querySelector(`[data-account="${account}"] form`);
    if (!form) return;
    const button = document.createElement("button");
    button.name = "day";
    button.value = day;
    button.hidden = true;
    form.append(button);
    form.requestSubmit(button);
    button.remove();
  }

  return () => lists.forEach((list) => list.destroy());
}
