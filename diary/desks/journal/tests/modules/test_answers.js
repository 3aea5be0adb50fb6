import { equal, test, until } from "/harness.js";
import { closeJournal, openJournal, press, Server } from "./journal_page.js";

test("what others enter is taken, what is being entered here stays", async () => {
  const journal = openJournal();
  journal.server.put("l0/p0", "5");
  journal.server.isDown = true;
  journal.go(0, 1);
  press("3");
  journal.server.isDown = false;
  await journal.grid.answers.refresh();
  equal(journal.column(0), ["5", "3", ""]);
  equal(journal.at(0, 0).td.classList.contains("is-changed"), true);
  await journal.isQuiet();
  closeJournal(journal);
});

test("a saved cell ticks and the tick goes", async () => {
  const journal = openJournal();
  journal.go(0, 0);
  press("5");
  await until(() => journal.at(0, 0).state === "saved");
  await until(() => journal.at(0, 0).state === "");
  closeJournal(journal);
});

test("both windows that typed the same have no conflict", async () => {
  const journal = openJournal();
  journal.server.put("l0/p0", "5");
  journal.go(0, 0);
  press("5");
  await journal.isQuiet();
  equal([journal.at(0, 0).state === "conflict", journal.at(0, 0).version], [false, 1]);
  closeJournal(journal);
});

test("a question about a lesson of another period waits on the device", async () => {
  const server = new Server();
  const journal = openJournal(server);
  journal.grid.answers.refused({ lesson: "other", student: "p0", text: "5", version: 1 }, "Выберите причину", true);
  equal(journal.grid.message.textContent, "waiting");
  equal(Object.values(localStorage).some((item) => item.includes('"other"')), true);
  closeJournal(journal);
});
