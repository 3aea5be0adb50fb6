import "/static/ui/js/live-region.js";
import { equal, test } from "/harness.js";

window.EventSource = class { close() {} };
const answer = (html) => { window.fetch = async () => new Response(html); };

function region(html) {
  document.body.innerHTML = `<live-region src="/part/">${html}</live-region>`;
  return document.body.firstChild;
}

test("new content comes with the focus and the open details kept", async () => {
  const part = region('<details id="d" open><summary>s</summary></details><button id="b">1</button>');
  part.querySelector("button").focus();
  answer('<details id="d"><summary>s</summary></details><button id="b">2</button>');
  let times = 0;
  part.addEventListener("live-region:updated", () => { times += 1; });
  await part.refresh();
  equal([part.querySelector("button").textContent, document.activeElement.id, part.querySelector("details").open, times], ["2", "b", true, 1]);
});

test("the same content is left as it is", async () => {
  const part = region("<p>1</p>");
  const before = part.firstChild;
  answer("<p>1</p>\n");
  await part.refresh();
  equal(part.firstChild === before, true);
});

test("nothing is put over somebody's typing", async () => {
  const part = region('<input id="i" value="a">');
  const field = part.querySelector("input");
  field.focus();
  field.value = "ab";
  answer('<input id="i" value="c">');
  await part.refresh();
  equal(part.querySelector("input").value, "ab");
});

test("an error of the server leaves what is shown", async () => {
  const part = region("<p>1</p>");
  window.fetch = async () => new Response("<p>oops</p>", { status: 500 });
  await part.refresh();
  equal(part.textContent, "1");
});
