// The call screen by keyboard: Alt and a digit choose the outcome from anywhere, Ctrl+Enter saves, Escape leaves a field.
// The outcome brings its usual next step; the reason given its answer in the script; the promise is said back.

const field = (form, name) => form.elements.namedItem(name);

export default function call(element) {
  const form = element.querySelector("#call-form");
  let touched = false; // the next step was chosen by hand

  function usual(outcome) {
    if (touched) return;
    field(form, "next_action").value = outcome.dataset.next;
    field(form, "next_action_on").value = outcome.dataset.nextOn;
    field(form, "next_action_on").dispatchEvent(new Event("input", { bubbles: true }));
    touched = false;
  }

  function choose(outcome) {
    usual(outcome);
    const next = outcome.value === "promise" ? form.querySelector('[name="amount"]') : field(form, "said");
    // After the key that chose it has done its work, before the next one.
    queueMicrotask(() => next.focus({ preventScroll: matchMedia("(width >= 1200px)").matches }));
  }

  function answer(cause) {
    const known = [...element.querySelectorAll(".call-answer")];
    const shown = known.some((line) => line.dataset.cause === cause) ? cause : "";
    for (const line of known) line.hidden = line.dataset.cause !== shown;
    excuses(cause);
  }

  // Of a reason nobody has an answer for, and of none, all are offered.
  function excuses(cause) {
    const groups = [...element.querySelectorAll("[data-excuses-of]")];
    const some = groups.some((group) => group.dataset.excusesOf === cause);
    for (const group of groups) group.hidden = some && group.dataset.excusesOf !== cause;
  }

  function sayBack() {
    const parts = [...form.querySelectorAll("[data-row-line]")].map((line) => {
      const [amount, day] = ["amount", "due_on"].map((name) => line.querySelector(`[name="${name}"]`).value);
      return { amount: Number(amount.replaceAll(/[,，]/g, "")), day };
    });
    const currency = field(form, "currency")?.value || form.dataset.currency;
    for (const place of element.querySelectorAll("[data-said-back]")) {
      const { lang } = place.closest("[lang]");
      const money = new Intl.NumberFormat(lang, currency ? { style: "currency", currency, currencyDisplay: "narrowSymbol" } : {});
      const days = new Intl.DateTimeFormat(lang, { day: "numeric", month: "long" });
      const said = parts.filter((part) => part.amount > 0 && part.day).map((part) => `${money.format(part.amount)}, ${days.format(new Date(`${part.day}T12:00`))}`);
      place.textContent = said.join("; ") || "＿＿＿";
    }
  }

  function typed(event) {
    if (event.isTrusted && ["next_action", "next_action_on"].includes(event.target.name)) touched = true;
    if (event.target.name === "cause") answer(event.target.value);
    if (!event.target.closest(".call-promise")) return;
    sayBack();
    element.querySelector(".call-script").scrollTop = 9999; // to the words that close the call
  }

  // They stand above the script: whoever opens them is taken there.
  function opened({ target }) {
    if (target.matches(".call-excuses") && target.open) element.querySelector(".call-script").scrollTop = 0;
  }

  const arrived = () => excuses(field(form, "cause").value);
  const changed = ({ target }) => target.name === "outcome" && choose(target);

  function clicked({ target }) {
    const fill = target.closest("[data-fill]");
    if (target.closest(".call-next-days [data-fill]")) touched = true;
    if (!fill) return;
    const amount = form.querySelector('[name="amount"]');
    amount.value = fill.dataset.fill;
    amount.dispatchEvent(new Event("input", { bubbles: true }));
    form.querySelector("#promise-day").focus();
  }

  function pressed(event) {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const save = (event.ctrlKey || event.metaKey) && event.key === "Enter";
    const digit = event.altKey && /^Digit[1-9]$/.test(event.code);
    if (save) form.requestSubmit(form.querySelector(".call-save button"));
    else if (digit) form.querySelector(`[data-key="${event.code.at(-1)}"]`)?.click();
    else if (event.key === "Escape" && element.contains(document.activeElement)) document.activeElement.blur();
    else return;
    event.preventDefault();
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", changed);
  element.addEventListener("click", clicked);
  element.addEventListener("htmx:afterSettle", arrived);
  element.addEventListener("toggle", opened, true);
  document.addEventListener("keydown", pressed, true);
  form.querySelector(".invalid-feedback, .alert")?.scrollIntoView({ block: "nearest" });
  sayBack();
  return () => document.removeEventListener("keydown", pressed, true);
}
