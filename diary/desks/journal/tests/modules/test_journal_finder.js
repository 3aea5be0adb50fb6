import "/static/journal/journal-finder.js";
import { noteOpened } from "/static/journal/recent.js";
import { equal, test } from "/harness.js";

const LINE = (find, id) => `<li data-find="${find}"><a data-course="${id}"><strong>${find}</strong></a></li>`;

function open() {
  document.body.innerHTML = `<journal-finder data-user="1"><input type="search"><section class="journal-recent" hidden><ul></ul></section>
    <p class="journal-nothing" hidden></p><details open><summary>2А</summary><ul>${LINE("2а чтение лебедева", "a")}</ul></details>
    <details><summary>7А</summary><ul>${LINE("7а алгебра соколова", "b")}${LINE("7а 7а англ. 1 английский громов", "c")}</ul></details></journal-finder>`;
  const find = (css) => [...document.querySelectorAll(css)];
  return {
    type(words) {
      const field = document.querySelector("input");
      field.value = words;
      field.dispatchEvent(new Event("input"));
      return find("details li").filter((line) => !line.hidden && line.closest("details").open).map((line) => line.textContent);
    },
    recent: () => find(".journal-recent li").map((line) => line.textContent),
    isNothing: () => !document.querySelector(".journal-nothing").hidden,
  };
}

test("journals are found by class, subject and teacher as one types (W8)", () => {
  const page = open();
  equal(page.type("7а англ"), ["7а 7а англ. 1 английский громов"]);
  equal(page.type("Соколова 7"), ["7а алгебра соколова"]);
  equal([page.type("9я"), page.isNothing()], [[], true]);
  equal(page.type(""), ["2а чтение лебедева"]);
});

test("those opened lately stand first, the latest before (W8)", () => {
  for (const id of ["a", "gone", "c", "a"]) noteOpened("1", id);
  noteOpened("2", "b");
  equal(open().recent(), ["2А · 2а чтение лебедева", "7А · 7а 7а англ. 1 английский громов"]);
});
