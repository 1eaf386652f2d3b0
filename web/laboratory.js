// The case laboratory, for a group's phone and a trainer's screen. [data-lab=ADDRESS] is what is asked each data-every milliseconds
// whether something happened since data-seen; what is new takes the place of what stood there. A decision that meets a lost line waits in
// the page's memory and is sent again until it arrived; its id counts once. Nothing is kept in the browser's storage.
// Who was signed out meanwhile is led to sign in; a decision goes there as the form that it is, for the server keeps what was sent.
import { all, say } from "./dom.js";

const root = document.querySelector(".lab, .lab-room");
if (root) {
  const bar = document.querySelector(".lab-bar");
  const text = bar.querySelector("p");
  const button = bar.querySelector("button");
  const texts = root.dataset;
  const every = Number(texts.every);
  let waiting = null; // a decision that has not arrived
  let newer = null; // what is new, while somebody writes
  let leaving = false; // a form that leads to another page was sent: what stands under a finger must not change its meaning

  const tell = (words, more = false) => {
    bar.hidden = !words;
    if (button) button.hidden = !more;
    if (text.textContent !== words) {
      text.textContent = words;
      if (words) say(words);
    }
  };

  // What somebody wrote and did not send is not taken from them.
  const writes = () => {
    const form = root.querySelector("[data-lab-form]");
    return form && (form.querySelector(":checked") || form.reason?.value);
  };

  const exchange = (nodes) => {
    const focused = document.activeElement?.id;
    const open = all("details", root).map((d) => d.open);
    root.replaceChildren(...nodes);
    all("details", root).forEach((d, i) => { d.open = open[i] || d.open; });
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    newer = null;
    if (!waiting) tell("");
  };

  // A connection that neither works nor breaks would hold everything up: after a while it counts as lost.
  const ask = async (address, options) => {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), 10000);
    try {
      const answer = await fetch(address, { ...options, cache: "no-store", signal: late.signal });
      return { status: answer.status, signedOut: answer.type === "opaqueredirect", page: await answer.text() };
    } finally {
      clearTimeout(timer);
    }
  };

  const parse = (page) => new DOMParser().parseFromString(page, "text/html");

  const look = async () => {
    try {
      const seen = root.querySelector("[data-seen]")?.dataset.seen || "";
      const answer = await ask(`${texts.lab}?seen=${seen}`, { redirect: "manual" });
      if (answer.signedOut) {
        if (!waiting && !writes()) location.reload(); // to sign in, and back here
        return; // what somebody writes stays; when it is sent, the server asks to sign in and keeps it
      }
      if (answer.status === 200) {
        const nodes = [...parse(answer.page).body.childNodes];
        if (waiting || leaving) {
          // that comes first
        } else if (writes()) {
          newer = nodes;
          tell(texts.moved, true);
        } else {
          exchange(nodes);
        }
      } else if (answer.status === 410 || answer.status === 404) {
        location.reload(); // it is over, and the page says so
        return;
      } else if (answer.status === 204 && !waiting && !newer) {
        tell("");
      }
    } catch {
      if (!waiting) tell(texts.offline);
    }
    setTimeout(look, every);
  };
  if (texts.lab) setTimeout(look, every);

  button?.addEventListener("click", () => newer && exchange(newer));

  // ---- deciding

  async function send() {
    const { form, body } = waiting;
    try {
      const answer = await ask(form.action, { method: "POST", body });
      if (answer.status >= 500) throw new Error("busy");
      const page = parse(answer.page);
      const part = page.querySelector(".lab");
      waiting = null;
      if (!part) { // signed out, or over: the server's own page says so, and keeps what was sent
        leaving = true;
        all("input, textarea, button", form).forEach((e) => { e.disabled = false; });
        HTMLFormElement.prototype.submit.call(form);
        return;
      }
      exchange([...page.querySelectorAll(".notice[role=status]"), ...part.childNodes]);
      root.querySelector(".error-summary, [role=alert], h1")?.scrollIntoView({ block: "nearest" });
      const faults = root.querySelector(".errors, .error-summary");
      if (faults) faults.focus();
    } catch {
      tell(texts.waiting);
      setTimeout(send, 1500);
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-lab-form]")) {
      leaving = root.contains(form);
      return;
    }
    event.preventDefault();
    if (waiting) return;
    waiting = { form, body: new URLSearchParams(new FormData(form)) };
    all("input, textarea, button", form).forEach((e) => { e.disabled = true; });
    tell(texts.sending);
    send();
  });

  addEventListener("beforeunload", (event) => { if (waiting) event.preventDefault(); });
  addEventListener("pageshow", () => { leaving = false; });
}
