import { generateKeyPair, type KeyObject, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
// Node makes keys but no certificates. node-forge has no dependencies; `openssl` would be one more program to ask for.
import forge from "node-forge";
import { type Settings, s3Service } from "./settings.ts";

/** The sandbox is removed long before. */
const VALID_YEARS = 10;

/** Who a certificate names, in Kubernetes' terms; a server's also has the names and addresses it is reached at. */
interface Subject {
  user: string;
  group?: string;
  hosts?: string[];
}

interface Issuer {
  certificate: forge.pki.Certificate;
  key: forge.pki.rsa.PrivateKey;
}

/** Paths of a certificate and its key. */
export function certificate(settings: Settings, name: string): { certificate: string; key: string } {
  const path = join(folder(settings), name);
  return { certificate: `${path}.crt`, key: `${path}.key` };
}

/**
 * Makes the certificate authority, a certificate for each server and each identity, and the key that signs service
 * account tokens, unless they are there.
 */
export async function issueCertificates(settings: Settings): Promise<void> {
  if (existsSync(folder(settings))) return;
  const partial = `${folder(settings)}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });

  const key = await newKey();
  const authority = { certificate: sign(key, { user: "upkeep-sandbox" }), key: signingKey(key) };
  await write(partial, "ca", key, authority.certificate);
  const issued = Object.entries(subjects(settings)).map(async ([name, subject]) => {
    const key = await newKey();
    await write(partial, name, key, sign(key, subject, authority));
  });
  await Promise.all([...issued, newKey().then((key) => write(partial, "service-accounts", key))]);
  await rename(partial, folder(settings));
}

/** Every identity has the least rights that Kubernetes' own roles give to its part; only `admin` may do everything. */
function subjects(settings: Settings): Record<string, Subject> {
  const { address, serviceNetwork, name } = settings;
  const service = "kubernetes.default.svc.cluster.local";
  return {
    admin: { user: "admin", group: "system:masters" },
    apiserver: {
      user: "kube-apiserver",
      hosts: [
        address,
        "127.0.0.1",
        "localhost",
        // The first address of the services' network is the API's own.
        serviceNetwork.replace(/0\/24$/, "1"),
        ...service.split(".").map((_, index, words) => words.slice(0, index + 1).join(".")),
      ],
    },
    "apiserver-to-kubelet": { user: "kube-apiserver-kubelet-client" },
    "controller-manager": { user: "system:kube-controller-manager", hosts: [address] },
    scheduler: { user: "system:kube-scheduler", hosts: [address] },
    kubelet: { user: `system:node:${name}`, group: "system:nodes", hosts: [address, name] },
    s3: { user: "s3", hosts: [address, `${s3Service.name}.${s3Service.namespace}.svc.cluster.local`] },
    "kube-proxy": { user: "system:kube-proxy" },
    coredns: { user: "system:coredns" },
  };
}

/** @param issuer absent: the certificate signs itself and may sign others */
function sign(key: KeyObject, subject: Subject, issuer?: Issuer): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(signingKey(key).n, signingKey(key).e);
  // The first byte is fixed: a serial number must be positive, and may not start with a zero byte that it does not need.
  certificate.serialNumber = `01${randomBytes(15).toString("hex")}`;
  certificate.validity.notAfter.setFullYear(certificate.validity.notBefore.getFullYear() + VALID_YEARS);
  const attributes = [{ name: "commonName", value: subject.user }];
  if (subject.group) attributes.push({ name: "organizationName", value: subject.group });
  certificate.setSubject(attributes);
  certificate.setIssuer(issuer ? issuer.certificate.subject.attributes : attributes);
  certificate.setExtensions(issuer ? leafExtensions(subject) : authorityExtensions);
  certificate.sign(issuer?.key ?? signingKey(key), forge.md.sha256.create());
  return certificate;
}

const authorityExtensions = [
  { name: "basicConstraints", cA: true, critical: true },
  { name: "keyUsage", keyCertSign: true, critical: true },
  { name: "subjectKeyIdentifier" },
];

function leafExtensions({ hosts = [] }: Subject) {
  const names = hosts.map((host) => (isIP(host) ? { type: 7, ip: host } : { type: 2, value: host }));
  return [
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
    { name: "extKeyUsage", clientAuth: true, serverAuth: names.length > 0 },
    ...(names.length > 0 ? [{ name: "subjectAltName", altNames: names }] : []),
  ];
}

function newKey(): Promise<KeyObject> {
  return promisify(generateKeyPair)("rsa", { modulusLength: 2048 }).then(({ privateKey }) => privateKey);
}

function signingKey(key: KeyObject): forge.pki.rsa.PrivateKey {
  return forge.pki.privateKeyFromPem(pem(key));
}

function pem(key: KeyObject): string {
  return key.export({ type: "pkcs1", format: "pem" }).toString();
}

async function write(folder: string, name: string, key: KeyObject, certificate?: forge.pki.Certificate): Promise<void> {
  await writeFile(join(folder, `${name}.key`), pem(key), { mode: 0o600 });
  if (certificate) await writeFile(join(folder, `${name}.crt`), forge.pki.certificateToPem(certificate));
}

function folder(settings: Settings): string {
  return join(settings.directory, "certificates");
}
