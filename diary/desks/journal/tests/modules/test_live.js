import { Live, renew } from "/static/journal/live.js";
import { equal, test, until } from "/harness.js";

let source;
window.EventSource = class {
  static CLOSED = 2;
  constructor(address) { this.address = address; source = this; }
  close() { this.isClosed = true; }
};

function host(more = {}) {
  const grid = document.createElement("journal-grid-of-tests");
  Object.assign(grid.dataset, { stream: "/events", streamToken: "a b", user: "1", csrf: "old", ...more });
  return grid;
}

test("many messages at once are one question", async () => {
  let times = 0;
  const live = new Live(host(), () => { times += 1; });
  equal(source.address, "/events?t=a%20b");
  source.onmessage();
  source.onmessage();
  await until(() => times);
  equal(times, 1);
  live.close();
  equal(source.isClosed, true);
});

test("after a break the page asks what it has missed", () => {
  let times = 0;
  const live = new Live(host(), () => { times += 1; });
  source.readyState = 0;
  source.onerror();
  source.onopen();
  equal(times, 1);
  live.close();
});

test("only the same person's page gives fresh tokens", async () => {
  const answer = (user) => { window.fetch = async () => new Response(`<journal-grid-of-tests data-user="${user}" data-csrf="new">`); };
  const grid = host();
  answer("2");
  equal([await renew(grid), grid.dataset.csrf], [false, "old"]);
  answer("1");
  equal([await renew(grid), grid.dataset.csrf], [true, "new"]);
});
