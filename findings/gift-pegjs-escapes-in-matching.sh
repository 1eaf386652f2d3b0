#!/bin/sh
# In the right sides of a matching question, escaped signs come back as numbers between ampersands.
#
# npm gift-pegjs 1.0.2, the grammar of Moodle's GIFT by which editors and checkers in the browser read it. GIFT writes its own signs with a
# backslash: "C\#" is C#. Seen: the parser gives "C#" for the choices of a multiple choice and for the left sides of a matching question, and
# "C&&035;" for the right sides: an inner placeholder that is put back everywhere else. Who shows what it returns, or compares it with an
# answer, has to put the signs back; an answer such as "C#" or "x=1" matches nothing otherwise.
set -eu
version=1.0.2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --no-audit --no-fund "gift-pegjs@$version" >/dev/null
cat >ask.cjs <<'JS'
const { parse } = require('gift-pegjs')
const match = parse(String.raw`::m::Which is it? {
=a language \# one -> C\#
=a condition -> x\=1
=a word -> plain
}`)[0].matchPairs
const choice = parse(String.raw`::c::Which is it? {
=C\#
~x\=1
}`)[0].choices
const seen = { // what was asked: what was seen
  'choices': [choice.map((c) => c.text.text), ['C#', 'x=1']],
  'left sides': [match.map((p) => p.subquestion.text), ['a language # one', 'a condition', 'a word']],
  'right sides': [match.map((p) => p.subanswer), ['C&&035;', 'x&&061;1', 'plain']],
}
let changed = false
for (const [what, [got, was]] of Object.entries(seen)) {
  console.log(`${what}: ${JSON.stringify(got)}`)
  if (JSON.stringify(got) !== JSON.stringify(was)) changed = true
}
if (changed) { console.log('gift-pegjs does not behave as noted any more'); process.exit(1) }
JS
echo "gift-pegjs $version"
node ask.cjs
