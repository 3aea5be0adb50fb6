// <drop-menu>: closes the <details> inside it on a click elsewhere or on [data-close] within, on Escape, and when focus leaves.
class DropMenu extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.#close(true));
    this.addEventListener("focusout", (event) => event.relatedTarget && !this.contains(event.relatedTarget) && this.#close());
    this.addEventListener("click", (event) => event.target.closest("[data-close]") && this.#close(true));
    document.addEventListener("click", this.#outside);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.#outside);
  }

  #outside = (event) => this.contains(event.target) || this.#close();

  #close(toButton = false) {
    const details = this.querySelector("details[open]");
    if (!details) return;
    details.open = false;
    if (toButton) details.querySelector("summary").focus();
  }
}
customElements.define("drop-menu", DropMenu);
