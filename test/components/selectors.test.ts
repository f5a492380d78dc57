import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { labels } from "../../components/labels.ts";
import { MaintainedService } from "../../components/service.ts";
import { declaredServices } from "../../services/index.ts";
import { database } from "../support/database.ts";
import { environmentOf } from "../support/environment.ts";
import { registered } from "./resources.ts";

/** Labels of objects that others make. */
const foreign: Record<string, string> = {
  "app.kubernetes.io/name=kube-state-metrics": "the chart of kube-prometheus-stack",
};

/** A selector of a kubectl command, with the kinds that the command looks at. */
interface Asked {
  page: string;
  kinds: string[];
  selector: string;
}

/** `<...>`, which a reader replaces by a name. */
const placeholder = /<[^>]+>/g;

const asked: Asked[] = globSync("{runbooks,docs}/**/*.md").flatMap((page) =>
  [...readFileSync(page, "utf8").matchAll(/\bkubectl .*?(?:--selector|-l)[ =]((?:<[^>]+>|\S)+)/g)].map(
    ([command, selector = ""]) => ({ page, kinds: kindsOf(command), selector }),
  ),
);

/** `get cronjob,jobs` looks at two kinds; `logs` and `top pods` at pods. */
function kindsOf(command: string): string[] {
  const [, verb, kinds = ""] = /(?:^| )(get|logs|top|describe|delete) (\S+)/.exec(command) ?? [];
  return verb === "logs" ? ["pod"] : kinds.split(",").map((kind) => kind.replace(/s$/, ""));
}

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at the paths of a CronJob
type Fields = any;

/** The labels of each object, by its kind, that a service with one backup has; and of the pods that services declare. */
async function labelled(): Promise<Record<string, Record<string, string>[]>> {
  const environment = environmentOf("prod");
  const resources = await registered(() => new MaintainedService(database.name, { environment, service: database }));
  const cronJobs: Fields[] = resources.filter(({ type }) => type.endsWith(":CronJob")).map(({ inputs }) => inputs);
  const ours = cronJobs.map(({ spec }) => spec.jobTemplate.spec.template.metadata.labels);
  const workloads = (await declaredServices()).flatMap((one) => one.workloads);
  const theirs = workloads.flatMap(({ pods }) => (pods ? [pods] : []));
  return {
    cronjob: cronJobs.map(({ metadata }) => metadata.labels),
    job: cronJobs.map(({ spec }) => spec.jobTemplate.metadata.labels),
    pod: [...ours, ...theirs],
  };
}

/** Whether an object has every label of a selector. A placeholder stands for any value. */
function selects(selector: string, object: Record<string, string>): boolean {
  return selector.split(",").every((term) => {
    const [key = "", value = ""] = term.split("=");
    return key in object && (value === object[key] || value.replace(placeholder, "") === "");
  });
}

describe("the label selectors of runbooks/ and docs/", () => {
  const written = asked.filter(({ selector }) => selector.replace(placeholder, "") !== "" && !(selector in foreign));

  it("name under upkeep/ only labels that Upkeep sets", () => {
    const keys = Object.keys(labels("shop", { job: "shop-backup", datastore: "orders", onDemand: true }));
    const unknown = written.filter(({ selector }) =>
      selector.split(",").some((term) => term.startsWith("upkeep/") && !keys.includes(term.split("=")[0] as string)),
    );
    assert.deepEqual(unknown, []);
  });

  it("find an object of each kind that the command looks at", async () => {
    assert.ok(written.length >= 8, `only ${written.length} selectors were read`);
    const objects = await labelled();
    const blind = written.filter(
      ({ kinds, selector }) => !kinds.every((kind) => objects[kind]?.some((one) => selects(selector, one))),
    );
    assert.deepEqual(blind, []);
  });
});
