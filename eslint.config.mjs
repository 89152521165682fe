import { createProjectGraphAsync } from "@nx/devkit";
import js from "@eslint/js";
import nx from "@nx/eslint-plugin";
import prettier from "eslint-config-prettier/flat";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import importX from "eslint-plugin-import-x";
import jsdoc from "eslint-plugin-jsdoc";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import { browserSafeFiles, nodeGlobals, nodeImports, nodeOnlyFiles } from "./tools/lint/src/browser-safe.mjs";
import { sourceConstraints, testConstraints } from "./tools/lint/src/layers.mjs";

const tests = ["**/*.{test,test-d,fixture}.ts"];

/** Reaching into another package by its files; what a package offers is in its `exports`. */
const deepImports = [
  { group: ["@rollcall/*/src/**", "@rollcall/*/dist/**"], message: "import what the package exports, not its files" },
];

// The rule about boundaries reads the graph that Nx has cached and silently passes everything when there is none.
await createProjectGraphAsync();

export default defineConfig(
  globalIgnores(["**/dist/", "**/out-tsc/", "**/coverage/", "**/.rollcall/", "**/src/gen/"]),
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    files: ["**/*.mjs"],
    plugins: { "import-x": importX },
    // The compiler knows better than a list what is defined.
    rules: { "no-undef": "off", "import-x/no-extraneous-dependencies": "error" },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { "@nx": nx, "import-x": importX, jsdoc },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      "import-x/resolver-next": [createTypeScriptImportResolver({ conditionNames: ["@rollcall/source", "import"] })],
      "import-x/extensions": [".ts"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
    },
    rules: {
      curly: "error",
      eqeqeq: "error",
      "max-lines": ["error", { max: 350 }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // What is declared with "using" is used by being disposed of.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreUsingDeclarations: true }],
      // A number reads the same in a sentence as by itself, and messages say the bound.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // An interface of async methods is also met by those that need not wait; throwing must still reject.
      "@typescript-eslint/require-await": "off",

      "@typescript-eslint/no-restricted-imports": ["error", { patterns: deepImports }],
      "jsdoc/informative-docs": "error",
      "jsdoc/no-types": "error",
      "jsdoc/check-param-names": ["error", { checkDestructured: false, disableMissingParamChecks: true }],
      "jsdoc/check-tag-names": ["error", { typed: true }],
      "import-x/no-cycle": "error",
      "import-x/no-default-export": "error",
      "import-x/no-extraneous-dependencies": ["error", { devDependencies: false, includeTypes: true }],
      "import-x/no-relative-packages": "error",
      "@nx/enforce-module-boundaries": ["error", { depConstraints: sourceConstraints, allow: [] }],
    },
  },
  {
    // Whoever uses a package reads its docstrings.
    files: ["packages/*/src/**/*.ts"],
    ignores: tests,
    rules: {
      "jsdoc/require-jsdoc": [
        "error",
        {
          publicOnly: { esm: true, cjs: false, window: false },
          require: { ClassDeclaration: true, FunctionDeclaration: true },
          contexts: ["TSInterfaceDeclaration", "TSTypeAliasDeclaration", "TSEnumDeclaration"],
          enableFixer: false,
        },
      ],
    },
  },
  {
    files: browserSafeFiles,
    ignores: nodeOnlyFiles,
    rules: {
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: [...deepImports, ...nodeImports] }],
      "no-restricted-globals": ["error", ...nodeGlobals],
    },
  },
  {
    files: tests,
    rules: {
      // Tests use the testing kit, and development dependencies of the repository, which knip watches over.
      "@nx/enforce-module-boundaries": ["error", { depConstraints: testConstraints, allow: [] }],
      "import-x/no-extraneous-dependencies": "off",
    },
  },
  {
    // Nobody installs a tool, so what it needs is a development dependency, of it or of the repository: knip's again.
    files: ["tools/**/*.ts", "tools/**/*.mjs"],
    rules: { "import-x/no-extraneous-dependencies": "off" },
  },
  prettier,
);
