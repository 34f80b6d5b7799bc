// A filter form that applies itself: choices at once, typing after a pause. Without JavaScript its button (data-autosubmit-button, hidden by the style sheet) does it.

const PAUSE = 350;

export default function autosubmit(form) {
  let timer;
  const send = () => form.requestSubmit();
  const typed = ({ target }) => {
    if (!target.matches('input[type="search"], input[type="text"]') || target.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  };
  const chosen = ({ target }) => target.matches("select, input[type=checkbox], input[type=radio], input[type=date]") && send();
  form.addEventListener("input", typed);
  form.addEventListener("change", chosen);
  return () => {
    form.removeEventListener("input", typed);
    form.removeEventListener("change", chosen);
  };
}
