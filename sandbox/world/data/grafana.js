// A mock of Grafana, which no package registry holds under a licence that fits here: it answers the reading calls of its HTTP
// API as grafana.com/docs/grafana/latest/developers/http_api documents them, to clients that send the token, and nothing else.
// GRAFANA says what it holds, as JSON; TOKEN is its service account's.
const { createServer } = require("node:http");

const { version, folders, dashboards, dataSources, alertRules } = JSON.parse(process.env.GRAFANA);
const hit =
  (type) =>
  ({ uid, title }) => ({ uid, title, type, tags: [], isStarred: false });

// Query parameters as the page "Folder/Dashboard Search" gives them: 1000 hits a page by default, pages counted from 1.
function search({ searchParams }) {
  const type = searchParams.get("type");
  const limit = Math.min(Number(searchParams.get("limit")) || 1000, 5000);
  const from = ((Number(searchParams.get("page")) || 1) - 1) * limit;
  const hits = [
    ...(type === "dash-db" ? [] : folders.map(hit("dash-folder"))),
    ...(type === "dash-folder" ? [] : dashboards.map(({ dashboard }) => dashboard).map(hit("dash-db"))),
  ];
  return hits.slice(from, from + limit);
}

const withoutSecrets = ({ secureJsonData, ...source }) => ({
  ...source,
  secureJsonFields: Object.fromEntries(Object.keys(secureJsonData ?? {}).map((name) => [name, true])),
});

function answer(url) {
  const [, collection, uid] = /^\/api\/(folders|dashboards\/uid|datasources\/uid)\/([^/]+)$/.exec(url.pathname) ?? [];
  switch (collection ?? url.pathname) {
    case "/api/search":
      return search(url);
    case "folders":
      return folders.find((folder) => folder.uid === uid);
    case "dashboards/uid":
      return dashboards.find(({ dashboard }) => dashboard.uid === uid);
    case "/api/datasources":
      return dataSources.map(withoutSecrets).map(({ secureJsonFields, ...source }) => source);
    case "datasources/uid":
      return dataSources.filter((source) => source.uid === uid).map(withoutSecrets)[0];
    case "/api/v1/provisioning/alert-rules":
      return alertRules;
  }
}

createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  const send = (status, body) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  if (url.pathname === "/api/health") return send(200, { database: "ok", version });
  if (request.headers.authorization !== `Bearer ${process.env.TOKEN}`) return send(401, { message: "Unauthorized" });
  const body = answer(url);
  send(body === undefined ? 404 : 200, body ?? { message: "Not found" });
}).listen(3000, () => console.log("listening on 3000"));

process.on("SIGTERM", () => process.exit(0));
