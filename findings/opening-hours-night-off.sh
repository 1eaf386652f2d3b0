#!/bin/sh
# A night that a rule takes off stays half open, and the night before it is cut at midnight.
#
# npm opening_hours 3.15.0, the library by which most programs of OpenStreetMap read opening hours. "Mo-Fr 22:00-02:00; We off" is valid, and
# reads as: no shift begins on a Wednesday. Seen: the library looks at each day by itself. In the first hours of Thursday it finds the shift
# that would have begun on Wednesday, which no rule of Thursday takes off: open. In the first hours of Wednesday it takes off what
# is left of Tuesday's shift: closed. The same with PH. Who tells people when a help line answers has to decide it otherwise.
set -eu
version=3.15.0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --no-audit --no-fund "opening_hours@$version" >/dev/null
cat >ask.cjs <<'JS'
const hours = require('opening_hours')
const place = { lat: 52.2, lon: 21.0, address: { country_code: 'pl', state: '' } }
const asked = [ // text, local time, what was seen
  ['Mo-Fr 22:00-02:00; We off', '2026-11-24T23:00', true], // Tuesday
  ['Mo-Fr 22:00-02:00; We off', '2026-11-25T01:00', false], // the end of Tuesday's shift
  ['Mo-Fr 22:00-02:00; We off', '2026-11-25T23:00', false], // Wednesday
  ['Mo-Fr 22:00-02:00; We off', '2026-11-26T01:00', true], // the end of the shift that never began
  ['Mo-Fr 22:00-02:00; PH off', '2026-11-11T23:00', false], // a holiday
  ['Mo-Fr 22:00-02:00; PH off', '2026-11-12T01:00', true], // the end of its shift
]
let changed = false
for (const [text, at, seen] of asked) {
  const open = new hours(text, place).getState(new Date(at))
  console.log(`${text} at ${at}: ${open ? 'open' : 'closed'}`)
  if (open !== seen) changed = true
}
if (changed) { console.log('opening_hours does not behave as noted any more'); process.exit(1) }
JS
echo "opening_hours $version"
TZ=Europe/Warsaw node ask.cjs 2>/dev/null
