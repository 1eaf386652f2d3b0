// Scripts only improve: every page works without this file. Nothing is kept in the browser's storage, and nothing is asked
// of another host.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

document.documentElement.classList.add("scripted");

// An error summary takes the focus, so that a screen reader begins there.
document.querySelector("[data-focus]")?.focus();

// Two quick clicks send one form. The button is freed when the page comes back from the browser's cache.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  saving?.abort();
  all("button", form).forEach((b) => b.setAttribute("aria-disabled", "true"));
});
window.addEventListener("pageshow", () => {
  all("form").forEach((form) => {
    delete form.dataset.sent;
    all("button", form).forEach((b) => b.removeAttribute("aria-disabled"));
  });
});

// Escape closes a glossary note; leaving the term lets it open again.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") all(".term").forEach((t) => t.matches(":hover, :focus") && t.classList.add("closed"));
});
for (const name of ["mouseout", "focusout"]) {
  document.addEventListener(name, (event) => event.target.closest?.(".term")?.classList.remove("closed"));
}

// A password can be shown while it is typed.
for (const input of all("input[type=password][data-show]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = input.dataset.show;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.textContent = hidden ? input.dataset.hide : input.dataset.show;
    button.setAttribute("aria-pressed", String(hidden));
  });
  input.after(button);
}

// Ordering items: up and down beside the numbers, which stay what is sent.
for (const list of all("[data-order]")) {
  const rows = () => all(".order-row", list);
  const number = () => rows().forEach((row, i) => { row.querySelector("select").value = String(i + 1); });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-move]");
    if (!button) return;
    const row = button.closest(".order-row");
    const other = button.dataset.move === "up" ? row.previousElementSibling : row.nextElementSibling;
    if (!other?.matches(".order-row")) return;
    button.dataset.move === "up" ? other.before(row) : other.after(row);
    number();
    button.focus();
    list.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// Answers of a test are sent while they are given. Failing is no loss: the form still holds them.
let saving;
for (const form of all("form[data-autosave]")) {
  let timer;
  const status = form.querySelector("[data-saved]");
  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (form.dataset.sent) return;
      saving = new AbortController();
      const body = new URLSearchParams(new FormData(form));
      body.set("autosave", "1");
      try {
        const answer = await fetch(form.action, { method: "POST", body, signal: saving.signal, headers: { Accept: "application/json" }, redirect: "error" });
        const said = await answer.json();
        if (status) status.textContent = said.text;
      } catch {
        if (status) status.textContent = "";
      }
    }, 800);
  });
}

// The remaining time of a test. The server decides; this only shows it, and says so at five minutes and one.
for (const clock of all("[data-seconds]")) {
  const end = Date.now() + 1000 * Number(clock.dataset.seconds);
  const shown = clock.querySelector("[data-left]");
  const spoken = clock.querySelector("[data-spoken]");
  const show = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (spoken && (left === 300 || left === 60)) spoken.textContent = shown.textContent;
    if (left === 0) {
      clearInterval(ticking);
      location.reload();
    }
  };
  const ticking = setInterval(show, 1000);
  show();
}

// Copying a link.
for (const button of all("button[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
}
