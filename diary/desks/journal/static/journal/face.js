/** How cells and the right side of rows look while people write: texts, states, notes, averages. */

import { average } from "./average.js";
import { draw } from "./cells.js";
import { make } from "./cell-menu.js";

/** @typedef {import("./sheet.js").Cell} Cell */

const STATES = ["saving", "saved", "refused", "asked", "conflict"].map((state) => `is-${state}`);
const TICK_MS = 1000;
const GLOW_MS = 2000;

export class Face {
  /** @param {import("./journal-grid.js").JournalGrid} grid */
  constructor(grid) {
    this.grid = grid;
    this.notes = grid.appendChild(make("div", { hidden: true }));
  }

  /** Draws a cell where it is seen. @param {Cell} cell */
  show(cell) {
    if (this.grid.editor.cell !== cell) draw(cell.td, cell.text);
    this.grid.layout.list?.update(cell);
  }

  /** @param {Cell} cell @param {Cell["state"]} state @param {string} [message] why, for who looks at the cell */
  mark(cell, state, message = "") {
    const { td } = cell;
    cell.state = state;
    td.classList.remove(...STATES);
    if (state) td.classList.add(`is-${state}`);
    if (message || cell.note) this.#note(cell, message);
    this.grid.layout.list?.update(cell);
  }

  /** A tick that goes by itself. @param {Cell[]} cells */
  tick(cells) {
    cells.forEach((cell) => this.mark(cell, "saved"));
    setTimeout(() => cells.forEach((cell) => cell.state === "saved" && this.mark(cell, "")), TICK_MS);
  }

  /** Shows for a moment what others have changed. @param {Cell[]} cells */
  glow(cells) {
    cells.forEach(({ td }) => td.classList.add("is-changed"));
    setTimeout(() => cells.forEach(({ td }) => td.classList.remove("is-changed")), GLOW_MS);
  }

  /** @param {Iterable<number>} rows whose averages are shown as typed */
  recount(rows) {
    for (const row of new Set(rows)) {
      const line = this.grid.sheet.rows[row];
      const cells = line.map(({ text, saved, state, weight, td }) => ({
        text: state === "refused" ? saved : text, weight, weights: td.dataset.weights?.split(","),
      }));
      const { brought, broughtWeights } = line[0].average?.dataset ?? {};
      if (brought) cells.push({ text: brought, weight: "1", weights: broughtWeights.split(",") });
      if (line[0].average) line[0].average.textContent = average(cells, this.grid.separator);
      line.forEach((cell) => this.grid.layout.list?.update(cell));
    }
  }

  /** Averages and finals as the server counts them. @param {{student: string, average: string, proposed: string}[]} sums */
  sums(sums) {
    const busy = new Set([...this.grid.outbox.ids()].map((id) => id.split("/")[1]));
    for (const { student, average: value, proposed } of sums) {
      const row = this.grid.sheet.rows.find(([first]) => first.student === student);
      if (!row || busy.has(student)) continue;
      const [cell] = row;
      if (cell.average) cell.average.textContent = String(value ?? "").replace(/[.,]/, this.grid.separator);
      if (cell.proposed) cell.proposed.textContent = String(proposed ?? "");
      row.forEach((each) => this.grid.layout.list?.update(each));
    }
  }

  #note(cell, message) {
    cell.note ??= this.notes.appendChild(make("span", { id: `journal-note-${this.notes.childElementCount}` }));
    cell.hint ??= cell.td.title;
    cell.note.textContent = message;
    cell.td.title = message || cell.hint;
    cell.td.ariaInvalid = String(Boolean(message));
    if (message) cell.td.setAttribute("aria-describedby", cell.note.id);
    else cell.td.removeAttribute("aria-describedby");
  }
}
