// <homework-tick>: turns the button «сделано» at once and tells the server; without this script the button sends a form.
import { request, toast } from "../ui/app.js";

class HomeworkTick extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.#turn(event));
  }

  async #turn(event) {
    const button = event.target.closest("button");
    if (!button) return;
    event.preventDefault();
    if (button.ariaBusy === "true") return;
    const done = button.ariaPressed !== "true";
    this.#show(button, done);
    button.ariaBusy = "true";
    try {
      await request(button.formAction, { method: "POST", body: { done } });
      this.closest("live-region")?.refreshSoon();
    } catch (error) {
      this.#show(button, !done);
      toast(error.message, { kind: "error" });
    } finally {
      button.ariaBusy = null;
    }
  }

  #show(button, done) {
    button.ariaPressed = String(done);
    button.value = done ? "0" : "1";
    button.closest(".task")?.classList.toggle("is-done", done);
  }
}
customElements.define("homework-tick", HomeworkTick);
