import { connectionState, reportConnection } from "/static/ui/js/connection-state.js";
import { equal, test } from "/harness.js";

const open = () => {
  document.body.innerHTML = '<connection-state><p data-when="offline" hidden></p><p data-when="ended" hidden></p></connection-state>';
};
const shown = () => [...document.querySelectorAll("[data-when]")].filter((note) => !note.hidden).map((note) => note.dataset.when);

test("each state shows its own sentence", () => {
  open();
  reportConnection("offline");
  equal(shown(), ["offline"]);
  reportConnection("online");
  equal(shown(), []);
});

test("an ended session stays ended, whatever is met later", () => {
  open();
  reportConnection("ended");
  reportConnection("online");
  equal([connectionState().state, shown()], ["ended", ["ended"]]);
});

test("an unknown state changes nothing", () => {
  open();
  reportConnection("nonsense");
  equal(connectionState().state, "online");
});
