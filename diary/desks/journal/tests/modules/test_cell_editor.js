import { equal, test } from "/harness.js";
import { closeJournal, openJournal, press } from "./journal_page.js";

test("F2 opens the cell's text, Enter keeps it and goes down", async () => {
  const journal = openJournal();
  journal.go(0, 0);
  press("F2");
  equal(document.activeElement.className, "cell-input");
  document.activeElement.value = "4 оп";
  press("Enter");
  equal(journal.at(0, 0).text, "4/оп");
  equal(document.activeElement, journal.at(0, 1).td);
  await journal.isQuiet();
  closeJournal(journal);
});

test("Escape leaves the text that stood there", () => {
  const journal = openJournal();
  journal.go(0, 0);
  press("F2");
  document.activeElement.value = "2";
  press("Escape");
  equal(journal.at(0, 0).text, "");
  equal(document.activeElement, journal.at(0, 0).td);
  closeJournal(journal);
});
