import assert from "node:assert/strict";
import {
  assignedCredential,
  configuredCredential,
  credentialIn,
  namedCredential,
} from "../../../domain/kubernetes/credential.ts";
import { given, harmless } from "./credentialSamples.ts";

/** As a shell and a template fill it in; written out, it would look like a mistake here. */
const braced = (name: string) => ["$", "{", name, "}"].join("");

describe("a text's form", () => {
  for (const [text, kind] of given) {
    it(`gives away: ${kind}: ${text.slice(0, 24)}`, () => assert.equal(credentialIn(text)?.kind, kind));
  }

  it("gives nothing away that is filled in, too short, or part of a sentence", () => {
    for (const text of harmless) {
      assert.equal(credentialIn(text), undefined, text);
    }
  });
});

describe("a value's name", () => {
  it("says that it is secret, whatever the value looks like", () => {
    for (const name of [
      "PGPASSWORD",
      "passwd",
      "--passphrase",
      "PWD",
      "DB_PWD",
      "clientSecret",
      "CREDENTIALS",
      "Authorization",
      "SECRET_KEY",
      "PRIVATE_KEY",
      "AWS_SECRET_ACCESS_KEY",
    ]) {
      assert.equal(namedCredential(name, "hunter")?.kind, "named", name);
    }
    for (const name of ["PASSWORD_FILE", "SECRETS_DIR", "CPWD", "USER", "PUBLIC_KEY"]) {
      assert.equal(namedCredential(name, "hunter"), undefined, name);
    }
  });

  it("is that of a Secret's name where it says so, or where its value is a name that does", () => {
    for (const [name, value] of [
      ["CREDENTIALS_SECRET", "velero"],
      ["CREDS_SECRET", "velero"],
      ["TLS_SECRET", "a.b"],
      ["BACKUP_SECRET", "velero-creds"],
      ["DB_SECRET", "shop.login"],
      ["clientSecret", "shop-oauth-secret"],
    ] as const) {
      assert.equal(namedCredential(name, value), undefined, name);
    }
    for (const [name, value] of [
      ["BACKUP_SECRET", "velero"],
      ["BACKUP_SECRET", "-creds"],
      ["BACKUP_SECRET", "Velero-creds"],
      ["BACKUP_SECRET", "velero-creds2"],
      ["BACKUP_SECRET", "velerocreds"],
      ["BACKUP_PASSWORD", "velero-creds"],
      ["TLS_SECRET", "Hunter2!"],
    ] as const) {
      assert.equal(namedCredential(name, value)?.kind, "named", `${name} ${value}`);
    }
  });

  it("says that it may be secret: then it counts where it looks so", () => {
    for (const name of ["API_TOKEN", "authtoken", "key", "userKey", "--key", "--api-key", "x-key", "APIKEY"]) {
      for (const value of ["abcdefg1", "1abcdefg"]) assert.equal(namedCredential(name, value)?.kind, "named", name);
      for (const value of ["abcdef1", "abcdefgh", "12345678", "abc/1234", "abc 1234", "a1basic 234567"]) {
        assert.equal(namedCredential(name, value), undefined, `${name} ${value}`);
      }
    }
    for (const name of ["MONKEY", "KEY_ID", "TOKENS", "IDENTITY"]) {
      assert.equal(namedCredential(name, "abcdefg1"), undefined, name);
    }
  });

  it("means nothing where the value is no credential: nothing, a switch, a path, an address, what is filled in", () => {
    const switches = "true false yes no on off null none required optional prompt TRUE";
    const places = "/a ~/a ./a ../a file:a alias/a arn:a http://a https://a ref+a vault:a op:a";
    const filled = "$A $(A) {{ <> <a> %s %(a)s %{a} * ***";
    const texts = [switches, places, filled, braced("A")].flatMap((words) => words.split(" "));
    for (const value of ["", "  ", ...texts, "Basic $(A)", "bearer  $(A)"]) {
      assert.equal(namedCredential("PGPASSWORD", value), undefined, value);
    }
    for (const value of [
      "untrue",
      "offer",
      "a/b",
      "a$b",
      "$",
      "$!",
      "{a",
      "<a>b",
      "a<b>",
      "%",
      "%a",
      "*a",
      "a*",
      "Basic a",
    ]) {
      assert.equal(namedCredential("PGPASSWORD", value)?.kind, "named", value);
    }
  });
});

