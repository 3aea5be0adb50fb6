import { draw, readBlock, Signs, toggled, typedOver } from "/static/journal/cells.js";
import { equal, test } from "/harness.js";

const read = async (address) => (await fetch(address)).json();
const signs = new Signs(await read("/static/gradebook/signs.json"));

// the same cases are read by gradebook/tests/test_shared_cases.py
for (const { raw, text } of await read("/diary/schoolwork/gradebook/tests/cell_texts.json")) {
  test(`«${raw}» is read as the server reads it`, () => equal(signs.parse(raw).text ?? null, text));
}

test("what has two readings is asked with both", () => {
  equal(signs.parse("5/y"), { trouble: "unsure", token: "y", ways: "н / у" });
  equal(signs.parse("4,5"), { trouble: "fraction", token: "4,5", ways: "4/5" });
  equal(signs.parse("4.7"), { trouble: "no-fraction", token: "4.7" });
  equal(signs.parse("9"), { trouble: "bad-text" });
});

test("a key means the sign on its place, whatever the layout (F7)", () => {
  const keys = [
    ["y", "KeyY", "н"], ["н", "KeyY", "н"], ["Y", "KeyY", "н"], ["e", "KeyE", "у"], ["у", "KeyE", "у"], ["j", "KeyJ", "оп"],
    ["о", "KeyJ", "оп"], [",", "Comma", "б"], ["б", "Comma", "б"], ["n", "KeyN", "н"], ["b", "KeyB", "б"], ["5", "Digit5", "5"],
    ["5", "Numpad5", "5"], [",", "NumpadDecimal", "."], [".", "NumpadDecimal", "."], [".", "Slash", "."], [",", "Slash", undefined],
    ["9", "Digit9", undefined], ["q", "KeyQ", undefined], ["Enter", "Enter", undefined], ["Delete", "NumpadDecimal", undefined],
  ];
  for (const [key, code, sign] of keys) equal(signs.ofKey({ key, code }), sign, `${key} on ${code}`);
});

test("a mark typed over a sign keeps the sign, a sign keeps the mark (W5)", () => {
  const cases = [
    ["", "4", "4"], ["5", "4", "4"], ["4/5", "3", "3"], ["б", "4", "4/б"], ["3/б", "4", "4/б"], ["б", "н", "н"], ["5", "н", "5/н"],
    ["4/5/оп", "н", "4/5/н"], ["б", ".", "./б"], [".", "4", "4"],
  ];
  for (const [before, sign, after] of cases) equal(typedOver(before, sign), after, `${sign} over ${before}`);
});

test("a button puts a sign and takes it away", () => {
  for (const [text, sign, after] of [["", "5", "5"], ["5", "5", ""], ["5", "н", "5/н"], ["5/н", "н", "5"], ["5/н", "4", "4/н"]]) {
    equal(toggled(text, sign), after, `${sign} on ${text}`);
  }
});

test("a text is drawn sign by sign", () => {
  const place = document.createElement("td");
  draw(place, "4/./оп");
  equal(place.textContent, "4/•/оп");
  equal([...place.querySelectorAll("b")].map((part) => part.className), ["m4", "sign-dot", "sign-late"]);
});

test("a block from a spreadsheet is read by rows", () => {
  equal(readBlock("5\t 4\r\n\t3\r\n"), [["5", "4"], ["", "3"]]);
});
