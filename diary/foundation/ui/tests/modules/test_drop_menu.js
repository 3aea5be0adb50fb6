import "/static/ui/js/drop-menu.js";
import { equal, test } from "/harness.js";

function open() {
  document.body.innerHTML = "<drop-menu><details open><summary>m</summary><a href='#'>x</a></details></drop-menu><button>b</button>";
  return document.querySelector("details");
}

test("Escape closes it and gives the focus to its button", () => {
  const details = open();
  details.querySelector("a").focus();
  details.querySelector("a").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  equal([details.open, document.activeElement.localName], [false, "summary"]);
});

test("a press elsewhere closes it, a press inside does not", () => {
  const details = open();
  details.querySelector("a").click();
  equal(details.open, true);
  document.querySelector("button").click();
  equal(details.open, false);
});

test("the focus that leaves closes it", () => {
  const details = open();
  details.querySelector("a").focus();
  document.querySelector("button").focus();
  equal(details.open, false);
});
