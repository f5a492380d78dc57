// Stands in for a guide's service: answers on its paths and exposes its metrics. SERVICE says which, as JSON.
const { createServer } = require("node:http");

const { port, ready, paths, metrics = {} } = JSON.parse(process.env.SERVICE);
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5];
const answers = { 200: 0, 404: 0, 500: 0 };
const buckets = bounds.map(() => 0);
let count = 0;
let sum = 0;

function exposition() {
  const lines = Object.entries(metrics.series ?? {}).map(([series, value]) => `${series} ${value}`);
  if (metrics.requests) {
    lines.push(`# TYPE ${metrics.requests} counter`);
    for (const [status, value] of Object.entries(answers))
      lines.push(`${metrics.requests}{status="${status}"} ${value}`);
  }
  const name = metrics.durations;
  if (name) {
    lines.push(`# TYPE ${name} histogram`);
    bounds.forEach((bound, index) => {
      lines.push(`${name}_bucket{le="${bound}"} ${buckets[index]}`);
    });
    lines.push(`${name}_bucket{le="+Inf"} ${count}`, `${name}_sum ${sum}`, `${name}_count ${count}`);
  }
  return `${lines.join("\n")}\n`;
}

createServer((request, response) => {
  const start = performance.now();
  const { pathname } = new URL(request.url, "http://localhost");
  const answer = pathname === "/metrics" ? exposition() : paths[pathname];
  const status = answer === undefined ? 404 : 200;
  const text = typeof answer === "string";
  response.writeHead(status, { "content-type": text ? "text/plain; version=0.0.4" : "application/json" });
  response.end(text ? answer : JSON.stringify(answer ?? { error: "not found" }));
  // The kubelet and Prometheus are no users.
  if (pathname === "/metrics" || (pathname === ready && request.headers["user-agent"]?.startsWith("kube-probe")))
    return;

  const seconds = (performance.now() - start) / 1000;
  answers[status] += 1;
  count += 1;
  sum += seconds;
  bounds.forEach((bound, index) => {
    if (seconds <= bound) buckets[index] += 1;
  });
}).listen(port, () => console.log(`listening on ${port}`));

process.on("SIGTERM", () => process.exit(0));
