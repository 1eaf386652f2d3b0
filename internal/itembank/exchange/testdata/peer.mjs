// Reads a list of GIFT files from stdin and writes what gift-pegjs of npm, another program's grammar of GIFT, finds in each; the
// fault if it refuses the file.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
const gift = createRequire(process.argv[2] + '/')('gift-pegjs')
console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(file => {
  try { return { questions: gift.parse(file) } } catch (e) { return { fault: `${e.message} at line ${e.location?.start.line}` } }
})))
