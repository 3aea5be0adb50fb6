import { equal, test, until } from "/harness.js";
import { closeJournal, openJournal, press } from "./journal_page.js";

test("a lost network is said once and taken back when all is saved", async () => {
  const journal = openJournal();
  journal.server.isDown = true;
  journal.go(0, 0);
  press("5");
  await until(() => !journal.grid.banner.hidden);
  equal(journal.at(0, 0).text, "5");
  journal.server.isDown = false;
  journal.grid.outbox.wake();
  await until(() => journal.grid.banner.hidden);
  closeJournal(journal);
});

test("a refused cell's menu says why and leads back", async () => {
  const journal = openJournal();
  journal.grid.entries.change([[journal.at(0, 0), "9"]]);
  journal.go(0, 0);
  press(" ");
  const panel = journal.grid.panel.element;
  equal(panel.textContent.includes("bad-text"), true);
  [...panel.querySelectorAll("button")].find((button) => button.textContent === "reason-cancel").click();
  equal([journal.at(0, 0).text, journal.at(0, 0).state], ["", ""]);
  closeJournal(journal);
});

test("a sign button of the menu writes into its cell", async () => {
  const journal = openJournal();
  journal.go(0, 1);
  press(" ");
  journal.grid.panel.element.querySelector("[data-text='4']").click();
  equal(journal.at(0, 1).text, "4");
  await journal.isQuiet();
  closeJournal(journal);
});
