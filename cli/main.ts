import { runCommand } from "./common/command.ts";

await runCommand(
  {
    preview: { does: "preview a stack without a cloud account or a cluster", load: () => import("./preview.ts") },
    diff: { does: "say what a change does to a stack, its promises first", load: () => import("./diff.ts") },
    comment: {
      does: "write a change's reports as the comment of its pull request",
      load: () => import("./comment.ts"),
    },
    drift: { does: "say whether cluster and account are as a stack declares them", load: () => import("./drift.ts") },
    recover: { does: "repair a stack after its engine was killed", load: () => import("./recover.ts") },
    adopt: { does: "take over one object that exists already", load: () => import("./adopt.ts") },
    posture: {
      does: "say what a stack's services are promised, and what keeps it",
      load: () => import("./posture.ts"),
    },
    rules: { does: "print all rules of a stack as one rule file", load: () => import("./rules.ts") },
    verify: {
      does: "ask a live Prometheus and Alertmanager whether they have what a stack declares",
      load: () => import("./verify.ts"),
    },
    window: {
      does: "open a maintenance window of a service once, as a silence of a live Alertmanager",
      load: () => import("./window.ts"),
    },
    "backups-of": {
      does: "list what can be restored of a service, and how to start it",
      load: () => import("./backupsOf.ts"),
    },
    docs: { does: "write the pages of docs/ that come from schemas", load: () => import("./docs.ts") },
  },
  process.argv.slice(2),
);
