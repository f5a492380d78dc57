import assert from "node:assert/strict";
import {
  distinct,
  egressToNamespace,
  egressToNetworks,
  egressToServer,
  egressToUrl,
} from "../../../domain/kubernetes/egress.ts";

const anywhere = [{ ipBlock: { cidr: "0.0.0.0/0" } }, { ipBlock: { cidr: "::/0" } }];
const podsOf = (name: string) => [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } }];

describe("where a job's pods may send traffic", () => {
  it("is a server beside the job, or any address where its host may be outside the cluster", () => {
    const ports = [{ protocol: "TCP", port: 5432 }];
    assert.deepEqual(egressToServer({ host: "postgresql", port: 5432 }), { to: [{ podSelector: {} }], ports });
    assert.deepEqual(egressToServer({ host: "orders.example.com", port: 5432 }), { to: anywhere, ports });
  });

  it("is any port of an address that only the deployment knows", () => {
    assert.deepEqual(egressToUrl("https://upkeep-output-0.invalid"), { to: anywhere });
  });

  it("is the port of a server outside the cluster, whose address is not known beforehand", () => {
    const ports = (port: number) => [{ protocol: "TCP", port }];
    assert.deepEqual(egressToUrl("https://api.example.com/health"), { to: anywhere, ports: ports(443) });
    assert.deepEqual(egressToUrl("http://api.example.com"), { to: anywhere, ports: ports(80) });
    assert.deepEqual(egressToUrl("https://api.example.com:8443/"), { to: anywhere, ports: ports(8443) });
    assert.deepEqual(egressToUrl("https://shop.svcs.example.com"), { to: anywhere, ports: ports(443) });
  });

  it("is every port of a Service's namespace, for its pods may listen on another port than it does", () => {
    for (const host of ["web.shop.svc", "web.shop.svc.cluster.local", "web-0.web.shop.svc"]) {
      assert.deepEqual(egressToUrl(`http://${host}:3000/health`), { to: podsOf("shop") });
    }
  });

  it("is a port of each network, where networks are named", () => {
    assert.deepEqual(
      egressToNetworks([
        { cidr: "10.0.0.0/8", port: 6443 },
        { cidr: "0.0.0.0/0", port: 443 },
      ]),
      [
        { to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ protocol: "TCP", port: 6443 }] },
        { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ protocol: "TCP", port: 443 }] },
      ],
    );
  });

  it("is the pods beside it where the address is a Service's name alone", () =>
    assert.deepEqual(egressToUrl("http://grafana:3000"), { to: [{ podSelector: {} }] }));

  it("is the port of the pods beside it, or of another namespace's", () => {
    const ports = [{ protocol: "TCP", port: 5432 }];
    assert.deepEqual(egressToNamespace("shop", "shop", 5432), { to: [{ podSelector: {} }], ports });
    assert.deepEqual(egressToNamespace("database", "shop", 5432), { to: podsOf("database"), ports });
  });

  it("is said once", () => {
    const urls = ["https://a.example.com/1", "https://a.example.com/2", "https://a.example.com:8443/"];
    assert.equal(distinct(urls.map(egressToUrl)).length, 2);
  });
});
