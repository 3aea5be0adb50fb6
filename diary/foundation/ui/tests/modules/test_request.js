import { newKey, request, RequestError } from "/static/ui/js/request.js";
import { equal, test } from "/harness.js";

/** @param {(Response | Error)[]} answers one for each time that the network is asked */
function network(...answers) {
  const asked = [];
  window.fetch = async (url, options) => {
    asked.push({ url, ...options });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return asked;
}
const json = (status, content) => new Response(JSON.stringify(content), { status });
const failure = (promise) => promise.then(() => null, (error) => error);

test("a lost request is sent once more under the same key", async () => {
  const asked = network(new TypeError("lost"), json(200, { ok: 1 }));
  equal(await request("/x/", { method: "POST", body: { a: 1 } }), { ok: 1 });
  equal([asked.length, asked[0].body === asked[1].body, JSON.parse(asked[0].body).a], [2, true, 1]);
});

test("a request that took too long is not sent again: it may have been done", async () => {
  const asked = network(new DOMException("slow", "TimeoutError"));
  const error = await failure(request("/x/", { method: "POST" }));
  equal([asked.length, error instanceof RequestError, error.status], [1, true, 0]);
});

test("a refusal brings the server's sentence and status", async () => {
  network(json(422, { message: "Нельзя", more: 1 }));
  const error = await failure(request("/x/"));
  equal([error.message, error.status, error.body.more], ["Нельзя", 422, 1]);
});

test("two keys are never alike and look like keys", () => {
  const keys = [newKey(), newKey()];
  equal([new Set(keys).size, keys.every((key) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key))], [2, true]);
});
