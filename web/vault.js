// What a device keeps of a roll, encrypted: names and marks in a database of the browser as AES-GCM, the key beside it in a file that
// is wrapped by a passphrase and can be overwritten in place (web/keeper.js). Nothing here is kept in the clear, and the passphrase
// nowhere (decision 0049).
const iterations = 1000000; // of PBKDF2: OWASP asks for 600,000 with SHA-256
const [saltSize, ivSize] = [16, 12];
const aes = "AES-GCM";

let worker;
let calls = 0;
const waiting = new Map();

function keeper(act, ...args) {
  if (!worker) {
    worker = new Worker(document.body.dataset.keeper);
    worker.onmessage = ({ data: { id, value, error } }) => {
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error) reject(new Error(error));
      else resolve(value);
    };
    worker.onerror = () => waiting.forEach(({ reject }) => reject(new Error("keeper")));
  }
  return new Promise((resolve, reject) => {
    waiting.set((calls += 1), { resolve, reject });
    worker.postMessage({ id: calls, act, args });
  });
}

/** able says whether this browser can keep a roll. */
export const able = () => Boolean(window.isSecureContext && window.crypto?.subtle && window.indexedDB && window.Worker && navigator.serviceWorker && navigator.locks && window.FileSystemDirectoryHandle);

// alone does a step while no other tab of this browser does one: what one tab erases, another neither writes to nor has just written to.
const alone = (step) => navigator.locks.request("hall", step);

const random = (n) => crypto.getRandomValues(new Uint8Array(n));
const bytes = (text) => new TextEncoder().encode(text);

// deriving returns what makes keys of a passphrase; those of one salt once, for it takes a second.
function deriving(passphrase) {
  const made = new Map();
  return (salt, rounds) => {
    const name = `${rounds} ${salt}`;
    if (!made.has(name)) {
      made.set(name, crypto.subtle.importKey("raw", bytes(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"]).then((raw) =>
        crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, raw, { name: aes, length: 256 }, false, ["encrypt", "decrypt"])));
    }
    return made.get(name);
  };
}

/** kept returns the sessions of which this device has a key. */
export const kept = async () => (await keeper("list")).filter((name) => name.endsWith(".key")).map((name) => name.slice(0, -4));

const asKey = async (raw) => {
  const key = await crypto.subtle.importKey("raw", raw, aes, false, ["encrypt", "decrypt"]);
  raw.fill(0);
  return key;
};

const has = async (session) => (await kept()).includes(session);

/** by returns what a passphrase can do: make a session's key and keep it wrapped (null if there is one already, which another tab made: a
 * second would lock out what the first has encrypted), and unlock one (null if it is not its passphrase). */
export function by(passphrase) {
  const derive = deriving(passphrase);
  const salt = random(saltSize);
  return {
    async make(session) {
      const raw = random(32);
      const iv = random(ivSize);
      const wrapped = await crypto.subtle.encrypt({ name: aes, iv, additionalData: bytes(session) }, await derive(salt, iterations), raw);
      const file = new Uint8Array(4 + saltSize + ivSize + wrapped.byteLength);
      new DataView(file.buffer).setUint32(0, iterations);
      file.set(salt, 4);
      file.set(iv, 4 + saltSize);
      file.set(new Uint8Array(wrapped), 4 + saltSize + ivSize);
      return alone(async () => {
        if (await has(session)) return null;
        await keeper("put", `${session}.key`, file);
        return asKey(raw);
      });
    },
    async unlock(session) {
      const file = await keeper("get", `${session}.key`);
      const iv = file.slice(4 + saltSize, 4 + saltSize + ivSize);
      const wrapping = await derive(file.slice(4, 4 + saltSize), new DataView(file.buffer).getUint32(0));
      try {
        return await asKey(new Uint8Array(await crypto.subtle.decrypt({ name: aes, iv, additionalData: bytes(session) }, wrapping, file.slice(4 + saltSize + ivSize))));
      } catch {
        return null;
      }
    },
  };
}

const asPromise = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

let database;
function db() {
  if (!database) {
    const request = indexedDB.open("hall", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("rolls", { keyPath: "session" });
      request.result.createObjectStore("items", { keyPath: "n", autoIncrement: true });
      request.result.createObjectStore("tries", { keyPath: "id" });
    };
    database = asPromise(request).then((d) => {
      d.onversionchange = () => { d.close(); database = null; };
      return d;
    });
  }
  return database;
}

// within runs one step on a store and resolves when it is written.
async function within(store, mode, step) {
  const tx = (await db()).transaction(store, mode, { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    tx.oncomplete = resolve;
    tx.onabort = () => reject(tx.error);
  });
  const value = await asPromise(step(tx.objectStore(store)));
  await done;
  return value;
}

async function sealed(key, session, value) {
  const iv = random(ivSize);
  return { session, iv, data: await crypto.subtle.encrypt({ name: aes, iv, additionalData: bytes(session) }, key, bytes(JSON.stringify(value))) };
}

async function opened(key, { session, iv, data }) {
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: aes, iv, additionalData: bytes(session) }, key, data)));
}

// keep writes what is encrypted while its key is there; after another tab erased it, nobody could ever read it.
async function keep(store, key, session, value, step) {
  const row = await sealed(key, session, value);
  await alone(async () => {
    if (!(await has(session))) throw new Error("erased");
    await within(store, "readwrite", (s) => step(s, row));
  });
}

/** putRoll keeps a roll in place of the one before, or throws erased. */
export const putRoll = (key, session, roll) => keep("rolls", key, session, roll, (s, row) => s.put(row));

/** getRoll returns the roll that is kept, null if there is none. */
export async function getRoll(key, session) {
  const found = await within("rolls", "readonly", (s) => s.get(session));
  return found ? opened(key, found) : null;
}

/** add keeps something that the server does not have yet, or throws erased. */
export const add = (key, session, item) => keep("items", key, session, item, (s, row) => s.add(row));

const rows = async (session) => (await within("items", "readonly", (s) => s.getAll())).filter((x) => x.session === session);

/** items returns what waits of a session, in the order in which it was made, as {n, item}. */
export async function items(key, session) {
  return Promise.all((await rows(session)).map(async (x) => ({ n: x.n, item: await opened(key, x) })));
}

/** waits says how much waits on this device, without a key. */
export const waits = () => within("items", "readonly", (s) => s.count());

/** drop forgets what the server has. */
export const drop = async (numbers) => { for (const n of numbers) await within("items", "readwrite", (s) => s.delete(n)); };

/** tries reads and writes how often a passphrase was wrong, and until when to wait. */
export const tries = async (value) => (value
  ? within("tries", "readwrite", (s) => s.put({ id: "tries", ...value }))
  : (await within("tries", "readonly", (s) => s.get("tries"))) || { wrong: 0, until: 0 });

/** erase makes unreadable, and then removes, what this device keeps of a session, and says whether it did: while something waits that the
 * server does not have, nothing is erased. */
export const erase = (session) => alone(async () => {
  if ((await rows(session)).length > 0) return false;
  await keeper("erase", `${session}.key`);
  await within("rolls", "readwrite", (s) => s.delete(session));
  return true;
});

/** eraseAll removes the database, once no key is left. */
export const eraseAll = () => alone(async () => {
  if ((await kept()).length > 0) return;
  if (database) (await database).close();
  database = null;
  await new Promise((resolve) => {
    const request = indexedDB.deleteDatabase("hall");
    request.onsuccess = request.onerror = request.onblocked = resolve;
  });
});
