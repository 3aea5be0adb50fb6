/** A button that asks the browser for a passkey and sends its answer with the form around it. */
import { request } from "../ui/app.js";

const fromBase64 = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const toBase64 = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

class PasskeyButton extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => this.ask());
  }

  async ask() {
    this.complain("");
    try {
      const { publicKey } = await request(this.dataset.options, { method: "POST", body: {} });
      const credential = await this.credential(publicKey);
      this.querySelector("input").value = JSON.stringify(answerOf(credential));
      this.closest("form").submit();
    } catch (error) {
      this.complain((error.name === "RequestError" && error.message) || this.dataset.failed);
    }
  }

  credential(options) {
    options.challenge = fromBase64(options.challenge);
    for (const known of options.allowCredentials ?? options.excludeCredentials ?? []) known.id = fromBase64(known.id);
    if (this.dataset.mode === "get") return navigator.credentials.get({ publicKey: options });
    options.user.id = fromBase64(options.user.id);
    return navigator.credentials.create({ publicKey: options });
  }

  complain(sentence) {
    const place = this.querySelector(".field-error");
    place.textContent = sentence;
    place.hidden = !sentence;
  }
}

function answerOf(credential) {
  const { response } = credential;
  const parts = { clientDataJSON: toBase64(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = toBase64(response[name]);
  }
  return { id: credential.id, rawId: toBase64(credential.rawId), type: credential.type, response: parts };
}

customElements.define("passkey-button", PasskeyButton);
