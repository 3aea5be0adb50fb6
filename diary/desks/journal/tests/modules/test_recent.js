import { noteOpened, recent } from "/static/journal/recent.js";
import { equal, test } from "/harness.js";

test("six journals are remembered, each once, for each person", () => {
  for (const id of ["a", "b", "c", "d", "e", "f", "g", "c"]) noteOpened("1", id);
  equal([recent("1"), recent("2")], [["c", "g", "f", "e", "d", "b"], []]);
});

test("a spoilt note is no error", () => {
  localStorage.setItem("journal-recent:1", "{");
  equal(recent("1"), []);
});
