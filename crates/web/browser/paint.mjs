// On a slow phone: a processor a quarter as fast, 1.6 Mbit/s, 150 ms to there and back.

import { base, comesIn, holds, PHONE, somebody } from "./house.mjs";

const LATEST = 1_000;

export async function a_slow_phone_paints_within_a_second(browser) {
  const context = await somebody(browser, { viewport: PHONE });
  const page = await context.newPage();
  await comesIn(page, "demo-person");
  const phone = await context.newCDPSession(page);
  await phone.send("Network.enable");
  await phone.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 });
  await phone.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const told = [];
  for (const path of ["/", "/me", "/law", "/law/cn-50/rule/contribution-base"]) {
    const times = [];
    for (let time = 0; time < 3; time += 1) {
      await phone.send("Network.clearBrowserCache");
      await page.goto(base + path);
      times.push(await page.evaluate(() => new Promise((done) => {
        new PerformanceObserver((list) => done(list.getEntriesByName("first-contentful-paint")[0]?.startTime)).observe({ type: "paint", buffered: true });
      })));
    }
    const best = Math.round(Math.min(...times));
    told.push(`${path} ${best} ms`);
    holds(best < LATEST, `${path} paints first after ${best} ms`);
  }
  await context.close();
  return told.join(", ");
}
