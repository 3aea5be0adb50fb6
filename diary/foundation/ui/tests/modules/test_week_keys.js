import "/static/ui/js/week-keys.js";
import { equal, test } from "/harness.js";

const followed = [];
function week(more = "") {
  followed.length = 0;
  document.body.innerHTML = `<a href="#" data-week-prev>p</a><a href="#" data-week-next>n</a>${more}`;
  for (const link of document.querySelectorAll("a")) {
    link.onclick = (event) => { event.preventDefault(); followed.push(link.textContent); };
  }
}
const press = (key, target = document.body, more = {}) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));

function swipe(across, down = 0) {
  const touch = (x, y) => new Touch({ identifier: 1, target: document.body, clientX: x, clientY: y });
  const at = (name, finger) => document.body.dispatchEvent(new TouchEvent(name, {
    touches: name === "touchend" ? [] : [finger], changedTouches: [finger], bubbles: true,
  }));
  at("touchstart", touch(200, 200));
  at("touchend", touch(200 + across, 200 + down));
}

test("arrows follow the links of the week", () => {
  week();
  press("ArrowLeft");
  press("ArrowRight");
  equal(followed, ["p", "n"]);
});

test("arrows belong to who types and to the browser's own keys", () => {
  week("<input><div role='grid' tabindex='0'>g</div>");
  press("ArrowLeft", document.querySelector("input"));
  press("ArrowLeft", document.querySelector("[role=grid]"));
  press("ArrowLeft", document.body, { altKey: true });
  equal(followed, []);
});

test("a swipe across turns the week, a scroll down does not", () => {
  week();
  swipe(100);
  swipe(-100);
  swipe(100, 100);
  swipe(30);
  equal(followed, ["p", "n"]);
});
