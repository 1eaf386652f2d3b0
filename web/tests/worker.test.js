// The hall's service worker (web/worker.js): without network it answers with the device's page and its files, and keeps nothing else.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

const files = ["/app/hall/device", "/assets/app-1.css", "/assets/hall-1.js"];
const source = await readFile(new URL("../worker.js", import.meta.url), "utf8");

// start runs the worker with a network that is there or not, and returns what it does with an event.
function start({ online }) {
  const handlers = {};
  const world = { kept: [], asked: [], skipped: 0, claimed: 0 };
  const match = async (what) => (world.kept.includes(what) ? `kept ${what}` : undefined);
  runInNewContext(source, {
    self: {
      files, location: { origin: "https://ostoja.example.org" }, addEventListener: (name, act) => { handlers[name] = act; },
      skipWaiting: () => { world.skipped += 1; }, clients: { claim: () => { world.claimed += 1; } },
    },
    URL,
    caches: { open: async () => ({ addAll: async (list) => { world.kept.push(...list); } }), match },
    fetch: async (request) => {
      world.asked.push(request.url);
      if (!online) throw new TypeError("Failed to fetch");
      return `network ${request.url}`;
    },
  });
  world.fire = async (name, event = {}) => {
    let wait;
    handlers[name]({ ...event, waitUntil: (p) => { wait = p; }, respondWith: (p) => { wait = p; } });
    return wait;
  };
  world.get = (path, more = {}) => world.fire("fetch", { request: { method: "GET", mode: "cors", url: new URL(path, "https://ostoja.example.org").href, ...more } });
  return world;
}

test("it caches its files when it is installed, and nothing of anybody later", async () => {
  const w = start({ online: true });
  await w.fire("install");
  await w.fire("activate");
  assert.deepEqual([w.kept, w.skipped, w.claimed], [files, 1, 1]);
  await w.get("/app/hall/018f/roll", { mode: "navigate" });
  await w.get("/app/hall/now");
  assert.deepEqual(w.kept, files);
});

test("with network a page comes from the network", async () => {
  const w = start({ online: true });
  await w.fire("install");
  assert.equal(await w.get("/app/hall/device", { mode: "navigate" }), "network https://ostoja.example.org/app/hall/device");
});

test("without network every page of the hall is the device's, its files are there, all else fails by itself", async () => {
  const w = start({ online: false });
  await w.fire("install");
  assert.equal(await w.get("/app/hall/018f", { mode: "navigate" }), "kept /app/hall/device");
  assert.equal(await w.get("/assets/hall-1.js"), "kept /assets/hall-1.js");
  assert.equal(await w.get("/app/hall/now"), undefined, "it is not answered for");
  assert.equal(await w.get("/app/hall/018f/items", { method: "POST" }), undefined, "what is sent goes to the server or nowhere");
  assert.equal(await w.get("https://elsewhere.example.org/assets/hall-1.js", { mode: "navigate" }), undefined);
});

test("a file that the cache lost comes from the network", async () => {
  const w = start({ online: true });
  assert.equal(await w.get("/assets/hall-1.js"), "network https://ostoja.example.org/assets/hall-1.js");
});
