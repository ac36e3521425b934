// Serves one yardstick as well as a page can be served: compressed beforehand, cached for ever by name, and the API of the
// server that Cabildo's own page asks too. `node serve.mjs DIRECTORY API` says its port.
import { createServer, request } from "node:http";
import { readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const [directory, api] = process.argv.slice(2);
const kinds = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
const files = new Map();
for (const name of readdirSync(directory, { recursive: true })) {
  const kind = kinds[extname(name)];
  if (!kind) continue;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  files.set(`/${name}`, { kind, body: brotliCompressSync(readFileSync(join(directory, name)), { params }) });
}

const server = createServer((asked, answer) => {
  const { pathname } = new URL(asked.url, "http://localhost");
  if (pathname.startsWith("/api/")) {
    const { method, headers } = asked;
    const passed = request(`${api}${asked.url}`, { method, headers }, (said) => {
      answer.writeHead(said.statusCode, said.headers);
      said.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
    return;
  }
  const file = files.get(pathname) ?? files.get("/index.html");
  const kept = pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  answer.writeHead(200, {
    "content-type": file.kind,
    "content-encoding": "br",
    "content-length": file.body.length,
    "cache-control": kept,
  });
  answer.end(file.body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
