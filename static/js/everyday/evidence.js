// Who writes down how he knows something has thereby said that it is true: the tick follows the evidence.

const WRITTEN = '[name^="note-"], [name^="link-"]';

export default function evidence(list) {
  const typed = ({ target }) => {
    const tick = target.closest(".ask")?.querySelector('.ask-tick input[type="checkbox"]');
    if (tick && target !== tick && target.matches(WRITTEN) && target.value.trim()) tick.checked = true;
  };
  list.addEventListener("input", typed);
  for (const field of list.querySelectorAll(WRITTEN)) {
    if (field.value !== field.defaultValue) typed({ target: field }); // typed while the page was still loading
  }
  return () => list.removeEventListener("input", typed);
}
