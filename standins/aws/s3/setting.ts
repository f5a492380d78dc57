import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import type { Properties } from "../../values.ts";
import type { Api } from "../api.ts";
import type { Kind } from "../kind.ts";

/** A part of a bucket's configuration that the vendor makes a resource of its own: its id is the bucket's name. */
export interface BucketSetting<Schema extends z.ZodObject> extends Pick<Kind<Schema>, "type" | "inputs" | "respell"> {
  /** Sets it, and replaces any present value. */
  put(api: Api, bucket: string, inputs: z.infer<Schema>): Promise<unknown>;
  /** As arguments; undefined when the bucket or the setting does not exist. */
  get(api: Api, bucket: string): Promise<Properties | undefined>;
  remove(api: Api, bucket: string, inputs: z.infer<Schema>): Promise<unknown>;
}

export function bucketSetting<Schema extends z.ZodObject<{ bucket: z.ZodType<string> }>>(
  setting: BucketSetting<Schema>,
): Kind<Schema> {
  const { type, inputs, respell, put, get, remove } = setting;
  return {
    type,
    inputs,
    ...(respell ? { respell } : {}),
    replaceOn: ["bucket"],
    computed: [],
    create: async (api, args) => {
      const bucket = args.bucket as string;
      await inTurn(bucket, async () => {
        await put(api, bucket, args);
        if (!api.isSilent) await seen(() => get(api, bucket));
      });
      return bucket;
    },
    read: async (api, id) => {
      const found = await get(api, id);
      return found && { bucket: id, ...found };
    },
    update: async (api, id, args) => void (await inTurn(id, () => put(api, id, args))),
    delete: async (api, id, args) => void (await inTurn(id, () => remove(api, id, args))),
  };
}

/** Waits until a setting is there. SeaweedFS hears of its own change a moment later; a change before that would start from the entry without it. */
async function seen(get: () => Promise<Properties | undefined>): Promise<void> {
  for (let wait = 10; wait < 5000 && (await get()) === undefined; wait *= 2) await sleep(wait);
}

const turns = new Map<string, Promise<unknown>>();

/** SeaweedFS reads a bucket's entry, changes it and writes it back whole: of two settings put at once, one would be lost. */
function inTurn<Result>(bucket: string, change: () => Promise<Result>): Promise<Result> {
  const turn = (turns.get(bucket) ?? Promise.resolve()).then(change, change);
  turns.set(bucket, turn);
  return turn;
}
