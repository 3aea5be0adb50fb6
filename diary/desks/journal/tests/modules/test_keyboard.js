import { equal, test, until } from "/harness.js";
import { closeJournal, openJournal, press } from "./journal_page.js";

function paste(text) {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}

test("a slash returns to the mark just written and adds a second", async () => {
  const journal = openJournal();
  journal.go(0, 0);
  press("4", "/", "5");
  equal(journal.at(0, 0).text, "4/5");
  await journal.isQuiet();
  closeJournal(journal);
});

test("a letter on a selection fills it, marks stay", async () => {
  const journal = openJournal();
  journal.go(0, 0);
  press("5");
  journal.go(0, 0);
  journal.grid.selection.by(2, 0, true);
  press("н");
  equal(journal.column(0), ["5/н", "н", "н"]);
  await journal.isQuiet();
  closeJournal(journal);
});

test("a pasted column goes down; what does not fit is said", async () => {
  const journal = openJournal();
  journal.go(0, 1);
  paste("5\n4\n3\n");
  equal(journal.column(0), ["", "5", "4"]);
  equal(journal.grid.message.textContent, "paste-cut");
  await journal.isQuiet();
  closeJournal(journal);
});

test("what a paste leaves in doubt stays in its cell and is asked (F12)", async () => {
  const journal = openJournal();
  journal.go(0, 0);
  paste("5\n4,5\ny");
  equal(journal.column(0), ["5", "4,5", "y"]);
  equal([0, 1, 2].map((pupil) => journal.at(0, pupil).state), ["saving", "refused", "refused"]);
  await until(() => journal.server.cells.get("l0/p0")?.text === "5");
  closeJournal(journal);
});

test("Backspace empties, a digit out of the scale is refused", async () => {
  const journal = openJournal();
  journal.go(0, 0);
  press("5");
  journal.go(0, 0);
  press("Backspace", "9");
  equal(journal.at(0, 0).text, "");
  equal(journal.grid.message.textContent, "bad-text");
  await journal.isQuiet();
  closeJournal(journal);
});
