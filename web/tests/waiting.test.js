// What counts on a device, from what the server gave and what waits (web/waiting.js).
import assert from "node:assert/strict";
import { test } from "node:test";
import { later, latest, next, people, undoable } from "../waiting.js";

const roll = { people: [
  { who: "p1", name: "Ćwikłowski", booked: true, state: "present", markId: "m1", at: "2026-11-29T09:00:00Z", device: "d1" },
  { who: "p2", name: "Dudańczyk", booked: true, state: "", markId: "" },
] };
const items = (...list) => list.map((item, i) => ({ n: i + 1, item: { madeAt: "2026-11-29T09:05:00Z", ...item } }));
const mark = (id, who, state, more = {}) => ({ id, kind: "mark", who, state, ...more });
const states = (list) => people(roll, list).map((p) => `${p.who} ${p.state || "-"} ${p.markId || "-"}`);

test("the server's roll counts while nothing waits, and is not changed by what does", () => {
  const before = JSON.stringify(roll);
  assert.deepEqual(states([]), ["p1 present m1", "p2 - -"]);
  assert.deepEqual(states(items(mark("m2", "p1", "absent"), mark("m3", "p2", "present", { from: "10:20" }))), ["p1 absent m2", "p2 present m3"]);
  assert.equal(JSON.stringify(roll), before);
});

test("the last mark of somebody counts, with its own times", () => {
  const [, p] = people(roll, items(mark("m2", "p2", "present", { from: "10:20" }), mark("m3", "p2", "present", { until: "11:00" })));
  assert.deepEqual([p.from, p.until, p.mine], ["", "11:00", "2026-11-29T09:05:00Z"]);
});

test("what is taken back leaves what was before it", () => {
  const undo = (id, undoes, who = "p1") => mark(id, who, "undone", { undoes });
  assert.deepEqual(states(items(undo("u1", "m1")))[0], "p1 - -", "the server's mark");
  assert.deepEqual(states(items(mark("m2", "p1", "absent"), undo("u1", "m2")))[0], "p1 present m1", "a waiting one: the server's counts again");
  assert.deepEqual(states(items(mark("m2", "p1", "absent"), mark("m3", "p1", "present"), undo("u1", "m3")))[0], "p1 absent m2");
  assert.deepEqual(states(items(mark("m2", "p1", "absent"), mark("m3", "p1", "present"), undo("u1", "m3"), undo("u2", "m2"), undo("u3", "m1")))[0], "p1 - -");
  assert.deepEqual(states(items(undo("u1", "m9")))[0], "p1 present m1", "one that is not there");
});

test("who comes without a seat is on the roll at once, and once when the server knows them", () => {
  const guest = { id: "w1", kind: "walk-in", name: "Nadzwyczajna", institution: "OPS" };
  const list = people(roll, items(guest, mark("m5", "w1", "present")));
  assert.equal(list.length, 3);
  assert.deepEqual([list[2].name, list[2].hint, list[2].state, list[2].walkIn, Boolean(list[2].booked)], ["Nadzwyczajna", "OPS", "present", true, false]);
  const known = { people: [...roll.people, { who: "w1", name: "Nadzwyczajna", walkIn: true, state: "present", markId: "m5" }] };
  assert.equal(people(known, items(guest)).length, 3);
  assert.equal(people(roll, items(guest, { ...guest, id: "w2" })).length, 4, "two of one name are two");
});

test("the last number that was written down counts, zero too", () => {
  assert.equal(latest([], "count", 7), 7);
  assert.equal(latest([], "count", null), null);
  assert.equal(latest(items({ kind: "count", number: 5 }, { kind: "sheet", number: 9 }, { kind: "count", number: 0 }), "count", 7), 0);
});

test("a mark is taken back where it was made, for a quarter of an hour", () => {
  const at = Date.parse("2026-11-29T09:00:00Z");
  const [p, nobody] = roll.people;
  assert.equal(undoable(p, "d1", at + 15 * 60000 - 1), true);
  assert.equal(undoable(p, "d1", at + 15 * 60000), false);
  assert.equal(undoable(p, "d2", at), false, "another device's");
  assert.equal(undoable({ ...p, mine: p.at }, "d2", at), true, "one that waits here");
  assert.equal(undoable(nobody, "d1", at), false);
});

test("what the server makes nothing of stays, and holds up nothing", () => {
  const list = items(...Array.from({ length: 450 }, (_, i) => mark(`m${i}`, "p1", "present")));
  assert.deepEqual(next(list, new Set()).map((x) => x.n), list.slice(0, 200).map((x) => x.n));
  const strange = new Set(list.slice(0, 300).map((x) => x.item.id));
  assert.deepEqual(next(list, strange).map((x) => x.n), list.slice(300).map((x) => x.n));
  assert.deepEqual(next(list.slice(0, 300), strange), []);
});

test("it waits longer after each failure, at most a minute", () => {
  const pauses = [0];
  for (let i = 0; i < 8; i += 1) pauses.push(later(pauses[i]));
  assert.deepEqual(pauses, [0, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000]);
});
