/** Turns keys, pointer and clipboard in the grid into the grid's commands. */

import { readBlock } from "./cells.js";
import { isLocked } from "./entries.js";

const LONG_PRESS_MS = 500;
const PASTE_LIMIT = 500;

export class Keyboard {
  /** @type {import("./sheet.js").Cell | null} just written, left by moving down: «/» returns to it */
  #written = null;
  /** the cell whose second mark is awaited */
  #slashed = null;
  #press = 0;

  /** @param {import("./journal-grid.js").JournalGrid} grid */
  constructor(grid) {
    this.grid = grid;
    const on = (name, act) => grid.addEventListener(name, (event) => {
      const cell = grid.sheet.cellOf(event.target);
      if (cell && event.target === event.target.closest("td")) act(event, cell);
      else if (cell && event.target.localName === "b") act(event, cell);
    });
    on("keydown", (event, cell) => this.#key(event, cell));
    on("pointerdown", (event, cell) => this.#down(event, cell));
    on("pointerover", (event, cell) => {
      if (event.buttons === 1 && event.pointerType === "mouse") grid.selection.to(cell, true);
    });
    for (const name of ["pointerup", "pointercancel", "pointermove"]) {
      on(name, ({ movementX, movementY }) => {
        if (name !== "pointermove" || Math.hypot(movementX, movementY) > 4) clearTimeout(this.#press);
      });
    }
    on("dblclick", (_, cell) => grid.edit(cell));
    on("contextmenu", (event, cell) => {
      event.preventDefault();
      this.#menu(cell);
    });
    on("copy", (event) => this.#copy(event));
    on("cut", (event) => {
      this.#copy(event);
      this.#fill("");
    });
    on("paste", (event, cell) => {
      event.preventDefault();
      this.#paste(event.clipboardData.getData("text/plain"), cell);
    });
  }

  #key(event, cell) {
    if (this.#command(event, cell)) event.preventDefault();
  }

  /** @returns {boolean} whether the key meant something */
  #command(event, cell) {
    const { key, code } = event;
    const { grid } = this;
    const written = this.#written;
    if (["Shift", "Control", "Alt", "Meta"].includes(key)) return false;
    if (event.altKey) return key === "ArrowDown" && grid.questions.ask(cell);
    if (key === "/") return this.#slash(written ?? cell);
    this.#written = null;
    if (event.ctrlKey || event.metaKey) {
      this.#unslash();
      if (code === "KeyZ") return grid.entries.rewind(event.shiftKey ? "forward" : "back");
      if (code === "KeyY") return grid.entries.rewind("forward");
      if (key === "Enter") return grid.questions.askAny(cell);
      return (key === "Home" || key === "End") && grid.selection.byKey(event);
    }
    const sign = grid.signs.ofKey(event);
    if (sign) return this.#write(sign, cell);
    if (this.#unslash() && (key === "Backspace" || key === "Escape")) return true;
    if (key === "Escape") return this.#calm();
    if (/^[06-9]$/.test(key)) return grid.say("bad-text");
    if (key === "Backspace" || key === "Delete") return this.#fill("");
    if (key === "F2") return grid.edit(cell);
    if (key === "F4") return grid.layout.toToday();
    if (key === " ") return this.#menu(cell);
    return grid.selection.byKey(event);
  }

  #write(sign, cell) {
    const slashed = this.#unslash();
    if (slashed) {
      this.grid.entries.change([[slashed, `${slashed.text}/${sign}`]]);
    } else {
      this.grid.entries.type(this.#chosen(), sign);
      if (this.#chosen().length > 1) return true;
    }
    if (this.grid.selection.by(1, 0)) this.#written = cell;
    return true;
  }

  /** Escape closes what is open and lets go of a selection; what was typed stays. */
  #calm() {
    this.grid.panel.close();
    this.grid.selection.to(this.grid.selection.at);
    return true;
  }

  #slash(cell) {
    if (!cell.text || cell.state === "refused" || isLocked(cell)) return true;
    this.#unslash();
    this.grid.selection.to(cell);
    this.#slashed = cell;
    cell.td.append("/");
    return true;
  }

  #unslash() {
    const cell = this.#slashed;
    this.#slashed = null;
    if (cell) this.grid.face.show(cell);
    return cell;
  }

  #chosen() {
    return this.grid.selection.block().flat();
  }

  #fill(text) {
    this.grid.entries.change(this.#chosen().map((cell) => [cell, text]));
    return true;
  }

  #menu(cell) {
    clearTimeout(this.#press);
    this.grid.selection.to(cell);
    if (!this.grid.questions.ask(cell)) this.grid.openMenu(cell);
    return true;
  }

  #down(event, cell) {
    if (event.button) return;
    this.#written = null;
    this.#unslash();
    if (event.pointerType === "mouse") event.preventDefault();
    this.grid.panel.close();
    this.grid.selection.to(cell, event.shiftKey);
    if (event.pointerType !== "mouse") this.#press = setTimeout(() => this.#menu(cell), LONG_PRESS_MS);
  }

  #copy(event) {
    const lines = this.grid.selection.block().map((row) => row.map((cell) => cell.text).join("\t"));
    event.clipboardData.setData("text/plain", lines.join("\n"));
    event.preventDefault();
  }

  /** Empty values of a pasted block leave their cells alone. */
  #paste(text, start) {
    const { sheet: { rows }, say, selection, entries } = this.grid;
    const block = readBlock(text);
    if (block.flat().length > PASTE_LIMIT) return say("paste-too-big", { limit: PASTE_LIMIT });
    if (block.flat().length === 1) return this.#fill(block[0][0]);
    const top = Math.min(start.row, selection.anchor.row);
    const left = Math.min(start.column, selection.anchor.column);
    const values = block.flatMap((line, down) => line.map((value, right) => [rows[top + down]?.[left + right], value]));
    entries.change(values.filter(([cell, value]) => cell && value));
    const lost = values.filter(([cell, value]) => !cell && value).length;
    if (lost) say("paste-cut", { n: lost });
  }
}
