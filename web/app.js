// Scripts only improve: every page works without this file. Nothing is kept in the browser's storage, and nothing is asked
// of another host. What a script needs to know stands in data attributes; docs of each are beside its part.
import "./forms.js";
import "./test.js";
import "./reading.js";
import "./find.js";

document.documentElement.classList.add("scripted");
