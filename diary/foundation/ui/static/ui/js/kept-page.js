// Registers /sw.js, which shows «Нет связи» instead of the browser's own page. Late, so that it delays nothing.
const LATER_MS = 4000;

if (navigator.serviceWorker && document.querySelector(".menu")) {
  addEventListener("load", () => setTimeout(() => navigator.serviceWorker.register("/sw.js").catch(() => {}), LATER_MS));
}
