// Asks for a reason before it passes a command on, and says what the server answered.

import { LitElement, html, nothing } from "lit";
import { refresh } from "sluice/live";

class Act extends LitElement {
  static properties = {
    asked: { state: true },
    refusal: { state: true },
    busy: { state: true },
  };

  createRenderRoot() {
    return this;
  }

  /** What is asked goes with the version that the person saw. */
  ask(button) {
    const page = document.querySelector("main");
    this.asked = {
      verb: button.dataset.verb,
      label: button.textContent,
      why: document.getElementById(button.getAttribute("aria-describedby"))?.textContent ?? "",
      needed: button.dataset.reason === "needed",
      id: page.dataset.id,
      plan: page.dataset.plan,
      version: Number(page.dataset.version),
    };
    this.refusal = "";
    this.updateComplete.then(() => {
      this.querySelector("form").reset();
      this.querySelector("dialog").showModal();
      this.querySelector("textarea").focus();
    });
  }

  async send(event) {
    event.preventDefault();
    const { verb, needed, id, version } = this.asked;
    const reason = this.querySelector("textarea").value.trim();
    if (needed && !reason) {
      this.refusal = "Say why: this is kept for ever.";
      return;
    }
    // A rollback needs no version: it is right whatever happened meanwhile.
    const body = verb === "rollback" ? { reason } : { reason, expectedVersion: version };
    if (verb === "extend") body.by = this.querySelector("input").value.trim();
    this.busy = true;
    this.refusal = await this.post(`/api/v1/rollouts/${id}/${verb}`, body);
    this.busy = false;
    if (!this.refusal) {
      this.querySelector("dialog").close();
      refresh().catch(() => {});
    }
  }

  /** Why it was not done; empty where it was. */
  async post(path, body) {
    try {
      const answer = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Sluice-Request": "page" },
        body: JSON.stringify(body),
      });
      if (answer.ok) return "";
      const problem = await answer.json().catch(() => ({}));
      return problem.detail ?? `The server answered ${answer.status}.`;
    } catch {
      return "The server cannot be reached. Nothing is known to have happened.";
    }
  }

  render() {
    const asked = this.asked;
    if (!asked) return nothing;
    return html`
      <dialog aria-labelledby="act-title">
        <form @submit=${this.send}>
          <h2 id="act-title">${asked.label}: ${asked.plan}</h2>
          ${asked.why ? html`<p>${asked.why}</p>` : nothing}
          ${asked.verb === "extend"
            ? html`<label for="act-by">How much longer</label>
                <input id="act-by" maxlength="20" placeholder="24h" required />`
            : nothing}
          <label for="act-reason">Reason, for the record${asked.needed ? "" : " (you may leave it out)"}</label>
          <textarea id="act-reason" rows="3" maxlength="2000"></textarea>
          <p class="refusal" role="alert">${this.refusal}</p>
          <div class="buttons">
            <button class=${asked.verb === "rollback" ? "danger" : "primary"} ?disabled=${this.busy}>${asked.label}</button>
            <button class="quiet" type="button" @click=${() => this.querySelector("dialog").close()}>Cancel</button>
          </div>
        </form>
      </dialog>
    `;
  }
}

customElements.define("sluice-act", Act);
