import { equal, test } from "/harness.js";
import { closeJournal, openJournal, press, Server } from "./journal_page.js";

test("the average of a row follows what is typed, not what was refused", () => {
  const journal = openJournal();
  journal.go(0, 0);
  press("5");
  journal.grid.entries.change([[journal.at(1, 0), "4"], [journal.at(2, 0), "9"]]);
  equal(journal.at(0, 0).average.textContent, "4,50");
  closeJournal(journal);
});

test("the server's sums are shown where nothing of the row is unsent", () => {
  const journal = openJournal(new Server());
  journal.grid.face.sums([{ student: "p0", average: "4.33", proposed: "4" }]);
  equal([journal.at(0, 0).average.textContent, journal.at(0, 0).proposed.textContent], ["4,33", "4"]);
  closeJournal(journal);
});

test("a state's reason is told with the cell and goes with the state", () => {
  const journal = openJournal();
  const cell = journal.at(0, 0);
  journal.grid.face.mark(cell, "refused", "почему");
  const note = document.getElementById(cell.td.getAttribute("aria-describedby"));
  equal([note.textContent, cell.td.ariaInvalid, cell.td.className], ["почему", "true", "cell is-refused"]);
  journal.grid.face.mark(cell, "");
  equal([cell.td.hasAttribute("aria-describedby"), cell.td.className], [false, "cell"]);
  closeJournal(journal);
});
