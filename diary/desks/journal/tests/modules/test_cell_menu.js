import { conflictForm, make, Panel, reasonForm } from "/static/journal/cell-menu.js";
import { equal, test, until } from "/harness.js";
import { closeJournal, openJournal, press } from "./journal_page.js";

const word = (name, { text = "", n = "" } = {}) => `${name} ${text}${n}`.trim();
const options = () => ["mistake", "retake"].map((value) => make("option", { value, textContent: value }));

test("a digit chooses a reason, Enter gives it for this cell", () => {
  const given = [];
  const form = reasonForm(options(), 1, word, { one: (reason) => given.push(reason), all: () => {}, revert: () => {} });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.body.append(form);
  form.querySelector("select").focus();
  press("2", "Enter");
  equal(given, ["retake"]);
  equal(form.textContent.includes("reason-all"), false);
});

test("where several wait, one press answers for all", () => {
  const given = [];
  const form = reasonForm(options(), 3, word, { one: () => {}, all: (reason) => given.push(reason), revert: () => {} });
  [...form.querySelectorAll("button")].find((button) => button.textContent === "reason-all 3").click();
  equal(given, ["mistake"]);
});

test("a conflict names both texts on its buttons, an empty cell by a word", () => {
  const nodes = conflictForm({ message: "m", theirs: "", mine: "5" }, word, () => {}, () => {});
  equal(nodes.map((node) => node.textContent), ["m", "theirs: empty", "mine: 5", "keep-theirs empty", "use-mine 5"]);
});

test("a panel stays inside the window and gives the focus back", () => {
  const anchor = document.body.appendChild(make("td", { tabIndex: 0 }));
  const panel = new Panel(document.body);
  panel.open(anchor, "title", [make("button", { textContent: "ok" })]);
  equal(document.activeElement.textContent, "ok");
  press("Escape");
  equal([panel.isOpen, document.activeElement.localName], [false, "td"]);
});

test("the menu of a cell brings its form, which is sent as a save", async () => {
  const journal = openJournal();
  journal.go(0, 0);
  press(" ");
  const form = await until(() => journal.grid.panel.element.querySelector("form[action]"));
  form.comment.value = "Молодец";
  form.requestSubmit();
  await until(() => journal.server.requests.length);
  equal(journal.server.requests[0].form, { version: 0, comment: "Молодец" });
  await until(() => !journal.grid.panel.isOpen);
  closeJournal(journal);
});

test("a comment that was not sent is there again when the menu opens anew", async () => {
  const journal = openJournal();
  journal.go(0, 0);
  press(" ");
  const form = await until(() => journal.grid.panel.element.querySelector("form[action]"));
  form.comment.value = "Не дописано";
  press("Escape", " ");
  const again = await until(() => journal.grid.panel.element.querySelector("form[action]"));
  equal(again.comment.value, "Не дописано");
  closeJournal(journal);
});
