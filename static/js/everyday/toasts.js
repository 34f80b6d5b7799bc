// The place of toasts: those the server wrote into the page, and those an answer's HX-Trigger carries:
// {"toast": {"message": "Saved.", "tone": "good", "undo": "/address/"}} or a list of such; `undo` takes it back by a POST.

import { settle, toast } from "../toast.js";

export default function toasts(box, { htmx }) {
  if (box.children.length) box.showPopover?.();
  for (const note of box.children) settle(note);
  const show = ({ detail }) => {
    const notes = Array.isArray(detail.value) ? detail.value : Array.isArray(detail) ? detail : [detail];
    for (const { message, tone, undo } of notes) toast(message, tone, undo && (() => htmx.ajax("POST", undo, { source: box, swap: "none" })));
  };
  document.body.addEventListener("toast", show);
  return () => document.body.removeEventListener("toast", show);
}
