import * as http from "node:http";

/** An agent in the sense of HTTP: a pool of sockets. */
export class HttpsProxyAgent extends http.Agent {
  constructor(readonly proxy: URL) {
    super({ keepAlive: true, maxSockets: 8 });
  }
}
