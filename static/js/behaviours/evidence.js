// Who writes down how he knows something has thereby said that it is true: the tick follows the evidence.

export default function evidence(list) {
  const typed = ({ target }) => {
    const tick = target.closest(".ask")?.querySelector('.ask-tick input[type="checkbox"]');
    if (tick && target !== tick && target.matches('[name^="note-"], [name^="link-"]') && target.value.trim()) tick.checked = true;
  };
  list.addEventListener("input", typed);
  return () => list.removeEventListener("input", typed);
}
