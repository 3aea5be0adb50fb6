import "/static/home/homework-tick.js";
import { equal, test, until } from "/harness.js";

function task() {
  document.body.innerHTML = '<div class="task"><homework-tick><button formaction="/done/" aria-pressed="false" value="1">Сделано</button></homework-tick></div>';
  return document.querySelector("button");
}

test("the tick turns at once and is told to the server", async () => {
  let sent;
  window.fetch = async (_url, { body }) => { sent = JSON.parse(body); return new Response("{}"); };
  const button = task();
  button.click();
  equal([button.ariaPressed, button.value, document.querySelector(".task").className], ["true", "0", "task is-done"]);
  await until(() => button.ariaBusy !== "true");
  equal(sent.done, true);
});

test("a refusal turns it back", async () => {
  window.fetch = async () => new Response('{"message": "Нельзя"}', { status: 422 });
  const button = task();
  button.click();
  await until(() => button.ariaBusy !== "true");
  equal([button.ariaPressed, document.querySelector(".task").className], ["false", "task"]);
});
