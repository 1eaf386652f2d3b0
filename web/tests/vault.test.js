// The vault of an opened roll (web/vault.js, decision 0049), with two tabs over one browser: what is kept is encrypted, only the
// passphrase opens it, an erased key can open nothing any more, and what waits is neither lost nor written twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ever, exists, rows, tab } from "./browser.js";

const passphrase = "cztery konie na wzgórzu";
const one = await tab();
const two = await tab();
const text = (value) => Buffer.from(value).toString("latin1");
const roll = { people: [{ who: "p1", name: "Próchnicka" }] };
const mark = (id, who = "p1") => ({ id, kind: "mark", who, state: "present" });
let n = 0;
const session = () => `session-${(n += 1)}`;

test("what is kept is encrypted, differently each time, and bound to its session", async () => {
  const s = session();
  const key = await one.by(passphrase).make(s);
  await one.putRoll(key, s, roll);
  await one.add(key, s, { ...mark("a"), note: "Próchnicka" });
  await one.add(key, s, { ...mark("a"), note: "Próchnicka" });
  const kept = [...rows("rolls"), ...rows("items")];
  for (const row of kept) assert.ok(!text(row.data).includes("chnicka") && !text(row.data).includes("present"));
  const [first, second] = rows("items");
  assert.notEqual(text(first.data), text(second.data));
  assert.notEqual(text(first.iv), text(second.iv));
  assert.deepEqual(await one.getRoll(key, s), roll);
  await assert.rejects(one.getRoll(await one.by(passphrase).make(session()), s), "another session's key reads nothing");
  rows("rolls").find((x) => x.session === s).session = "other";
  await assert.rejects(one.getRoll(key, s), "a row that was moved to another session is no row of it");
  rows("rolls").find((x) => x.session === "other").session = s;
  await one.drop((await one.items(key, s)).map((x) => x.n));
  assert.equal(await one.erase(s), true);
});

test("the passphrase opens it, in whatever form its letters were typed, and another does not", async () => {
  const s = session();
  const key = await one.by("Świętość nad Wisłą".normalize("NFC")).make(s);
  await one.putRoll(key, s, roll);
  for (const wrong of ["", "świętość nad Wisłą", "Świętość nad Wisłą "]) assert.equal(await two.by(wrong).unlock(s), null);
  const again = await two.by("Świętość nad Wisłą".normalize("NFD")).unlock(s);
  assert.deepEqual(await two.getRoll(again, s), roll);
  const file = ever.get(`${s}.key`);
  assert.equal(new DataView(file.buffer, file.byteOffset).getUint32(0), 1000000);
  assert.equal(again.extractable, false);
  assert.equal(await one.erase(s), true);
});

test("an erased key is overwritten where it stood, and its passphrase opens nothing", async () => {
  const s = session();
  const key = await one.by(passphrase).make(s);
  await one.putRoll(key, s, roll);
  const file = ever.get(`${s}.key`);
  assert.ok(file.some((b) => b !== 0));
  assert.equal(await one.erase(s), true);
  assert.ok(file.length > 60 && file.every((b) => b === 0));
  assert.ok(!(await two.kept()).includes(s));
  assert.equal(rows("rolls").some((x) => x.session === s), false);
  assert.equal(await two.erase(s), true, "who comes second finds it erased");
});

test("what waits is not erased, whichever tab wrote it", async () => {
  const s = session();
  const key = await one.by(passphrase).make(s);
  const other = await two.by(passphrase).unlock(s);
  await two.add(other, s, mark("a"));
  assert.equal(await one.erase(s), false);
  assert.deepEqual((await one.items(key, s)).map((x) => x.item.id), ["a"]);
  await one.drop((await one.items(key, s)).map((x) => x.n));
  assert.equal(await one.erase(s), true);
});

test("after one tab erased, the other writes nothing and is told", async () => {
  const s = session();
  const key = await one.by(passphrase).make(s);
  const other = await two.by(passphrase).unlock(s);
  await one.putRoll(key, s, roll);
  const before = rows("items").length;
  const [erased, late] = await Promise.allSettled([one.erase(s), two.add(other, s, mark("late"))]);
  assert.equal(erased.value, true);
  assert.equal(late.reason?.message, "erased");
  await assert.rejects(two.putRoll(other, s, roll), { message: "erased" });
  assert.equal(rows("items").length, before);
  assert.equal(rows("rolls").some((x) => x.session === s), false);
});

test("two tabs that open one session make one key", async () => {
  const s = session();
  const made = await Promise.all([one.by(passphrase).make(s), two.by(passphrase).make(s)]);
  assert.equal(made.filter(Boolean).length, 1);
  const [key] = made.filter(Boolean);
  await one.add(key, s, mark("a"));
  const again = await two.by(passphrase).unlock(s);
  assert.deepEqual((await two.items(again, s)).map((x) => x.item.id), ["a"]);
  await two.drop((await two.items(again, s)).map((x) => x.n));
  assert.equal(await two.erase(s), true);
});

test("what two tabs write waits in one order, and what was sent is forgotten once", async () => {
  const s = session();
  const key = await one.by(passphrase).make(s);
  const other = await two.by(passphrase).unlock(s);
  for (const id of ["a", "b", "c", "d"]) await (id < "c" ? one.add(key, s, mark(id)) : two.add(other, s, mark(id)));
  const list = await one.items(key, s);
  assert.deepEqual(list.map((x) => x.item.id), ["a", "b", "c", "d"]);
  assert.equal(await two.waits(), 4);
  const sent = list.slice(0, 3).map((x) => x.n);
  await Promise.all([one.drop(sent), two.drop(sent)]);
  assert.deepEqual((await two.items(other, s)).map((x) => x.item.id), ["d"]);
  await two.drop((await two.items(other, s)).map((x) => x.n));
  assert.equal(await two.erase(s), true);
});

test("wrong tries are counted over tabs, and the database goes with the last key alone", async () => {
  const s = session();
  await one.by(passphrase).make(s);
  await one.tries({ wrong: 4, until: 0 });
  assert.equal((await two.tries()).wrong, 4);
  for (const left of (await one.kept()).filter((x) => x !== s)) assert.equal(await one.erase(left), true);
  await one.eraseAll();
  assert.ok(exists(), "a key is left");
  assert.equal(await two.erase(s), true);
  await two.eraseAll();
  assert.ok(!exists());
  assert.equal((await one.kept()).length, 0);
  assert.equal(await one.waits(), 0, "a tab that was open finds an empty one");
});
