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

// form[data-autosave]: answers are sent while they are given, to the form's action with autosave=1; the server answers
// {"text": …} for [data-saved]. What could not be sent is tried again; the form holds it meanwhile.
for (const form of all("form[data-autosave]")) {
  const status = form.querySelector("[data-saved]");
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
  async function save() {
    clearTimeout(timer);
    timer = 0;
    if (form.dataset.sent) return;
    sending?.abort();
    const mine = (sending = new AbortController());
    const body = new URLSearchParams(new FormData(form));
    body.set("autosave", "1");
    tell(status?.dataset.saving, false);
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: mine.signal, keepalive: true, redirect: "error", headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      tell((await answer.json()).text, false);
      pause = 0;
    } catch {
      if (mine.signal.aborted) return;
      tell(status?.dataset.failed, true);
      pause = Math.min(60000, pause * 2 || 4000);
      later(pause);
    }
  }
  form.addEventListener("change", () => later(800));
  form.addEventListener("input", (event) => { if (event.target.matches("input[type=text], textarea")) later(2500); });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    sending?.abort(); // the form itself brings everything
  });
  document.addEventListener("time-up", () => { if (timer) save(); });
  window.addEventListener("online", () => { if (timer) save(); });
  document.addEventListener("visibilitychange", () => { if (timer && document.hidden) save(); });
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
