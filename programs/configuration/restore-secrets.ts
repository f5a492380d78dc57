/** Restores configuration, Secrets decrypted by age: see restoring.ts. */
import { armor, Decrypter } from "age-encryption";
import { restoreConfiguration } from "./restoring.ts";

restoreConfiguration((identity) => {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return (age) => decrypter.decrypt(armor.decode(age), "text");
});
