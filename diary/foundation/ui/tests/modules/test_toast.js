import { toast } from "/static/ui/js/toast.js";
import { equal, test } from "/harness.js";

const place = () => { document.body.innerHTML = '<ui-toasts data-close="Закрыть"></ui-toasts>'; return document.body.firstChild; };

test("an error stays until it is closed", () => {
  const toasts = place();
  toast("Не вышло", { kind: "error" });
  equal(toasts.textContent, "Не вышлоЗакрыть");
  toasts.querySelector("button").click();
  equal(toasts.childElementCount, 0);
});

test("an action runs once and its note goes", () => {
  const toasts = place();
  let runs = 0;
  toast("Удалено", { action: { label: "Вернуть", run: () => { runs += 1; } } });
  toasts.querySelector("button").click();
  equal([runs, toasts.childElementCount], [1, 0]);
});

test("a page without a place for notes is no error", () => equal(toast("Сохранено") ?? null, null));
