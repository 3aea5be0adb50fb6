import { equal, test, until } from "/harness.js";
import { closeJournal, openJournal, press, Server } from "./journal_page.js";

test("digits go down the column and are saved together", async () => {
  const journal = openJournal();
  journal.go(0, 0);
  press("5", "4", "3");
  equal(journal.column(0), ["5", "4", "3"]);
  await journal.isQuiet();
  equal(journal.server.requests.map(({ cells }) => cells.length), [3]);
  closeJournal(journal);
});

test("undo goes back step by step, redo forth", async () => {
  const journal = openJournal();
  journal.go(0, 0);
  press("5", "4");
  press("Ctrl+z", "Ctrl+z");
  equal(journal.column(0), ["", "", ""]);
  press("Ctrl+y");
  journal.grid.entries.rewind("forward");
  equal(journal.column(0)[0], "5");
  await journal.isQuiet();
  closeJournal(journal);
});

test("a text that is none stays in its cell with the reason, unsent", async () => {
  const journal = openJournal();
  journal.grid.entries.change([[journal.at(0, 0), "4,5"]]);
  equal([journal.at(0, 0).text, journal.at(0, 0).state], ["4,5", "refused"]);
  equal(journal.grid.message.textContent, "Ёлкин Пётр: fraction");
  journal.grid.entries.type([journal.at(0, 0)], "5");
  equal(journal.at(0, 0).text, "5");
  await journal.isQuiet();
  equal(journal.server.requests.length, 1);
  closeJournal(journal);
});

test("a locked cell takes nothing and says so", () => {
  const journal = openJournal(new Server(), { locked: ["l0/p0"] });
  journal.go(0, 0);
  press("5");
  equal(journal.at(0, 0).text, "");
  equal(journal.grid.message.textContent, "locked");
  closeJournal(journal);
});

test("a mark typed over an absence keeps both (W5)", async () => {
  const server = new Server();
  server.put("l0/p0", "б");
  const journal = openJournal(server);
  journal.go(0, 0);
  press("4");
  await journal.isQuiet();
  equal(server.cells.get("l0/p0").text, "4/б");
  press("Ctrl+z");
  equal(journal.at(0, 0).text, "б");
  await journal.isQuiet();
  closeJournal(journal);
});

test("a button of the list puts a sign and takes it away", async () => {
  const journal = openJournal();
  journal.grid.entries.toggle(journal.at(0, 0), "5");
  equal(journal.at(0, 0).text, "5");
  journal.grid.entries.toggle(journal.at(0, 0), "5");
  equal(journal.at(0, 0).text, "");
  await until(() => journal.server.cells.get("l0/p0")?.text !== "5");
  closeJournal(journal);
});
