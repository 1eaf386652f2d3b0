// Reads [text, [instants in seconds]] from stdin and writes, for each, whether opening_hours of npm finds it open; null if it refuses it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
const opening_hours = createRequire(process.argv[2] + '/')('opening_hours')
console.warn = () => {}
const asked = JSON.parse(readFileSync(0, 'utf8'))
console.log(JSON.stringify(asked.map(([text, instants]) => {
  try {
    const h = new opening_hours(text, { lat: 52.2, lon: 21.0, address: { country_code: 'pl', state: '' } })
    return instants.map(at => h.getState(new Date(at * 1000)))
  } catch { return null }
})))
