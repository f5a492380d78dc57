import assert from "node:assert/strict";
import { grafana, grafanaSchema } from "../../../../domain/declaration/datastore.ts";
import { faultsOf } from "../../../../domain/declaration/parse.ts";
import { refused } from "../../../support/refused.ts";

const of = (url: string) =>
  faultsOf(grafanaSchema, grafana("dashboards", { url, token: { secret: "grafana", key: "token" } }), "dashboards");

describe("a Grafana's address", () => {
  const refusal = [["not-allowed", "dashboards.url"]];

  it("is one of http or https, with a path where Grafana has one", () => {
    for (const url of ["http://grafana:3000", "https://example.com/grafana"]) assert.deepEqual(of(url), []);
  });

  it("is refused with a user or a password, and shown in no part", () => {
    for (const url of ["http://admin:hunter2@grafana:3000", "http://admin@grafana", "http://:hunter2@grafana"]) {
      assert.deepEqual(refused(of(url)), refusal);
      assert.doesNotMatch(JSON.stringify(of(url)), /hunter2|admin/);
    }
  });

  it("is refused where it is invalid, of another scheme, or has more than a path", () => {
    for (const url of [
      "grafana",
      "ftp://grafana",
      "xhttp://grafana",
      "httpx://grafana",
      "http://grafana/?orgId=1",
      "http://grafana/#a",
    ]) {
      assert.deepEqual(refused(of(url)), refusal);
    }
  });
});
