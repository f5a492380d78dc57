import type { Environment } from "./environment.ts";

type Path = {
  [Block in keyof Environment]-?:
    | Block
    | (Environment[Block] extends unknown[] | string ? never : `${Block}.${keyof Environment[Block] & string}`);
}[keyof Environment];

type FieldOf<Part extends string, Block extends string> = Part extends `${Block}.${infer Field}` ? Field : never;

/**
 * The settings of an environment that something reads, such as `EnvironmentPart<"name" | "monitoring.runbooks">`, so that its users
 * need no others. A whole environment fits every part.
 */
export type EnvironmentPart<Part extends Path> = {
  [Block in keyof Environment as Block extends Part
    ? Block
    : FieldOf<Part, Block> extends never
      ? never
      : Block]: Block extends Part
    ? Environment[Block]
    : Pick<Environment[Block], FieldOf<Part, Block> & keyof Environment[Block]>;
};
