// Tells the stories in a real browser: `cargo xtask browser`.

import { launched, only } from "./house.mjs";
import * as person from "./person.mjs";
import * as law from "./law.mjs";
import * as keyboard from "./keyboard.mjs";
import * as staff from "./staff.mjs";
import * as passkey from "./passkey.mjs";
import * as outside from "./outside.mjs";
import * as pages from "./pages.mjs";
import * as paint from "./paint.mjs";
import * as pictures from "./pictures.mjs";

const all = { ...person, ...law, ...keyboard, ...staff, ...passkey, ...outside, ...pages, ...paint, ...(only ? pictures : {}) };
// A story is named by a sentence; what else a file hands out, others of them use.
const stories = Object.fromEntries(Object.entries(all).filter(([name]) => name.includes("_")));
const browser = await launched();
let failed = 0;
for (const [name, story] of Object.entries(stories)) {
  if (only && !only.includes(name)) continue;
  const begun = performance.now();
  try {
    const said = await story(browser);
    console.log(`told    ${name.replaceAll("_", " ")}, ${Math.round(performance.now() - begun)} ms${said ? `: ${said}` : ""}`);
  } catch (error) {
    failed += 1;
    console.log(`BROKEN  ${name.replaceAll("_", " ")}: ${error.message}`);
  }
}
await browser.close();
process.exitCode = failed ? 1 : 0;
