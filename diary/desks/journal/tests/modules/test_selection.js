import { equal, test } from "/harness.js";
import { closeJournal, openJournal } from "./journal_page.js";

const key = (name, more = {}) => ({ key: name, ...more });
const place = ({ grid }) => [grid.selection.at.column, grid.selection.at.row];

test("keys of movement go where they say and stop at the edge", () => {
  const journal = openJournal();
  const { selection } = journal.grid;
  journal.go(1, 1);
  for (const [name, more, at] of [
    ["ArrowDown", {}, [1, 2]], ["ArrowDown", {}, [1, 2]], ["ArrowLeft", {}, [0, 2]], ["End", {}, [3, 2]], ["Home", {}, [0, 2]],
    ["PageUp", {}, [0, 0]], ["Enter", {}, [0, 1]], ["Enter", { shiftKey: true }, [0, 0]], ["Tab", {}, [1, 0]],
    ["Tab", { shiftKey: true }, [0, 0]], ["End", { ctrlKey: true }, [3, 2]],
  ]) {
    selection.byKey(key(name, more));
    equal(place(journal), at, name);
  }
  closeJournal(journal);
});

test("Tab leaves the grid at its edge", () => {
  const journal = openJournal();
  journal.go(3, 0);
  equal(journal.grid.selection.byKey(key("Tab")), false);
  closeJournal(journal);
});

test("a rectangle is marked for who reads the page with another sense", () => {
  const journal = openJournal();
  journal.go(0, 0);
  journal.grid.selection.by(1, 1, true);
  equal(journal.grid.querySelectorAll("[aria-selected=true]").length, 4);
  equal(journal.grid.selection.block().map((row) => row.length), [2, 2]);
  journal.go(0, 0);
  equal(journal.grid.querySelectorAll("[aria-selected]").length, 0);
  closeJournal(journal);
});
