// A mail server for the journeys. It says on which port on its first line, then each letter as a line of JSON.
// Whoever hands letters over logs in; it knows no nadie@…, and has no time for luego@….
import { createRequire } from "node:module";

const require = createRequire(`${process.env.CABILDO_NODE_MODULES}/`);
const { SMTPServer } = require("smtp-server");

const refuse = (words, responseCode) => Object.assign(new Error(words), { responseCode });

const server = new SMTPServer({
  // The journeys stay on this machine: there is no certificate to trust.
  hideSTARTTLS: true,
  allowInsecureAuth: true,
  onAuth({ username, password }, _, done) {
    const isKnown = username === "cabildo" && password === "not secret";
    return isKnown ? done(null, { user: username }) : done(refuse("who?", 535));
  },
  onRcptTo({ address }, _, done) {
    if (address.startsWith("nadie@")) return done(refuse("no such mailbox", 550));
    if (address.startsWith("luego@")) return done(refuse("try again later", 451));
    done();
  },
  async onData(stream, { envelope }, done) {
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const message = Buffer.concat(chunks).toString();
    const to = envelope.rcptTo.map(({ address }) => address);
    console.log(JSON.stringify({ from: envelope.mailFrom.address, to, message }));
    done();
  },
});
server.on("error", (error) => console.error(error.message));
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
process.stdin.on("end", () => process.exit()).resume();
