// The parts of a browser that the hall's scripts use, as far as they use them, in the memory of Node. Tabs share one of it, as they share
// the browser: storage, locks and the keeper's files.
import { readFile } from "node:fs/promises";
import { runInNewContext } from "node:vm";

// Files of the origin's private file system. What is erased in place is seen in ever, which holds each file's bytes for good.
export const ever = new Map();
const files = new Map();
const held = new Set();
const fault = (name) => Object.assign(new Error(name), { name });
const folder = {
  async getFileHandle(name, { create } = {}) {
    if (!files.has(name) && !create) throw fault("NotFoundError");
    if (!files.has(name)) files.set(name, new Uint8Array());
    return {
      getFile: async () => ({ arrayBuffer: async () => files.get(name).slice().buffer }),
      async createSyncAccessHandle() {
        if (held.has(name)) throw fault("NoModificationAllowedError");
        held.add(name);
        return {
          getSize: () => files.get(name).length,
          truncate: (n) => files.set(name, files.get(name).slice(0, n)),
          write(bytes, { at }) {
            const before = files.get(name);
            if (at + bytes.length > before.length) files.set(name, new Uint8Array([...before.slice(0, at), ...bytes]));
            else before.set(bytes, at);
            ever.set(name, files.get(name));
          },
          flush() {},
          close: () => held.delete(name),
        };
      },
    };
  },
  async* keys() { yield* [...files.keys()]; },
  async removeEntry(name) { files.delete(name); },
};

// A database: stores of rows by key, in which a transaction is over a moment after its last request.
const databases = new Map();
export const rows = (store) => [...(databases.get("hall")?.get(store)?.values() || [])];
export const exists = () => databases.has("hall");
const soon = (act) => setTimeout(act, 0);
const request = (act) => {
  const r = {};
  soon(() => {
    r.result = act();
    r.onsuccess?.();
  });
  return r;
};
const settings = {};
let counter = 0;
const storeOf = (db, name) => ({
  get: (key) => request(() => db.get(name).get(key)),
  getAll: () => request(() => [...db.get(name).values()]),
  count: () => request(() => db.get(name).size),
  put: (row) => request(() => { db.get(name).set(row[settings[name].keyPath], row); }),
  add: (row) => request(() => { db.get(name).set((counter += 1), { ...row, n: counter }); }),
  delete: (key) => request(() => { db.get(name).delete(key); }),
});
const indexedDB = {
  open(name) {
    const r = {};
    soon(() => {
      const fresh = !databases.has(name);
      if (fresh) databases.set(name, new Map());
      const db = databases.get(name);
      r.result = {
        createObjectStore(store, how) { settings[store] = how; db.set(store, new Map()); },
        transaction(store) {
          const tx = { objectStore: (s) => storeOf(db, s) };
          soon(() => soon(() => tx.oncomplete?.()));
          return tx;
        },
        close() {},
      };
      if (fresh) r.onupgradeneeded();
      r.onsuccess();
    });
    return r;
  },
  deleteDatabase: (name) => request(() => { databases.delete(name); }),
};

let last = Promise.resolve();
const locks = {
  request(_, step) {
    const mine = last.then(step);
    last = mine.catch(() => {});
    return mine;
  },
};

const define = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true });
define("navigator", { storage: { getDirectory: async () => ({ getDirectoryHandle: async () => folder }) }, locks });
define("indexedDB", indexedDB);
define("document", { body: { dataset: { keeper: "keeper.js" } } });
const keeper = await readFile(new URL("../keeper.js", import.meta.url), "utf8");
define("Worker", class {
  constructor() {
    this.self = { postMessage: (data) => soon(() => this.onmessage({ data })) };
    runInNewContext(keeper, { self: this.self, navigator, crypto, Uint8Array });
  }

  postMessage(data) { soon(() => this.self.onmessage({ data })); }
});

let tabs = 0;
/** tab opens the vault as another tab of this browser has it. */
export const tab = () => import(`../vault.js?tab=${(tabs += 1)}`);
