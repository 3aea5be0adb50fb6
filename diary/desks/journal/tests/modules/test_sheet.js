import { Sheet } from "/static/journal/sheet.js";
import { equal, test } from "/harness.js";

const PAGE = `<table><thead><tr><th class="pupil"></th><th data-lesson="a" data-weight="2" data-label="1 октября">1</th>
  <th data-lesson="b" data-weight="1" data-opened>2</th></tr></thead><tbody><tr data-student="x"><th data-name="Иванов Олег">Иванов</th>
  <td class="cell" data-v="3">5/4</td><td class="cell" data-v="0"></td></tr></tbody></table>`;

test("the table is read once: places, texts, versions, weights", () => {
  document.body.innerHTML = PAGE;
  const sheet = new Sheet(document.body);
  const cell = sheet.at({ lesson: "a", student: "x" });
  equal([cell.text, cell.version, cell.weight, cell.name, sheet.opened], ["5/4", 3, "2", "Иванов Олег", 1]);
  equal(sheet.cellOf(cell.td.querySelector("b")) === cell, true);
  equal(sheet.lessonOf(cell), "1 октября");
});

test("a page without pupils is an empty sheet, opened at the first column", () => {
  const sheet = new Sheet(document.body);
  equal([sheet.isEmpty, sheet.opened], [true, 0]);
});
