import { z } from "zod";
import { type Duration, type Latency, latencySeconds, seconds } from "../values/duration.ts";
import { shownLogqlError } from "../values/logql.ts";
import { fraction, type Percent } from "../values/percent.ts";
import { selectorParts, shownPromqlError } from "../values/promql.ts";
import { readable } from "../values/readable.ts";
import { integer, judgedText, saying, text } from "../values/schema.ts";
import type { Size } from "../values/size.ts";
import type { Sourced } from "../values/sourced.ts";

/** The forms of a declaration's values, each defined once. */

export const duration = text<Duration>("a whole number above 0 with a unit s, m, h, d or w", "30m", (text) =>
  readable(() => seconds(text)),
);

export const latency = text<Latency>("a whole number above 0 with a unit ms, s, m, h, d or w", "200ms", (text) =>
  readable(() => latencySeconds(text)),
);

export const percent = text<Percent>("a number above 0 and at most 100 with a percent sign", "99.9%", (text) =>
  readable(() => fraction(text)),
);

export const size = text<Size>(
  "a whole number above 0 with a unit Ki, Mi, Gi or Ti",
  "20Gi",
  /^0*[1-9]\d*(Ki|Mi|Gi|Ti)$/,
);

/** A label of a DNS name. Source: RFC 1123, as kubernetes.io/docs/concepts/overview/working-with-objects/names cites it. */
export const label = (example: string, longest = 63) =>
  text(
    `at most ${longest} lower-case letters, digits and dashes, a letter or digit first and last`,
    example,
    (text) => text.length <= longest && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text),
  );

/** The form of most names in the API: labels joined by dots. */
const subdomain = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** The name of an object that exists already. @param what such as "a Secret" */
export const objectName = (what: string, example: string) =>
  text(`the name of ${what}: lower-case letters, digits, dashes and dots`, example, subdomain);

/** A CronJob's name may have 52 characters: its Jobs append 11. Source: kubernetes.io/docs/concepts/workloads/controllers/cron-jobs. */
export const cronJobName = label("shop-backup", 52);

export const namespace = label("shop-production");

export const secretName = objectName("a Secret", "postgresql-credentials").meta({ passedOn: "TOKEN" });

/** Source: kubernetes.io/docs/concepts/configuration/secret, "Constraints on Secret names and data". */
export const secretKey = text(
  "a key of the Secret: letters, digits, dashes, underscores and dots",
  "password",
  /^[\w.-]{1,253}$/,
);

/** A host without scheme or port: what a pod's resolver takes. */
export const host = text("a DNS name or an IP address, without scheme or port", "postgresql", (text) =>
  /^[\d.]+$/.test(text)
    ? z.ipv4().safeParse(text).success
    : z.ipv6().safeParse(text).success ||
      /^(?=.{1,253}$)[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\.?$/.test(
        text,
      ),
).meta({ passedOn: "TOKEN.invalid" });

/** A network. Source: RFC 4632 and RFC 4291, section 2.3. */
export const cidr = text(
  "a network of IPv4 or IPv6 such as 10.0.0.0/8 or fd00::/8",
  "10.0.0.0/8",
  (text) => z.cidrv4().safeParse(text).success || z.cidrv6().safeParse(text).success,
);

/** @param example of one network */
export const cidrs = (example: string) =>
  z
    .array(cidr)
    .min(1)
    .meta({ allowed: "at least one network of IPv4 or IPv6", examples: [[example]] });

export const port = integer("a port, 1 to 65535", 5432, 1, 65_535);

/** Source of both: kubernetes.io/docs/concepts/overview/working-with-objects/labels, "Syntax and character set". */
export const labelName = text(
  "the name of a label",
  "app",
  /^([a-z0-9.-]{1,253}\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/,
);
export const labelValue = text("the value of a label", "server", /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/);

/** Labels that select pods. */
export const podLabels = z
  .record(labelName, labelValue)
  .meta({ allowed: "labels that only those pods have", examples: [{ app: "server" }] });

/** A sentence for people. */
export const sentence = (example: string) => text("a text", example);

/** Cron in UTC. jobFaults checks that its runs fit their deadlines. */
export const schedule = text("a cron schedule in UTC", "0 2 * * *");

/** PromQL in which `$scope` is replaced by the matcher of the namespace. */
export const promql = (example: string) =>
  judgedText("an expression of PromQL", example, (expr) => {
    if (!expr.includes("$scope")) {
      return {
        got: "without $scope",
        allowed: "an expression of the service's own namespace",
        fix: "write $scope among the matchers of each metric, such as up{$scope}",
      };
    }
    const got = shownPromqlError(expr);
    return got === undefined ? undefined : { got, fix: "correct it there" };
  });

/** LogQL in which `$scope` is replaced by the matcher of the namespace. */
export const logql = (example: string) =>
  judgedText("an expression of LogQL", example, (expr) => {
    if (!expr.includes("$scope")) {
      return {
        got: "without $scope",
        allowed: "an expression on the service's own namespace",
        fix: "write $scope among the matchers, such as {$scope}",
      };
    }
    const got = shownLogqlError(expr);
    return got === undefined
      ? undefined
      : { got, fix: 'count lines, such as sum(count_over_time({$scope} |= "error" [15m])) > 10' };
  });

/**
 * A selector of a metric's series: its name, or its name with matchers of which one is `$scope`. A name with dots is in braces and quotes,
 * as in Prometheus 3.
 */
export const selector = (example: string) =>
  judgedText("the name of a metric, with matchers only where $scope is one of them", example, (text) => {
    const parts = selectorParts(text);
    const alone = parts && (text === parts.metric || text === `{"${parts.metric}"}`);
    if (alone || parts?.matchers.includes("$scope")) return undefined;
    const error = text.includes("$scope") ? shownPromqlError(text) : undefined;
    if (error !== undefined) return { got: error, fix: "correct it there" };
    if (/^[\w:]+([.-][\w:]+)+$/.test(text)) return { got: `'${text}'`, fix: `put it in quotes: '{"${text}"}'` };
    return { got: `'${text}'`, fix: `write for example '${parts?.metric ?? example}{$scope}'` };
  });

/** A matcher of a label. */
export const matcher = judgedText("a matcher of a label", 'status=~"5.."', (text) =>
  /^([a-zA-Z_]\w*|"[^"\\]+")(=~|!~|!=|=)".*"$/.test(text) && !shownPromqlError(`up{${text}}`)
    ? undefined
    : { got: `'${text}'`, fix: `write for example 'status=~"5.."'` },
);

/** A value with its origin. */
export function sourced<T>(value: z.ZodType<T>): z.ZodType<Sourced<T>, Sourced<T>> {
  const schema = z.strictObject({ value, assumed: z.boolean() });
  return saying(schema, { sourced: true }) as unknown as z.ZodType<Sourced<T>, Sourced<T>>;
}
