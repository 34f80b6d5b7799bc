// The card that adds this browser as a way to be told: asks the browser's leave, has it name an address, posts that.
// What it says stands in the page, one part a case: [data-when="able | unable | denied | failed"].

export default function push(card) {
  const form = card.querySelector("form:has([data-when])");
  const say = (state) => form.querySelectorAll("[data-when]").forEach((part) => (part.hidden = part.dataset.when !== state));

  const add = async (event) => {
    event.preventDefault();
    if ((await Notification.requestPermission()) !== "granted") return say("denied");
    try {
      const { pushManager } = await navigator.serviceWorker.ready;
      await (await pushManager.getSubscription())?.unsubscribe(); // it may be of another key
      const given = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: card.dataset.key });
      const { endpoint, keys } = given.toJSON();
      for (const [name, value] of Object.entries({ endpoint, ...keys })) form.elements[name].value = value;
    } catch {
      return say("failed");
    }
    form.submit();
  };

  if (!("PushManager" in window) || !navigator.serviceWorker) return say("unable");
  say(Notification.permission === "denied" ? "denied" : "able");
  form.addEventListener("submit", add);
  return () => form.removeEventListener("submit", add);
}
