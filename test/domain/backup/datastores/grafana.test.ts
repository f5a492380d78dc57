import assert from "node:assert/strict";
import { grafanaFaults } from "../../../../domain/backup/datastores/grafana.ts";
import { configuration, grafana } from "../../../../domain/declaration/datastore.ts";

const of = (url: string) => grafanaFaults(grafana("dashboards", { url, token: { secret: "grafana", key: "token" } }));

describe("a Grafana's address", () => {
  const expected = (got: string) => [
    {
      path: 'datastores "dashboards" url',
      got,
      allowed: "http or https, a host and where Grafana has one a path, without a user",
      fix: 'write for example "http://grafana:3000"',
    },
  ];

  it("is one of http or https, with a path where Grafana has one", () => {
    for (const url of ["http://grafana:3000", "https://example.com/grafana"]) assert.deepEqual(of(url), []);
  });

  it("is refused with a user or a password, and shown in no part", () => {
    for (const url of ["http://admin:hunter2@grafana:3000", "http://admin@grafana", "http://:hunter2@grafana"]) {
      assert.deepEqual(of(url), expected("an address with a user"));
    }
  });

  it("is refused where it is none, of another scheme, or with what no path holds", () => {
    assert.deepEqual(of("grafana"), expected('"grafana"'));
    for (const url of [
      "ftp://grafana",
      "xhttp://grafana",
      "httpx://grafana",
      "http://grafana/?orgId=1",
      "http://grafana/#a",
    ]) {
      assert.deepEqual(of(url), expected(`${url.length} characters`));
    }
  });

  it("is asked of no other datastore", () =>
    assert.deepEqual(grafanaFaults(configuration("all", { objects: ["ConfigMap"] })), []));
});
