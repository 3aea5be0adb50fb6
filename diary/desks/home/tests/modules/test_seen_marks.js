import "/static/home/seen-marks.js";
import { equal, test, until } from "/harness.js";

test("a mark that was looked at stops glowing, with the day's note of news", async () => {
  let sent;
  window.fetch = async (_url, { body }) => { sent = JSON.parse(body); return new Response("{}"); };
  document.body.innerHTML = `<seen-marks data-url="/seen/"><div class="day"><b class="day-new">1 новая</b>
    <span class="mark mark-new" data-mark="m1">5</span></div></seen-marks>`;
  await until(() => !document.querySelector(".mark-new"));
  equal([sent.ids, document.querySelector(".day-new")], [["m1"], null]);
});
