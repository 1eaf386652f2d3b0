import { all, say } from "./dom.js";

// [data-order]: rows with a select for the place, which is what is sent. Up and down move a row; choosing a place does too.
// Nothing is numbered before the person does something: an untouched list stays unanswered.
for (const list of all("[data-order]")) {
  const rows = () => all(".order-row", list);
  const move = (row, place) => {
    const others = rows().filter((r) => r !== row);
    others.splice(place, 0, row);
    list.append(...others);
    others.forEach((r, i) => { r.querySelector("select").value = String(i + 1); });
    row.classList.remove("moved");
    void row.offsetWidth; // begins the animation anew
    row.classList.add("moved");
    say(`${row.querySelector("label").textContent.trim()}: ${place + 1} / ${others.length}`);
  };
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-move]");
    if (!button) return;
    const row = button.closest(".order-row");
    const place = rows().indexOf(row) + (button.dataset.move === "up" ? -1 : 1);
    move(row, Math.max(0, Math.min(rows().length - 1, place)));
    button.focus();
    list.dispatchEvent(new Event("change", { bubbles: true }));
  });
  list.addEventListener("change", (event) => {
    if (!event.target.value || event.target === list) return;
    const row = event.target.closest(".order-row");
    move(row, Number(event.target.value) - 1);
    event.target.focus();
  });
}

// What stands in the fields of a name, as the server writes it in [data-seen]: without what is empty, in one order.
const canonical = (pairs) => JSON.stringify([...pairs].filter(([, value]) => value.trim()).sort());
const within = (form, name) => [...form.elements].filter((e) => e.name === name || e.name.startsWith(`${name}.`));

// put shows an answer that was given elsewhere in the fields of a name.
function put(form, name, fields) {
  const kept = new URLSearchParams(fields);
  for (const e of within(form, name)) {
    if (e.type === "radio" || e.type === "checkbox") e.checked = kept.getAll(e.name).includes(e.value);
    else if (e.type !== "hidden") e.value = kept.get(e.name) || "";
  }
  for (const list of all("[data-order]", form)) {
    const rows = all(".order-row", list);
    if (!rows[0]?.querySelector("select").name.startsWith(`${name}.`)) continue;
    const place = (row) => Number(row.querySelector("select").value) || rows.length + 1;
    list.append(...rows.sort((x, y) => place(x) - place(y)));
  }
}

// form[data-autosave]: answers are sent while they are given, to the form's action with autosave=1; the server answers
// {"text": …, "newer": […]} for [data-saved]. What could not be sent is tried again; the form holds it meanwhile. Each answer stands
// beside what this page has seen of it, in [data-seen], as does what was sent and is not known to have arrived: so the server tells
// what was changed here from what was changed in another window. What was is shown here, and at a conflict both, in [data-newer].
for (const form of all("form[data-autosave]")) {
  const status = form.querySelector("[data-saved]");
  const count = form.querySelector("[data-answered]");
  let timer = 0;
  let pause = 0;
  let sending = null;
  const tell = (text, failed) => {
    if (!status) return;
    status.textContent = text || "";
    status.classList.toggle("failed", failed);
  };
  const later = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(save, ms);
  };
  const names = [...new Set(all("[data-seen]", form).map((e) => e.name.slice("seen.".length)))];
  const seen = (name) => all("[data-seen]", form).filter((e) => e.name === `seen.${name}`);
  const said = (body, name) => [...body].filter(([n]) => n === name || n.startsWith(`${name}.`));
  const now = (name) => canonical(said(new FormData(form), name));
  const answered = (question) => {
    const fields = [...question.querySelectorAll("input:not([type=hidden]), select")];
    return fields.some((e) => (e.type === "radio" || e.type === "checkbox") && e.checked)
      || fields.every((e) => e.type !== "radio" && e.type !== "checkbox" && e.value.trim());
  };
  const tally = () => {
    const n = all(".question", form).filter(answered).length;
    if (count) count.textContent = count.dataset.answered.replace("{n}", n);
  };
  // sent notes beside each answer that it is on its way, before it is known whether it arrives.
  const sent = (body) => {
    for (const name of names) {
      const fields = seen(name);
      const pairs = said(body, name);
      if (fields.some((e) => canonical(new URLSearchParams(e.value)) === canonical(pairs))) continue;
      const more = fields[0].cloneNode();
      more.value = new URLSearchParams(pairs).toString();
      fields[fields.length - 1].after(more);
    }
  };
  // arrived notes that this page's answers are what is kept, but for those that the server says are others.
  const arrived = (body, newer) => {
    for (const name of names) {
      const other = newer.find((n) => n.field === name);
      if (other && now(name) !== canonical(said(body, name))) continue; // it was changed again: the next time tells
      const [first, ...more] = seen(name);
      more.forEach((e) => e.remove());
      first.value = other ? other.fields : new URLSearchParams(said(body, name)).toString();
      if (!other) continue;
      put(form, name, other.fields);
      const note = first.parentElement.querySelector("[data-newer]");
      if (note) note.textContent = other.text;
    }
    tally();
  };
  async function save() {
    clearTimeout(timer);
    timer = 0;
    if (form.dataset.sent) return;
    sending?.abort();
    const mine = (sending = new AbortController());
    const body = new URLSearchParams(new FormData(form));
    sent(body);
    body.set("autosave", "1");
    tell(status?.dataset.saving, false);
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: mine.signal, keepalive: true, redirect: "error", headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const { text, newer } = await answer.json();
      arrived(body, newer || []);
      tell(text, (newer || []).some((n) => n.text));
      pause = 0;
    } catch {
      if (mine.signal.aborted) return;
      tell(status?.dataset.failed, true);
      pause = Math.min(60000, pause * 2 || 4000);
      later(pause);
    }
  }
  form.addEventListener("change", (event) => {
    const note = event.target.closest(".question")?.querySelector("[data-newer]");
    if (note) note.textContent = ""; // whoever answers again has read it
    tally();
    later(800);
  });
  form.addEventListener("input", (event) => {
    if (!event.target.matches("input[type=text], textarea")) return;
    tally();
    later(2500);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    sending?.abort(); // the form itself brings everything
  });
  document.addEventListener("time-up", () => { if (timer) save(); });
  window.addEventListener("offline", () => { tell(status?.dataset.failed, true); later(4000); });
  window.addEventListener("online", () => { if (timer) save(); });
  document.addEventListener("visibilitychange", () => { if (timer && document.hidden) save(); });
  tally();
}

// [data-seconds] with [data-left] and [data-spoken]: the time that remains. The server decides; this only shows it, says so
// at five minutes and at one, and at zero loads the page again, once.
for (const clock of all("[data-seconds]")) {
  const seconds = Number(clock.dataset.seconds);
  const shown = clock.querySelector("[data-left]");
  const spoken = clock.querySelector("[data-spoken]");
  if (!(seconds > 0) || !shown) continue;
  const end = performance.now() + 1000 * seconds;
  let before = seconds + 1;
  const show = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    clock.classList.toggle("low", left <= 300);
    if (spoken && [300, 60].some((mark) => before > mark && left <= mark)) spoken.textContent = shown.textContent;
    before = left;
    if (left === 0) {
      clearInterval(ticking);
      document.dispatchEvent(new Event("time-up"));
      setTimeout(() => location.reload(), 2000);
    }
  };
  const ticking = setInterval(show, 1000);
  show();
}
