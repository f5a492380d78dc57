import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { labels } from "../../components/labels.ts";
import { MaintainedService } from "../../components/service.ts";
import { registered } from "../components/resources.ts";
import { environmentOf } from "../support/environment.ts";
import { shop } from "../support/shop.ts";
import { guides } from "./guides.ts";

/** Labels of objects that others make. */
const foreign: Record<string, string> = {
  "app.kubernetes.io/name=kube-state-metrics": "the chart of kube-prometheus-stack",
  "app.kubernetes.io/name=opentelemetry-collector": "the chart of the OpenTelemetry collector",
  "app.kubernetes.io/name=grafana": "the chart of Grafana",
};

/** A selector of a kubectl command, with the kinds that the command reads. */
interface Asked {
  page: string;
  kinds: string[];
  selector: string;
}

/** `<...>`, which a reader replaces by a name. */
const placeholder = /<[^>]+>/g;

const pages = globSync("{runbooks,docs}/**/*.md").map((page) => ({ page, text: readFileSync(page, "utf8") }));

const asked: Asked[] = pages.flatMap(({ page, text }) =>
  [...text.matchAll(/\bkubectl .*?(?:--selector|-l)[ =]((?:<[^>]+>|\S)+)/g)].map(([command, selector = ""]) => ({
    page,
    kinds: kindsOf(command),
    selector,
  })),
);

/** `get cronjob,jobs` reads two kinds; `logs` and `top pods` at pods. */
function kindsOf(command: string): string[] {
  const [, verb, kinds = ""] = /(?:^| )(get|logs|top|describe|delete) (\S+)/.exec(command) ?? [];
  return verb === "logs" ? ["pod"] : kinds.split(",").map((kind) => kind.replace(/s$/, ""));
}

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at the paths of a CronJob
type Fields = any;

/** Whether an object has every label of a selector. A placeholder matches any value. */
function selects(selector: string, object: Record<string, string>): boolean {
  return selector.split(",").every((term) => {
    const [key = "", value = ""] = term.split("=");
    return key in object && (value === object[key] || value.replace(placeholder, "") === "");
  });
}

describe("the commands of runbooks/ and docs/", () => {
  let cronJobs: Fields[];
  const written = asked.filter(({ selector }) => selector.replace(placeholder, "") !== "" && !(selector in foreign));

  before(async () => {
    const environment = environmentOf("prod");
    const resources = await registered(() => new MaintainedService(shop.name, { environment, service: shop }));
    cronJobs = resources.filter(({ type }) => type.endsWith(":CronJob")).map(({ inputs }) => inputs);
  });

  it("select under upkeep/ only by labels that Upkeep sets", () => {
    const keys = Object.keys(labels("shop", { job: "shop-backup", datastore: "orders", onDemand: true }));
    const unknown = written.filter(({ selector }) =>
      selector.split(",").some((term) => term.startsWith("upkeep/") && !keys.includes(term.split("=")[0] as string)),
    );
    assert.deepEqual(unknown, []);
  });

  it("select an object of each kind that they read", () => {
    assert.ok(written.length >= 8, `only ${written.length} selectors were read`);
    const workloads = guides.flatMap((one) => one.workloads);
    const objects: Record<string, Record<string, string>[]> = {
      cronjob: cronJobs.map(({ metadata }) => metadata.labels),
      job: cronJobs.map(({ spec }) => spec.jobTemplate.metadata.labels),
      pod: [
        ...cronJobs.map(({ spec }) => spec.jobTemplate.spec.template.metadata.labels),
        ...workloads.flatMap(({ pods }) => (pods ? [pods] : [])),
      ],
    };
    const blind = written.filter(
      ({ kinds, selector }) => !kinds.every((kind) => objects[kind]?.some((one) => selects(selector, one))),
    );
    assert.deepEqual(blind, []);
  });

  it("start only CronJobs that the service of the example has", () => {
    const names = cronJobs.map(({ metadata }) => metadata.name);
    const started = pages.flatMap(({ page, text }) =>
      [...text.matchAll(/--from=cronjob\/([\w-]+)/g)].map(([, name]) => ({ page, name })),
    );
    assert.ok(started.length >= 5, `only ${started.length} commands were read`);
    assert.deepEqual(
      started.filter(({ name }) => !names.includes(name)),
      [],
    );
  });
});

describe("each command that runs a job now", () => {
  const created = pages.flatMap(({ page, text }) =>
    [...text.matchAll(/create job .*/g)].map(([command]) => ({ page, command })),
  );

  it("is there, and names the Job as its alerts expect it: the CronJob's name and a number", () => {
    assert.ok(created.length > 5, `only ${created.length} commands: the test looks in the wrong places`);
    assert.deepEqual(
      created.filter(
        ({ command }) => !/^create job --from=cronjob\/(<[^>]+>(?:-[\w-]+)?|[\w-]+) \1-\$\(date \+%s\)/.test(command),
      ),
      [],
    );
  });
});
