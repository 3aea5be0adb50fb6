import { equal, test } from "/harness.js";
import { closeJournal, openJournal, press } from "./journal_page.js";

const turn = (journal) => journal.grid.layout.button.click();

test("the journal opens at the lesson that the server names, and chooses it (W1)", () => {
  const journal = openJournal();
  equal(journal.grid.selection.at.column, 2);
  equal(document.activeElement, journal.at(2, 0).td);
  closeJournal(journal);
});

test("one key leads back to it, in the row where one was (W1)", () => {
  const journal = openJournal();
  journal.go(0, 1);
  press("F4");
  equal(document.activeElement, journal.at(2, 1).td);
  closeJournal(journal);
});

test("grid and list can be chosen at any width and the choice is remembered (W10)", () => {
  const journal = openJournal();
  equal(journal.grid.dataset.view, "grid");
  turn(journal);
  equal([journal.grid.dataset.view, journal.grid.layout.list.column], ["list", 2]);
  closeJournal(journal);
  const again = openJournal();
  equal(again.grid.dataset.view, "list");
  turn(again);
  equal(again.grid.dataset.view, "grid");
  closeJournal(again);
});

test("the lesson of the list is the one that was chosen in the grid, and back", () => {
  const journal = openJournal();
  journal.go(1, 0);
  turn(journal);
  equal(journal.grid.layout.list.column, 1);
  journal.grid.layout.list.show(3);
  turn(journal);
  equal(journal.grid.selection.at.column, 3);
  closeJournal(journal);
});
