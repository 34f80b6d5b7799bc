// <time datetime="…" data-behaviour="relative-time">: "3 minutes ago" while it is recent; the exact moment in its title.

const STEPS = [
  ["minute", 60],
  ["hour", 3600],
  ["day", 86400],
];
const WEEK = 7 * 86400;

export default function relativeTime(element) {
  const at = new Date(element.dateTime);
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  if (!element.title) element.title = element.textContent.trim();

  function show() {
    const seconds = (Date.now() - at.getTime()) / 1000;
    if (Math.abs(seconds) > WEEK) return;
    const [unit, size] = [...STEPS].reverse().find(([, length]) => Math.abs(seconds) >= length) ?? STEPS[0];
    element.textContent = words.format(-Math.trunc(seconds / size), unit);
  }

  show();
  const timer = setInterval(show, 60000);
  return () => clearInterval(timer);
}
