// A strip that scrolls sideways shows its current entry.

export default function showCurrent(strip) {
  const current = strip.querySelector("[aria-current]");
  if (!current) return;
  const { left, right } = current.getBoundingClientRect();
  const window = strip.getBoundingClientRect();
  if (right > window.right) strip.scrollLeft += right - window.right + 24;
  else if (left < window.left) strip.scrollLeft -= window.left - left + 24;
}
