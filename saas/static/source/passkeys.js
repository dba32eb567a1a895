// Asks the browser to make or show a passkey, and sends its answer with the form. Without scripts nothing is shown.

const toBytes = (text) => {
  const whole = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(whole), (letter) => letter.charCodeAt(0));
};

const toText = (bytes) => {
  const letters = [...new Uint8Array(bytes)].map((byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

const withBytes = (list) => (list || []).map((each) => ({ ...each, id: toBytes(each.id) }));

async function create(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials),
    },
  });
  const transports = made.response.getTransports ? made.response.getTransports() : [];
  return answer(made, { attestationObject: toText(made.response.attestationObject), transports });
}

async function get(options) {
  const shown = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      allowCredentials: withBytes(options.allowCredentials),
    },
  });
  const { authenticatorData, signature, userHandle } = shown.response;
  return answer(shown, {
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle ? toText(userHandle) : null,
  });
}

function answer(credential, response) {
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: { clientDataJSON: toText(credential.response.clientDataJSON), ...response },
    clientExtensionResults: {},
  });
}

const refusals = {
  InvalidStateError: "This device already has a passkey for you here.",
  NotAllowedError: "No passkey was used. Try again, or use another way.",
};

export function startPasskey(part) {
  if (!window.PublicKeyCredential) {
    return;
  }
  const form = part.querySelector("form");
  const words = part.querySelector("[data-passkey-words]");
  let asking = false;
  part.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (asking) {
      return;
    }
    asking = true;
    words.textContent = "Your browser asks you now.";
    try {
      const options = JSON.parse(part.dataset.options);
      form.elements.credential.value = await (part.dataset.passkey === "create" ? create : get)(options);
      form.submit();
    } catch (error) {
      words.textContent = refusals[error.name] || "The browser could not use a passkey here.";
      asking = false;
    }
  });
}
