/** Exports configuration, Secrets encrypted by age: see exporting.ts. */
import { armor, Encrypter } from "age-encryption";
import { exportConfiguration } from "./exporting.ts";

exportConfiguration((recipient) => {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return async (text) => armor.encode(await encrypter.encrypt(text));
});
