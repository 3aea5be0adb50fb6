/** A journal in an empty page: three pupils, four lessons, and a server that answers as the real one does. */

import "/static/journal/journal-grid.js";
import { until } from "/harness.js";

const signs = JSON.stringify(await (await fetch("/static/gradebook/signs.json")).json());
const askForReal = window.fetch;
const WORDS = {
  "reason-count": "Почему исправляете? Ждут ответа: {n}", "keep-theirs": "Оставить: {text}", "use-mine": "Поставить: {text}", empty: "пусто",
  "reason-all": "Для всех: {n}", "menu-of": "Меню: {name}", set: "Поставить {sign}",
};

/** What stands in the cells, and what each request brought. */
export class Server {
  cells = new Map();
  requests = [];
  /** cells whose correction needs a reason */
  settled = new Set();
  isDown = false;

  put(id, text) {
    this.cells.set(id, { text, version: (this.cells.get(id)?.version ?? 0) + 1 });
  }

  fetch = async (url, { method = "GET", body } = {}) => {
    if (this.isDown) throw new TypeError("no network");
    if (method === "GET") return this.#page(String(url));
    const { key, cells, ...form } = JSON.parse(body);
    this.requests.push({ url: String(url), key, cells, form });
    return cells ? this.#enter(cells) : json(200, { cells: [], rows: [] });
  };

  #page(url) {
    if (!url.endsWith("/cells/")) return new Response("<form action='/mark/'><input name=comment></form>");
    return json(200, { cells: [...this.cells].map(([id, cell]) => ({ ...places(id), ...cell })), rows: [] });
  }

  #enter(cells) {
    const stale = cells.filter((cell) => cell.version !== (this.cells.get(idOf(cell))?.version ?? 0));
    if (stale.length) return json(409, { message: "stale", cells: stale.map((cell) => this.#said(cell, { message: "Уже изменили" })) });
    const unexplained = cells.find((cell) => this.settled.has(idOf(cell)) && !cell.reason);
    if (unexplained) return json(422, { message: "why", cells: [{ ...unexplained, message: "Выберите причину", need_reason: true }] });
    cells.forEach((cell) => this.put(idOf(cell), cell.text));
    return json(200, { cells: cells.map((cell) => this.#said(cell)), rows: [] });
  }

  #said(cell, more = {}) {
    return { ...places(idOf(cell)), ...this.cells.get(idOf(cell)), ...more };
  }
}

const idOf = ({ lesson, student }) => `${lesson}/${student}`;
const places = (id) => ({ lesson: id.split("/")[0], student: id.split("/")[1] });
const json = (status, content) => new Response(JSON.stringify(content), { status, headers: { "Content-Type": "application/json" } });

/**
 * @param {Server} server @param {{opened?: number, locked?: string[]}} [options]
 * @returns a journal that is ready, with short ways to it
 */
export function openJournal(server = new Server(), { opened = 2, locked = [] } = {}) {
  window.fetch = server.fetch;
  window.EventSource = class { close() {} };
  const lessons = [0, 1, 2, 3], pupils = ["Ёлкин Пётр", "Иванова Мария", "Яшин Ян"];
  const cell = (lesson, pupil) => {
    const { text = "", version = 0 } = server.cells.get(`l${lesson}/p${pupil}`) ?? {};
    const isLocked = locked.includes(`l${lesson}/p${pupil}`);
    return `<td class="cell" role="gridcell" data-v="${version}"${isLocked ? ' aria-readonly="true"' : ""}>${text}</td>`;
  };
  document.body.innerHTML = `<div id="journal-tools"><a href="#today" data-today data-current>Сегодня</a></div>
    <journal-grid data-user="1" data-course="c" data-cells-url="/journal/c/cells/" data-csrf="x" data-signs='${signs}'>
    <div class="journal-scroll"><table role="grid"><thead><tr><th class="pupil">Ученик</th>
    ${lessons.map((one) => `<th data-lesson="l${one}" data-weight="1" data-label="${one + 1} октября"${one === opened ? " data-opened" : ""}>${one + 1}</th>`).join("")}
    <th class="avg"></th><th class="proposed"></th></tr></thead><tbody>
    ${pupils.map((name, pupil) => `<tr data-student="p${pupil}"><th class="pupil" data-name="${name}">${name}</th>
    ${lessons.map((lesson) => cell(lesson, pupil)).join("")}<td class="avg"></td><td class="proposed"></td></tr>`).join("")}
    </tbody></table></div>
    <template id="reasons"><option value="mistake">Ошибка</option><option value="retake">Переписана</option></template>
    <template id="journal-words">${Object.entries(WORDS).map(([name, text]) => `<span data-word="${name}">${text}</span>`).join("")}</template>
    </journal-grid>`;
  const grid = document.querySelector("journal-grid");
  const at = (lesson, pupil) => grid.sheet.at({ lesson: `l${lesson}`, student: `p${pupil}` });
  return {
    grid, at, server,
    go: (lesson, pupil) => grid.selection.to(at(lesson, pupil)),
    column: (lesson) => pupils.map((_, pupil) => at(lesson, pupil).text),
    isQuiet: () => until(() => grid.outbox.ids().size === 0, "all is sent"),
    strip: grid.querySelector(".journal-questions"),
  };
}

/** The journal goes as a closed tab does: what it holds stays on the device. */
export function closeJournal({ grid }) {
  grid.remove();
  window.fetch = askForReal;
}

const CODES = { Enter: "Enter", Escape: "Escape", " ": "Space", ".": "Period", "/": "Slash", z: "KeyZ", н: "KeyY", б: "Comma" };

/** Presses keys where the focus is. @param {...string} keys «5», «Enter», «Ctrl+z» */
export function press(...keys) {
  for (const name of keys) {
    const ctrlKey = name.startsWith("Ctrl+");
    const key = name.replace("Ctrl+", "");
    const code = CODES[key] ?? (/\d/.test(key) ? `Digit${key}` : key);
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, code, ctrlKey, bubbles: true, cancelable: true }));
  }
}
