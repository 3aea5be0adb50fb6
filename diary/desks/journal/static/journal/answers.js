/** What the server says: entries taken, refused or met by somebody else's; and what others have entered meanwhile. */

/** @typedef {import("./sheet.js").Cell} Cell */

const OWN_STATES = ["refused", "asked", "conflict"];

export class Answers {
  /** @param {import("./journal-grid.js").JournalGrid} grid */
  constructor(grid) {
    this.grid = grid;
  }

  /** What a closed page left on this device. @param {import("./outbox.js").Save[]} saves */
  adopted = (saves) => {
    const { sheet, face } = this.grid;
    for (const save of saves) {
      const cell = sheet.at(save);
      if (!cell) continue;
      cell.text = save.text ?? cell.text;
      face.mark(cell, "saving");
      face.show(cell);
      face.recount([cell.row]);
    }
  };

  saved = (cells, rows) => {
    const { sheet, face, outbox, questions } = this.grid;
    const ticked = [];
    for (const done of cells) {
      const cell = sheet.at(done);
      if (!cell) continue;
      if (done.version >= cell.version) Object.assign(cell, { saved: done.text, version: done.version });
      if (outbox.has(cell.id) || questions.has(cell.id)) continue;
      cell.text = cell.saved;
      face.show(cell);
      ticked.push(cell);
    }
    face.tick(ticked);
    face.sums(rows);
  };

  refused = (save, message, needsReason) => {
    const { sheet, face, entries, word } = this.grid;
    const cell = sheet.at(save);
    const text = message.trim() || word("refused");
    if (!cell) return this.#elsewhere(save, needsReason ? word("waiting") : text, needsReason);
    cell.text = save.text ?? cell.text;
    entries.settle(cell, needsReason ? "asked" : "refused", text);
    face.show(cell);
    face.recount([cell.row]);
    if (needsReason) this.#ask(cell, save);
    else this.grid.tell(`${cell.name}: ${text}`);
  };

  conflict = (save, theirs) => {
    const { sheet, entries, word } = this.grid;
    const cell = sheet.at(save);
    if (!cell) return this.#elsewhere(save, word("waiting"), true);
    if (theirs.text === save.text) return this.saved([theirs], []);
    entries.settle(cell, "conflict", theirs.message || word("conflict"));
    this.#ask(cell, save, theirs);
  };

  /** Takes what others have entered; what is being entered here stays. */
  async refresh() {
    const { sheet, face, outbox, editor, dataset } = this.grid;
    const response = await fetch(dataset.cellsUrl, { headers: { Accept: "application/json" } }).catch(() => null);
    const answer = response?.ok && (await response.json().catch(() => null));
    if (!answer) return;
    const unsent = outbox.ids();
    const changed = [];
    for (const theirs of answer.cells) {
      const cell = sheet.at(theirs);
      const isFree = cell && !unsent.has(cell.id) && cell !== editor.cell && !OWN_STATES.includes(cell.state);
      if (!isFree || theirs.version <= cell.version) continue;
      if (cell.text !== theirs.text) changed.push(cell);
      Object.assign(cell, { text: theirs.text, saved: theirs.text, version: theirs.version });
      face.show(cell);
    }
    face.glow(changed);
    face.recount(changed.map(({ row }) => row));
    face.sums(answer.rows ?? []);
  }

  /** A cell of another grading period: its question waits on the device until that page is open again. */
  #elsewhere(save, text, isAsked) {
    if (isAsked) this.grid.outbox.hold(save);
    this.grid.tell(text);
  }

  /** Holds the text on the device until the person has answered. */
  #ask(cell, save, theirs) {
    this.grid.outbox.hold(save);
    this.grid.questions.add(cell, theirs);
  }
}
