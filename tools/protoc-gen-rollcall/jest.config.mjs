import preset from "../jest/preset.mjs";

export default { ...preset, displayName: "tool-protoc-gen-rollcall" };
