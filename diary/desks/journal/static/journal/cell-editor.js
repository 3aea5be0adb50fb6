/** Free editing of a cell's text in an input inside the cell. */

import { make } from "./cell-menu.js";

export class CellEditor {
  /** @type {import("./sheet.js").Cell | undefined} being edited now */
  cell;

  /** @param {import("./journal-grid.js").JournalGrid} grid */
  constructor(grid) {
    this.grid = grid;
  }

  open(cell) {
    this.grid.selection.to(cell);
    this.cell = cell;
    this.input = make("input", { className: "cell-input", value: cell.text, ariaLabel: cell.name, autocomplete: "off" });
    cell.td.replaceChildren(this.input);
    this.input.select();
    this.input.focus();
    this.input.addEventListener("blur", () => this.close(true));
    this.input.addEventListener("keydown", (event) => this.#key(event, cell));
  }

  /** @param {boolean} isKept whether the text goes into the cell */
  close(isKept) {
    const { cell, input, grid } = this;
    if (!cell) return;
    this.cell = undefined;
    grid.face.show(cell);
    if (isKept) grid.entries.change([[cell, input.value]]);
    else grid.answers.refresh();
  }

  #key(event, cell) {
    const { key } = event;
    if (!["Enter", "Tab", "Escape"].includes(key)) return;
    event.preventDefault();
    this.close(key !== "Escape");
    if (key === "Escape" || !this.grid.selection.byKey(event)) this.grid.selection.to(cell);
  }
}
