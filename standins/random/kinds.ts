import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { z } from "zod";
import type { Properties } from "../values.ts";
import { characters, drawText } from "./text.ts";

/** One resource type of the vendor's. */
export interface Kind<Schema extends z.ZodObject = z.ZodObject> {
  type: string;
  /** A strict object: other arguments are refused by their name. */
  inputs: Schema;
  /** What is drawn, so unknown in a preview. */
  outputs: string[];
  secret?: boolean;
  draw(inputs: z.infer<Schema>): { id: string; outputs: Properties };
}

/** Values whose change asks for another drawing. */
const keepers = z.record(z.string(), z.string()).optional();

const idInputs = z.strictObject({ byteLength: z.number().int().min(1), keepers, prefix: z.string().default("") });

const randomId: Kind<typeof idInputs> = {
  type: "random:index/randomId:RandomId",
  inputs: idInputs,
  outputs: ["b64Std", "b64Url", "dec", "hex"],
  draw({ byteLength, prefix }) {
    const bytes = randomBytes(byteLength);
    const spellings = {
      b64Std: bytes.toString("base64"),
      b64Url: bytes.toString("base64url"),
      dec: BigInt(`0x${bytes.toString("hex")}`).toString(),
      hex: bytes.toString("hex"),
    };
    const outputs = Object.fromEntries(Object.entries(spellings).map(([name, text]) => [name, prefix + text]));
    return { id: spellings.b64Url, outputs };
  },
};

// Its `seed` is not supported: what it gives depends on the vendor's generator.
const integerInputs = z
  .strictObject({ min: z.number().int(), max: z.number().int(), keepers })
  .refine(({ min, max }) => min <= max, { message: "must not be below min", path: ["max"] });

const randomInteger: Kind<typeof integerInputs> = {
  type: "random:index/randomInteger:RandomInteger",
  inputs: integerInputs,
  outputs: ["result"],
  draw({ min, max }) {
    const result = randomInt(min, max + 1);
    return { id: String(result), outputs: { result } };
  },
};

const uuidInputs = z.strictObject({ keepers });

const randomUuid: Kind<typeof uuidInputs> = {
  type: "random:index/randomUuid:RandomUuid",
  inputs: uuidInputs,
  outputs: ["result"],
  draw() {
    const result = randomUUID();
    return { id: result, outputs: { result } };
  },
};

const textInputs = z.strictObject({ ...characters, keepers }).superRefine((inputs, context) => {
  const least = inputs.minLower + inputs.minUpper + inputs.minNumeric + inputs.minSpecial;
  if (inputs.length < Math.max(least, 1)) {
    context.addIssue({ code: "custom", path: ["length"], message: `must be at least ${Math.max(least, 1)}` });
  }
  if (![inputs.lower, inputs.upper, inputs.numeric, inputs.special].includes(true)) {
    context.addIssue({ code: "custom", message: "one of lower, upper, numeric and special must be true" });
  }
});

const randomString: Kind<typeof textInputs> = {
  type: "random:index/randomString:RandomString",
  inputs: textInputs,
  outputs: ["result"],
  draw(inputs) {
    const result = drawText(inputs);
    return { id: result, outputs: { result } };
  },
};

/** Without the vendor's output `bcryptHash`: Node has no bcrypt. */
const randomPassword: Kind<typeof textInputs> = {
  type: "random:index/randomPassword:RandomPassword",
  inputs: textInputs,
  outputs: ["result"],
  secret: true,
  draw(inputs) {
    return { id: "none", outputs: { result: drawText(inputs) } };
  },
};

export const kinds: Kind[] = [randomId, randomInteger, randomUuid, randomString, randomPassword];
