// Boxes whose sum stands below them: each <input data-behaviour="sum-of" data-sum="#total"> adds to the element named,
// which shows [data-total] and, against its data-amount, [data-rest]. The server works out the same when it is asked.

export default function sumOf(box) {
  const total = document.querySelector(box.dataset.sum);
  if (!total) return undefined;

  function write(place, cents) {
    const language = document.documentElement.lang;
    place.textContent = (cents / 100).toLocaleString(language, {
      style: "currency",
      currency: total.dataset.currency,
      currencyDisplay: "narrowSymbol",
    });
    place.classList.toggle("text-bad", cents < 0);
  }

  const add = () => {
    const boxes = document.querySelectorAll(`[data-sum="${box.dataset.sum}"]`);
    const cents = [...boxes].reduce((sum, one) => sum + Math.round(Number(one.value || 0) * 100), 0);
    write(total.querySelector("[data-total]"), cents);
    if (total.dataset.amount) write(total.querySelector("[data-rest]"), Math.round(Number(total.dataset.amount) * 100) - cents);
  };

  if (box.value) add(); // typed before this was fetched
  box.addEventListener("input", add);
  return () => box.removeEventListener("input", add);
}
