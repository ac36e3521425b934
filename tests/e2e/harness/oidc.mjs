// A provider for the journeys: a certified implementation, with a page of its own to log in at.
// node oidc.mjs REDIRECT_URI — says where it is on its first line, and ends with its standard input.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// Where xtask installed it is not where this file is.
const installed = createRequire(`${process.env.CABILDO_NODE_MODULES}/`).resolve("oidc-provider");
const { default: Provider } = await import(pathToFileURL(installed).href);

const [redirectUri] = process.argv.slice(2);
const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://localhost:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "cabildo",
      client_secret: "not,secret",
      redirect_uris: [redirectUri],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  cookies: { keys: ["journeys"] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
  // Whoever logs in agrees: what is granted is no more than who they are.
  async loadExistingGrant({ oidc }) {
    const grant = new provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
});

const page = `<!doctype html><html lang="es"><head><meta charset="utf-8"><title>Proveedor de prueba</title>
<link rel="icon" href="data:,"></head><body><main><h1>Proveedor de prueba</h1><form method="post">
<label for="login">Usuario</label><input id="login" name="login">
<button type="submit" name="do" value="go">Entrar</button>
<button type="submit" name="do" value="stop">Cancelar</button></form></main></body></html>`;

async function login(request, response) {
  if (request.method !== "POST") {
    response.setHeader("content-type", "text/html; charset=utf-8");
    return response.end(page);
  }
  let body = "";
  for await (const chunk of request) body += chunk;
  const form = new URLSearchParams(body);
  const result =
    form.get("do") === "go" ? { login: { accountId: form.get("login") } } : { error: "access_denied" };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const callback = provider.callback();
server.on("request", (request, response) => {
  if (!request.url.startsWith("/login/")) return callback(request, response);
  login(request, response).catch((error) => {
    console.error(error);
    response.statusCode = 500;
    response.end();
  });
});
console.log(issuer);
process.stdin.on("end", () => process.exit()).resume();
