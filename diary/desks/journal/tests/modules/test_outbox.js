import { Outbox } from "/static/journal/outbox.js";
import { equal, test, until } from "/harness.js";

const save = (text, more = {}) => ({ lesson: "l", student: "s", text, version: 0, ...more });

function outbox(answers) {
  const sent = [], told = [];
  window.fetch = async (_url, { body }) => {
    sent.push(JSON.parse(body));
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    const [status, content] = answer;
    return new Response(JSON.stringify(content), { status });
  };
  const tell = (name) => (...what) => told.push([name, ...what]);
  const line = { url: "/cells/", headers: () => ({}), renew: async () => false };
  for (const name of ["adopted", "saved", "refused", "conflict", "network"]) line[name] = tell(name);
  const box = new Outbox("box", line);
  return { box, sent, told, named: (name) => told.filter(([one]) => one === name) };
}

const taken = (text, version) => [200, { cells: [{ lesson: "l", student: "s", text, version }], rows: [] }];

test("what is typed twice before it goes is sent once, as typed last", async () => {
  const { box, sent } = outbox([taken("4", 1)]);
  box.save([save("5")]);
  box.save([save("4")]);
  await until(() => box.ids().size === 0);
  equal(sent.map(({ cells }) => cells.map(({ text }) => text)), [["4"]]);
});

test("a later text of the same cell stands on the version that came back", async () => {
  const { box, sent } = outbox([taken("5", 1), taken("4", 2)]);
  box.save([save("5")]);
  box.flush();
  box.save([save("4")]);
  await until(() => sent.length === 2);
  equal(sent[1].cells[0].version, 1);
  await until(() => box.ids().size === 0);
});

test("a lost answer is asked for again under the same key", async () => {
  const { box, sent, named } = outbox([new TypeError("lost"), taken("5", 1)]);
  box.save([save("5")]);
  await until(() => named("network").some(([, trouble]) => trouble === "offline"));
  box.wake();
  await until(() => box.ids().size === 0);
  equal(sent[0], sent[1]);
});

test("one refused cell does not hold the others back", async () => {
  const other = { lesson: "l", student: "other", text: "5", version: 0 };
  const blame = [422, { message: "no", cells: [{ lesson: "l", student: "s", message: "why", need_reason: true }] }];
  const { box, sent, named } = outbox([blame, [200, { cells: [{ ...other, version: 1 }], rows: [] }]]);
  box.save([save("5"), other]);
  await until(() => box.ids().size === 0);
  equal(named("refused").map(([, cell, message, isAsked]) => [cell.student, message, isAsked]), [["s", "why", true]]);
  equal(sent[1].cells.map(({ student }) => student), ["other"]);
  equal(sent[0].key === sent[1].key, false, "other content has another key");
});

test("held texts stay on the device and are not sent", async () => {
  const { box, sent } = outbox([]);
  box.hold(save("5"));
  box.flush();
  equal([sent.length, box.ids().size, Object.keys(localStorage).length], [0, 1, 1]);
  box.release("l/s");
  equal(Object.keys(localStorage).length, 0);
});

test("the entry of an ended session waits for the sign-in", async () => {
  const { box, named } = outbox([[401, {}], taken("5", 1)]);
  box.save([save("5")]);
  await until(() => named("network").some(([, trouble]) => trouble === "signin"));
  equal(box.ids().size, 1);
  box.wake();
  await until(() => box.ids().size === 0);
});
