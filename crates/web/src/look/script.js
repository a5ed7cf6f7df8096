// For comfort only: every page works without it.
"use strict";

// A fault's link leads to its field: put the cursor there.
for (const link of document.querySelectorAll(".faults a")) {
  link.addEventListener("click", () => {
    const field = document.getElementById(link.hash.slice(1));
    if (field) setTimeout(() => field.focus(), 0);
  });
}

// A form with faults begins at its list of them.
const faults = document.querySelector(".faults");
if (faults) faults.focus();

// A form is sent once.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}

// On paper every fold is open.
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("main details:not([open])")) {
    fold.open = true;
    fold.dataset.folded = "yes";
  }
});
addEventListener("afterprint", () => {
  for (const fold of document.querySelectorAll("details[data-folded]")) fold.open = false;
});

// A link to what lies in a fold opens it.
const unfold = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target && target.closest("details");
  if (fold && !fold.open) { fold.open = true; target.scrollIntoView(); }
};
addEventListener("hashchange", unfold);
unfold();

// A passkey: a page of ours gives a challenge, the device answers, a form brings the answer.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const answered = (credential) => {
  const { id, rawId, type, response } = credential;
  const said = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) said[name] = text(response[name]);
  }
  return JSON.stringify({ id, rawId: text(rawId), type, response: said, extensions: {} });
};
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const { passkey, begin, domain } = form.dataset;
  const here = location.hostname === domain || location.hostname.endsWith(`.${domain}`);
  if (!here || !window.PublicKeyCredential) continue;
  for (const part of form.querySelectorAll(":scope > [hidden]:not(input)")) part.hidden = false;
  for (const part of form.querySelectorAll("[data-unfit]")) part.hidden = true;
  const fault = form.querySelector(".fault[role=alert]");
  const button = form.querySelector("button[type=button]");
  form.addEventListener("submit", (event) => { event.preventDefault(); button.click(); });
  button.addEventListener("click", async () => {
    if (!form.reportValidity()) return;
    fault.hidden = true;
    try {
      const came = await fetch(begin, { method: "POST", headers: { accept: "application/json" }, body: new URLSearchParams(new FormData(form)) });
      if (!came.ok) throw new Error(came.status);
      const { attempt, options } = await came.json();
      options.challenge = bytes(options.challenge);
      if (options.user) options.user.id = bytes(options.user.id);
      for (const known of [...(options.excludeCredentials || []), ...(options.allowCredentials || [])]) known.id = bytes(known.id);
      const credential = answered(await navigator.credentials[passkey]({ publicKey: options }));
      for (const [name, value] of Object.entries({ attempt, credential })) {
        const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
        form.append(field);
      }
      form.submit();
    } catch {
      fault.hidden = false;
    }
  });
}
