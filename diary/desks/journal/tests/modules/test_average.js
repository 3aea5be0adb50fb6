import { average } from "/static/journal/average.js";
import { equal, test } from "/harness.js";

// the same cases are read by gradebook/tests/test_shared_cases.py
const cases = await (await fetch("/diary/schoolwork/gradebook/tests/averages.json")).json();

for (const { cells, average: expected } of cases) {
  test(`average of ${JSON.stringify(cells)} is what the server counts`, () => equal(average(cells), expected));
}

test("average has the separator of the reader's language", () => equal(average([{ text: "4/5", weight: "1" }], "."), "4.50"));
