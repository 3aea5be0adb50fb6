import { Shelf } from "/static/journal/shelf.js";
import { equal, test } from "/harness.js";

test("items come back oldest first, those of other names are left alone", () => {
  const shelf = new Shelf("mine:");
  localStorage.setItem("other:1", "{}");
  shelf.keep("b", { at: 2 });
  shelf.keep("a", { at: 1 });
  equal(shelf.all(), [{ at: 1 }, { at: 2 }]);
  shelf.forget("a");
  equal(shelf.all(), [{ at: 2 }]);
});

test("a browser that keeps nothing is no error", () => {
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
  try {
    equal(new Shelf("mine:").keep("a", { at: 1 }), false);
  } finally {
    Storage.prototype.setItem = setItem;
  }
});
