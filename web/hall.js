// The hall on a device that was opened beforehand: the roll works with network and without, by itself, and sends what was written when
// it can. The page is the same for everybody and holds nobody's data; what it shows is read from web/vault.js, with the passphrase.
import { all, say } from "./dom.js";
import { counted, tally } from "./roll.js";
import * as vault from "./vault.js";
import { later, latest, next, people, undoable } from "./waiting.js";

const page = document.body;
const texts = JSON.parse(page.dataset.texts);
const opened = new Map(); // of this page, by session: {key, device, roll, items, strange}
const channel = "BroadcastChannel" in window ? new BroadcastChannel("hall") : null;
const uuid = () => crypto.randomUUID();
const $ = (name) => document.querySelector(`[data-part=${name}]`);
const say1 = (key, pairs = {}) => Object.entries(pairs).reduce((s, [k, v]) => s.replace(`{${k}}`, v), texts[key] || key);
let shown = null; // the session that is looked at
let pause = 0;
let timer = 0;
let state = "saved"; // saved | waiting | offline | sign-in | refused

function show(...names) {
  all("[data-part]").forEach((e) => { e.hidden = !names.includes(e.dataset.part); });
}

// post sends JSON and returns the answer, or throws offline, sign-in or refused. An ended session answers with a page.
async function post(path, body) {
  let answer;
  try {
    answer = await fetch(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", Accept: "application/json" }, redirect: "error", cache: "no-store" });
  } catch {
    throw new Error("offline");
  }
  if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) {
    throw new Error([403, 404].includes(answer.status) ? "refused" : answer.status >= 500 ? "offline" : "sign-in");
  }
  return answer.json();
}

// ---- showing

const listed = () => people(opened.get(shown).roll, opened.get(shown).items);

function row(p, i) {
  const li = document.getElementById("row").content.firstElementChild.cloneNode(true);
  const name = li.querySelector("button");
  name.textContent = p.name;
  name.dataset.who = p.who;
  li.querySelector("legend").textContent = p.name;
  const notes = [[p.from, p.until].some(Boolean) ? say1(p.from && p.until ? "from-until" : p.from ? "from-only" : "until-only", p) : "", p.hint, p.booked ? "" : texts.unbooked];
  notes.filter(Boolean).forEach((text) => {
    const span = document.createElement("span");
    span.className = "muted";
    span.textContent = text;
    li.querySelector(".roll-who").append(span);
  });
  all("input", li).forEach((input, k) => {
    input.name = `m.${p.who}`;
    input.id = `${k}-${i}`;
    input.checked = input.value === p.state;
    input.nextElementSibling.htmlFor = input.id;
  });
  return li;
}

