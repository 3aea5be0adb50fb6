import { equal, test, until } from "/harness.js";
import { closeJournal, openJournal, press, Server } from "./journal_page.js";

/** Three marks that stand for long: each correction must be explained. */
function settled() {
  const server = new Server();
  for (const pupil of [0, 1, 2]) {
    server.put(`l1/p${pupil}`, "3");
    server.settled.add(`l1/p${pupil}`);
  }
  return server;
}

const waiting = (journal) => [0, 1, 2].filter((pupil) => journal.at(1, pupil).state === "asked").length;
const button = (place, text) => [...place.querySelectorAll("button")].find((one) => one.textContent.includes(text));

test("corrections down a column are never interrupted and are explained all at once (W3)", async () => {
  const journal = openJournal(settled());
  journal.go(1, 0);
  press("5");
  await until(() => waiting(journal) === 1);
  equal(document.activeElement, journal.at(1, 1).td, "the keyboard stays with who types");
  equal(journal.grid.panel.isOpen, false);
  press("4", "2");
  await until(() => waiting(journal) === 3);
  equal(journal.column(1), ["5", "4", "2"]);
  equal(journal.strip.querySelector("[role=status]").textContent, "Почему исправляете? Ждут ответа: 3");
  button(journal.strip, "Переписана").click();
  await journal.isQuiet();
  equal([0, 1, 2].map((pupil) => journal.server.cells.get(`l1/p${pupil}`).text), ["5", "4", "2"]);
  equal(journal.strip.hidden, true);
  closeJournal(journal);
});

test("Escape drops nothing that was typed (W3)", async () => {
  const journal = openJournal(settled());
  journal.go(1, 0);
  press("5", "4");
  await until(() => waiting(journal) === 2);
  press("Escape");
  journal.go(1, 0);
  press("Escape", " ");
  await until(() => journal.grid.panel.isOpen);
  press("Escape");
  equal(journal.grid.panel.isOpen, false);
  equal(journal.column(1), ["5", "4", "3"]);
  equal(waiting(journal), 2);
  closeJournal(journal);
});

test("an unanswered correction survives a closed page and is asked again", async () => {
  const server = settled();
  const journal = openJournal(server);
  journal.go(1, 0);
  press("5");
  await until(() => waiting(journal) === 1);
  closeJournal(journal);
  const again = openJournal(server);
  await until(() => waiting(again) === 1);
  equal(again.column(1), ["5", "3", "3"]);
  button(again.strip, "Ошибка").click();
  await again.isQuiet();
  equal(server.cells.get("l1/p0").text, "5");
  closeJournal(again);
});

test("one cell is answered from its corner, by keys alone", async () => {
  const journal = openJournal(settled());
  journal.go(1, 0);
  press("5", "4");
  await until(() => waiting(journal) === 2);
  journal.go(1, 1);
  press("Ctrl+Enter");
  equal(document.activeElement.localName, "select");
  press("2", "Enter");
  await until(() => journal.server.cells.get("l1/p1").text === "4");
  equal(journal.server.requests.at(-1).cells[0].reason, "retake");
  equal(waiting(journal), 1);
  closeJournal(journal);
});

test("what is put back is asked no more", async () => {
  const journal = openJournal(settled());
  journal.go(1, 0);
  press("5");
  await until(() => waiting(journal) === 1);
  press("Ctrl+z");
  equal(journal.column(1), ["3", "3", "3"]);
  equal(journal.strip.hidden, true);
  closeJournal(journal);
});

for (const [text, expected] of [["Оставить: 3", "3"], ["Поставить: 4", "4"]]) {
  test(`a conflict says what the cell became, and «${text}» settles it (W7)`, async () => {
    const journal = openJournal(new Server());
    journal.server.put("l0/p0", "3");
    journal.go(0, 0);
    press("4");
    await until(() => journal.at(0, 0).state === "conflict");
    equal(journal.strip.textContent.includes("Ёлкин Пётр, 1 октября"), true);
    equal(journal.strip.textContent.includes("Уже изменили"), true);
    button(journal.strip, text).click();
    await journal.isQuiet();
    equal(journal.at(0, 0).text, expected);
    equal(journal.server.cells.get("l0/p0").text, expected);
    closeJournal(journal);
  });
}
