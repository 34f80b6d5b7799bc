// The place of toasts: those the server wrote into the page, and those an answer's HX-Trigger carries:
// {"toast": {"message": "Saved.", "tone": "good"}} or a list of such.

import { settle, toast } from "../toast.js";

export default function toasts(box) {
  if (box.children.length) box.showPopover?.();
  for (const note of box.children) settle(note);
  const show = ({ detail }) => {
    const notes = Array.isArray(detail.value) ? detail.value : Array.isArray(detail) ? detail : [detail];
    for (const { message, tone } of notes) toast(message, tone);
  };
  document.body.addEventListener("toast", show);
  return () => document.body.removeEventListener("toast", show);
}
