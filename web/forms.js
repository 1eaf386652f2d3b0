import { all, say } from "./dom.js";

// An error summary takes the focus, so that a screen reader begins there.
document.querySelector("[data-focus]")?.focus();

// A link of an error summary leads to its field and into it; a group gives the focus to its first input.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".errors a[href^='#']");
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  const input = field && (field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea"));
  if (!input) return;
  event.preventDefault();
  (field.closest(".field, .question") || field).scrollIntoView();
  input.focus({ preventScroll: true });
});

// Two quick clicks send one form. A form that answers with a download keeps its page, so it is freed after a while; all are
// freed when the page comes back from the browser's cache.
function free(form) {
  delete form.dataset.sent;
  all("button", form).forEach((b) => b.removeAttribute("aria-disabled"));
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post") return;
  form.dataset.sent = "1";
  all("button", form).forEach((b) => b.setAttribute("aria-disabled", "true"));
  setTimeout(free, 8000, form);
});
window.addEventListener("pageshow", () => all("form").forEach(free));

// form[data-unsaved]: the browser asks before changes are left behind.
for (const form of all("form[data-unsaved]")) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

// button[data-password=ID]: a password can be shown while it is typed. It is hidden again before it is sent, so that no
// browser keeps it as a text.
for (const button of all("button[data-password]")) {
  const input = document.getElementById(button.dataset.password);
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
    button.setAttribute("aria-label", shown ? button.dataset.hideLabel : button.dataset.showLabel);
  };
  show(false);
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  input.form?.addEventListener("submit", () => show(false));
}

// button[data-copy=TEXT][data-copied=WORD]
for (const button of all("button[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      button.parentElement.querySelector("input")?.select(); // to be copied by hand
      return;
    }
    const word = button.textContent;
    button.textContent = button.dataset.copied;
    say(button.dataset.copied);
    setTimeout(() => { button.textContent = word; }, 3000);
  });
}

// Signing out locks a roll that another tab of this browser shows (web/hall.js): what waits there stays, the names need the passphrase.
for (const form of all("form[action='/app/sign-out']")) {
  form.addEventListener("submit", () => { if ("BroadcastChannel" in window) new BroadcastChannel("hall").postMessage({ locked: true }); });
}
