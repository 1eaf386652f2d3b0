import { all } from "./dom.js";

// form[data-grid]: a table of inputs that is typed by keyboard. A letter that fills its cell (data-most of them) moves right, as do
// space and a dash; Enter goes to the next person, arrows move, Escape restores what is kept. A row is sent on leaving it, to the form's
// action with autosave=1, and shown as saved only when the server has said so; one that could not be sent waits and is tried again. The
// row says what it has seen of the kept answers ([data-seen]), and each time it was sent without an answer adds what may have arrived.
for (const form of all("form[data-grid]")) {
  const rows = all("tr[data-row]", form).filter((row) => row.querySelector(".cell input"));
  const cells = (row) => all(".cell input", row);
  const saved = form.querySelector("[data-grid-saved]");
  const waiting = new Set();
  let timer = 0;
  let pause = 0;
  let working = false;
  const go = (input) => {
    input?.focus();
    input?.select();
  };
  const tell = (text, failed) => {
    saved.textContent = text;
    saved.classList.toggle("failed", failed);
  };
  const faultsOf = (row) => form.querySelector(`[data-faults="${row.dataset.row}"]`);
  const said = (faults) => faults.querySelector("[role=status]");
  const changed = (row) => cells(row).some((input) => input.value !== input.defaultValue);

  function show(row, sent, answer) {
    const faults = faultsOf(row);
    for (const input of cells(row)) {
      const wrong = answer.faults[input.name];
      const kept = answer.cells[input.name];
      input.toggleAttribute("aria-invalid", false);
      if (wrong) {
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", said(faults).id);
      }
      if (kept === undefined) {
        input.defaultValue = wrong ? sent.get(input.name) : input.defaultValue; // it was sent, and is told; nothing waits
        continue;
      }
      const untouched = input.value === sent.get(input.name);
      input.defaultValue = kept;
      if (untouched) input.value = kept;
    }
    said(faults).textContent = Object.entries(answer.faults).map(([name, text]) => `P${name.split(".").pop()}: ${text}`).join("; ");
    faults.hidden = !Object.keys(answer.faults).length;
    row.classList.toggle("wrong", !faults.hidden);
    const [first, ...more] = all("[data-seen]", row);
    more.forEach((e) => e.remove());
    first.value = answer.seen;
    row.querySelector("[data-row-sum]").textContent = answer.row;
    form.querySelector("[data-grid-done]").textContent = answer.done;
  }

  // send sends one row, and says whether the server has it.
  async function send(row) {
    const seen = all("[data-seen]", row);
    const body = new URLSearchParams(cells(row).map((input) => [input.name, input.value]));
    const sent = new Map(body);
    seen.forEach((e) => body.append(e.name, e.value));
    body.set("autosave", "1");
    try {
      const response = await fetch(form.action, { method: "POST", body, keepalive: true, redirect: "error", headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(response.statusText);
      const answer = await response.json();
      show(row, sent, answer);
      tell(answer.text, false);
      return true;
    } catch {
      const maybe = seen[0].cloneNode();
      maybe.value = new URLSearchParams([...sent].filter(([, value]) => value).map(([name, value]) => [name.split(".").pop(), value.trim().toLowerCase()])).toString();
      if (!seen.some((e) => e.value === maybe.value)) seen[seen.length - 1].after(maybe);
      return false;
    }
  }

  // work sends the rows that wait, one after the other, so that what is shown is the newest.
  async function work() {
    if (working) return;
    working = true;
    clearTimeout(timer);
    tell(form.dataset.saving, false);
    while (waiting.size) {
      const [row] = waiting;
      waiting.delete(row); // whoever changes it from here on has it sent again
      if (await send(row)) {
        pause = 0;
        continue;
      }
      waiting.add(row);
      tell(form.dataset.failed, true);
      pause = Math.min(60000, pause * 2 || 4000);
      timer = setTimeout(work, pause);
      break;
    }
    working = false;
  }
  const save = (row) => {
    waiting.add(row);
    work();
  };

  form.addEventListener("focusout", (event) => {
    const row = event.target.closest("tr[data-row]");
    if (row && rows.includes(row) && !row.contains(event.relatedTarget) && changed(row)) save(row);
  });
  form.addEventListener("focusin", (event) => {
    if (event.target.matches(".cell input")) event.target.select();
  });
  form.addEventListener("input", (event) => {
    const input = event.target;
    const most = Number(input.dataset.most);
    const value = input.value.trim();
    if (!most || value.length < most) return;
    const list = cells(input.closest("tr"));
    go(list[list.indexOf(input) + 1]); // at the row's end it stays: Enter goes on
  });
  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches?.(".cell input") || event.ctrlKey || event.altKey || event.metaKey) return;
    const row = input.closest("tr");
    const at = rows.indexOf(row);
    const list = cells(row);
    const i = list.indexOf(input);
    const all = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const beside = (step) => {
      const other = rows[at + step];
      if (other) go(cells(other)[Math.min(i, cells(other).length - 1)]);
    };
    const moves = {
      Enter: () => (rows[at + 1] ? go(cells(rows[at + 1])[0]) : form.querySelector(".buttons button")?.focus()),
      ArrowDown: () => beside(1),
      ArrowUp: () => beside(-1),
      Escape: () => { input.value = input.defaultValue; input.select(); },
      ArrowRight: all || input.selectionStart === input.value.length ? () => go(list[i + 1]) : null,
      ArrowLeft: all || input.selectionEnd === 0 ? () => go(list[i - 1]) : null,
      " ": Number(input.dataset.most) ? () => go(list[i + 1]) : null,
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  });
  form.addEventListener("keypress", (event) => {
    if (event.key === "Enter" && event.target.matches(".cell input")) event.preventDefault(); // Enter never sends the form from a cell
  });
  let leaving = false; // the form itself brings everything
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    leaving = true;
  });
  window.addEventListener("online", work);
  window.addEventListener("offline", () => tell(form.dataset.failed, true));
  window.addEventListener("beforeunload", (event) => { if (!leaving && (working || waiting.size || rows.some(changed))) event.preventDefault(); });
}
