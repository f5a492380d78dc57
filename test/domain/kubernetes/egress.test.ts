import assert from "node:assert/strict";
import {
  distinct,
  egressTo,
  egressToDns,
  egressToNetworks,
  egressToServer,
  egressToUrl,
  hostFrom,
} from "../../../domain/kubernetes/egress.ts";

const anywhere = [{ ipBlock: { cidr: "0.0.0.0/0" } }, { ipBlock: { cidr: "::/0" } }];
const beside = [{ podSelector: {} }];
const podsOf = (name: string) => [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } }];
const tcp = (port: number) => [{ protocol: "TCP" as const, port }];

describe("where a job's pods may send traffic", () => {
  const ports = tcp(5432);
  const toServer = (host: string, from?: string) => egressToServer({ host, port: 5432 }, from);

  it("is a server beside the job, or any address where its host may be outside the cluster", () => {
    assert.deepEqual(toServer("postgresql"), { to: beside, ports });
    for (const host of ["orders.example.com", "shop.abc123.eu-central-1.rds.amazonaws.com.", "10.0.3.7", "fd00:3::7"]) {
      assert.deepEqual(toServer(host), { to: anywhere, ports }, host);
    }
  });

  it("is the pods of the namespace that a host names, which no network need contain", () => {
    for (const host of [
      "postgresql.databases.svc",
      "postgresql.databases.svc.cluster.local",
      "db-0.postgresql.databases.svc",
    ]) {
      assert.deepEqual(toServer(host), { to: podsOf("databases"), ports }, host);
    }
  });

  it("is both where a host of two labels may be a Service or a domain", () => {
    assert.deepEqual(toServer("postgresql.databases"), { to: [...podsOf("databases"), ...anywhere], ports });
    assert.deepEqual(egressToUrl("http://alertmanager.monitoring:9093"), [
      { to: podsOf("monitoring") },
      { to: anywhere, ports: tcp(9093) },
    ]);
  });

  it("is the networks that a server declares, whatever its name", () => {
    const network = ["10.20.0.0/16", "fd00:20::/32"];
    const to = [{ ipBlock: { cidr: "10.20.0.0/16" } }, { ipBlock: { cidr: "fd00:20::/32" } }];
    for (const host of ["postgresql", "postgresql.databases.svc", "shop.abc123.eu-central-1.rds.amazonaws.com"]) {
      assert.deepEqual(egressToServer({ host, port: 5432, network }), { to, ports }, host);
    }
    assert.deepEqual(egressToUrl("https://grafana.example.com:8443", network), [{ to, ports: tcp(8443) }]);
  });

  it("is any port of an address that only the deployment knows", () => {
    assert.deepEqual(egressToUrl("https://upkeep-output-0.invalid"), [{ to: anywhere }]);
    assert.deepEqual(toServer("upkeep-output-0-end.invalid"), { to: anywhere, ports });
  });

  it("is the port of a server outside the cluster, whose address is not known beforehand", () => {
    const outside = (port: number) => [{ to: anywhere, ports: tcp(port) }];
    assert.deepEqual(egressToUrl("https://api.example.com/health"), outside(443));
    assert.deepEqual(egressToUrl("http://api.example.com"), outside(80));
    assert.deepEqual(egressToUrl("https://api.example.com:8443/"), outside(8443));
    assert.deepEqual(egressToUrl("https://shop.svcs.example.com"), outside(443));
    assert.deepEqual(egressToUrl("https://[fd00:3::7]:8443/"), outside(8443));
  });

  it("is every port of a Service's namespace, for its pods may listen on another port than it does", () => {
    for (const host of ["web.shop.svc", "web.shop.svc.cluster.local", "web-0.web.shop.svc"]) {
      assert.deepEqual(egressToUrl(`http://${host}:3000/health`), [{ to: podsOf("shop") }]);
    }
  });

  it("is a port of each network, where networks are named", () => {
    assert.deepEqual(
      egressToNetworks([
        { cidr: "10.0.0.0/8", port: 6443 },
        { cidr: "::/0", port: 443 },
      ]),
      [
        { to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: tcp(6443) },
        { to: [{ ipBlock: { cidr: "::/0" } }], ports: tcp(443) },
      ],
    );
  });

  it("is the pods beside it where the address is a Service's name alone", () =>
    assert.deepEqual(egressToUrl("http://grafana:3000"), [{ to: beside }]));

  it("is the port of another namespace's pods where that namespace resolves the name", () => {
    assert.deepEqual(toServer("postgresql", "database"), { to: podsOf("database"), ports });
    assert.deepEqual(toServer("postgresql.other.svc", "database"), { to: podsOf("other"), ports });
    assert.deepEqual(toServer("orders.example.com", "database"), { to: anywhere, ports });
  });

  it("is the port of pods with labels in a namespace", () => {
    const podLabels = { app: "postgresql" };
    const [pods] = podsOf("databases");
    assert.deepEqual(egressTo({ namespace: "databases", podLabels }, ...ports), {
      to: [{ ...pods, podSelector: { matchLabels: podLabels } }],
      ports,
    });
  });

  it("is there once", () => {
    const urls = ["https://a.example.com/1", "https://a.example.com/2", "https://a.example.com:8443/"];
    assert.equal(distinct(urls.flatMap((url) => egressToUrl(url))).length, 2);
  });
});

describe("where a job's pods ask for names", () => {
  const ports = (port: number) => (["UDP", "TCP"] as const).map((protocol) => ({ protocol, port }));

  it("is the cluster's DNS, by UDP and TCP", () =>
    assert.deepEqual(egressToDns({ namespace: "kube-system", port: 53 }), {
      to: podsOf("kube-system"),
      ports: ports(53),
    }));

  it("is the pods, the port and the networks that a cluster has instead", () => {
    const podLabels = { "dns.operator.openshift.io/daemonset-dns": "default" };
    const network = ["169.254.20.10/32", "fd00::10/128"];
    const [pods] = podsOf("openshift-dns");
    assert.deepEqual(egressToDns({ namespace: "openshift-dns", podLabels, port: 5353, network }), {
      to: [
        { ...pods, podSelector: { matchLabels: podLabels } },
        { ipBlock: { cidr: "169.254.20.10/32" } },
        { ipBlock: { cidr: "fd00::10/128" } },
      ],
      ports: ports(5353),
    });
  });
});

describe("a host's name", () => {
  it("is completed for pods of another namespace where it is a Service's name alone", () => {
    assert.equal(hostFrom("shop", "postgresql", "database"), "postgresql.database.svc");
    for (const host of ["postgresql.other", "orders.example.com", "10.0.3.7", "fd00:3::7"]) {
      assert.equal(hostFrom("shop", host, "database"), host);
    }
    assert.equal(hostFrom("shop", "postgresql", "shop"), "postgresql");
  });
});
