import { equal, test } from "/harness.js";
import { closeJournal, openJournal } from "./journal_page.js";

function list() {
  const journal = openJournal();
  journal.grid.layout.button.click();
  return { ...journal, items: () => [...journal.grid.querySelectorAll(".phone-list li")] };
}

test("the list shows the chosen lesson's pupils with big buttons", () => {
  const journal = list();
  equal(journal.items().map((item) => item.querySelector(".phone-name").textContent), ["Ёлкин Пётр", "Иванова Мария", "Яшин Ян"]);
  journal.items()[1].querySelector("[data-set='4']").click();
  equal(journal.at(2, 1).text, "4");
  equal(journal.items()[1].querySelector("[data-set='4']").ariaPressed, "true");
  closeJournal(journal);
});

test("mark and absence stand together, each button its own", () => {
  const journal = list();
  const buttons = journal.items()[0].querySelectorAll("[data-set]");
  buttons[0].click();
  buttons[4].click();
  equal(journal.at(2, 0).text, "5/н");
  equal([...buttons].map((button) => button.ariaPressed), ["true", "false", "false", "false", "true"]);
  closeJournal(journal);
});