describe("an assignment in a command", () => {
  it("is a credential by its name, in quotes or without", () => {
    for (const text of [
      "PGPASSWORD=hunter2",
      "set -e; export PGPASSWORD=hunter2; run",
      "run\nPGPASSWORD='hunter2' run",
      '(PGPASSWORD="hunter2")',
      'PGPASSWORD="hunter2',
      "PGPASSWORD='hunter2",
      "run --password=hunter2",
      "run '--db-password=hunter2'",
      "A_2=b PGPASSWORD=hunter2",
      `PGPASSWORD='tr"ue'`,
    ]) {
      assert.equal(assignedCredential(text)?.kind, "named", text);
    }
  });

  it("is no credential where it is filled in, harmless, computed, or no assignment at all", () => {
    for (const text of [
      "",
      "PGPASSWORD=",
      'PGPASSWORD="$OTHER" run',
      'PGPASSWORD="shop-$suffix"',
      "PGPASSWORD=true",
      'PGPASSWORD="true"',
      "PGPASSWORD='true'",
      "password=hunter2",
      'add("--password=" + secret)',
      "add('--password=' + secret)",
      "get /?PGPASSWORD=hunter2",
      "PGUSER=hunter2",
    ]) {
      assert.equal(assignedCredential(text), undefined, text);
    }
  });
});

describe("a setting in a configuration file", () => {
  const found = (text: string) => configuredCredential(text, "where it looks so");
  /** The name under which it was found is what its words end with. */
  const nameIn = (text: string) => found(text)?.words.split(" ").at(-1);

  it("is a credential by its name, in YAML, JSON and properties", () => {
    for (const [text, name] of [
      ["password: hunter2", "password"],
      ["database:\n  password: hunter2\n", "password"],
      ["  password: hunter2", "password"],
      ["- passwd: 'hunter2'", "passwd"],
      ['{"user":"shop","passphrase":"hunter2"}', "passphrase"],
      ["{ user: shop, 'password' : hunter2 }", "password"],
      ["db_password=hunter2", "db_password"],
      ["spring.datasource.password=hunter2", "password"],
      ["\tpassword = hunter2", "password"],
      ["clientSecret: hunter2", "client_secret"],
      ["auth-secret: hunter2", "auth_secret"],
      ["api_secret: hunter2", "api_secret"],
      ["secret_key: hunter2", "secret_key"],
      ["aws_secret_access_key = hunter2", "aws_secret_access_key"],
      ["password: true\npassword: hunter2", "password"],
    ] as const) {
      assert.equal(nameIn(text), name, text);
    }
  });

  it("is no credential where it is filled in, harmless, a sentence, or of another name", () => {
    for (const text of [
      "",
      "password:",
      "password: ''",
      "password: true ",
      'password: "true"',
      "password: 'true'",
      "password: $(DB_PASSWORD)",
      "password:\n  file: a",
      "password: { file: a }",
      "password: # none",
      "the password: hunter2",
      "xpassword: hunter2",
      "password_hint: hunter2",
      "secret: hunter2",
      "user: hunter2",
    ]) {
      assert.equal(found(text), undefined, text);
    }
  });

  it("is one of a key's name where it looks so, or where such a key always is one", () => {
    for (const name of ["token", "credentials", "api_key", "pagerduty_routing_key", "userKey", "private_key"]) {
      assert.equal(found(`${name}: abcdefg1`)?.kind, "setting", name);
      assert.equal(configuredCredential(`${name}: abc`, "always")?.kind, "setting", name);
      assert.equal(found(`${name}: abc`), undefined, name);
      assert.equal(configuredCredential(`${name}: /etc/key`, "always"), undefined, name);
    }
    for (const name of ["xtoken", "token_id", "sort_key", "key"]) {
      assert.equal(configuredCredential(`${name}: abcdefg1`, "always"), undefined, name);
    }
    assert.equal(nameIn("token: abcdef'1"), "token");
  });
});
