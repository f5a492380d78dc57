import { ofContainers, type PodSpec } from "../kubernetes/podSpec.ts";
import { type Attempt, runCheck } from "../values/attempt.ts";
import type { Fault } from "../values/fault.ts";

/** Programs that read or write a backup: if one fails, so must the run. */
const client =
  String.raw`(?:pg_dump(?:all)?|pg_basebackup|mysqldump|mariadb-dump|mariabackup|xtrabackup|mongodump|redis-cli\s[^\n;|&]{0,200}--rdb|` +
  String.raw`aws\s{1,5}(?:[^\n;|&]{0,100}\s)?s3(?:api)?\s|rclone|restic|gsutil|velero|mc\s{1,5}(?:cp|mirror)|tar)`;
/** Where a command of a shell may begin. */
const start = String.raw`(?:^|[\n;&|({]|\b(?:then|do|else|exec|time|if|while)\s|\$\()\s{0,200}(?:[A-Z_][A-Z0-9_]{0,60}=\S{0,200}\s{1,5}){0,5}`;

const runsClient = new RegExp(`${start}${client}\\b`);
const ignoresFailure = new RegExp(
  `${start}${client}\\b[^\\n;|&]{0,2000}\\|\\|\\s{0,20}(?:true|:|echo|exit\\s{1,5}0)(?=\\s|$|[;)])`,
);
const pipesFrom = new RegExp(`${start}${client}\\b[^\\n;|&]{0,2000}\\|(?!\\|)`);

/**
 * Faults of the shell scripts in a pod that make a backup, by which a failed dump or upload ends as a success: the alert on failed runs stays
 * silent, and the empty dump is found at the restore.
 *
 * @param at path of the pod's specification
 */
export function scriptFaults(pod: PodSpec, at = "spec", attempt: Attempt = runCheck): Fault[] {
  return ofContainers(pod, at, attempt, ({ command = [], args = [] }, path) => {
    const script = shellScript([...command, ...args]);
    if (script === undefined || !runsClient.test(script.text)) return [];
    const list = script.index < command.length ? "command" : "args";
    const index = list === "command" ? script.index : script.index - command.length;
    return faultsOf(script, `${path}.${list}[${index}]`);
  });
}

interface Script {
  text: string;
  /** Of the text among the command's words. */
  index: number;
  /** The options before it, such as `-euo pipefail -c`. */
  options: string;
}

/** The text that a shell gets with -c; undefined if the command is no shell. */
function shellScript(words: readonly string[]): Script | undefined {
  const shell = words.findIndex((word) => /(?:^|\/)(?:ba|da|a|z|k)?sh$/.test(word));
  const flag = words.findIndex((word, index) => index > shell && /^-[a-z]*c$/.test(word));
  const text = words[flag + 1];
  if (shell < 0 || flag < 0 || text === undefined) return undefined;
  return { text, index: flag + 1, options: words.slice(shell + 1, flag + 1).join(" ") };
}

function faultsOf({ text, options }: Script, path: string): Fault[] {
  const beforeClient = text.slice(0, runsClient.exec(text)?.index ?? 0);
  const stops =
    /(?:^|\s)-(?:[a-z]*e[a-z]*\b|o\s+errexit)/.test(options) ||
    /(?:^|[\n;])\s*set\s+-(?:[a-z]*e|o\s+errexit)/.test(beforeClient);
  const pipefail = /pipefail/.test(options) || /(?:^|[\n;])\s*set\s+[^\n;]*pipefail/.test(text);
  const faults: Fault[] = [];
  if (!stops && !isOneCommand(text)) {
    faults.push({
      code: "script-continues-after-failure",
      path,
      got: "a script of several commands without set -e",
      allowed: "set -e before them: a script's own result is that of its last command",
      fix: 'begin it with "set -euo pipefail", or start the shell with -e',
    });
  }
  if (pipesFrom.test(text) && !pipefail) {
    faults.push({
      code: "pipe-hides-failure",
      path,
      got: "a script with a pipe and without pipefail",
      allowed: "set -o pipefail: a pipe's result is that of its last command, and gzip succeeds on an empty dump",
      fix: 'begin it with "set -euo pipefail", in bash',
    });
  }
  if (ignoresFailure.test(text)) {
    faults.push({
      code: "failure-ignored",
      path,
      got: "a script that goes on after a failed dump or upload",
      allowed: "no || true, || : or || echo behind it",
      fix: "remove it, or exit with a code other than 0 behind it",
    });
  }
  return faults;
}

/** Whether a script is a single command, or some that && joins: its result is theirs. */
function isOneCommand(text: string): boolean {
  return !/[\n;]/.test(text.trim().replace(/\\\n/g, " "));
}
