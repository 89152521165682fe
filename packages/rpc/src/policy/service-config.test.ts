import { describe, expect, test } from "@jest/globals";
import { joinServiceConfigs } from "./service-config.js";

const methodConfig = (method: string) => [{ name: [{ service: "test.Service", method }] }];

describe("joinServiceConfigs", () => {
  test("keeps what each says of its methods, and the first throttling", () => {
    const joined = joinServiceConfigs([
      { methodConfig: methodConfig("A") },
      { methodConfig: methodConfig("B"), retryThrottling: { maxTokens: 10, tokenRatio: 0.1 } },
      { methodConfig: methodConfig("C"), retryThrottling: { maxTokens: 20, tokenRatio: 0.2 } },
    ]);
    expect(joined).toEqual({
      methodConfig: ["A", "B", "C"].flatMap(methodConfig),
      retryThrottling: { maxTokens: 10, tokenRatio: 0.1 },
    });
  });

  test("throttles nothing where none does", () => {
    expect(joinServiceConfigs([])).toEqual({ methodConfig: [] });
  });
});
