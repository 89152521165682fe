import { expect, test } from "@jest/globals";
import { CallValues, createCallKey } from "./call-values.js";

test("call values answer the default of a key until it is set, also to undefined", () => {
  const subject = createCallKey<string | undefined>("subject", "nobody");
  const values = new CallValues();
  expect(values.get(subject)).toBe("nobody");
  expect(values.set(subject, "ada").get(subject)).toBe("ada");
  expect(values.set(subject, undefined).get(subject)).toBeUndefined();
});

test("call keys of the same name are different keys", () => {
  const values = new CallValues().set(createCallKey("name", 1), 2);
  expect(values.get(createCallKey("name", 1))).toBe(1);
});

test("call values keep any number of values apart", () => {
  const keys = Array.from({ length: 50 }, (_, index) => createCallKey(`key ${String(index)}`, -1));
  const values = new CallValues();
  keys.forEach((key, index) => values.set(key, index));
  keys.filter((_, index) => index % 2 === 0).forEach((key) => values.set(key, 100));
  expect(keys.map((key) => values.get(key))).toEqual(keys.map((_, index) => (index % 2 === 0 ? 100 : index)));
});
