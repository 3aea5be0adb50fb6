import "/static/ui/js/count-down.js";
import { equal, test } from "/harness.js";

const place = (seconds) => {
  document.body.innerHTML = `<count-down data-seconds="${seconds}"><button>b</button><span data-wait>через <span data-left></span></span></count-down>`;
  const find = (css) => document.querySelector(css);
  return [find("button").disabled, find("[data-left]").textContent, find("[data-wait]").hidden];
};

test("the button waits and says how long", () => equal(place(45), [true, "45", false]));
test("when nothing is left the button can be pressed", () => equal(place(0), [false, "0", true]));
