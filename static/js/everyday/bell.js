// The number on the bell. Asked when a page comes, when a reminder was dealt with, and each minute while the page is looked at.
// The question says that nobody asked it: it keeps no session alive (core/middleware.py).

const EVERY = 60000;

export default function bell(button) {
  const number = button.querySelector(".bell-count");

  async function ask() {
    if (document.hidden) return;
    const answer = await fetch(button.dataset.url, { headers: { "X-Unattended": "1" }, redirect: "error" }).catch(() => null);
    if (!answer?.ok) return;
    const { count, label } = await answer.json();
    number.textContent = count;
    button.setAttribute("aria-label", label);
  }

  ask();
  const timer = setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
  document.body.addEventListener("reminders:changed", ask);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", ask);
    document.body.removeEventListener("reminders:changed", ask);
  };
}
