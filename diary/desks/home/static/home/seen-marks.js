// <seen-marks data-url>: new marks that have been on the screen for three seconds are told to the server and stop glowing.
import { request } from "../ui/app.js";

const LOOKED_AT_MS = 3000;
const GATHER_MS = 300;

class SeenMarks extends HTMLElement {
  #timers = new Map();
  #seen = new Set();
  #sending;
  #observer = new IntersectionObserver((entries) => entries.forEach((entry) => this.#looked(entry)), { threshold: 0.9 });

  connectedCallback() {
    this.addEventListener("live-region:updated", () => this.#watch());
    this.#watch();
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #watch() {
    this.#observer.disconnect();
    for (const mark of this.querySelectorAll("[data-mark]")) this.#observer.observe(mark);
  }

  #looked({ target, isIntersecting }) {
    const id = target.dataset.mark;
    if (!isIntersecting) {
      clearTimeout(this.#timers.get(id));
      this.#timers.delete(id);
    } else if (!this.#timers.has(id)) {
      this.#timers.set(id, setTimeout(() => this.#note(id), LOOKED_AT_MS));
    }
  }

  #note(id) {
    if (document.visibilityState !== "visible") return this.#timers.delete(id);
    this.#seen.add(id);
    clearTimeout(this.#sending);
    this.#sending = setTimeout(() => this.#send(), GATHER_MS);
  }

  async #send() {
    const ids = [...this.#seen];
    this.#seen.clear();
    try {
      await request(this.dataset.url, { method: "POST", body: { ids } });
      for (const id of ids) this.#putOut(id);
    } catch {
      // They glow on and are told again at the next visit.
    }
  }

  #putOut(id) {
    for (const mark of this.querySelectorAll(`[data-mark="${CSS.escape(id)}"]`)) {
      mark.classList.remove("mark-new");
      mark.removeAttribute("data-mark");
      const card = mark.closest(".day");
      const left = card?.querySelectorAll("[data-mark]").length;
      if (left === 0) card.querySelector(".day-new")?.remove();
    }
    this.#timers.delete(id);
  }
}
customElements.define("seen-marks", SeenMarks);
