import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** Fields and constants that hold what a person reads: docs/refusals.md and reviewers judge these texts, not tests. */
const texts = new Set(["got", "allowed", "fix", "why", "words", "summary", "description"]);

/** Leaves literals alone that are wording; what decides between two of them, or is computed inside one, is still changed. */
const wording = {
  shouldIgnore(path) {
    if (!path.isStringLiteral() && !isPlainTemplate(path)) return undefined;
    return isText(path) ? "wording" : undefined;
  },
};

/** Whether a template only inserts values: nothing inside it can be changed. */
function isPlainTemplate(path) {
  return path.isTemplateLiteral() && path.get("expressions").every(isPlain);
}

function isPlain(path) {
  if (path.isIdentifier()) return true;
  if (path.isMemberExpression()) return !path.node.computed && isPlain(path.get("object"));
  return (
    path.isCallExpression() && path.get("callee").isIdentifier() && path.get("arguments").every((one) => isPlain(one))
  );
}

/** Whether an expression becomes a text of a fault, of an alert or of an error. */
function isText(path) {
  const { parentPath: parent, key, listKey } = path;
  if (parent.isConditionalExpression()) return key !== "test" && isText(parent);
  if (parent.isBinaryExpression({ operator: "+" })) return isText(parent);
  if (parent.isLogicalExpression()) return key === "right" && isText(parent);
  if (parent.isObjectProperty()) return key === "value" && texts.has(parent.node.key.name);
  if (parent.isVariableDeclarator()) return texts.has(parent.node.id.name);
  return parent.isNewExpression() && listKey === "arguments" && /Error$/.test(parent.node.callee.name ?? "");
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "wording", wording)];
