import type { Finding } from "./findings.ts";
import type { WildObject } from "./objects.ts";

/** Something that a person sees in a manifest's text, without the pack's code, and where the pack must find it. */
interface Fact {
  what: string;
  seen: RegExp;
  policy: string;
  found: RegExp;
}

const lines: readonly Fact[] = [
  { what: "privileged", seen: /^ *(?:- )?privileged: true/gm, policy: "pod-restricted", found: /\.privileged$/ },
  { what: "host network", seen: /^ *hostNetwork: true/gm, policy: "pod-restricted", found: /\.hostNetwork$/ },
  { what: "host processes", seen: /^ *hostPID: true/gm, policy: "pod-restricted", found: /\.hostPID$/ },
  { what: "host port", seen: /^ *(?:- )?hostPort: [1-9]/gm, policy: "pod-restricted", found: /\.hostPort$/ },
  { what: "host path", seen: /^ *(?:- )?hostPath:/gm, policy: "pod-restricted", found: /\.hostPath$/ },
  {
    what: "no tag, or latest",
    seen: /^ *(?:- )?image: *"?(?:[^\s:@"]+(?::\d+\/[^\s:@"]+)?|\S+:latest)"? *$/gm,
    policy: "image-pinned",
    found: /\.image$/,
  },
  {
    what: "password",
    seen: /name: "?[A-Z_]*(?:PASSWORD|PASSWD|SECRET_KEY)"?\n +value: *"?(?!1"|yes)[^\s"$]+/g,
    policy: "no-inline-secret",
    found: /\.env\[.*\.value$/,
  },
  {
    what: "no severity",
    seen: /^ *- alert: (?![\s\S]*?severity:)/gm,
    policy: "alert-well-formed",
    found: /\.severity$/,
  },
];

const absent: readonly Fact[] = [
  { what: "may be root", seen: /^ *runAsNonRoot: true/m, policy: "pod-restricted", found: /\.runAsNonRoot$/ },
  {
    what: "no seccomp profile",
    seen: /^ *seccompProfile:/m,
    policy: "pod-restricted",
    found: /\.seccompProfile\.type$/,
  },
  {
    what: "capabilities",
    seen: /^ *- *"?ALL"?$|drop: *\["?ALL/m,
    policy: "pod-restricted",
    found: /\.capabilities\.drop$/,
  },
  {
    what: "may escalate",
    seen: /^ *(?:- )?allowPrivilegeEscalation: false/m,
    policy: "pod-restricted",
    found: /\.allowPrivilegeEscalation$/,
  },
  {
    what: "root filesystem",
    seen: /^ *(?:- )?readOnlyRootFilesystem: true/m,
    policy: "pod-restricted",
    found: /\.readOnlyRootFilesystem$/,
  },
];

const withPod = /:(?:Pod|ReplicationController|ReplicaSet|Deployment|StatefulSet|DaemonSet|Job|CronJob)$/;

/** What a person sees in an object's text and the pack did not find. */
export function missesIn({ type, text }: WildObject, findings: readonly Finding[]): string[] {
  const found = (fact: Fact) => findings.filter(({ policy, path }) => policy === fact.policy && fact.found.test(path));
  const rules = type.endsWith(":PrometheusRule");
  if (!rules && !withPod.test(type)) return [];
  const tooFew = lines.filter((fact) => [...text.matchAll(fact.seen)].length > found(fact).length);
  const passed = rules ? [] : absent.filter((fact) => !fact.seen.test(text) && found(fact).length === 0);
  const zone = type.endsWith(":CronJob") && !/^ *timeZone:/m.test(text);
  const noZone = zone && !findings.some(({ path }) => path === "spec.timeZone") ? ["no time zone"] : [];
  return [...[...tooFew, ...passed].map(({ what }) => what), ...noZone];
}
