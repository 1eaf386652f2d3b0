// Reads calendars with ical.js: a JSON list of files comes in, what each event says goes out.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const ICAL = (await import(pathToFileURL(process.argv[2] + "/ical.js/dist/ical.js"))).default;
const files = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(files.map((text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return {
    method: calendar.getFirstPropertyValue("method"),
    events: calendar.getAllSubcomponents("vevent").map((c) => {
      const e = new ICAL.Event(c);
      const a = c.getFirstProperty("attendee");
      const o = c.getFirstProperty("organizer");
      return {
        uid: e.uid, sequence: e.sequence, summary: e.summary, location: e.location, description: e.description,
        start: e.startDate.toJSDate().toISOString(), end: e.endDate.toJSDate().toISOString(), status: c.getFirstPropertyValue("status"),
        attendee: a && a.getFirstValue(), name: a && a.getParameter("cn"), organizer: o && o.getFirstValue(),
      };
    }),
  };
})));
