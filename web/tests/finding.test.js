// Which keys mean the one search, and where they lead (web/finding.js).
import assert from "node:assert/strict";
import { test } from "node:test";
import { asksForSearch, goesTo } from "../finding.js";

const pressed = (key, more = {}) => ({ key, target: { closest: () => null }, ...more });
const inField = { target: { closest: (selector) => selector.includes("input") && {} } };

test("/ and Ctrl+K ask for the search where nobody else has the key", () => {
  assert.ok(asksForSearch(pressed("/"), true));
  assert.ok(asksForSearch(pressed("/", { shiftKey: true }), true)); // Shift and 7 on many keyboards
  for (const more of [{ ctrlKey: true }, { metaKey: true }]) {
    assert.ok(asksForSearch(pressed("k", more), true));
    assert.ok(asksForSearch(pressed("K", more), false));
    assert.ok(!asksForSearch(pressed("k", { ...more, shiftKey: true }), true)); // the browser's own
    assert.ok(!asksForSearch(pressed("k", { ...more, altKey: true }), true));
    assert.ok(!asksForSearch(pressed("/", more), true));
  }
});

test("they ask for nothing in a field, while a word is composed, after another script, and where / is turned off", () => {
  for (const key of ["/", "k"]) {
    const held = { ctrlKey: key === "k" };
    for (const more of [inField, { isComposing: true }, { defaultPrevented: true }, { altKey: true }]) assert.ok(!asksForSearch(pressed(key, { ...held, ...more }), true));
  }
  assert.ok(!asksForSearch(pressed("/"), false));
  assert.ok(!asksForSearch(pressed("k"), true));
  assert.ok(!asksForSearch({ key: "/", target: { closest: (selector) => selector.includes("dialog[open]") && {} } }, true));
});

test("the arrows go through what was found and back to the field", () => {
  const go = (key, at, n = 3) => goesTo(pressed(key), at, n);
  assert.deepEqual([-1, 0, 1, 2].map((at) => go("ArrowDown", at)), [0, 1, 2, 2]);
  assert.deepEqual([-1, 0, 1, 2].map((at) => go("ArrowUp", at)), [undefined, -1, 0, 1]);
  assert.deepEqual([-1, 1].map((at) => go("Home", at)), [undefined, 0]);
  assert.deepEqual([-1, 1].map((at) => go("End", at)), [undefined, 2]);
  assert.equal(go("Tab", 1), undefined);
  assert.equal(go("ArrowDown", -1, 0), undefined);
  for (const held of ["ctrlKey", "metaKey", "altKey", "shiftKey"]) assert.equal(goesTo(pressed("ArrowDown", { [held]: true }), 0, 3), undefined);
});
