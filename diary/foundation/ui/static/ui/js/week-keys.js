// ← → and a swipe follow the links [data-week-prev] and [data-week-next].
const SHORTEST_SWIPE_PX = 64;
const KEYS = { ArrowLeft: "prev", ArrowRight: "next" };

let touch = null;

function follow(direction) {
  document.querySelector(`a[data-week-${direction}]`)?.click();
}

function isBusy(target) {
  return target.closest?.("input, textarea, select, [contenteditable], [role='grid'], journal-grid");
}

function scrollsSideways(target) {
  for (let element = target; element && element !== document.body; element = element.parentElement) {
    if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== "visible") return true;
  }
  return false;
}

addEventListener("keydown", (event) => {
  const isPlain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented);
  if (isPlain && KEYS[event.key] && !isBusy(event.target) && !scrollsSideways(event.target)) follow(KEYS[event.key]);
});

addEventListener("touchstart", (event) => {
  const [finger] = event.touches;
  touch = event.touches.length > 1 || isBusy(event.target) || scrollsSideways(event.target) ? null : { x: finger.clientX, y: finger.clientY };
}, { passive: true });

addEventListener("touchend", (event) => {
  if (!touch) return;
  const [finger] = event.changedTouches;
  const across = finger.clientX - touch.x;
  const isSwipe = Math.abs(across) > SHORTEST_SWIPE_PX && Math.abs(across) > 2.5 * Math.abs(finger.clientY - touch.y);
  touch = null;
  if (isSwipe) follow(across > 0 ? "prev" : "next");
}, { passive: true });
