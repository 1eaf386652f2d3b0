// Encrypts or decrypts what comes in with the implementation of age in JavaScript: node peer.mjs MODULE encrypt|decrypt KEY
import { readFileSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [module, how, key] = process.argv.slice(2);
const age = await import(pathToFileURL(module));
const input = readFileSync(0);
let output;
if (how === "encrypt") {
  const e = new age.Encrypter();
  e.addRecipient(key);
  output = await e.encrypt(input);
} else {
  const d = new age.Decrypter();
  d.addIdentity(key);
  output = await d.decrypt(input, "uint8array");
}
for (let at = 0; at < output.length; ) at += writeSync(1, output, at);
