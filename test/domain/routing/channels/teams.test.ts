import assert from "node:assert/strict";
import { teams, teamsText } from "../../../../domain/routing/channels/teams.ts";
import { title } from "../../../../domain/routing/notifications.ts";

const webhook = { secret: "alert-receivers", key: "teams-url", pager: false };
const message = { title: title("prod"), text: teamsText("prod") };

describe("a channel of Microsoft Teams", () => {
  it("is the webhook of a workflow, in a file that the operator mounts", () =>
    assert.deepEqual(teams.alertmanager("prod", webhook), {
      msteamsv2_configs: [
        { webhook_url_file: "/etc/alertmanager/secrets/alert-receivers/teams-url", send_resolved: true, ...message },
      ],
    }));

  it("is the same in an AlertmanagerConfig, in a Secret of its namespace", () =>
    assert.deepEqual(teams.operator("prod", webhook), {
      msteamsv2Configs: [{ webhookURL: { name: "alert-receivers", key: "teams-url" }, sendResolved: true, ...message }],
    }));
});
