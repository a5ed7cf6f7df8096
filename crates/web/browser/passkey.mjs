// A passkey, from a device that the browser pretends to be.

import { base, comesIn, holds, somebody } from "./house.mjs";

/** A passkey is for a site by its name. */
export const named = base.replace("127.0.0.1", "localhost");

/** A device that keeps keys and has verified its owner. */
export async function device(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
  return {
    keys: async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    count: (credentialId, signCount) =>
      cdp.send("WebAuthn.getCredential", { authenticatorId, credentialId }).then(({ credential }) =>
        cdp.send("WebAuthn.removeCredential", { authenticatorId, credentialId }).then(() =>
          cdp.send("WebAuthn.addCredential", { authenticatorId, credential: { ...credential, signCount } }))),
    verifies: (isUserVerified) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
  };
}

const leaves = (page) =>
  Promise.all([page.waitForURL((url) => url.pathname === "/"), page.click('header form[action="/sign-out"] button')]);

/** They press the button on the page for signing in. */
export async function entersByPasskey(page, then) {
  await page.goto(`${named}/sign-in`);
  await Promise.all([page.waitForURL(then), page.click('form[data-passkey="get"] button')]);
}

export async function a_passkey_is_added_used_and_removed(browser) {
  const context = await somebody(browser, { lang: "en", at: named });
  const page = await context.newPage();
  const theirs = await device(page);
  // At a number instead of a name nobody is led to one.
  await page.goto(`${base}/sign-in`);
  holds(!(await page.locator('form[data-passkey="get"] button').isVisible()), "a passkey is offered where it cannot be used");
  await comesIn(page, "demo-person", named);
  await page.goto(`${named}/settings`);
  await page.click('main a[href="/settings/passkeys"]');
  await page.fill('[name="label"]', "Phone <b>");
  await Promise.all([page.waitForResponse((came) => came.url() === `${named}/settings/passkeys` && came.request().method() === "POST"), page.click('form[data-passkey="create"] button')]);
  await page.locator("td", { hasText: "Phone <b>" }).waitFor();
  const [key] = await theirs.keys();
  holds(key?.isResidentCredential && key.rpId === "localhost", "the device does not keep the key itself, for this site");
  holds((await page.locator("tbody tr").innerText()).includes("never"), "it was used before it was used");
  // The same device twice is once.
  await page.fill('[name="label"]', "Again");
  await page.click('form[data-passkey="create"] button');
  await page.locator(".fault[role=alert]").waitFor({ state: "visible" });
  await leaves(page);
  // In by it, and nothing typed.
  await entersByPasskey(page, (url) => url.pathname === "/me");
  await page.goto(`${named}/settings/passkeys`);
  holds(!(await page.locator("tbody tr").innerText()).includes("never"), "that it was used is not shown");
  await leaves(page);
  // A copy of it counts apart, and lets nobody in; nor does a device that did not look who holds it.
  await theirs.count(key.credentialId, 1);
  await entersByPasskey(page, (url) => url.pathname === "/sign-in/passkey");
  holds((await page.locator("main code").first().innerText()) === "N0616", "a copy of a passkey let in");
  await theirs.count(key.credentialId, 40);
  await theirs.verifies(false);
  await page.goto(`${named}/sign-in`);
  await page.click('form[data-passkey="get"] button');
  await page.locator(".fault[role=alert]").waitFor({ state: "visible" });
  await theirs.verifies(true);
  await entersByPasskey(page, (url) => url.pathname === "/me");
  // Gone is gone.
  await page.goto(`${named}/settings/passkeys`);
  await Promise.all([page.waitForURL((url) => url.pathname === "/settings/passkeys"), page.click('form[action="/settings/passkeys/remove"] button')]);
  await page.locator("main .empty").waitFor();
  await leaves(page);
  await entersByPasskey(page, (url) => url.pathname === "/sign-in/passkey");
  holds((await page.locator("main code").first().innerText()) === "N0615", "a passkey that was removed let in");
  await context.close();
}
