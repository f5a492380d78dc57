import assert from "node:assert/strict";
import {
  answeredWithin,
  countedRequests,
  durationMissing,
  probedRequests,
  scoped,
} from "../../../domain/alerting/indicators.ts";
import type { Indicators, Service } from "../../../domain/declaration/service.ts";
import { shop } from "../../support/shop.ts";

const service = (indicators: Indicators): Service => ({ ...shop, namespace: "store", indicators });

describe("a service's scope", () => {
  it("is the matcher of its namespace, at each place in an expression", () =>
    assert.equal(
      scoped('up{$scope} / up{$scope,job="a"}', service({})),
      'up{namespace="store"} / up{namespace="store",job="a"}',
    ));
});

describe("the requests that a service counts", () => {
  it("are a counter's, of which those fail that the matcher selects, none where it was never raised", () => {
    const total = 'sum(rate(http_requests_total{namespace="store"}[5m]))';
    assert.deepEqual(countedRequests(service({ requests: { total: "http_requests_total", failed: 'code=~"5.."' } })), {
      total,
      failed: `sum(rate(http_requests_total{namespace="store",code=~"5.."}[5m])) or ${total} * 0`,
      missing: 'absent(http_requests_total{namespace="store"})',
    });
  });

  it("are those that the indicator's own matchers select", () => {
    const requests = { total: 'job:requests:rate{job="api",$scope,path!="{}"}', failed: 'code="500"' };
    assert.equal(
      countedRequests(service({ requests }))?.missing,
      'absent(job:requests:rate{job="api",namespace="store",path!="{}"})',
    );
    assert.match(
      countedRequests(service({ requests }))?.failed ?? "",
      /^sum\(rate\(job:requests:rate\{job="api",namespace="store",path!="\{\}",code="500"\}\[5m\]\)\)/,
    );
  });

  it("may have a name with dots, and failed ones a label with dots", () => {
    const requests = { total: '{"http.server.request.count"}', failed: '"http.status"=~"5.."' };
    const total = 'sum(rate({"http.server.request.count",namespace="store"}[5m]))';
    assert.deepEqual(countedRequests(service({ requests })), {
      total,
      failed: `sum(rate({"http.server.request.count",namespace="store","http.status"=~"5.."}[5m])) or ${total} * 0`,
      missing: 'absent({"http.server.request.count",namespace="store"})',
    });
  });

  it("are undefined where it declares none", () => assert.equal(countedRequests(service({})), undefined));
});

describe("the probes of a service", () => {
  it("are those of all its endpoints, a second, of which those fail that do not succeed", () => {
    const probes = 'probe_success{job=~"upkeep/shop/(api|pages)"}';
    const total = `sum(count_over_time(${probes}[5m]))`;
    assert.deepEqual(probedRequests(shop), {
      total: `${total} / 300`,
      failed: `(${total} - sum(sum_over_time(${probes}[5m]))) / 300`,
      missing: `absent(${probes})`,
    });
  });

  it("are undefined where it has no endpoint", () =>
    assert.equal(probedRequests({ ...shop, endpoints: [] }), undefined));
});

describe("the time that a service's requests take", () => {
  const duration = "http_request_duration_seconds";

  it("is read from the histogram's buckets, at the percentile that is asked for", () => {
    const quantile = (percentile: number) => answeredWithin(service({ duration }), duration, percentile);
    const buckets = 'sum by (le) (rate(http_request_duration_seconds_bucket{namespace="store"}[5m]))';
    assert.equal(quantile(95), `histogram_quantile(0.95, ${buckets})`);
    assert.equal(quantile(99.9), `histogram_quantile(0.999, ${buckets})`);
  });

  it("is read from a native histogram itself, which has no buckets", () => {
    const native = service({ duration, histogram: "native" });
    assert.equal(
      answeredWithin(native, duration, 95),
      'histogram_quantile(0.95, sum(rate(http_request_duration_seconds{namespace="store"}[5m])))',
    );
    assert.equal(durationMissing(native, duration), 'absent(http_request_duration_seconds{namespace="store"})');
  });

  it("is read from buckets whose histogram's name has dots", () =>
    assert.equal(
      answeredWithin(service({}), '{"http.server.request.duration",$scope}', 95),
      'histogram_quantile(0.95, sum by (le) (rate({"http.server.request.duration_bucket",namespace="store"}[5m])))',
    ));

  it("is missing where there are no buckets", () =>
    assert.equal(
      durationMissing(service({ duration }), 'http_seconds{$scope,job="a"}'),
      'absent(http_seconds_bucket{namespace="store",job="a"})',
    ));
});
