// <ui-toasts>: short notes of what has been done; an error stays until it is closed.
const SHOWN_FOR_MS = 6000;

class UiToasts extends HTMLElement {
  connectedCallback() {
    for (const note of this.children) this.#dress(note);
  }

  show(text, { kind = "info", action } = {}) {
    const note = document.createElement("p");
    note.className = `toast toast-${kind}`;
    note.append(text);
    if (action) note.append(this.#button(action.label, () => (note.remove(), action.run())));
    this.append(note);
    this.#dress(note);
    return note;
  }

  #dress(note) {
    if (/-(error|bad)\b/.test(note.className)) note.append(this.#button(this.dataset.close, () => note.remove()));
    else setTimeout(() => note.remove(), SHOWN_FOR_MS);
  }

  #button(label, run) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", run);
    return button;
  }
}
customElements.define("ui-toasts", UiToasts);

/** Say something in passing: toast("Сохранено"), toast(text, {kind: "error", action: {label, run}}). */
export function toast(text, options) {
  return document.querySelector("ui-toasts")?.show(text, options);
}
