// Pictures for the README and for whoever looks: `cargo xtask browser --pictures FOLDER`.

import { base, comesIn, pictures, PHONE, somebody, WIDE } from "./house.mjs";

const SHOTS = [
  ["person", "demo-person", "/me", "zh"],
  ["retirement", "demo-person", "/me/retirement", "en"],
  ["employer", "demo-agent", "/employer", "zh"],
  ["counter", "demo-city-clerk", "/counter/month", "en"],
  ["city", "demo-planner", "/city", "en"],
  ["law", null, "/law/cn-50/rule/contribution-base?wage=8123.45", "zh"],
  ["what-if", null, "/law/cn-50/what-if?with=employer-rate%3D15%25&since=2025-06-30&ask=employer-due", "en"],
];

export async function pictures_are_taken(browser) {
  for (const [name, persona, path, lang] of SHOTS) {
    for (const scheme of ["light", "dark"]) {
      for (const [size, viewport] of [["wide", WIDE], ["phone", PHONE]]) {
        const context = await somebody(browser, { lang, scheme, viewport });
        const page = await context.newPage();
        if (persona) await comesIn(page, persona);
        await page.goto(base + path);
        await page.screenshot({ path: `${pictures}/${name}-${size}-${scheme}.png` });
        await context.close();
      }
    }
  }
}
