/** <journal-finder data-user>: many journals, found as one types; those opened lately stand first. Without it a form asks the server. */

import { recent } from "./recent.js";

class JournalFinder extends HTMLElement {
  connectedCallback() {
    this.classes = [...this.querySelectorAll("details")];
    this.opened = new Set(this.classes.filter((one) => one.open));
    this.field = this.querySelector("input[type=search]");
    this.field.addEventListener("input", () => this.#find());
    this.#showRecent();
  }

  #showRecent() {
    const section = this.querySelector(".journal-recent");
    const links = recent(this.dataset.user).map((id) => this.querySelector(`details a[data-course="${CSS.escape(id)}"]`)).filter(Boolean);
    section.hidden = !links.length;
    section.querySelector("ul").replaceChildren(...links.map((link) => {
      const line = link.closest("li").cloneNode(true);
      const name = link.closest("details").querySelector("summary").textContent;
      line.querySelector("strong").prepend(`${name} · `);
      return line;
    }));
  }

  #find() {
    const words = this.field.value.toLowerCase().replaceAll("ё", "е").split(/\s+/).filter(Boolean);
    for (const one of this.classes) {
      const lines = [...one.querySelectorAll("[data-find]")];
      for (const line of lines) line.hidden = !words.every((word) => line.dataset.find.includes(word));
      one.hidden = lines.every((line) => line.hidden);
      one.open = words.length ? !one.hidden : this.opened.has(one);
    }
    this.querySelector(".journal-nothing").hidden = this.classes.some((one) => !one.hidden);
  }
}

customElements.define("journal-finder", JournalFinder);
