/** Where the teacher is in the grid: the current cell (roving tabindex) and the selected rectangle. */

/** @typedef {import("./sheet.js").Cell} Cell */

const MOVES = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  Home: [0, -1e3], End: [0, 1e3], PageUp: [-10, 0], PageDown: [10, 0],
};

export class Selection {
  /** @type {Set<Cell>} */
  #marked = new Set();

  /** @param {Cell[][]} rows @param {Cell} start */
  constructor(rows, start) {
    this.rows = rows;
    this.at = this.anchor = start;
    start.td.tabIndex = 0;
  }

  /** @param {Cell} cell @param {boolean} [extend] keep the other corner of the rectangle */
  to(cell, extend = false, focus = true) {
    this.at.td.tabIndex = -1;
    cell.td.tabIndex = 0;
    this.at = cell;
    if (!extend) this.anchor = cell;
    this.#mark();
    if (!focus) return;
    cell.td.focus({ preventScroll: true });
    cell.td.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @returns {boolean} whether there was anywhere to go */
  by(down, right, extend = false) {
    const clamp = (value, length) => Math.max(0, Math.min(length - 1, value));
    const row = this.rows[clamp(this.at.row + down, this.rows.length)];
    const cell = row[clamp(this.at.column + right, row.length)];
    if (cell === this.at && extend === (this.anchor !== this.at)) return false;
    this.to(cell, extend);
    return true;
  }

  /** Moves by a key of movement. @param {KeyboardEvent} event @returns {boolean} whether it was one */
  byKey({ key, shiftKey, ctrlKey, metaKey }) {
    if (key === "Enter") return this.by(shiftKey ? -1 : 1, 0) || true;
    if (key === "Tab") return this.by(0, shiftKey ? -1 : 1);
    const move = MOVES[key];
    if (!move) return false;
    const far = (ctrlKey || metaKey) && (key === "Home" || key === "End");
    this.by(far ? move[1] : move[0], move[1], shiftKey);
    return true;
  }

  /** @returns {Cell[][]} the selected rectangle, row by row; a lone current cell is a rectangle too */
  block() {
    const [top, bottom] = [this.at.row, this.anchor.row].sort((a, b) => a - b);
    const [left, right] = [this.at.column, this.anchor.column].sort((a, b) => a - b);
    return this.rows.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));
  }

  #mark() {
    const now = new Set(this.at === this.anchor ? [] : this.block().flat());
    for (const cell of this.#marked) if (!now.has(cell)) cell.td.removeAttribute("aria-selected");
    for (const cell of now) if (!this.#marked.has(cell)) cell.td.ariaSelected = "true";
    this.#marked = now;
  }
}