function render() {
  const s = opened.get(shown);
  if (!s) return;
  const focused = document.activeElement?.dataset?.who || (document.activeElement?.name || "").slice(2);
  show("roll", "bar", "about");
  document.querySelector(".hall-head h1").textContent = s.roll.training;
  all("[data-count=all]").forEach((e) => { e.textContent = say1("tally-present", { All: people(s.roll, s.items).length }); });
  document.querySelector(".hall-when").textContent = s.roll.when;
  const tabs = [...opened].sort(([, a], [, b]) => a.roll.starts.localeCompare(b.roll.starts)).map(([id, x]) => {
    const li = document.createElement("li");
    const b = document.createElement("button");
    b.type = "button";
    b.textContent = x.roll.tab;
    b.dataset.session = id;
    b.setAttribute("aria-pressed", String(id === shown));
    li.append(b);
    return li;
  });
  document.querySelector(".hall-tabs ul").replaceChildren(...tabs);
  document.querySelector(".roll").replaceChildren(...people(s.roll, s.items).map(row));
  tally(document.querySelector("form[data-hall-roll]"));
  if (focused) (document.querySelector(`.roll [name="m.${CSS.escape(focused)}"]:checked`) || document.querySelector(`.roll button[data-who="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  bar();
}

function bar() {
  const waits = [...opened.values()].reduce((n, s) => n + s.items.length, writing);
  const bar = $("bar");
  const text = bar.querySelector("[data-state]");
  const at = opened.get(shown)?.savedAt;
  const changes = waits > 0 ? counted({ one: texts["changes-one"], few: texts["changes-few"], many: texts["changes-many"] }, waits) : "";
  const was = text.textContent;
  text.textContent = [{ offline: texts.offline, "sign-in": texts["sign-in"], refused: texts.refused }[state] || "", changes || (at ? say1("saved-at", { Time: at }) : "")].filter(Boolean).join(" ");
  bar.classList.toggle("offline", state !== "saved" && (state !== "waiting" || waits > 0));
  bar.querySelector("[data-sign-in]").hidden = state !== "sign-in";
  bar.querySelector("[data-close]").hidden = state === "sign-in";
  if (was !== text.textContent && state !== "waiting") say(text.textContent);
}

// ---- writing

let writing = 0; // changes that are not in the vault yet: nothing says "saved" meanwhile

async function write(session, items) {
  const s = opened.get(session);
  writing += items.length;
  bar();
  try {
    for (const item of items) await vault.add(s.key, session, { id: uuid(), madeAt: new Date().toISOString(), ...item });
    s.items = await vault.items(s.key, session);
  } catch (error) {
    if (error.message !== "erased") throw error;
    if (opened.has(session)) blank(session, "closed-elsewhere"); // another tab closed it, and its word has not come yet
    return;
  } finally {
    writing -= items.length;
  }
  if (state === "saved") state = "waiting";
  render();
  soon(300);
}

const mark = (who, value, more = {}) => write(shown, [{ kind: "mark", who, state: value, ...more }]);

// ---- sending: whatever waits, in its order, until the server has it.

function soon(ms) {
  clearTimeout(timer);
  timer = setTimeout(syncAll, ms);
}

async function sync(session) {
  const s = opened.get(session);
  if (!s) return;
  s.items = await vault.items(s.key, session); // another tab may have written or sent
  const batch = next(s.items, s.strange);
  const answer = await post(`/app/hall/${session}/items`, { device: s.device, sentAt: new Date().toISOString(), items: batch.map((x) => x.item) });
  answer.strange.forEach((id) => s.strange.add(id));
  await vault.drop(batch.filter((x) => !s.strange.has(x.item.id)).map((x) => x.n));
  if (!opened.has(session)) return; // erased, or locked, meanwhile
  Object.assign(s, { roll: answer.roll, savedAt: answer.savedAt, items: await vault.items(s.key, session) });
  if (answer.roll.closed && (await erase(session, "closed-elsewhere"))) return;
  await vault.putRoll(s.key, session, { device: s.device, roll: s.roll });
}

let syncing = false;
async function syncAll() {
  clearTimeout(timer);
  if (syncing || opened.size === 0) return;
  syncing = true;
  try {
    for (const session of [...opened.keys()]) await sync(session);
    state = "saved";
    pause = 0;
  } catch (error) {
    state = ["sign-in", "refused"].includes(error.message) ? error.message : "offline";
    pause = later(pause);
  }
  syncing = false;
  if (!document.querySelector("dialog[open]") && $("closing").hidden) render(); // not under who is typing
  else bar();
  const more = [...opened.values()].some((s) => next(s.items, s.strange).length > 0);
  soon(state === "saved" ? (more ? 300 : 30000) : pause);
}
window.addEventListener("online", () => { pause = 0; soon(0); });
window.addEventListener("offline", () => { if (opened.size > 0) { state = "offline"; bar(); } });
document.addEventListener("visibilitychange", () => { if (!document.hidden && opened.size > 0) soon(0); });

// ---- erasing

// erase makes a session's data unreadable here, tells the other tabs and the server, and has the browser drop the rest with the last one.
// While something waits, which another tab may have written just now, it erases nothing and says so.
async function erase(session, why) {
  const s = opened.get(session);
  if (!(await vault.erase(session))) return false;
  blank(session, why);
  channel?.postMessage({ erased: session });
  const left = await vault.kept();
  try {
    if (s) await post(`/app/hall/${session}/erased`, { device: s.device });
    if (left.length === 0) {
      await vault.eraseAll();
      for (const r of await navigator.serviceWorker.getRegistrations()) await r.unregister();
      for (const name of await caches.keys()) await caches.delete(name);
      await post("/app/hall/erase", {}); // its answer has Clear-Site-Data
    }
  } catch {
    // Without network nothing more can be told; the key is gone all the same.
  }
  return true;
}

// clear takes all names off this page.
function clear() {
  all("dialog[open]").forEach((d) => d.close());
  all("dialog form").forEach((form) => form.reset());
  document.querySelector("#d-person h2").textContent = "";
  document.querySelector(".roll").replaceChildren();
  document.querySelector(".hall-tabs ul").replaceChildren();
  document.querySelector(".hall-when").textContent = "";
  document.querySelector(".hall-head h1").textContent = texts.title;
}

// lock forgets the keys that this page has: from then on it shows nobody without the passphrase. What waits stays in the vault.
function lock() {
  opened.clear();
  shown = null;
  clear();
  return begin().catch(() => show("unable"));
}

// blank takes a session off this page.
function blank(session, why) {
  opened.delete(session);
  clear();
  shown = [...opened.keys()][0] || null;
  if (shown) return render();
  $("done").querySelector("[data-why]").textContent = texts[why];
  show("done");
  $("done").querySelector("h1").focus();
  return undefined;
}
channel?.addEventListener("message", ({ data }) => {
  if (data.erased && opened.has(data.erased)) blank(data.erased, "closed-elsewhere");
  else if (data.locked || (data.erased && opened.size === 0 && !$("lock").hidden)) lock(); // signed out, or there is nothing to unlock any more
});
// Who goes to another page and comes back by the browser's button finds it locked, as after loading it anew.
window.addEventListener("pagehide", () => { if (opened.size > 0) lock(); });

// ---- opening

const check = { clock: null, persist: null };

async function look(session) {
  const list = [["able", vault.able()]];
  try {
    const begun = Date.now();
    const { now } = await (await fetch("/app/hall/now", { redirect: "error", cache: "no-store" })).json();
    check.clock = Math.abs(new Date(now) - (begun + Date.now()) / 2) <= 120000;
  } catch {
    check.clock = null;
  }
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) || {};
  list.push(["clock", check.clock], ["space", quota - usage > 20 << 20], ["data", vault.able() && (await vault.kept()).includes(session || shown)], ["persist", (await navigator.storage?.persisted?.()) || false]);
  const ul = $("about").querySelector("[data-checks]");
  ul.replaceChildren(...list.map(([name, fine]) => {
    const li = document.createElement("li");
    li.textContent = `${fine === null ? "?" : fine ? "✓" : "✕"} ${texts[`check-${name}-${fine === null ? "unknown" : fine ? "yes" : "no"}`]}`;
    return li;
  }));
}

const wrong = (part, text) => {
  const p = $(part).querySelector("[data-fault]");
  p.textContent = text;
  p.hidden = !text;
  if (text) $(part).querySelector("input").focus();
};

async function open(first, passphrase) {
  const keys = vault.by(passphrase);
  const already = await vault.kept();
  const take = async (session) => {
    const device = uuid();
    const { roll } = await post(`/app/hall/${session}/open`, { device });
    const key = await keys.make(session);
    if (!key) { // another tab of this browser opened it at the same time
      await post(`/app/hall/${session}/erased`, { device });
      return null;
    }
    await vault.putRoll(key, session, { device, roll });
    opened.set(session, { key, device, roll, items: [], strange: new Set(), savedAt: roll.now });
    return roll;
  };
  const roll = await take(first);
  if (!roll) return begin();
  for (const tab of roll.tabs) if (tab !== first && !already.includes(tab)) await take(tab);
  shown = first;
  history.replaceState(null, "", location.pathname);
  await navigator.serviceWorker.register("/app/hall/worker.js", { scope: "/app/hall/" });
  await navigator.serviceWorker.ready;
  await navigator.storage.persist?.();
  render();
  await look();
  soon(30000);
  return undefined;
}

async function unlock(passphrase) {
  const keys = vault.by(passphrase);
  for (const session of await vault.kept()) {
    const key = opened.has(session) ? null : await keys.unlock(session);
    const found = key && (await vault.getRoll(key, session));
    if (key && !found) await vault.erase(session); // the browser ended between the key and its roll: nothing is lost, it can be opened anew
    if (!found) continue;
    opened.set(session, { key, device: found.device, roll: found.roll, items: await vault.items(key, session), strange: new Set() });
  }
}

const busy = async (form, act) => {
  const button = form.querySelector("button.action");
  button.disabled = true;
  try {
    await act();
  } finally {
    button.disabled = false;
    form.reset();
  }
};

$("open").addEventListener("submit", (event) => {
  event.preventDefault();
  const [one, two] = all("input", event.target).map((e) => e.value);
  if ([...one].length < 12) return wrong("open", texts["short-passphrase"]);
  if (one !== two) return wrong("open", texts["other-passphrase"]);
  wrong("open", "");
  return busy(event.target, () => open(new URLSearchParams(location.search).get("open"), one).catch((error) => {
    if (!shown) wrong("open", texts[`open-${error.message}`] || texts["open-failed"]);
  }));
});

$("lock").addEventListener("submit", (event) => {
  event.preventDefault();
  const passphrase = event.target.querySelector("input").value;
  return busy(event.target, async () => {
    const before = await vault.tries();
    if (before.until > Date.now()) return wrong("lock", say1("wait", { N: Math.ceil((before.until - Date.now()) / 1000) }));
    await unlock(passphrase);
    if (opened.size === 0) {
      const n = before.wrong + 1;
      await vault.tries({ wrong: n, until: n % 5 === 0 ? Date.now() + 30000 * (n / 5) : 0 }); // longer after each five
      return wrong("lock", texts["wrong-passphrase"]);
    }
    await vault.tries({ wrong: 0, until: 0 });
    wrong("lock", "");
    [shown] = [...opened].sort(([, a], [, b]) => a.roll.starts.localeCompare(b.roll.starts)).map(([id]) => id);
    state = "waiting";
    render();
    soon(0);
    return look();
  });
});

// ---- the roll's buttons

$("roll").addEventListener("change", ({ target }) => {
  if (target.matches(".pair input")) mark(target.name.slice(2), target.value);
});
$("roll").addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  if (button.dataset.session) {
    shown = button.dataset.session;
    render();
    document.querySelector(`.hall-tabs [data-session="${shown}"]`).focus();
  }
  if (button.dataset.rest !== undefined) write(shown, listed().filter((p) => p.booked && !p.state).map((p) => ({ kind: "mark", who: p.who, state: "present" })));
  if (button.dataset.who) person(button.dataset.who);
  if (button.dataset.dialog) dialog(button.dataset.dialog);
  if (button.dataset.cancel !== undefined) button.closest("dialog").close();
  if (button.dataset.check !== undefined) look().then(() => say(texts.checked));
  if (button.dataset.close !== undefined) closing();
  if (button.dataset.undo !== undefined) {
    const p = listed().find((x) => x.who === button.value);
    button.closest("dialog").close();
    write(shown, [{ kind: "mark", who: p.who, state: "undone", undoes: p.markId }]);
  }
});

function dialog(name, values = {}) {
  const d = document.getElementById(`d-${name}`);
  const form = d.querySelector("form");
  form.reset();
  for (const [field, value] of Object.entries(values)) if (form.elements[field]) form.elements[field].value = value;
  d.showModal();
  return d;
}

function person(who) {
  const s = opened.get(shown);
  const p = people(s.roll, s.items).find((x) => x.who === who);
  const d = dialog("person", { who, state: p.state || "", from: p.from || "", until: p.until || "", note: "" });
  d.querySelector("h2").textContent = p.name;
  const undo = d.querySelector("[data-undo]");
  undo.value = who;
  undo.hidden = !undoable(p, s.device, Date.now());
}

// A dialog's form writes one thing down and closes.
const dialogs = {
  person: (f) => f.state && [{ kind: "mark", who: f.who, state: f.state, from: f.from, until: f.until, note: f.note }],
  "walk-in": (f) => {
    const id = uuid();
    return f.name.trim() && [{ id, kind: "walk-in", name: f.name.trim(), institution: f.institution.trim() }, { kind: "mark", who: id, state: "present" }];
  },
  count: (f) => [["count", f.heads], ["sheet", f.signatures]].filter(([, n]) => n !== "").map(([kind, n]) => ({ kind, number: Number(n) })),
  note: (f) => f.note.trim() && [{ kind: "note", note: f.note.trim() }],
};
for (const [name, make] of Object.entries(dialogs)) {
  document.getElementById(`d-${name}`).querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const list = make(Object.fromEntries(new FormData(event.target)));
    event.target.closest("dialog").close();
    if (list?.length) write(shown, list);
  });
}

// ---- closing: only with network and when nothing waits, for the server says whether the numbers agree.

function closing() {
  const s = opened.get(shown);
  const form = $("closing");
  form.reset(); // another session's reason is none
  form.elements.heads.value = latest(s.items, "count", s.roll.heads) ?? "";
  form.elements.signatures.value = latest(s.items, "sheet", s.roll.signatures) ?? "";
  wrong("closing", "");
  show("closing");
  form.querySelector("h1").focus();
}
$("closing").addEventListener("submit", (event) => {
  event.preventDefault();
  const session = shown;
  const form = event.target;
  const body = new URLSearchParams(new FormData(form));
  return busy({ querySelector: () => form.querySelector("button.action"), reset() {} }, async () => {
    await syncAll();
    if (!opened.has(session)) return undefined;
    if (state !== "saved" || opened.get(session).items.length > 0) return wrong("closing", texts["close-offline"]);
    body.set("json", "1");
    try {
      const answer = await fetch(`/app/hall/${session}/close`, { method: "POST", body, redirect: "error", headers: { Accept: "application/json" } });
      const { closed, faults } = await answer.json();
      if (!closed) return wrong("closing", faults.join(" "));
    } catch {
      return wrong("closing", texts["close-offline"]);
    }
    return (await erase(session, "closed-here")) || syncAll(); // what another tab wrote meanwhile is sent first: it is kept as late
  });
});
document.querySelector("[data-back]").addEventListener("click", () => render());

// ---- the beginning

async function begin() {
  if (!vault.able()) return show("unable");
  const asked = new URLSearchParams(location.search).get("open");
  const kept = await vault.kept();
  if (asked && !kept.includes(asked)) {
    show("open", "about");
    return look(asked);
  }
  if (kept.length === 0) return show("none");
  const waits = await vault.waits();
  $("lock").querySelector("[data-waits]").textContent = waits > 0 ? counted({ one: texts["changes-one"], few: texts["changes-few"], many: texts["changes-many"] }, waits) : "";
  show("lock", "about");
  $("lock").querySelector("input").focus();
  return look(kept[0]);
}
begin().catch(() => show("unable"));
