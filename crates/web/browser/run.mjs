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

const told = (stories) => Object.fromEntries(Object.entries(stories).filter(([name]) => name.includes("_")));
const stories = { ...person, ...law, ...told(keyboard), ...told(staff), ...told(passkey), ...outside, ...pages, ...paint, ...(only ? pictures : {}) };
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
