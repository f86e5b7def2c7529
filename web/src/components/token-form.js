// Asks for the token that a server on an open address wants.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { openSession } from "../api.js";

/** @param {{onDone: () => void}} props */
export function TokenForm({ onDone }) {
  const [token, setToken] = useState("");
  const [error, setError] = useState("");

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    try {
      await openSession(token);
      onDone();
    } catch (problem) {
      setError(/** @type {Error} */ (problem).message);
    }
  }

  return html`<form class="card stack token-form" onSubmit=${submit}>
    <h1>This server asks for its token</h1>
    <p class="muted">It stands in the server's settings or in SWEETSPOT_TOKEN.</p>
    <div class="field">
      <label for="token">Token</label>
      <input
        id="token"
        class="input"
        type="password"
        autocomplete="current-password"
        value=${token}
        aria-invalid=${error ? "true" : null}
        aria-describedby="token-error"
        onInput=${(/** @type {any} */ event) => setToken(event.target.value)}
      />
      <span id="token-error" class="field-error" role="alert">${error}</span>
    </div>
    <button class="btn btn-primary" disabled=${!token}>Open</button>
  </form>`;
}
